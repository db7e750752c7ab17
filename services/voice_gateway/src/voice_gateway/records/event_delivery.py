"""The way of call events from a call to the persistence service: memory, spool file, service, in order.

A call hands its events over without waiting. One task writes them to the spool in groups; one task delivers what is
written. Where an event cannot be delivered, because its record is damaged or the service refuses it, an `EventLost`
takes its place, so that the rest of its call arrives. A disk that fails is tried again until it works.
"""

import asyncio
import errno
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeVar

from callwright_common.errors import ServiceError
from callwright_common.ids import new_id
from callwright_common.logs import get_logger
from callwright_common.readiness import Readiness
from vocabulary.call_events import CallEvent, EventLost
from vocabulary.enums import LossReason
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.records.batch_sender import BatchSender, EventSink, Refused
from voice_gateway.records.quarantine import Quarantine
from voice_gateway.records.record_format import encode_record
from voice_gateway.records.spool import SpoolFile, SpoolFullError

_logger = get_logger(__name__)

_BATCH_RECORDS = 200
_BATCH_BYTES = 256 * 1024
_MAX_WAITING = 10_000
_LONGEST_GAP = 10_000
_DISK_RETRY_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 5.0
Result = TypeVar("Result")


class EventDelivery:
    """Takes encoded events and delivers them; use `run` in a task of its own, which may be started again."""

    def __init__(
        self,
        spool: SpoolFile,
        quarantine: Quarantine,
        store: EventSink,
        place_of: Callable[[bytes], CallEvent | None],
        metrics: GatewayMetrics,
        readiness: Readiness,
        *,
        disk: Executor | None = None,
    ) -> None:
        """Builds it.

        `place_of` returns an encoded event without its details, None if it cannot be read. The readiness gets one
        condition for the writing and one for the delivery. `disk` runs work on the disk, one piece after the other;
        None takes a thread.
        """
        self._spool = spool
        self._quarantine = quarantine
        self._sender = BatchSender(store, metrics.events_delivered.inc, longest_pause=_LONGEST_PAUSE_SECONDS)
        self._place_of = place_of
        self._metrics = metrics
        # One thread, so that what was begun ends before the next step begins, whatever is cancelled.
        self._disk = disk or ThreadPoolExecutor(max_workers=1, thread_name_prefix="spool")
        self._writing = _DiskWork("recording of call events", self._disk, metrics, readiness)
        self._delivering = _DiskWork("delivery of call events", self._disk, metrics, readiness)
        self._waiting: deque[bytes] = deque()
        self._overflowing = False
        self._appended = asyncio.Event()
        self._written = asyncio.Event()
        self._changed = asyncio.Condition()

    def append(self, payload: bytes) -> bool:
        """Takes an event; returns False if it is too large or too many wait for the disk."""
        overflowing = len(self._waiting) >= _MAX_WAITING
        if overflowing and not self._overflowing:
            _logger.error("call events are lost, too many wait for the disk", waiting=len(self._waiting))
        self._overflowing = overflowing
        too_large = len(payload) > self._spool.max_payload_bytes
        if too_large:
            _logger.error("a call event is lost, it is too large", size_bytes=len(payload))
        if overflowing or too_large:
            self._metrics.events_lost.labels(reason=LossReason.NO_ROOM).inc()
        if overflowing:
            return False
        if too_large:
            if (event := self._place_of(payload)) is None:
                return False
            payload = _mark(event, event.sequence, LossReason.NO_ROOM)
        self._waiting.append(payload)
        self._appended.set()
        return not too_large

    @property
    def delivered(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting and self._spool.is_open and self._spool.waiting_bytes == 0

    async def run(self) -> None:
        """Writes and delivers until it is cancelled."""
        await self._writing.do(self._spool.open)
        self._appended.set()
        self._written.set()
        await self._notice()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._write(), name="spool write")
            tasks.create_task(self._deliver(), name="spool delivery")

    async def wait_delivered(self) -> None:
        """Waits until every event that was taken is stored."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.delivered)

    async def close(self) -> None:
        """Puts what waits on the disk, if that works, and closes the spool; `run` must have ended."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._disk, self._write_at_last)
        except OSError as error:
            _logger.error("call events are lost at the end", problem=_problem(error), count=len(self._waiting))
        self._disk.shutdown()

    def _write_at_last(self) -> None:
        try:
            self._spool.open()
            while self._waiting:
                for _ in range(self._spool.append(self._waiting)):
                    self._waiting.popleft()
        finally:
            self._spool.close()

    async def _write(self) -> None:
        while True:
            await self._appended.wait()
            self._appended.clear()
            while self._waiting:
                written = await self._writing.do(self._spool.append, list(islice(self._waiting, _BATCH_RECORDS)))
                for _ in range(written):
                    self._waiting.popleft()
                self._written.set()
                await self._notice()

    async def _deliver(self) -> None:
        while True:
            await self._written.wait()
            self._written.clear()
            while await self._deliver_batch():
                pass

    async def _deliver_batch(self) -> bool:
        """Delivers the next events; returns False if there are none."""
        batch = await self._delivering.do(self._spool.read, _BATCH_RECORDS, _BATCH_BYTES)
        if batch.size == 0:
            return False
        for damage in batch.damaged:
            _logger.error("a damaged part of the spool was set aside", size_bytes=len(damage))
            await self._keep(damage, LossReason.DAMAGED)
        if batch.payloads:
            await self._sender.send(batch.payloads, self._refused)
        await self._delivering.do(self._spool.release, batch.size)
        await self._notice()
        return True

    async def _refused(self, payload: bytes, error: ServiceError) -> None:
        await self._fill_gap(payload, error, otherwise=self._set_aside)

    async def _fill_gap(self, payload: bytes, error: ServiceError, otherwise: Refused) -> None:
        """Marks the places of the events that are missing before a refused one, if that is why, and sends it again."""
        event = self._place_of(payload)
        expected = int(error.metadata.get("expected", 0)) if error.reason == "SEQUENCE_GAP" else 0
        if event is None or not 0 < expected < event.sequence <= expected + _LONGEST_GAP:
            await otherwise(payload, error)
            return
        count = event.sequence - expected
        _logger.error("call events are missing", call_id=event.call_id, first=expected, count=count)
        marks = [_mark(event, place, LossReason.DAMAGED) for place in range(expected, event.sequence)]
        for start in range(0, count, _BATCH_RECORDS):
            await self._sender.send(marks[start : start + _BATCH_RECORDS], _give_up)
        await self._sender.send([payload], otherwise)

    async def _set_aside(self, payload: bytes, error: ServiceError) -> None:
        event = self._place_of(payload)
        _logger.error(
            "a call event was refused and set aside",
            reason=error.reason,
            cause=error.cause,
            call_id=event.call_id if event else None,
            sequence=event.sequence if event else None,
        )
        await self._keep(encode_record(payload), LossReason.REFUSED)
        if event is not None:
            mark = _mark(event, event.sequence, LossReason.REFUSED)
            await self._sender.send([mark], partial(self._fill_gap, otherwise=_give_up))

    async def _keep(self, data: bytes, reason: LossReason) -> None:
        self._metrics.events_lost.labels(reason=reason).inc()
        if not await self._delivering.do(self._quarantine.keep, data):
            _logger.error("the quarantine is full, what was set aside is lost", size_bytes=len(data))

    async def _notice(self) -> None:
        self._metrics.spool_records.set(len(self._waiting))
        self._metrics.spool_bytes.set(self._spool.waiting_bytes)
        async with self._changed:
            self._changed.notify_all()


