"""Lets a booking be cancelled and keeps when it was."""

from alembic import op

from persistence.migrations.closed_sets import restrict

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds the state and its time."""
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
