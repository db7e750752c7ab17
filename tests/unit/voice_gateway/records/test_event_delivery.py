"""Events on their way to the persistence service: order, restarts, refusals, gaps, a disk that fails."""

import asyncio
import os
import random
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.errors import UnavailableError
from fakes.call_event_messages import CallScript
from fakes.counted import counted
from fakes.event_store import Counts, FailingFiles, InlineExecutor, MemoryEventStore
from fakes.virtual_time import LoopClock, virtual_time
from vocabulary.call_events import CallAlive, EventLost, TurnLatency, TurnRecorded
from vocabulary.enums import LossReason, ReplySource, Tier
from vocabulary.turns import TurnRecord
from voice_gateway.persistence_client import place_of
from voice_gateway.records.event_delivery import EventDelivery
from voice_gateway.records.files import Files
from voice_gateway.records.quarantine import Quarantine, ReplayRunningError
from voice_gateway.records.record_format import encode_record
from voice_gateway.records.recorder import CallEventRecorder
from voice_gateway.records.replay import replay
from voice_gateway.records.spool import SpoolFile

MAX_BYTES = 1 << 20


class Records:
    """A gateway's records in a folder, and the service behind them."""

    def __init__(self, folder: Path, files: Files = os) -> None:
        self.path = folder / "call_events.spool"
        self.store = MemoryEventStore()
        self.counts = Counts()
        self.files = files

    @property
    def quarantine(self) -> Quarantine:
        return Quarantine(self.path, MAX_BYTES, self.files)

    @asynccontextmanager
    async def delivering(self) -> AsyncIterator[EventDelivery]:
        delivery = EventDelivery(
            SpoolFile(self.path, MAX_BYTES, self.files),
            self.quarantine,
            self.store,
            place_of,
            self.counts.metrics,
            self.counts,
            disk=InlineExecutor(),
        )
        running = asyncio.create_task(delivery.run())
        try:
            yield delivery
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await delivery.close()

    async def deliver(self, events: Sequence[pb.CallEvent] = ()) -> None:
        """Takes events and waits until nothing waits."""
        async with self.delivering() as delivery:
            assert all(delivery.append(event.SerializeToString()) for event in events)
            await delivery.wait_delivered()

    def spool(self, events: Sequence[pb.CallEvent]) -> None:
        """Leaves events in the spool, as a gateway does whose service is away."""
        spool = SpoolFile(self.path, MAX_BYTES)
        spool.open()
        for event in events:
            spool.append([event.SerializeToString()])
        spool.close()


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path)


def interleaved(*calls: Sequence[pb.CallEvent]) -> list[pb.CallEvent]:
    return [event for events in zip(*calls, strict=True) for event in events]


@virtual_time
async def test_events_arrive_in_order(records: Records) -> None:
    script = CallScript()
    events = [script.started(), *(script.alive() for _ in range(700))]
    await records.deliver(events)
    assert records.store.event_ids == [event.event_id for event in events]
    assert (records.counts.delivered, records.counts.lost) == (701, [])


@virtual_time
async def test_events_wait_for_the_service_and_survive_a_restart(records: Records) -> None:
    script = CallScript()
    records.store.down = True
    async with records.delivering() as delivery:
        delivery.append(script.started().SerializeToString())
        await asyncio.sleep(60)
        delivery.append(script.turn("turn-1").SerializeToString())
    assert records.store.log == {}
    records.store.down = False
    await records.deliver([script.ended()])
    assert records.store.kinds("call-1") == ["call_started", "turn_recorded", "call_ended"]


@virtual_time
async def test_a_refused_event_leaves_its_mark_and_the_others_arrive(records: Records) -> None:
    one, two = CallScript("call-1").whole(), CallScript("call-2").whole()
    one[3].score_changed.score.overall = 7
    two[0].occur_time.seconds = 10**15
    two[0].ClearField("occur_time")
    await records.deliver(interleaved(one, two))
    assert records.store.kinds("call-1")[2:5] == ["agent_transitioned", "event_lost", "tier_escalation"]
    assert len(records.store.kinds("call-1")) == 8
    assert records.counts.lost == ["refused", "refused"]
    assert (await replay(records.quarantine, records.store)).refused == 2


@virtual_time
async def test_a_stumble_over_one_event_holds_nobody_up(records: Records) -> None:
    one, two = CallScript("call-1").whole(), CallScript("call-2").whole()
    records.store.stumbles = {one[1].event_id}
    await records.deliver(interleaved(one, two))
    assert records.store.kinds("call-1")[:3] == ["call_started", "event_lost", "agent_transitioned"]
    assert "event_lost" not in records.store.kinds("call-2")
    records.store.stumbles = set()
    assert (await replay(records.quarantine, records.store)).stored == 1
    assert records.store.kinds("call-1")[1] == "turn_recorded"
    assert (await replay(records.quarantine, records.store)).stored == 0


