"""The persistence service as the delivery of call events sees it, and a disk that fails on demand."""

import asyncio
import errno
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from google.protobuf.message import DecodeError
from prometheus_client import CollectorRegistry

from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.errors import InvalidArgumentError, ResourceExhaustedError, ServiceError, UnavailableError
from callwright_common.readiness import Readiness
from fakes.counted import counted
from persistence.calls.admission import Admission, LogEntry
from persistence.wire import read_batch
from voice_gateway.metrics import GatewayMetrics

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class MemoryEventStore:
    """Takes and refuses events by the service's own rules.

    Attributes:
        log: Each call's events by sequence.
        down: It does not answer.
        in_its_place: What answers at its address instead of it.
        stumbles: The ids of events for which it answers INTERNAL.
        max_bytes: Larger requests the transport refuses.
    """

    def __init__(self) -> None:
        self.log: dict[str, dict[int, LogEntry]] = {}
        self.down = False
        self.in_its_place: ServiceError | None = None
        self.stumbles: set[str] = set()
        self.max_bytes = 1024 * 1024
        self.requests = 0

    async def append(self, payloads: Sequence[bytes]) -> None:
        self.requests += 1
        if self.down:
            raise UnavailableError("DOWN", "no persistence")
        if self.in_its_place is not None:
            raise self.in_its_place
        try:
            request = pb.AppendCallEventsRequest(events=map(pb.CallEvent.FromString, payloads))
        except DecodeError:
            raise InvalidArgumentError("events", "cannot be read") from None
        if request.ByteSize() > self.max_bytes:
            raise ResourceExhaustedError("RESOURCE_EXHAUSTED", "too large")
        if self.stumbles.intersection(event.event_id for event in request.events):
            raise ServiceError("INTERNAL", "internal error")
        entries = [entry for call in self.log.values() for entry in call.values()]
        admission = Admission(
            {call_id: max(events) for call_id, events in self.log.items()},
            {entry.event.event_id: entry.place for entry in entries},
            [entry.place for entry in entries if entry.is_lost],
        )
        admission.admit(read_batch(request))
        for entry in (*admission.appended, *admission.found):
            self.log.setdefault(entry.event.call_id, {})[entry.event.sequence] = entry

    def kinds(self, call_id: str) -> list[str]:
        """The kinds of a call's events in order; a gap would raise."""
        events = self.log[call_id]
        return [events[sequence].kind for sequence in range(1, len(events) + 1)]

    @property
    def event_ids(self) -> list[str]:
        """The ids of all that is stored and not lost."""
        return [e.event.event_id for call in self.log.values() for e in call.values() if not e.is_lost]


class FailingFiles:
    """The operating system's files, with a disk that is full or breaks on demand.

    Attributes:
        full: Nothing that makes a file longer works.
        broken: The names of the calls that fail.
    """

    def __init__(self) -> None:
        self.full = False
        self.broken: set[str] = set()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            if name in self.broken:
                raise OSError(errno.EIO, "the disk is broken")
            return getattr(os, name)(*arguments)

        return call

    def open(self, path: Path, flags: int, mode: int = 0o600, /) -> int:
        if "open" in self.broken:
            raise OSError(errno.EIO, "the disk is broken")
        if self.full and not path.exists():
            raise OSError(errno.ENOSPC, "no space left")
        return os.open(path, flags, mode)

    def close(self, file: int, /) -> None:
        """Closes the file even where it fails, as Linux does."""
        os.close(file)
        if "close" in self.broken:
            raise OSError(errno.EIO, "the disk is broken")

    def pwrite(self, file: int, data: bytes | memoryview, position: int, /) -> int:
        if "pwrite" in self.broken:
            raise OSError(errno.EIO, "the disk is broken")
        size = os.fstat(file).st_size
        if self.full and position + len(data) > size:
            if position >= size:
                raise OSError(errno.ENOSPC, "no space left")
            data = data[: size - position]
        return os.pwrite(file, data, position)


class InlineExecutor(Executor):
    """Does the work at once, for loops of virtual time."""

    def submit(
        self, work: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        future: Future[Result] = Future()
        try:
            future.set_result(work(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - handed on
            future.set_exception(error)
        return future


class Counts(Readiness):
    """What the delivery counts, and each change of a condition, as it is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.metrics = GatewayMetrics(CollectorRegistry())
        self.changes: list[tuple[str, str | None]] = []
        self.first_change = asyncio.Event()

    @property
    def delivered(self) -> int:
        return counted(self.metrics.events_delivered).total()

    @property
    def lost(self) -> list[str]:
        return sorted(counted(self.metrics.events_lost).elements())

    @property
    def failures(self) -> int:
        return counted(self.metrics.spool_failures).total()

    def set(self, condition: str, problem: str | None) -> None:
        if self.problems.get(condition) != problem:
            self.changes.append((condition, problem))
            self.first_change.set()
        super().set(condition, problem)
