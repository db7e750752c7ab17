"""Tells apart, among what a turn asks, the three offers of a call."""

from persistence.migrations.closed_sets import restrict, words_of

revision = "0014"
down_revision = "0013"

_ASKED = (
    *words_of("turns", "asked"), "opt_out_check", "wrong_person_check", "cancellation_check", "contact_detail",
    "caller_number_offer", "contact_confirmation",
)  # fmt: skip


def upgrade() -> None:
    """Lets the column hold the new words."""
    restrict("turns", "asked", *_ASKED, "call_or_appointment", "another_day")


def downgrade() -> None:
    """Lets the column hold the words of the step before alone."""
    restrict("turns", "asked", *_ASKED)
