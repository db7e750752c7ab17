"""The queue before the store: sharing transactions, limits, one bad batch among good ones."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest
from prometheus_client import CollectorRegistry

from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.errors import (
    FailedPreconditionError,
    ResourceExhaustedError,
    ServiceError,
    UnavailableError,
)
from fakes.call_event_messages import CallScript
from persistence.calls.admission import AppendResult, Batch, LogEntry
from persistence.calls.event_writer import EventWriter
from persistence.metrics import PersistenceMetrics
from persistence.wire import read_batch


class GatedStore:
    """A store whose transactions wait until the test lets them end; some batches fail as the test says."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.gate = asyncio.Event()
        self.began = asyncio.Event()
        self.refused: dict[str, ServiceError] = {}
        self.poisonous: set[str] = set()

    async def append(self, batches: Sequence[Batch]) -> list[AppendResult | ServiceError]:
        names = [batch[0].event.call_id for batch in batches]
        self.groups.append(names)
        self.began.set()
        await self.gate.wait()
        if self.poisonous & set(names):
            raise ValueError("the tables refuse a value")
        return [self.refused.get(name) or AppendResult({name: 1}, 1, 0) for name in names]


def batch(name: str, size: int = 1) -> list[LogEntry]:
    script = CallScript(name)
    events = [script.started(), *(script.alive() for _ in range(size - 1))]
    return read_batch(pb.AppendCallEventsRequest(events=events))


@asynccontextmanager
async def running(store: GatedStore, **limits: float) -> AsyncIterator[EventWriter]:
    writer = EventWriter(store, PersistenceMetrics(CollectorRegistry()), **limits)  # type: ignore[arg-type]
    task = asyncio.create_task(writer.run())
    try:
        yield writer
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_batches_that_arrive_during_a_transaction_share_the_next() -> None:
    store = GatedStore()
    async with running(store) as writer:
        first = asyncio.create_task(writer.append(batch("first")))
        await store.began.wait()
        rest = [asyncio.create_task(writer.append(batch(f"call-{number}"))) for number in range(5)]
        await asyncio.sleep(0)
        store.gate.set()
        results = await asyncio.gather(first, *rest)
    assert store.groups == [["first"], [f"call-{number}" for number in range(5)]]
    assert [result.stored_count for result in results] == [1] * 6


async def test_a_group_has_a_limit_and_a_large_batch_goes_alone() -> None:
    store = GatedStore()
    store.gate.set()
    async with running(store, max_group_events=4) as writer:
        sizes = {"a": 3, "b": 2, "c": 9, "d": 1}
        await asyncio.gather(*(writer.append(batch(name, size)) for name, size in sizes.items()))
    assert store.groups == [["a"], ["b"], ["c"], ["d"]]


async def test_too_many_waiting_events_are_refused_at_once() -> None:
    store = GatedStore()
    async with running(store, max_waiting_events=10) as writer:
        first = asyncio.create_task(writer.append(batch("first", 8)))
        await store.began.wait()
        second = asyncio.create_task(writer.append(batch("second", 8)))
        await asyncio.sleep(0)
        with pytest.raises(ResourceExhaustedError):
            await writer.append(batch("third", 3))
        store.gate.set()
        await asyncio.gather(first, second)
        assert (await writer.append(batch("third", 3))).stored_count == 1


async def test_a_refused_batch_does_not_touch_the_others() -> None:
    store = GatedStore()
    store.gate.set()
    store.refused["bad"] = FailedPreconditionError("SEQUENCE_GAP", "an earlier event of the call is missing")
    async with running(store) as writer:
        names = ("good", "bad", "better")
        results = await asyncio.gather(*(writer.append(batch(name)) for name in names), return_exceptions=True)
    assert [isinstance(result, FailedPreconditionError) for result in results] == [False, True, False]


async def test_a_batch_that_breaks_the_transaction_fails_alone() -> None:
    store = GatedStore()
    store.gate.set()
    store.poisonous.add("poison")
    async with running(store) as writer:
        names = ("good", "poison", "better")
        results = await asyncio.gather(*(writer.append(batch(name)) for name in names), return_exceptions=True)
        assert store.groups == [["good", "poison", "better"], ["good"], ["poison"], ["better"]]
        assert isinstance(results[1], ServiceError)
        assert results[1].reason == "INTERNAL"
        assert [isinstance(result, AppendResult) for result in results] == [True, False, True]
        assert (await writer.append(batch("later"))).stored_count == 1


async def test_a_store_that_hangs_answers_unavailable_and_forgets_who_left() -> None:
    store = GatedStore()
    async with running(store, wait_seconds=0.02) as writer:
        with pytest.raises(UnavailableError):
            await writer.append(batch("slow"))
        with pytest.raises(UnavailableError):
            await writer.append(batch("waiting"))
        store.gate.set()
        assert (await writer.append(batch("next"))).stored_count == 1
    assert store.groups == [["slow"], ["next"]]
