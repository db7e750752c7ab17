"""Keeps which of the contacts that a call told a booking has, so that one that arrives late undoes no later one."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Adds the column; a build that does not know it replaces what was known."""
    op.execute("ALTER TABLE persistence.bookings ADD COLUMN contact_version bigint NOT NULL DEFAULT 0")


def downgrade() -> None:
    """Removes it; what arrives last then counts."""
    op.execute("ALTER TABLE persistence.bookings DROP COLUMN contact_version")
