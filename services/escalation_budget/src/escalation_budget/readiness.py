"""The task that tells whether the service can be used: PostgreSQL answers and its schema is new enough."""

import asyncio
from collections.abc import Awaitable, Callable

from callwright_common.logs import get_logger
from escalation_budget.database import Connection, Database
from escalation_budget.ledger import LedgerError
from escalation_budget.metrics import BudgetMetrics
from escalation_budget.migrations import REQUIRED_REVISION

_logger = get_logger(__name__)

SetServing = Callable[[bool], Awaitable[None]]


async def watch_readiness(
    database: Database, set_serving: SetServing, metrics: BudgetMetrics, interval_seconds: float
) -> None:
    """Looks at the database again and again, until cancelled, and tells every change."""
    known: str | None = "the database was not asked yet"
    while True:
        problem = await _problem(database)
        if problem != known:
            if problem is None:
                _logger.info("the ledger is ready")
            else:
                _logger.error("the ledger is not ready", problem=problem)
            metrics.set_ready(problem is None)
            await set_serving(problem is None)
            known = problem
        await asyncio.sleep(interval_seconds)


async def _problem(database: Database) -> str | None:
    """Returns why the ledger cannot be used, or None."""
    try:
        revision = await database.transaction(_revision)
    except LedgerError:
        return "PostgreSQL does not answer"
    if revision is None or revision < REQUIRED_REVISION:
        return "the schema is missing or too old: run `python -m escalation_budget migrate`"
    return None


async def _revision(connection: Connection) -> str | None:
    """Returns the revision of the schema, or None where there is none."""
    cursor = await connection.execute("SELECT to_regclass('escalation_budget.alembic_version') IS NOT NULL AS present")
    row = await cursor.fetchone()
    if row is None or not row["present"]:
        return None
    cursor = await connection.execute("SELECT version_num FROM escalation_budget.alembic_version")
    row = await cursor.fetchone()
    return None if row is None else str(row["version_num"])