@virtual_time
async def test_a_stumble_behind_a_gap_is_marked_too(records: Records) -> None:
    events = CallScript().whole()
    records.store.stumbles = {events[7].event_id}
    await records.deliver([*events[:6], events[7]])
    assert records.store.kinds("call-1")[6:] == ["event_lost", "event_lost"]


@virtual_time
async def test_requests_stay_small_and_what_is_too_large_is_set_aside(records: Records) -> None:
    records.store.max_bytes = 300 * 1024
    script = CallScript()
    events = [script.started()]
    for number in range(100):
        event = script.turn(f"turn-{number}")
        event.turn_recorded.turn.reply_text = "x" * (400_000 if number == 50 else 9_000)
        events.append(event)
    await records.deliver(events)
    kinds = records.store.kinds("call-1")
    assert (len(kinds), kinds.count("event_lost"), kinds[51]) == (101, 1, "event_lost")
    huge = script.turn("turn-x")
    huge.turn_recorded.turn.reply_text = "x" * 600_000
    async with records.delivering() as delivery:
        assert not delivery.append(huge.SerializeToString())
        await delivery.wait_delivered()
    lost = records.store.log["call-1"][huge.sequence].event.event
    assert lost == EventLost(LossReason.NO_ROOM)
    assert sorted(records.counts.lost) == ["no_room", "refused"]
    await records.deliver([script.alive()])
    assert records.store.kinds("call-1")[-2:] == ["event_lost", "call_alive"]


@virtual_time
async def test_a_spool_with_something_else_in_it_is_read_on(records: Records) -> None:
    spool = SpoolFile(records.path, MAX_BYTES)
    spool.open()
    spool.append([b"\xff\xff", CallScript().started().SerializeToString(), b""])
    spool.close()
    await records.deliver()
    assert records.store.kinds("call-1") == ["call_started"]


@virtual_time
async def test_an_event_that_cannot_be_taken_keeps_its_number(records: Records) -> None:
    """Neither one without a form on the wire nor those that find no room disturb their call."""
    turn = TurnRecord("turn-1", "", "\ud800", "", ReplySource.PROMPT, LoopClock().now())
    async with records.delivering() as delivery:
        recorder = CallEventRecorder("call-1", delivery.append, LoopClock())
        assert not recorder.record(TurnRecorded(turn, None, Tier.STANDARD, TurnLatency(), 0, 0, False, False))
        taken = [recorder.record(CallAlive()) for _ in range(10_003)]
        assert (taken.count(True), taken.count(False)) == (10_000, 3)
        await delivery.wait_delivered()
        assert recorder.record(CallAlive())
        await delivery.wait_delivered()
    kinds = records.store.kinds("call-1")
    assert [index for index, kind in enumerate(kinds) if kind == "event_lost"] == [0, 10_001, 10_002, 10_003]
    assert len(kinds) == 10_005


def damaged(data: bytes, seed: int, head: int = 16) -> tuple[bytes, int]:
    """Returns a spool's bytes after one misfortune, which may hit any record, and how many records it may have hit."""
    draw = random.Random(seed)  # noqa: S311
    content = bytearray(data)
    starts = [at for at in range(head, len(data)) if data.startswith(b"CWE1", at)]
    if not starts:  # an earlier one left nothing
        return data, draw.randrange(1 << 30)
    match draw.randrange(4):
        case 0:  # a flipped bit
            content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        case 1:  # a torn tail
            del content[draw.randrange(head, len(content)) :]
        case 2:  # dropped records
            first = draw.randrange(len(starts))
            del content[starts[first] : draw.choice([*starts[first + 1 :], len(data)])]
        case _:  # bytes of something else
            at = draw.randrange(len(content))
            content[at : at + 200] = draw.randbytes(min(200, len(content) - at))
    return bytes(content), draw.randrange(1 << 30)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 1 << 30), misfortunes=st.integers(0, 4), refused=st.sets(st.integers(0, 23), max_size=3))
