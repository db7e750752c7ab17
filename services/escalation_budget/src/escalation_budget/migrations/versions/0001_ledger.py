"""Creates budgets, reservations, their extensions and the ledger's time."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates everything."""
    op.execute(Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Drops everything; the money's history is lost."""
    for table in ("extensions", "reservations", "budgets"):
        op.execute(f"DROP TABLE escalation_budget.{table}")
    op.execute("DROP FUNCTION escalation_budget.ledger_time()")
