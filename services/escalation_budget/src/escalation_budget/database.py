"""A bounded pool of PostgreSQL connections and transactions with limits of time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TypeVar

import psycopg
from psycopg import AsyncConnection, errors
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolClosed, TooManyRequests

from callwright_common.deadlines import bounded
from escalation_budget.ledger import LedgerBusyError, LedgerUnavailableError

Connection = AsyncConnection[DictRow]
Answer = TypeVar("Answer")

_TRANSACTION_SECONDS = 5.0
_WAITING_PER_CONNECTION = 20
_RECONNECT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class DatabaseLimits:
    """How many connections there are and how long things may take.

    Attributes:
        pool_size: Connections at most.
        pool_timeout_seconds: Wait for a free connection.
        lock_timeout_ms: Wait for a row that another transaction holds.
        statement_timeout_ms: One statement, waiting included.
    """

    pool_size: int = 10
    pool_timeout_seconds: float = 0.5
    lock_timeout_ms: int = 150
    statement_timeout_ms: int = 1000


class Database:
    """Runs transactions on pooled connections.

    A transaction that was begun runs to its end even if the request that asked for it is cancelled, so that a
    connection never goes back to the pool with somebody else's answer under way.
    """

    def __init__(self, pool: AsyncConnectionPool[Connection], limits: DatabaseLimits) -> None:
        self._pool = pool
        self._limits = limits
        self._running: set[asyncio.Task[object]] = set()

    async def transaction(self, work: Callable[[Connection], Awaitable[Answer]]) -> Answer:
        """Runs `work` in a transaction, committed when it returns and rolled back when it raises.

        Raises:
            LedgerBusyError: A lock was not to be had in time or too many requests wait; nothing was changed.
            LedgerUnavailableError: The database did not answer; whether the transaction was committed is unknown.
        """
        task = asyncio.create_task(self._transaction(work, bounded(self._limits.pool_timeout_seconds)))
        self._running.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    async def finish(self) -> None:
        """Waits until all transactions have ended."""
        if self._running:
            await asyncio.wait(self._running)

    async def _transaction(self, work: Callable[[Connection], Awaitable[Answer]], pool_seconds: float) -> Answer:
        with _ledger_errors():
            async with asyncio.timeout(_TRANSACTION_SECONDS), self._pool.connection(pool_seconds) as connection:
                return await work(connection)

    def _forget(self, task: asyncio.Task[object]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # the request that would have read it may be gone


@asynccontextmanager
async def open_database(url: str, limits: DatabaseLimits) -> AsyncIterator[Database]:
    """Yields a database whose connections are made when they are needed: it may be down now and come up later."""
    pool = AsyncConnectionPool(
        url,
        connection_class=Connection,
        kwargs={
            "row_factory": dict_row,
            "application_name": "escalation_budget",
            "connect_timeout": 2,
            "tcp_user_timeout": 5000,
            "options": (
                f"-c statement_timeout={limits.statement_timeout_ms} -c lock_timeout={limits.lock_timeout_ms}"
                " -c idle_in_transaction_session_timeout=5000 -c timezone=UTC"
            ),
        },
        min_size=min(2, limits.pool_size),
        max_size=limits.pool_size,
        max_waiting=limits.pool_size * _WAITING_PER_CONNECTION,
        check=AsyncConnectionPool.check_connection,
        reconnect_timeout=_RECONNECT_SECONDS,
        open=False,
    )
    database = Database(pool, limits)
    await pool.open(wait=False)
    try:
        yield database
    finally:
        await database.finish()
        await pool.close()


@contextmanager
def _ledger_errors() -> Iterator[None]:
    """Turns the driver's errors into the ledger's."""
    try:
        yield
    except (
        errors.LockNotAvailable,
        errors.QueryCanceled,
        errors.DeadlockDetected,
        errors.SerializationFailure,
        TooManyRequests,
    ) as error:
        raise LedgerBusyError from error
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolClosed, TimeoutError) as error:
        raise LedgerUnavailableError from error
    except (errors.UndefinedTable, errors.InvalidSchemaName, errors.UndefinedFunction) as error:
        raise LedgerUnavailableError from error
