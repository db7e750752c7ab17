"""Watches whether the database answers and has the tables that this build needs."""

import asyncio
from collections.abc import Awaitable, Callable

from callwright_common.errors import ServiceError
from callwright_common.logs import get_logger
from persistence.database import Database
from persistence.metrics import PersistenceMetrics
from persistence.schema import REVISION, schema_problem

_logger = get_logger(__name__)


class Readiness:
    """Lets requests through while the database can serve them.

    Args:
        database: Its `available` is set.
        metrics: Shows the same.
        on_change: Told whether the service can serve, at every change.
    """

    def __init__(
        self, database: Database, metrics: PersistenceMetrics, on_change: Callable[[bool], Awaitable[None]]
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._on_change = on_change
        self._problem: str | None = "not looked at yet"

    async def run(self, interval_seconds: float) -> None:
        """Looks in intervals until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(interval_seconds)

    async def look(self) -> bool:
        """Looks once and returns whether the service can serve."""
        problem, revision = await self._find_problem()
        if problem != self._problem:
            self._problem = problem
            if problem is None:
                _logger.info("the database is ready", revision=revision, needed=REVISION)
            else:
                _logger.error("the service cannot serve", problem=problem)
        available = problem is None
        if available != self._database.available:
            self._database.available = available
            self._metrics.database_available.set(available)
            await self._on_change(available)
        return available

    async def _find_problem(self) -> tuple[str | None, str | None]:
        try:
            revision = await self._database.revision()
        except ServiceError:
            return "the database does not answer", None
        except Exception as error:
            # Whatever is wrong with the database, looking at it must go on.
            _logger.exception("the database answers in an unexpected way", error_type=type(error).__name__)
            return "the database answers in an unexpected way", None
        return schema_problem(revision), revision
