"""Watches whether the database answers, can be written and takes what this build writes."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import LiteralString

from prometheus_client import CollectorRegistry, Gauge
from psycopg import sql
from psycopg.rows import tuple_row

from callwright_common.database.connections import NO_CONNECTION_FREE, OTHER_TABLES, READ_ONLY, problem_of, sqlstate_of
from callwright_common.database.migrations import VERSION_TABLE, Schema
from callwright_common.database.postgres import Connection, Database, DatabaseUnavailableError
from callwright_common.errors import ServiceError
from callwright_common.logs import get_logger
from callwright_common.readiness import Readiness

CONDITION = "database"
"""Its name among the conditions of serving."""
_LOOK = "SELECT current_setting('transaction_read_only'), to_regclass(%s)::text"
_TRY_DISK = "SELECT pg_export_snapshot()"
"""Writes a small file beside the tables, which goes with the transaction."""
_LOOKS_AFTER_FAILED_WORK = 5
"""So many looks tell of work that the database did not do: a damaged page is seen by those alone who read it."""

_logger = get_logger(__name__)


class DatabaseReadiness:
    """Lets requests through while the database can serve them.

    Args:
        database: Its `failure` is set.
        schema: The tables that are needed.
        writes: Statements of the work. They are planned, not executed: that asks for their tables, columns, rights and
            locks alike.
        registry: Shows the same as `callwright_database_available`.
        readiness: Gets the condition `database`, which it must await.
    """

    def __init__(
        self,
        database: Database,
        schema: Schema,
        writes: Sequence[LiteralString],
        registry: CollectorRegistry,
        readiness: Readiness,
    ) -> None:
        self._database = database
        self._schema = schema
        self._writes = writes
        self._gauge = Gauge(
            "callwright_database_available", "1 while the database answers with tables we know", registry=registry
        )
        self._readiness = readiness
        self._seen_transactions = 0
        self._failed_work: str | None = None
        self._looks_left = 0

    async def run(self, interval_seconds: float) -> None:
        """Looks in intervals until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(interval_seconds)

    async def look(self) -> bool:
        """Looks once and returns whether the service can serve."""
        failure, problem = await self._find_problem()
        others_worked = self._database.transactions > self._seen_transactions
        self._seen_transactions = self._database.transactions
        if failure == NO_CONNECTION_FREE and others_worked:
            # It works to capacity, which is no reason to refuse everybody.
            failure, problem = self._database.failure, self._readiness.problems.get(CONDITION)
        self._database.failure = failure
        problem = problem or self._problem_of_work()
        self._gauge.set(problem is None)
        self._readiness.set(CONDITION, problem)
        return problem is None

    def _problem_of_work(self) -> str | None:
        """Returns what the work met with lately though looking finds nothing; requests go on to ask the database."""
        failed, self._database.failed_work = self._database.failed_work, None
        self._looks_left = _LOOKS_AFTER_FAILED_WORK if failed else max(0, self._looks_left - 1)
        self._failed_work = failed or (self._failed_work if self._looks_left else None)
        return self._failed_work and problem_of(self._failed_work)

    async def _find_problem(self) -> tuple[str | None, str | None]:
        """Returns the SQLSTATE with which the work would fail and what it means, None twice if nothing is wrong."""
        try:
            problem = await self._database.attempt(self._look)
        except ServiceError as error:
            sqlstate = error.metadata["sqlstate"]
            return sqlstate, problem_of(sqlstate)
        except Exception as error:
            # Whatever is wrong with the database, looking at it must go on.
            _logger.exception("the database answers in an unexpected way", error_type=type(error).__name__)
            return sqlstate_of(error), "the database answers in an unexpected way"
        return (None if problem is None else OTHER_TABLES), problem

    async def _look(self, connection: Connection) -> str | None:
        async with connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(_LOOK, [f"{self._schema.name}.{VERSION_TABLE}"])
            read_only, tables = await cursor.fetchone() or (None, None)
            if read_only == "on":
                raise DatabaseUnavailableError(READ_ONLY)
            if tables is None:
                return self._schema.problem(None)
            table = sql.Identifier(self._schema.name, VERSION_TABLE)
            await cursor.execute(sql.SQL("SELECT max(version_num) FROM {}").format(table))
            row = await cursor.fetchone()
            problem = self._schema.problem(None if row is None else row[0])
            if problem is None:
                await self._try_work(connection)
            return problem

    async def _try_work(self, connection: Connection) -> None:
        await connection.execute(_TRY_DISK)
        for statement in self._writes:
            named, count = "%(" in statement, statement.count("%s")
            values: Mapping[str, None] | Sequence[None] = defaultdict(lambda: None) if named else [None] * count
            await connection.execute("EXPLAIN " + statement, values)
