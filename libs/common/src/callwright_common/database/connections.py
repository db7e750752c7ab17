"""How connections to PostgreSQL are made, to the server itself or to a pooler before it, and why that fails.

PostgreSQL takes the limits of its sessions as start-up options. A pooler such as PgBouncer refuses these, or drops them
without a word, and in transaction mode the next transaction runs on another session: behind one the limits are set in
each transaction, and no statement is prepared.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.rows import tuple_row

from callwright_common.logs import get_logger

READ_ONLY = "25006"
OTHER_TABLES = "42P01"
NO_CONNECTION_FREE = "53300"
_CANNOT_CONNECT = "08001"
_CONNECTION_LOST = "08006"
_OPTIONS_REFUSED = "08P01"
_STATES = {
    "startup parameter": _OPTIONS_REFUSED,
    "password authentication failed": "28P01",
    "no pg_hba.conf entry": "28000",
    "not permitted to log in": "28000",
    "permission denied": "42501",
    "does not exist": "3D000",
    "too many clients": NO_CONNECTION_FREE,
    "too many connections": NO_CONNECTION_FREE,
    "connection slots": NO_CONNECTION_FREE,
    "not currently accepting connections": "55000",
    "the database system is": "57P03",
    "closed the connection unexpectedly": _CONNECTION_LOST,
}
"""SQLSTATEs by the words of an error on connecting, for which the driver tells none."""
_DATA = "22000"
_PROBLEMS = {
    _OPTIONS_REFUSED: "the database, or a pooler before it, refuses a start-up parameter",
    READ_ONLY: "the database is read-only",
    "28P01": "the database refuses the password",
    "25P03": "a transaction of the database was idle for too long",
    "28000": "the database refuses the user",
    "3D000": "the database does not exist",
    "3F000": "the database lacks this build's schema",
    "42501": "the database's user lacks a right",
    "42703": "a table of the database lacks a column",
    "42883": "the database lacks a function of this build",
    OTHER_TABLES: "the database lacks a table of this build",
    "53100": "the database's disk is full",
    NO_CONNECTION_FREE: "no connection to the database is free",
    "55000": "the database takes no connections",
    "55P03": "a table of the database is locked",
    "57P03": "the database is starting or stopping",
    "58030": "the database's disk fails",
}
_PROBLEMS_OF_CLASSES = {
    "08": "the database does not answer",
    "53": "the database is out of resources",
    "57": "the database does not answer",
    "58": "the database's machine fails",
    "XX": "the database is damaged",
}

_logger = get_logger(__name__)


def sqlstate_of(error: BaseException) -> str:
    """Returns the SQLSTATE of an error; one of the class 08 if the connection failed and the server told none."""
    if isinstance(error, psycopg.Error) and error.sqlstate:
        return error.sqlstate
    if isinstance(error, psycopg.DataError):
        return _DATA  # the driver found it, before it asked the server
    text = str(error)
    return next((state for words, state in _STATES.items() if words in text), _CANNOT_CONNECT)


def problem_of(sqlstate: str) -> str:
    """Returns what a SQLSTATE means for people who run the service."""
    problem = _PROBLEMS.get(sqlstate) or _PROBLEMS_OF_CLASSES.get(sqlstate[:2], "the database does not take the work")
    return f"{problem} (SQLSTATE {sqlstate})"


class Connector:
    """Makes the connections of one pool.

    Attributes:
        pooled: Whether a pooler was found.
        failure: The SQLSTATE of the last attempt to connect, None if it succeeded.
    """

    def __init__(self, limits: Mapping[str, str]) -> None:
        """Builds it.

        Args:
            limits: PostgreSQL's parameters that hold for every transaction; with a `statement_timeout` in milliseconds.
        """
        self.pooled = False
        self.failure: str | None = None
        self._limits = limits
        self._options = " ".join(f"-c {name}={value}" for name, value in limits.items())
        self._set_limits = sql.SQL("SELECT {}").format(
            sql.SQL(", ").join(
                sql.SQL("set_config({}, {}, true)").format(name, value) for name, value in limits.items()
            )
        )

    def connection_class(self) -> type[AsyncConnection[Any]]:
        """Returns what a pool makes its connections of."""
        connector = self

        class Connection(AsyncConnection[Any]):
            @classmethod
            async def connect(cls, conninfo: str = "", **parameters: Any) -> Any:
                return await connector._connect(super().connect, conninfo, parameters)

        return Connection

    async def begin(self, connection: AsyncConnection[Any]) -> None:
        """Makes the limits hold for the transaction that begins."""
        if self.pooled:
            await connection.execute(self._set_limits)

    async def _connect(self, connect: Callable[..., Awaitable[Any]], url: str, parameters: dict[str, Any]) -> Any:
        try:
            connection = None if self.pooled else await self._connect_with_options(connect, url, parameters)
            if connection is None:
                connection = await connect(url, **parameters, prepare_threshold=None)
        except psycopg.Error as error:
            self.failure = sqlstate_of(error)
            raise
        self.failure = None
        return connection

    async def _connect_with_options(
        self, connect: Callable[..., Awaitable[Any]], url: str, parameters: dict[str, Any]
    ) -> Any:
        """Returns a connection on which the limits hold; None if a pooler does not let them."""
        try:
            connection = await connect(url, **parameters, options=self._options)
        except psycopg.OperationalError as error:
            if sqlstate_of(error) != _OPTIONS_REFUSED:
                raise
        else:
            if await self._limits_hold(connection):
                return connection
            await connection.close()
        if not self.pooled:
            self.pooled = True
            _logger.info("the database is behind a pooler: limits are set in each transaction, nothing is prepared")
        return None

    async def _limits_hold(self, connection: AsyncConnection[Any]) -> bool:
        async with connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute("SELECT setting FROM pg_settings WHERE name = 'statement_timeout'")
            found = await cursor.fetchone()
        await connection.rollback()
        return found == (self._limits["statement_timeout"],)
