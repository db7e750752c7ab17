"""Closes calls whose gateway vanished.

A gateway tells something about each of its calls every few seconds, `CallAlive` at least. A call of which nothing came
for long counts as lost: it ends as `gateway_lost` at the time of its last event. The end is presumed: an event that
arrives later shows that the gateway was only cut off and opens the call again, or, if it is the call's own end, takes
the presumed one's place. The end that a gateway told is never changed.
"""

import asyncio
from datetime import timedelta

from callwright_common.clock import Clock
from callwright_common.errors import ServiceError
from callwright_common.logs import get_logger
from persistence.metrics import PersistenceMetrics
from persistence.tables.call_store import CallStore

_logger = get_logger(__name__)


class LostCallReaper:
    """Looks for lost calls again and again.

    While the database or this service were away, gateways could tell nothing: a full `lost_after` of availability must
    pass before silence means something.

    Args:
        calls: Where they are found and closed.
        clock: Judges how long a call has been silent.
        metrics: Counts the calls that were closed.
        lost_after: How long a call may be silent.
    """

    def __init__(self, calls: CallStore, clock: Clock, metrics: PersistenceMetrics, lost_after: timedelta) -> None:
        self._calls = calls
        self._clock = clock
        self._metrics = metrics
        self._lost_after = lost_after
        self._listening_since: float | None = None

    async def run(self, interval_seconds: float) -> None:
        """Sweeps in intervals until cancelled."""
        # It may have died before: what it knew of its availability counts no more.
        self._listening_since = None
        while True:
            try:
                await self.sweep()
            except ServiceError:
                self._listening_since = None
            await asyncio.sleep(interval_seconds)

    async def sweep(self) -> list[str]:
        """Closes the calls that are lost now and returns their ids.

        Raises:
            UnavailableError: if the database is down.
        """
        if not self._has_listened_long_enough():
            return []
        closed = await self._calls.close_lost(self._clock.now() - self._lost_after)
        self._metrics.calls_lost.inc(len(closed))
        for call_id in closed:
            _logger.warning("the call's gateway vanished, the call is closed", call_id=call_id)
        return closed

    def _has_listened_long_enough(self) -> bool:
        now = self._clock.monotonic()
        if not self._calls.available:
            self._listening_since = None
            return False
        if self._listening_since is None:
            self._listening_since = now
        return now - self._listening_since >= self._lost_after.total_seconds()
