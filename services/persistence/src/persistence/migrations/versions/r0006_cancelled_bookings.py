"""Lets a booking be cancelled, keeps when it was, and takes the check that comes before among what a turn asks."""

from alembic import op

from persistence.migrations.closed_sets import restrict, words_of

revision = "0006"
down_revision = "0005"

_ASKED = (*words_of("turns", "asked"), "opt_out_check", "wrong_person_check")


def upgrade() -> None:
    """Adds the state and its time, and the check."""
    restrict("turns", "asked", *_ASKED, "cancellation_check")
    restrict("bookings", "state", "confirmed", "replaced", "cancelled")
    op.execute("ALTER TABLE persistence.bookings ADD COLUMN cancelled_at timestamptz")
    op.execute(
        "ALTER TABLE persistence.bookings ADD CONSTRAINT bookings_cancelled_have_a_time "
        "CHECK (state <> 'cancelled' OR cancelled_at IS NOT NULL)"
    )


def downgrade() -> None:
    """Keeps cancelled bookings as replaced ones, which take no time in the calendar either."""
    op.execute("ALTER TABLE persistence.bookings DROP COLUMN cancelled_at")
    restrict("bookings", "state", "confirmed", "replaced")
    restrict("turns", "asked", *_ASKED)
