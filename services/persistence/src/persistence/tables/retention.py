"""Removes what is kept only for what arrives late: who was erased, and which attempts are settled."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from callwright_common.clock import Clock
from callwright_common.database.postgres import Connection, Database
from callwright_common.errors import ServiceError

_KEPT = timedelta(days=30)
"""So long a record may be on its way."""
WRITES = (
    "DELETE FROM persistence.erasures WHERE erased_at < %s",
    "DELETE FROM persistence.settled_attempts WHERE settled_at < %s",
)


@dataclass(frozen=True)
class Retention:
    """Forgets what nothing can arrive for any more."""

    database: Database
    clock: Clock

    async def run(self, interval_seconds: float) -> None:
        """Forgets in intervals until cancelled; while the database is down, the next time."""
        while True:
            with suppress(ServiceError):
                await self.forget()
            await asyncio.sleep(interval_seconds)

    async def forget(self) -> None:
        """Removes what is out of date.

        Raises:
            UnavailableError: if the database is down.
        """

        async def write(connection: Connection) -> None:
            for statement in WRITES:
                await connection.execute(statement, [self.clock.now() - _KEPT])

        await self.database.transaction(write)
