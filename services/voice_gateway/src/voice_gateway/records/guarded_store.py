"""The persistence service behind its breaker."""

from collections.abc import Sequence

from callwright_common.breaker import CircuitBreaker
from voice_gateway.records.event_delivery import EventStore


class GuardedStore:
    """An event store that is left alone for a while after failures."""

    def __init__(self, store: EventStore, breaker: CircuitBreaker) -> None:
        self._store = store
        self._breaker = breaker

    async def append(self, payloads: Sequence[bytes]) -> None:
        """Stores events; raises BreakerOpenError at once while the store is left alone."""
        async with self._breaker.attempt():
            await self._store.append(payloads)
