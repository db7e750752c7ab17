"""The PostgreSQL connections: bounded, with time limits of their own, never cancelled from outside."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import psycopg
from psycopg import AsyncConnection, errors
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from callwright_common.deadlines import bounded
from callwright_common.errors import UnavailableError
from persistence.schema import SCHEMA, VERSION_TABLE

Connection = AsyncConnection[TupleRow]
Result = TypeVar("Result")

_CONNECT_TIMEOUT_SECONDS = 3
_LOCK_TIMEOUT_SECONDS = 1.5
_CLOSE_SECONDS = 5.0
_DOWN = (
    psycopg.OperationalError,  # with timeouts, deadlocks, a full disk and a pool without a free connection
    psycopg.InterfaceError,
    errors.ReadOnlySqlTransaction,
    errors.UndefinedTable,
    errors.UndefinedColumn,
    errors.InvalidSchemaName,
)


class Database:
    """A pool of connections and the work that runs on them.

    Work runs in tasks of their own: a request that is cancelled leaves its work to end by itself, because a cancelled
    await could hand its reply to the next user of the connection.

    Args:
        pool: Not opened yet.
        work_seconds: How long a request waits for its work.
    """

    def __init__(self, pool: AsyncConnectionPool[Connection], work_seconds: float) -> None:
        self.pool = pool
        self.available = False
        """Whether requests are let through to the database; `persistence.readiness` sets it."""
        self._work_seconds = work_seconds
        self._tasks: set[asyncio.Task[object]] = set()

    async def run(self, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        """Returns what the work returns, which runs in a transaction.

        Raises:
            UnavailableError: DATABASE_UNAVAILABLE, if the database is down or late.
        """
        if not self.available:
            raise _unavailable()
        return await self.run_anyway(work)

    async def run_anyway(self, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        """The same as `run`, tried even though the database was not available a moment ago."""
        task = asyncio.create_task(self._in_transaction(work))
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        try:
            async with asyncio.timeout(bounded(self._work_seconds)):
                return await asyncio.shield(task)
        except TimeoutError:
            raise _unavailable() from None

    async def _in_transaction(self, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        try:
            async with self.pool.connection() as connection, connection.transaction():
                return await work(connection)
        except _DOWN as error:
            raise _unavailable() from error

    def _forget(self, task: asyncio.Task[Result]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # retrieved, also when nobody waits any more

    async def revision(self) -> str | None:
        """Returns the revision of the database's tables, None without tables.

        Raises:
            UnavailableError: DATABASE_UNAVAILABLE, if the database is down or late.
        """

        async def read(connection: Connection) -> str | None:
            found = await connection.execute("SELECT to_regclass(%s)", [f"{SCHEMA}.{VERSION_TABLE}"])
            if (await found.fetchall())[0][0] is None:
                return None
            row = await (
                await connection.execute("SELECT max(version_num) FROM persistence.alembic_version")
            ).fetchone()
            return None if row is None else row[0]

        return await self.run_anyway(read)

    async def settle(self) -> None:
        """Waits a moment for the work that still runs, then gives it up; its connections are thrown away."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=_CLOSE_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def _unavailable() -> UnavailableError:
    return UnavailableError("DATABASE_UNAVAILABLE", "the database does not answer")


@asynccontextmanager
async def open_database(
    url: str, *, max_connections: int, statement_seconds: float, wait_seconds: float
) -> AsyncIterator[Database]:
    """Opens the pool without waiting for the database.

    Args:
        url: A libpq URL.
        max_connections: The pool's size.
        statement_seconds: After this the server ends a statement.
        wait_seconds: How long work waits for a connection.
    """
    options = " ".join(
        f"-c {name}={value}"
        for name, value in {
            "statement_timeout": round(statement_seconds * 1000),
            "lock_timeout": round(_LOCK_TIMEOUT_SECONDS * 1000),
            "idle_in_transaction_session_timeout": round(statement_seconds * 2000),
            "synchronous_commit": "on",
            "timezone": "UTC",
        }.items()
    )
    pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
        url,
        kwargs={
            "autocommit": True,  # transactions are opened by `Database`, not by the first statement
            "options": options,
            "application_name": "callwright-persistence",
            "connect_timeout": _CONNECT_TIMEOUT_SECONDS,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
        },
        min_size=1,
        max_size=max_connections,
        max_waiting=max_connections * 16,
        timeout=wait_seconds,
        reconnect_timeout=5.0,
        check=AsyncConnectionPool.check_connection,
        open=False,
        name="persistence",
    )
    await pool.open(wait=False)
    database = Database(pool, work_seconds=wait_seconds + statement_seconds)
    try:
        yield database
    finally:
        await database.settle()
        await pool.close(timeout=_CLOSE_SECONDS)
