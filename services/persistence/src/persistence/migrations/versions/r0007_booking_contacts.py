"""Keeps whom a booking is with, and takes what asks for it among what a turn asks and why an agent takes over."""

from alembic import op

from persistence.migrations.closed_sets import restrict, words_of

revision = "0007"
down_revision = "0006"

_COLUMNS = ("name", "company", "phone", "email", "address")
_BEFORE = {
    ("turns", "asked"): ("opt_out_check", "wrong_person_check", "cancellation_check"),
    ("agent_transitions", "trigger_reason"): ("doubted",),
}
_ADDED = {
    ("turns", "asked"): ("contact_detail", "caller_number_offer", "contact_confirmation"),
    ("agent_transitions", "trigger_reason"): ("contact_discussed",),
}


def upgrade() -> None:
    """Adds the columns, and the words."""
    for (table, column), before in _BEFORE.items():
        restrict(table, column, *words_of(table, column), *before, *_ADDED[table, column])
    for name in _COLUMNS:
        op.execute(f"ALTER TABLE persistence.bookings ADD COLUMN contact_{name} text")
    op.execute("ALTER TABLE persistence.bookings ADD COLUMN contact_confirmed boolean")
    op.execute(
        "CREATE INDEX bookings_contact_phone ON persistence.bookings (contact_phone) WHERE contact_phone IS NOT NULL"
    )


def downgrade() -> None:
    """Drops them with all that they hold."""
    for name in (*_COLUMNS, "confirmed"):
        op.execute(f"ALTER TABLE persistence.bookings DROP COLUMN contact_{name}")
    for (table, column), before in _BEFORE.items():
        restrict(table, column, *words_of(table, column), *before)
