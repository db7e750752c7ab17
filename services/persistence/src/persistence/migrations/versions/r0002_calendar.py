"""Makes the tables of calendars, slots and bookings.

A call's rows are not required to exist: an agent may book before the call's first event has come through the gateway's
spool.
"""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the tables."""
    op.execute(Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Removes the tables with all that they hold."""
    for table in ("bookings", "slots", "calendars"):
        op.execute(f"DROP TABLE persistence.{table}")
