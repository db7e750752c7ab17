"""The turns that this process works on: a bound for all of them, and one that counts per call."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from callwright_common.errors import AbortedError, ResourceExhaustedError


class AdmittedTurn:
    """A turn in work."""

    def __init__(self, latest: dict[str, "AdmittedTurn"], call_id: str) -> None:
        self._latest = latest
        self._call_id = call_id
        self.ended = asyncio.Event()

    def begin(self) -> None:
        """Makes this the turn of its call that counts; an older one that still runs will not be stored."""
        self._latest[self._call_id] = self

    def require_current(self) -> None:
        """Refuses to go on once a newer turn of the call has begun.

        Raises:
            AbortedError: with reason TURN_SUPERSEDED.
        """
        if self._latest.get(self._call_id) is not self:
            raise AbortedError("TURN_SUPERSEDED", "a newer turn of the call has begun")

    def end(self) -> None:
        """Lets go of the call and of those who wait for this turn."""
        if self._latest.get(self._call_id) is self:
            del self._latest[self._call_id]
        self.ended.set()


class TurnAdmission:
    """Admits turns."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._count = 0
        self._by_id: dict[tuple[str, str], AdmittedTurn] = {}
        self._latest: dict[str, AdmittedTurn] = {}

    @asynccontextmanager
    async def admit(self, call_id: str, turn_id: str) -> AsyncIterator[AdmittedTurn]:
        """Admits a turn as soon as no other request works on the same turn.

        Raises:
            ResourceExhaustedError: with reason TOO_MANY_TURNS if the process works on as many turns as it may.
        """
        if self._count >= self._limit:
            raise ResourceExhaustedError("TOO_MANY_TURNS", "as many turns as allowed are in work")
        self._count += 1
        key = (call_id, turn_id)
        try:
            while (same := self._by_id.get(key)) is not None:
                await same.ended.wait()
            turn = self._by_id[key] = AdmittedTurn(self._latest, call_id)
            try:
                yield turn
            finally:
                del self._by_id[key]
                turn.end()
        finally:
            self._count -= 1
