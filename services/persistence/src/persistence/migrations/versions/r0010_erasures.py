"""Keeps for a while who was erased, for records that arrive later, and finds contacts however spelled."""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Makes the table and the column."""
    op.execute(Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Removes both; records that arrive late are then kept as they come."""
    op.execute(Path(__file__).with_suffix(".down.sql").read_text())
