"""Collects the batches that arrive while a transaction runs and stores them together in the next one.

A commit waits for the disk; sharing it among all who wait makes many small appends as cheap as few large ones, and one
who comes alone waits for nobody.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from callwright_common.errors import ResourceExhaustedError, ServiceError, UnavailableError, internal_error
from callwright_common.logs import get_logger
from callwright_common.rpc.deadlines import bounded
from persistence.calls.admission import AppendResult, Batch
from persistence.metrics import PersistenceMetrics

_logger = get_logger(__name__)


class BatchStore(Protocol):
    """Stores batches in one transaction; see `persistence.tables.event_store.EventStore`."""

    async def append(self, batches: Sequence[Batch]) -> list[AppendResult | ServiceError]:
        """Returns what became of each batch."""
        ...


@dataclass(frozen=True, slots=True)
class _Waiting:
    batch: Batch
    outcome: asyncio.Future[AppendResult]


class EventWriter:
    """A queue before the store.

    Args:
        store: Where batches go.
        metrics: Counts events and the size of groups.
        max_waiting_events: More are refused.
        max_group_events: How many events share a transaction; one batch always fits.
        wait_seconds: How long a batch waits for its outcome.
    """

    def __init__(
        self,
        store: BatchStore,
        metrics: PersistenceMetrics,
        *,
        max_waiting_events: int = 10_000,
        max_group_events: int = 500,
        wait_seconds: float = 5.0,
    ) -> None:
        self._store = store
        self._metrics = metrics
        self._max_waiting = max_waiting_events
        self._max_group = max_group_events
        self._wait_seconds = wait_seconds
        self._queue: deque[_Waiting] = deque()
        self._waiting_events = 0
        self._wake = asyncio.Event()

    async def append(self, batch: Batch) -> AppendResult:
        """Returns once the batch is stored.

        Raises:
            ResourceExhaustedError: APPEND_QUEUE_FULL, if too many events wait.
            UnavailableError: if the database is down or late; the batch may be stored or not, and may be sent again.
            ServiceError: if the batch cannot be stored, see `persistence.calls.admission`.
        """
        if self._waiting_events + len(batch) > self._max_waiting:
            raise ResourceExhaustedError("APPEND_QUEUE_FULL", "too many events wait to be stored")
        waiting = _Waiting(batch, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._waiting_events += len(batch)
        self._wake.set()
        try:
            async with asyncio.timeout(bounded(self._wait_seconds)):
                result = await waiting.outcome
        except TimeoutError:
            raise UnavailableError("DATABASE_UNAVAILABLE", "the database does not answer") from None
        self._metrics.count_appended(result.stored_count, result.skipped_count)
        return result

    async def run(self) -> None:
        """Stores what waits, until cancelled; a transaction that runs then comes to its end by itself."""
        while True:
            await self._wake.wait()
            group = self._take_group()
            if group:
                await self._store_group(group)

    def _take_group(self) -> list[_Waiting]:
        """Returns the batches of the next transaction, oldest first, without those that nobody waits for any more."""
        group: list[_Waiting] = []
        count = 0
        while self._queue:
            batch = self._queue[0].batch
            if group and count + len(batch) > self._max_group:
                return group
            waiting = self._queue.popleft()
            self._waiting_events -= len(batch)
            if not waiting.outcome.done():
                group.append(waiting)
                count += len(batch)
        self._wake.clear()
        return group

    async def _store_group(self, group: Sequence[_Waiting]) -> None:
        self._metrics.append_group_events.observe(sum(len(waiting.batch) for waiting in group))
        try:
            outcomes = await self._store.append([waiting.batch for waiting in group])
        except ServiceError as error:
            outcomes = [error] * len(group)
        except Exception as error:
            if len(group) > 1:
                # One batch that the tables refuse must not take the others with it.
                for waiting in group:
                    await self._store_group([waiting])
                return
            _logger.exception("a batch of events could not be stored")
            outcomes = [internal_error(error)]
        for waiting, outcome in zip(group, outcomes, strict=True):
            if waiting.outcome.done():
                continue
            if isinstance(outcome, ServiceError):
                waiting.outcome.set_exception(outcome)
            else:
                waiting.outcome.set_result(outcome)
