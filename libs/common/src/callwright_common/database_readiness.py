"""Watches whether the database answers and has the tables that this build needs."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from prometheus_client import CollectorRegistry, Gauge
from psycopg import AsyncConnection, sql
from psycopg.rows import tuple_row

from callwright_common.errors import ServiceError
from callwright_common.logs import get_logger
from callwright_common.migrations import VERSION_TABLE, Schema
from callwright_common.postgres import Database

_logger = get_logger(__name__)


class DatabaseReadiness:
    """Lets requests through while the database can serve them.

    Args:
        database: Its `available` is set.
        schema: The tables that are needed.
        registry: Shows the same as `callwright_database_available`.
        on_change: Told whether the service can serve, at every change.
    """

    def __init__(
        self,
        database: Database[Any],
        schema: Schema,
        registry: CollectorRegistry,
        on_change: Callable[[bool], Awaitable[None]],
    ) -> None:
        self._database = database
        self._schema = schema
        self._gauge = Gauge(
            "callwright_database_available", "1 while the database answers with tables we know", registry=registry
        )
        self._on_change = on_change
        self._problem: str | None = "not looked at yet"

    async def run(self, interval_seconds: float) -> None:
        """Looks in intervals until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(interval_seconds)

    async def look(self) -> bool:
        """Looks once and returns whether the service can serve."""
        problem = await self._find_problem()
        if problem != self._problem:
            self._problem = problem
            if problem is None:
                _logger.info("the database is ready")
            else:
                _logger.error("the service cannot serve", problem=problem)
        available = problem is None
        if available != self._database.available:
            self._database.available = available
            self._gauge.set(available)
            await self._on_change(available)
        return available

    async def _find_problem(self) -> str | None:
        try:
            return self._schema.problem(await self._database.attempt(self._revision))
        except ServiceError:
            return "the database does not answer"
        except Exception as error:
            # Whatever is wrong with the database, looking at it must go on.
            _logger.exception("the database answers in an unexpected way", error_type=type(error).__name__)
            return "the database answers in an unexpected way"

    async def _revision(self, connection: AsyncConnection[Any]) -> str | None:
        """Returns the revision of the database's tables, None without tables."""
        async with connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute("SELECT to_regclass(%s)", [f"{self._schema.name}.{VERSION_TABLE}"])
            if await cursor.fetchone() == (None,):
                return None
            table = sql.Identifier(self._schema.name, VERSION_TABLE)
            await cursor.execute(sql.SQL("SELECT max(version_num) FROM {}").format(table))
            row = await cursor.fetchone()
            return None if row is None else row[0]
