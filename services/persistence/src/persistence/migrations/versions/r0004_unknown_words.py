"""Lets an escalation have several outcomes that are unknown, and takes the states of bookings among the closed sets."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Tells outcomes that are unknown apart by their events alone."""
    op.execute(Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Keeps the first unknown outcome of an escalation; the others stay in the event log."""
    op.execute(Path(__file__).with_suffix(".down.sql").read_text())
