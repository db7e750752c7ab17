"""Watches whether the database answers, can be written and has the tables that this build needs."""

import asyncio

from prometheus_client import CollectorRegistry, Gauge
from psycopg import sql
from psycopg.rows import tuple_row

from callwright_common.database.connections import READ_ONLY, problem_of
from callwright_common.database.migrations import VERSION_TABLE, Schema
from callwright_common.database.postgres import Connection, Database
from callwright_common.errors import ServiceError
from callwright_common.logs import get_logger
from callwright_common.readiness import Readiness

CONDITION = "database"
"""Its name among the conditions of serving."""
_LOOK = "SELECT current_setting('transaction_read_only'), to_regclass(%s)::text"

_logger = get_logger(__name__)


class DatabaseReadiness:
    """Lets requests through while the database can serve them.

    Args:
        database: Its `available` is set.
        schema: The tables that are needed.
        registry: Shows the same as `callwright_database_available`.
        readiness: Gets the condition `database`, which it must await.
    """

    def __init__(
        self,
        database: Database,
        schema: Schema,
        registry: CollectorRegistry,
        readiness: Readiness,
    ) -> None:
        self._database = database
        self._schema = schema
        self._gauge = Gauge(
            "callwright_database_available", "1 while the database answers with tables we know", registry=registry
        )
        self._readiness = readiness

    async def run(self, interval_seconds: float) -> None:
        """Looks in intervals until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(interval_seconds)

    async def look(self) -> bool:
        """Looks once and returns whether the service can serve."""
        problem = await self._find_problem()
        self._database.available = problem is None
        self._gauge.set(self._database.available)
        self._readiness.set(CONDITION, problem)
        return self._database.available

    async def _find_problem(self) -> str | None:
        try:
            return await self._database.attempt(self._look)
        except ServiceError as error:
            return problem_of(error.metadata["sqlstate"])
        except Exception as error:
            # Whatever is wrong with the database, looking at it must go on.
            _logger.exception("the database answers in an unexpected way", error_type=type(error).__name__)
            return "the database answers in an unexpected way"

    async def _look(self, connection: Connection) -> str | None:
        async with connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(_LOOK, [f"{self._schema.name}.{VERSION_TABLE}"])
            read_only, tables = await cursor.fetchone() or (None, None)
            if read_only == "on":
                return problem_of(READ_ONLY)
            if tables is None:
                return self._schema.problem(None)
            table = sql.Identifier(self._schema.name, VERSION_TABLE)
            await cursor.execute(sql.SQL("SELECT max(version_num) FROM {}").format(table))
            row = await cursor.fetchone()
            return self._schema.problem(None if row is None else row[0])
