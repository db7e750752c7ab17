"""However a call's events are split, repeated and sent at once, the tables end up the same."""

import asyncio
import random
from collections.abc import Iterable, Sequence
from typing import Any

import grpc
import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import sql

from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.errors import ServiceError
from fakes.call_event_messages import CallScript
from fixtures.persistence import PersistenceClient
from persistence.calls.admission import Admission, LogEntry
from persistence.calls.projection import fold
from persistence.wire import read_batch

TABLES = ("call_events", "turns", "agent_transitions", "tier_escalation_events")
VOLATILE = {"received_at", "last_received_at", "id", "created_at"}


def long_call(call_id: str) -> list[pb.CallEvent]:
    """A call in which everything happens more than once, with words after its end."""
    script = CallScript(call_id)
    return [
        *script.whole(),
        script.turn("turn-2"),
        script.transition(),
        script.escalation("escalation-1"),
        script.escalation("escalation-2", "lease_ended"),
        script.score_changed(0.4),
        script.ended("caller_hung_up"),
        script.alive(),
    ]


def rows(url: str, table: str, call_id: str) -> list[dict[str, Any]]:
    statement = sql.SQL("SELECT * FROM persistence.{} WHERE call_id = %s ORDER BY 1, 2, 3").format(
        sql.Identifier(table)
    )
    with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as connection:
        found = connection.execute(statement, [call_id]).fetchall()
    found.sort(key=lambda row: row.get("sequence", 0))
    return [{name: value for name, value in row.items() if name not in VOLATILE} for row in found]


def tables(url: str, call_id: str) -> dict[str, Any]:
    content = {table: rows(url, table, call_id) for table in (*TABLES, "calls")}
    return {table: _renamed(found, call_id) for table, found in content.items()}


def _renamed(value: Any, call_id: str) -> Any:
    """Returns a value without the call's id, so that two calls compare."""
    if isinstance(value, dict):
        return {key: _renamed(item, call_id) for key, item in value.items() if key != "encoded"}
    if isinstance(value, list):
        return [_renamed(item, call_id) for item in value]
    return value.replace(call_id, "*") if isinstance(value, str) else value


def sent_in_pieces(events: Sequence[pb.CallEvent], seed: int) -> Iterable[list[pb.CallEvent]]:
    """Yields batches in order; each may begin with events that were sent before, and may come twice."""
    draw = random.Random(seed)  # noqa: S311
    at = 0
    while at < len(events):
        end = min(len(events), at + draw.randint(1, 5))
        batch = list(events[max(0, at - draw.randint(0, 4)) : end])
        for _ in range(draw.randint(1, 2)):
            yield batch
        at = end


async def test_every_way_to_send_a_call_gives_the_same_tables(
    persistence: PersistenceClient, persistence_url: str
) -> None:
    await persistence.append(*long_call("whole-call"))
    expected = tables(persistence_url, "whole-call")
    assert [row["sequence"] for row in expected["call_events"]] == list(range(1, 16))
    for seed in range(12):
        call_id = f"pieces-{seed}"
        for batch in sent_in_pieces(long_call(call_id), seed):
            await persistence.append(*batch)
        assert tables(persistence_url, call_id) == expected, f"seed {seed}"


async def test_every_way_to_lose_and_find_events_gives_the_same_tables(
    persistence: PersistenceClient, persistence_url: str
) -> None:
    await persistence.append(*long_call("whole-call"))
    expected = tables(persistence_url, "whole-call")
    for seed in range(12):
        draw = random.Random(seed)  # noqa: S311
        events = long_call(f"found-{seed}")
        lost = draw.sample(events, draw.randint(1, len(events)))
        sent = [_mark(event) if event in lost else event for event in events]
        for batch in sent_in_pieces(sent, seed):
            await persistence.append(*batch)
        while lost:
            count = draw.randint(1, 4)
            found, lost = lost[:count], lost[count:]
            await persistence.append(*found)
        assert tables(persistence_url, f"found-{seed}") == expected, f"seed {seed}"


def _mark(event: pb.CallEvent) -> pb.CallEvent:
    """What stands in an event's place until it comes."""
    return pb.CallEvent(
        event_id=f"{event.event_id}-lost",
        call_id=event.call_id,
        sequence=event.sequence,
        occur_time=event.occur_time,
        event_lost=pb.EventLost(reason=pb.LOSS_REASON_REFUSED),
    )


async def test_senders_at_the_same_time_store_every_event_once(
    persistence: PersistenceClient, persistence_url: str
) -> None:
    await persistence.append(*long_call("whole-call"))
    events = {f"racing-{number}": long_call(f"racing-{number}") for number in range(4)}

    async def send(call_id: str, seed: int) -> int:
        count = 0
        for batch in sent_in_pieces(events[call_id], seed):
            # A sender that is ahead of the others may meet a gap; it sends again from the start, as a spool does.
            while True:
                try:
                    count += (await persistence.append(*batch)).stored_count
                    break
                except grpc.aio.AioRpcError as error:
                    if error.code() is not grpc.StatusCode.FAILED_PRECONDITION:
                        raise
        return count

    counts = await asyncio.gather(*(send(call_id, seed) for call_id in events for seed in range(5)))
    assert sum(counts) == sum(map(len, events.values()))
    expected = tables(persistence_url, "whole-call")
    for call_id in events:
        assert tables(persistence_url, call_id) == expected


def in_domain(events: Sequence[pb.CallEvent]) -> list[LogEntry]:
    return read_batch(pb.AppendCallEventsRequest(events=events))


CALLS = {name: in_domain(long_call(name)) for name in ("a", "b")}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 14), st.integers(1, 5)), max_size=40))
def test_admission_never_leaves_a_gap_nor_admits_twice(pieces: list[tuple[str, int, int]]) -> None:
    """Any batches in any order: what is admitted is each call's events from the first on, each once."""
    admission = Admission({}, {})
    for name, start, length in pieces:
        before = len(admission.appended)
        batch = CALLS[name][start : start + length]
        try:
            result = admission.admit(batch)
        except ServiceError as error:
            if error.reason != "SEQUENCE_GAP" or len(admission.appended) != before:
                raise
        else:
            assert result.stored_count == len(admission.appended) - before
            assert result.stored_count + result.skipped_count == len(batch)
            assert result.durable_sequences[name] >= batch[-1].event.sequence
    for name, events in CALLS.items():
        admitted = [entry for entry in admission.appended if entry.event.call_id == name]
        assert admitted == events[: len(admitted)]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 15), st.integers(0, 15))
def test_folding_in_parts_keeps_the_first_end(first: int, second: int) -> None:
    events = [entry.event for entry in CALLS["a"]]
    cuts = sorted((first, second))
    ended: frozenset[str] = frozenset()
    ends = []
    for part in (events[: cuts[0]], events[cuts[0] : cuts[1]], events[cuts[1] :]):
        for change in fold(part, ended):
            if change.ended:
                ends.append(change.ended.end_reason)
                ended = frozenset({"a"})
    assert ends == ["agent_goodbye"]
