"""Keeps when attempts were settled, so that they are forgotten once none can arrive any more."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Adds the column; a build that does not know it settles at the database's time."""
    op.execute("ALTER TABLE persistence.settled_attempts ADD COLUMN settled_at timestamptz NOT NULL DEFAULT now()")


def downgrade() -> None:
    """Removes it."""
    op.execute("ALTER TABLE persistence.settled_attempts DROP COLUMN settled_at")