def test_whatever_is_damaged_or_refused_the_rest_arrives_once(
    tmp_path_factory: pytest.TempPathFactory, seed: int, misfortunes: int, refused: set[int]
) -> None:
    records = Records(tmp_path_factory.mktemp("records"))
    calls = [CallScript(f"call-{number}").whole() for number in range(3)]
    sent = interleaved(*calls)
    records.spool(sent)
    data = records.path.read_bytes()
    for _ in range(misfortunes):
        if len(data) > 16:
            data, seed = damaged(data, seed)
    records.path.write_bytes(data)
    intact = {event.event_id for event in sent if encode_record(event.SerializeToString()) in data}
    stumbles = {sent[index].event_id for index in refused}

    @virtual_time
    async def deliver() -> None:
        records.store.stumbles = set(stumbles)
        await records.deliver()
        assert set(records.store.event_ids) >= intact - stumbles
        for call in calls:
            if any(event.event_id in intact - stumbles for event in call):
                records.store.kinds(call[0].call_id)  # raises where the sequence has a gap
        records.store.stumbles = set()
        assert (await replay(records.quarantine, records.store)).not_sent == 0
        await replay(records.quarantine, records.store)
        assert set(records.store.event_ids) >= intact
        assert len(records.store.event_ids) == len(set(records.store.event_ids))

    deliver()


@virtual_time
async def test_a_quarantine_stays_as_it_is_while_the_service_is_away(records: Records) -> None:
    events = CallScript().whole()
    records.store.stumbles = {event.event_id for event in events[2:5]}
    await records.deliver(events)
    kept = records.path.with_suffix(".quarantine").read_bytes()
    records.store.down = True
    assert (await replay(records.quarantine, records.store)).not_sent == 3
    assert records.path.with_suffix(".quarantine").read_bytes() == kept


@virtual_time
async def test_a_replay_that_was_cut_off_loses_nothing_and_two_do_not_meet(records: Records) -> None:
    events = CallScript().whole()
    records.store.stumbles = {event.event_id for event in events[2:5]}
    await records.deliver(events)
    records.store.down, records.store.stumbles = True, set()
    cut_off = asyncio.create_task(replay(records.quarantine, records.store))
    await asyncio.sleep(0)
    with pytest.raises(ReplayRunningError):
        await replay(records.quarantine, records.store)
    # What a gateway sets aside meanwhile stays for the next time.
    records.quarantine.keep(b"something else")
    cut_off.cancel()
    await asyncio.gather(cut_off, return_exceptions=True)
    records.store.down = False
    counts = await replay(records.quarantine, records.store)
    assert (counts.stored, counts.damaged_bytes) == (3, len(b"something else"))
    assert "event_lost" not in records.store.kinds("call-1")
    assert records.path.with_suffix(".quarantine").read_bytes() == b"something else"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
async def test_what_root_leaves_beside_a_spool_belongs_to_the_gateway(records: Records) -> None:
    gateway = 12_345
    records.path.touch()
    os.chown(records.path, gateway, gateway)
    records.quarantine.keep(b"something")
    await replay(records.quarantine, records.store)
    left = [path for path in records.path.parent.iterdir() if path != records.path]
    assert {path.suffix for path in left} == {".quarantine", ".quarantine-lock", ".replay-lock"}
    assert {(path.stat().st_uid, path.stat().st_gid) for path in left} == {(gateway, gateway)}


@virtual_time
async def test_a_quarantine_is_bounded_and_what_finds_no_room_stops_nobody(records: Records) -> None:
    full = Quarantine(records.path, 100)
    assert not full.keep(b"x" * 101)
    assert full.keep(b"x" * 100)
    assert not full.keep(b"x")


@virtual_time
async def test_a_full_spool_holds_records_in_memory_until_the_service_is_back(records: Records) -> None:
    script = CallScript()
    events = [script.started(), *(script.turn("t" * 1000) for _ in range(2_000))]
    records.store.down = True
    async with records.delivering() as delivery:
        for event in events:
            assert delivery.append(event.SerializeToString())
        await asyncio.sleep(60)
        assert records.counts.changes == [("recording of call events", "the spool is full")]
        records.store.down = False
        await delivery.wait_delivered()
    assert records.store.event_ids == [event.event_id for event in events]
    assert records.counts.changes[-1] == ("recording of call events", None)


@pytest.mark.parametrize("reason", ["METHOD_NOT_FOUND", "UNIMPLEMENTED", "PERMISSION_DENIED", "UNAUTHENTICATED"])
@virtual_time
async def test_what_answers_in_the_services_place_is_told_and_takes_no_record(records: Records, reason: str) -> None:
    script = CallScript()
    records.store.in_its_place = UnavailableError(reason, "another service")
    with capture_logs() as lines:
        async with records.delivering() as delivery:
            for event in script.whole():
                assert delivery.append(event.SerializeToString())
            await asyncio.sleep(600)
            problem = f"what answers at its address takes none ({reason})"
            assert records.counts.problems == {"store of call events": problem}
            records.store.in_its_place = None
            await delivery.wait_delivered()
    assert len(records.store.kinds("call-1")) == len(script.whole())
    assert (records.counts.lost, dict(records.counts.problems)) == ([], {})
    attempts = counted(records.counts.metrics.deliveries_failed)[reason]
    waits = [line for line in lines if line["event"] == "call events wait for their store"]
    assert attempts > 100
    assert {line["reason"] for line in waits} == {reason}
    assert len(waits) == attempts.bit_length()


