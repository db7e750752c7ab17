"""The way of call events from a call to the persistence service: memory, spool file, service, in order.

A call hands its events over without waiting. One task writes them to the spool in groups; one task delivers what is
written, with growing pauses while the service is away.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from tenacity import AsyncRetrying, retry_if_exception_type, wait_exponential_jitter

from callwright_common.errors import (
    DeadlineExceededError,
    ResourceExhaustedError,
    ServiceError,
    UnavailableError,
)
from callwright_common.logs import get_logger
from voice_gateway.records.spool import SpoolBatch, SpoolFile

_logger = get_logger(__name__)

_BATCH_RECORDS = 200
_MAX_WAITING = 10_000
_DISK_RETRY_SECONDS = 1.0
Result = TypeVar("Result")
_TEMPORARY = (UnavailableError, DeadlineExceededError, ResourceExhaustedError)


class EventStore(Protocol):
    """Where events are delivered to."""

    async def append(self, payloads: Sequence[bytes]) -> None:
        """Stores events, all or none, idempotent; raises ServiceError."""
        ...


class DeliveryMetrics(Protocol):
    """What the delivery counts."""

    def spool_waiting(self, records: int, size_bytes: int) -> None:
        """Shows the events in memory and the bytes on the disk that are not delivered."""
        ...

    def events_delivered(self, count: int) -> None:
        """Counts events that the service stored."""
        ...

    def events_quarantined(self, count: int) -> None:
        """Counts events that the service refused for good."""
        ...


class EventDelivery:
    """Takes encoded events and delivers them; use `run` in a task of its own."""

    def __init__(
        self,
        spool: SpoolFile,
        store: EventStore,
        call_of: Callable[[bytes], str],
        metrics: DeliveryMetrics,
        *,
        longest_pause: float = 5.0,
    ) -> None:
        self._spool = spool
        self._store = store
        self._call_of = call_of
        self._metrics = metrics
        self._longest_pause = longest_pause
        self._waiting: deque[bytes] = deque()
        self._appended = asyncio.Event()
        self._written = asyncio.Event()
        self._changed = asyncio.Condition()
        # One thread, so that what was begun ends before the next step begins, whatever is cancelled.
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spool")

    def append(self, payload: bytes) -> bool:
        """Takes an event; returns False if too many wait for the disk."""
        if len(self._waiting) >= _MAX_WAITING:
            return False
        self._waiting.append(payload)
        self._appended.set()
        return True

    @property
    def delivered(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting and self._spool.size == 0

    async def run(self) -> None:
        """Writes and delivers until it is cancelled."""
        self._written.set()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._write(), name="spool write")
            tasks.create_task(self._deliver(), name="spool delivery")

    async def wait_delivered(self) -> None:
        """Waits until every event that was taken is stored."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.delivered)

    async def flush(self) -> None:
        """Puts everything that waits in memory on the disk, whether or not `run` is running."""
        await self._write_waiting()

    async def close(self) -> None:
        """Puts what waits on the disk and closes the spool; `run` must have ended."""
        await self.flush()
        await self._on_disk(self._spool.close)
        self._disk.shutdown()

    async def _on_disk(self, work: Callable[..., Result], *arguments: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._disk, work, *arguments)

    async def _write(self) -> None:
        while True:
            await self._appended.wait()
            self._appended.clear()
            written = await self._write_waiting()
            await self._notice()
            if not written:
                await asyncio.sleep(_DISK_RETRY_SECONDS)
                self._appended.set()

    async def _write_waiting(self) -> bool:
        while self._waiting:
            batch = list(self._waiting)[:_BATCH_RECORDS]
            try:
                await self._on_disk(self._spool.append, batch)
            except OSError as error:
                _logger.error("the spool of call events cannot be written", error_type=type(error).__name__)
                return False
            for _ in batch:
                self._waiting.popleft()
            self._written.set()
        return True

    async def _deliver(self) -> None:
        while True:
            await self._written.wait()
            self._written.clear()
            while await self._deliver_batch():
                pass

    async def _deliver_batch(self) -> bool:
        """Delivers the next events; returns False if there are none."""
        batch = await self._on_disk(self._read_next)
        if batch.end == batch.start:
            return False
        before = batch.start
        if batch.payloads:
            await self._store_or_quarantine(batch.payloads)
        # A compaction may have moved the records towards the front in the meantime.
        await self._on_disk(lambda: self._spool.release(self._spool.released + batch.end - before))
        await self._notice()
        return True

    def _read_next(self) -> SpoolBatch:
        return self._spool.read(self._spool.released, _BATCH_RECORDS)

    async def _store_or_quarantine(self, payloads: list[bytes]) -> None:
        try:
            await self._store_with_retries(payloads)
        except ServiceError:
            # One bad record refuses its whole batch, so each call is tried alone.
            for call_payloads in self._by_call(payloads):
                try:
                    await self._store_with_retries(call_payloads)
                except ServiceError as error:
                    _logger.error("call events refused and set aside", reason=error.reason, count=len(call_payloads))
                    self._metrics.events_quarantined(len(call_payloads))
                    await self._on_disk(self._spool.quarantine, call_payloads)

    def _by_call(self, payloads: list[bytes]) -> list[list[bytes]]:
        calls: dict[str, list[bytes]] = {}
        for payload in payloads:
            calls.setdefault(self._call_of(payload), []).append(payload)
        return list(calls.values())

    async def _store_with_retries(self, payloads: list[bytes]) -> None:
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(_TEMPORARY),
            wait=wait_exponential_jitter(multiplier=0.1, max=self._longest_pause, jitter=0.1),
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                await self._store.append(payloads)
        self._metrics.events_delivered(len(payloads))

    async def _notice(self) -> None:
        self._metrics.spool_waiting(len(self._waiting), self._spool.size - self._spool.released)
        async with self._changed:
            self._changed.notify_all()
