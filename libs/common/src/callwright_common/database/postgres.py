"""A bounded pool of PostgreSQL connections and the transactions that run on them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, LiteralString, TypeAlias, TypeVar

import psycopg
from prometheus_client import CollectorRegistry, Counter
from psycopg import AsyncConnection, errors
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from callwright_common.database.connections import NO_CONNECTION_FREE, Connector, problem_of, sqlstate_of
from callwright_common.errors import UnavailableError
from callwright_common.rpc.deadlines import bounded
from callwright_common.supervision import end_tasks

Connection: TypeAlias = AsyncConnection[DictRow]
"""A connection whose rows come as dictionaries."""
Result = TypeVar("Result")
Work: TypeAlias = Callable[[Connection], Awaitable[Result]]

_CONNECTING = {
    "row_factory": dict_row,
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
_RECONNECT_SECONDS = 3.0
_CLOSE_SECONDS = 5.0
_WAITING_PER_CONNECTION = 20
_BUSY = (
    errors.LockNotAvailable,
    errors.QueryCanceled,
    errors.DeadlockDetected,
    errors.SerializationFailure,
    TooManyRequests,
)
_ONE_EVENT = (psycopg.DataError, psycopg.IntegrityError, errors.ProgramLimitExceeded, errors.StatementTooComplex)
"""Speak against the values of one request; every other error speaks against the database, whoever asks."""
_LATE = "57014"
_NOT_READY = "57P03"
_NOT_REACHED = ("08", "57")
"""The classes of errors in which a connection or the server goes away; whether it is back is seen by looking."""


class DatabaseBusyError(UnavailableError):
    """A lock or a connection was not to be had in time; nothing was changed."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("DATABASE_BUSY", "the database is busy; nothing was changed", sqlstate=sqlstate)


class DatabaseUnavailableError(UnavailableError):
    """The database did not answer or did not do the work; whether the transaction was committed is unknown."""

    def __init__(self, sqlstate: str) -> None:
        message = f"{problem_of(sqlstate)}; the same request may be sent again"
        super().__init__("DATABASE_UNAVAILABLE", message, sqlstate=sqlstate)


@dataclass(frozen=True, slots=True)
class DatabaseLimits:
    """How many connections there are and how long things may take, in seconds.

    Attributes:
        connections: Connections at most; twenty times as many transactions may wait for one.
        wait_seconds: Wait for a free connection.
        lock_seconds: Wait for a row that another transaction holds.
        statement_seconds: One statement, waiting included; PostgreSQL ends it then.
    """

    connections: int
    wait_seconds: float
    lock_seconds: float
    statement_seconds: float