@dataclass(frozen=True, slots=True)
class _DiskWork:
    """Work on the disk, which is tried until it succeeds."""

    condition: str
    disk: Executor
    metrics: GatewayMetrics
    readiness: Readiness

    async def do(self, work: Callable[..., Result], *arguments: object) -> Result:
        """Returns what the work returns."""
        while True:
            try:
                result = await asyncio.get_running_loop().run_in_executor(self.disk, work, *arguments)
            except OSError as error:
                self.metrics.spool_failures.inc()
                self.readiness.set(self.condition, _problem(error))
                await asyncio.sleep(_DISK_RETRY_SECONDS)
            else:
                self.readiness.set(self.condition, None)
                return result


def _mark(event: CallEvent, place: int, reason: LossReason) -> bytes:
    """Returns the encoded `EventLost` for a place in an event's call, as of the event's time."""
    lost = CallEvent(new_id(), event.call_id, place, event.occur_time, EventLost(reason))
    return lost.to_proto().SerializeToString()


def _problem(error: OSError) -> str:
    """Returns what is wrong, without the path that the error's own text shows."""
    if isinstance(error, SpoolFullError):
        return "the spool is full"
    return f"the disk fails: {errno.errorcode.get(error.errno or 0, type(error).__name__)}"


async def _give_up(_: bytes, error: ServiceError) -> None:
    _logger.error("the mark of a lost call event was refused", reason=error.reason, cause=error.cause)
