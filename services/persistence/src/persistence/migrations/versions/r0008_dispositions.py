"""Keeps under which disposition of its campaign a call is sorted, and when its caller wants to be called back."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Adds the columns; an erased call has no wish to be called back."""
    op.execute("ALTER TABLE persistence.calls ADD COLUMN disposition text, ADD COLUMN call_back text")
    op.execute(
        "ALTER TABLE persistence.calls ADD CONSTRAINT calls_erased_are_not_called_back "
        "CHECK (erased_at IS NULL OR call_back IS NULL)"
    )


def downgrade() -> None:
    """Drops them."""
    op.execute("ALTER TABLE persistence.calls DROP COLUMN disposition, DROP COLUMN call_back")