@virtual_time
async def test_a_second_gateway_waits_for_the_first_ones_spool(tmp_path: Path) -> None:
    first, second = Records(tmp_path), Records(tmp_path)
    second.store = first.store
    one, two = CallScript("one"), CallScript("two")
    first.store.down = True
    draining = AsyncExitStack()
    early = await draining.enter_async_context(first.delivering())
    await asyncio.sleep(1)
    async with second.delivering() as late:
        for number in range(10):
            for script, delivery in ((one, early), (two, late)):
                event = script.alive() if number else script.started()
                assert delivery.append(event.SerializeToString())
            await asyncio.sleep(1)
        assert second.counts.problems == {"recording of call events": "another process uses the spool"}
        await draining.aclose()
        first.store.down = False
        await late.wait_delivered()
    assert [len(first.store.kinds(call_id)) for call_id in ("one", "two")] == [10, 10]
    assert first.counts.lost + second.counts.lost == []


EVERY_CALL = ["open", "fstat", "pread", "pwrite", "ftruncate", "fsync", "close"]


@virtual_time
async def test_a_full_disk_holds_records_up_and_loses_none(tmp_path: Path) -> None:
    """Ten seconds: everything recorded before, during and after arrives in order, told once at each change."""
    files = FailingFiles()
    records = Records(tmp_path, files)
    script = CallScript()
    events = [script.started(), *(script.alive() for _ in range(899))]
    events[450].call_alive.Clear()
    events[600].ClearField("occur_time")  # refused: the quarantine needs the disk too
    async with records.delivering() as delivery:
        for number, event in enumerate(events):
            files.full = 100 <= number < 300
            assert delivery.append(event.SerializeToString())
            await asyncio.sleep(0.05)
        await delivery.wait_delivered()
        assert records.counts.changes == [
            ("recording of call events", "the disk fails: ENOSPC"),
            ("recording of call events", None),
        ]
    assert 8 <= records.counts.failures <= 12
    kinds = records.store.kinds("call-1")
    assert (len(kinds), kinds.count("event_lost"), kinds[600]) == (900, 1, "event_lost")


@pytest.mark.parametrize("call", EVERY_CALL)
@virtual_time
async def test_a_disk_that_breaks_at_any_step_is_tried_until_it_works(tmp_path: Path, call: str) -> None:
    files = FailingFiles()
    records = Records(tmp_path, files)
    script = CallScript()
    events = [script.started(), *(script.alive() for _ in range(99))]
    events[50].ClearField("occur_time")
    records.spool(events[:20])
    files.broken = {call}
    async with records.delivering() as delivery:
        for number, event in enumerate(events[20:]):
            if number % 20 == 10:
                files.broken ^= {call}
            assert delivery.append(event.SerializeToString())
            await asyncio.sleep(0.1)
        files.broken = set()
        await delivery.wait_delivered()
        assert {problem for _, problem in records.counts.changes} <= {None, "the disk fails: EIO"}
        assert {dict(records.counts.changes)[name] for name, _ in records.counts.changes} == {None}
    assert len(records.store.kinds("call-1")) == 100
    assert records.counts.lost == ["refused"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 128 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", "size=128k", "tmpfs"]
    if os.geteuid() != 0 or subprocess.run(["mount", *options, folder], check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", folder], check=True)


async def test_a_real_file_system_that_is_full_for_a_while(small_disk: Path) -> None:
    records = Records(small_disk)
    one, two = CallScript("call-1"), CallScript("call-2")
    await records.deliver([one.started(), one.alive()])
    ballast = small_disk / "ballast"
    with pytest.raises(OSError, match="space"):
        ballast.write_bytes(b"x" * (1 << 20))
    async with records.delivering() as delivery:
        started, turn = two.started(), two.turn("turn-1")
        turn.turn_recorded.turn.caller_text = "x" * 10_000
        for event in (started, turn, one.ended()):
            assert delivery.append(event.SerializeToString())
        async with asyncio.timeout(20):
            await records.counts.first_change.wait()
        assert records.counts.changes == [("recording of call events", "the disk fails: ENOSPC")]
        assert "call-2" not in records.store.log
        ballast.unlink()
        async with asyncio.timeout(20):
            await delivery.wait_delivered()
    assert records.store.kinds("call-1") == ["call_started", "call_alive", "call_ended"]
    assert records.store.kinds("call-2") == ["call_started", "turn_recorded"]
    assert records.counts.changes[-1] == ("recording of call events", None)