class Database:
    """Runs transactions on pooled connections.

    A transaction that was begun runs to its end in a task of its own, even if the request that asked for it is
    cancelled: a cancelled await could hand its reply to the next user of the connection.
    """

    def __init__(
        self,
        pool: AsyncConnectionPool[Connection],
        connector: Connector,
        limits: DatabaseLimits,
        registry: CollectorRegistry,
    ) -> None:
        self.failure: str | None = _NOT_READY
        """The SQLSTATE with which requests are refused, None lets them through to the database;
        `callwright_common.database.readiness` sets it."""
        self.transactions = 0
        """How many were committed."""
        self.failed_work: str | None = None
        """The SQLSTATE of the latest transaction that the database did not do, though it was reached."""
        self._pool = pool
        self._connector = connector
        self._limits = limits
        self._failures = Counter(
            "callwright_database_failures_total", "Transactions that failed", ["sqlstate"], registry=registry
        )
        self._tasks: set[asyncio.Task[object]] = set()

    async def transaction(self, work: Work[Result]) -> Result:
        """Returns what `work` returns; what it did is committed then, and rolled back when it raises.

        Raises:
            DatabaseBusyError: Others held the rows or the connections for too long.
            DatabaseUnavailableError: The database is down, late, damaged or out of something.
            DataError, IntegrityError: psycopg's, if it refuses a value.
        """
        if self.failure is not None:
            raise DatabaseUnavailableError(self.failure)
        try:
            return await self.attempt(work)
        except DatabaseUnavailableError as error:
            if error.cause[:2] not in _NOT_REACHED and error.cause != NO_CONNECTION_FREE:
                self.failed_work = error.cause
            raise

    async def fetch(self, statement: LiteralString, values: Any = None) -> list[DictRow]:
        """Returns the rows of one statement, a transaction of its own; raises the same."""
        return await self.transaction(lambda connection: fetch(connection, statement, values))

    async def attempt(self, work: Work[Result]) -> Result:
        """The same as `transaction`, tried even though the database was not available a moment ago."""
        task = asyncio.create_task(self._run(work, bounded(self._limits.wait_seconds)))
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        try:
            async with asyncio.timeout(bounded(self._limits.wait_seconds + self._limits.statement_seconds)):
                return await asyncio.shield(task)
        except TimeoutError:
            self._failures.labels(_LATE).inc()
            raise DatabaseUnavailableError(_LATE) from None

    async def settle(self) -> None:
        """Waits a moment for the work that still runs, then gives it up; its connections are thrown away."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=_CLOSE_SECONDS)
        await end_tasks(*late)

    async def _run(self, work: Work[Result], wait_seconds: float) -> Result:
        try:
            async with self._pool.connection(wait_seconds) as connection:
                try:
                    result = await self._begin(work, connection)
                except errors.FeatureNotSupported:
                    # A migration changed a table whose statements were prepared here; they go with the rollback.
                    await connection.rollback()
                    result = await self._begin(work, connection)
            self.transactions += 1
            return result
        except psycopg.Error as error:
            sqlstate = self._sqlstate(error)
            self._failures.labels(sqlstate).inc()
            if isinstance(error, _BUSY):
                raise DatabaseBusyError(sqlstate) from error
            if isinstance(error, _ONE_EVENT):
                raise
            raise DatabaseUnavailableError(sqlstate) from error

    async def _begin(self, work: Work[Result], connection: Connection) -> Result:
        await self._connector.begin(connection)
        return await work(connection)

    def _sqlstate(self, error: psycopg.Error) -> str:
        if isinstance(error, PoolTimeout | TooManyRequests):
            # No connection was free; if the last attempt to make one failed, that is why.
            return self._connector.failure or NO_CONNECTION_FREE
        return sqlstate_of(error)

    def _forget(self, task: asyncio.Task[Result]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # retrieved, also when nobody waits any more


async def fetch(connection: Connection, statement: LiteralString, values: Any = None) -> list[DictRow]:
    """Returns the rows of a statement."""
    return await (await connection.execute(statement, values)).fetchall()


@asynccontextmanager
async def open_database(
    url: str,
    limits: DatabaseLimits,
    registry: CollectorRegistry,
    *,
    application: str,
) -> AsyncIterator[Database]:
    """Yields a database whose connections are made when they are needed: it may be down now and come up later.

    Args:
        url: A libpq URL.
        limits: Hold for every transaction.
        registry: Counts transactions that failed, as `callwright_database_failures_total`.
        application: The name that PostgreSQL shows for the connections.
    """
    connector = Connector(_session_settings(limits))
    pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
        url,
        connection_class=connector.connection_class(),
        kwargs={**_CONNECTING, "application_name": application},
        min_size=min(2, limits.connections),
        max_size=limits.connections,
        max_waiting=limits.connections * _WAITING_PER_CONNECTION,
        timeout=limits.wait_seconds,
        reconnect_timeout=_RECONNECT_SECONDS,
        check=AsyncConnectionPool.check_connection,
        open=False,
        name=application,
    )
    await pool.open(wait=False)
    database = Database(pool, connector, limits, registry)
    try:
        yield database
    finally:
        await database.settle()
        await pool.close(timeout=_CLOSE_SECONDS)


def _session_settings(limits: DatabaseLimits) -> dict[str, str]:
    return {
        "statement_timeout": str(round(limits.statement_seconds * 1000)),
        "lock_timeout": str(round(limits.lock_seconds * 1000)),
        "idle_in_transaction_session_timeout": str(round(limits.statement_seconds * 2000)),
        "synchronous_commit": "on",
        "timezone": "UTC",
    }
