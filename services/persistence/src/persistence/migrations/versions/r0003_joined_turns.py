"""Adds to a turn the later one that holds its words."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds the column."""
    op.execute("ALTER TABLE persistence.turns ADD COLUMN joined_into varchar(128)")


def downgrade() -> None:
    """Removes it."""
    op.execute("ALTER TABLE persistence.turns DROP COLUMN joined_into")
