"""Makes the tables of calls, their event log and what follows from it."""

import tomllib
from pathlib import Path

from alembic import op

from persistence.migrations.closed_sets import restrict

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables."""
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    for table, columns in tomllib.loads(Path(__file__).with_name("r0001_words.toml").read_text()).items():
        for column, words in columns.items():
            restrict(table, column, *words)


def downgrade() -> None:
    """Removes the tables with all that they hold."""
    for table in ("tier_escalation_events", "agent_transitions", "turns", "call_events", "calls"):
        op.execute(f"DROP TABLE persistence.{table}")
