"""Events on their way to the persistence service."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from callwright_common.errors import FailedPreconditionError, UnavailableError
from voice_gateway.records.event_delivery import EventDelivery
from voice_gateway.records.spool import SpoolFile


class Store:
    """Keeps events; down or choosy on demand."""

    def __init__(self) -> None:
        self.stored: list[bytes] = []
        self.down = False
        self.refused: set[bytes] = set()
        self.attempts = 0
        self.was_tried_again = asyncio.Event()

    async def append(self, payloads: Sequence[bytes]) -> None:
        self.attempts += 1
        if self.attempts > 1:
            self.was_tried_again.set()
        if self.down:
            raise UnavailableError("DOWN", "no persistence")
        if self.refused.intersection(payloads):
            raise FailedPreconditionError("SEQUENCE_GAP", "an event is missing")
        self.stored.extend(payloads)


class Counts:
    """Counts what the delivery tells."""

    def __init__(self) -> None:
        self.delivered = 0
        self.quarantined = 0

    def spool_waiting(self, records: int, size_bytes: int) -> None:
        pass

    def events_delivered(self, count: int) -> None:
        self.delivered += count

    def events_quarantined(self, count: int) -> None:
        self.quarantined += count


def call_of(payload: bytes) -> str:
    return payload.decode().split(":")[0]


@asynccontextmanager
async def delivering(path: Path, store: Store, counts: Counts) -> AsyncIterator[EventDelivery]:
    delivery = EventDelivery(SpoolFile(path, 1 << 20), store, call_of, counts, longest_pause=0.05)
    running = asyncio.create_task(delivery.run())
    try:
        yield delivery
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await delivery.close()


async def test_events_arrive_in_order(tmp_path: Path) -> None:
    store, counts = Store(), Counts()
    async with delivering(tmp_path / "e.spool", store, counts) as delivery:
        sent = [f"a:{number}".encode() for number in range(500)]
        assert all(delivery.append(payload) for payload in sent)
        async with asyncio.timeout(5):
            await delivery.wait_delivered()
    assert store.stored == sent
    assert counts.delivered == 500


async def test_events_wait_for_the_service_and_keep_their_order(tmp_path: Path) -> None:
    store, counts = Store(), Counts()
    store.down = True
    async with delivering(tmp_path / "e.spool", store, counts) as delivery:
        delivery.append(b"a:1")
        await asyncio.wait_for(store.was_tried_again.wait(), 5)
        delivery.append(b"a:2")
        store.down = False
        async with asyncio.timeout(5):
            await delivery.wait_delivered()
    assert store.stored == [b"a:1", b"a:2"]


async def test_events_survive_a_restart(tmp_path: Path) -> None:
    store, counts = Store(), Counts()
    store.down = True
    async with delivering(tmp_path / "e.spool", store, counts) as delivery:
        delivery.append(b"a:1")
        delivery.append(b"a:2")
    assert store.stored == []
    store.down = False
    async with delivering(tmp_path / "e.spool", store, counts) as delivery, asyncio.timeout(5):
        await delivery.wait_delivered()
    assert store.stored == [b"a:1", b"a:2"]


async def test_a_refused_call_does_not_hold_up_the_others(tmp_path: Path) -> None:
    store, counts = Store(), Counts()
    store.refused = {b"bad:1"}
    async with delivering(tmp_path / "e.spool", store, counts) as delivery:
        for payload in (b"a:1", b"bad:1", b"bad:2", b"b:1"):
            delivery.append(payload)
        async with asyncio.timeout(5):
            await delivery.wait_delivered()
    assert sorted(store.stored) == [b"a:1", b"b:1"]
    assert counts.quarantined == 2
    assert b"bad:1" in (tmp_path / "e.quarantine").read_bytes()


async def test_the_memory_in_front_of_the_disk_is_bounded(tmp_path: Path) -> None:
    delivery = EventDelivery(SpoolFile(tmp_path / "e.spool", 1 << 20), Store(), call_of, Counts())
    assert sum(delivery.append(b"a:1") for _ in range(10_001)) == 10_000
    await delivery.close()
