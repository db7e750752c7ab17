"""The reaper on a clock of the test's: who is silent for too long is lost, until a late event says otherwise."""

from collections.abc import AsyncIterator

import pytest

from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright.persistence.v1 import persistence_pb2 as pb
from fakes.call_event_messages import CallScript
from fakes.clock import ManualClock
from fixtures.persistence import PersistenceClient, RunPersistence


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def client(run_persistence: RunPersistence, clock: ManualClock) -> AsyncIterator[PersistenceClient]:
    """A service that has listened for long enough to judge silence."""
    async with run_persistence(clock, call_lost_after_seconds=45) as running:
        await running.service.reaper.sweep()
        clock.advance(60)
        yield running


async def test_a_silent_call_ends_at_its_last_event(client: PersistenceClient, clock: ManualClock) -> None:
    silent, talking = CallScript("silent"), CallScript("talking")
    await client.append(silent.started())
    last = silent.turn("turn-1")
    await client.append(last)
    await client.append(talking.started())
    clock.advance(30)
    await client.append(talking.alive())
    clock.advance(16)
    assert await client.service.reaper.sweep() == ["silent"]
    call = (await client.call("silent")).call
    assert (call.status, call.end_reason, call.end_time) == (
        pb.CALL_STATUS_ENDED,
        conversation.END_REASON_GATEWAY_LOST,
        last.occur_time,
    )
    assert (await client.call("talking")).call.status == pb.CALL_STATUS_IN_PROGRESS
    assert await client.service.reaper.sweep() == []
    metric = client.service.registry.get_sample_value("callwright_calls_lost_total")
    assert metric == 1


async def test_the_gateways_own_end_replaces_the_presumed_one(client: PersistenceClient, clock: ManualClock) -> None:
    script = CallScript()
    await client.append(script.started())
    clock.advance(46)
    assert await client.service.reaper.sweep() == ["call-1"]
    end = script.ended()
    await client.append(end)
    call = (await client.call()).call
    assert (call.end_reason, call.end_time, call.summary) == (
        conversation.END_REASON_AGENT_GOODBYE,
        end.occur_time,
        "wants panels",
    )
    clock.advance(100)
    assert await client.service.reaper.sweep() == []


async def test_a_late_event_opens_the_call_again(client: PersistenceClient, clock: ManualClock) -> None:
    script = CallScript()
    await client.append(script.started())
    clock.advance(46)
    await client.service.reaper.sweep()
    await client.append(script.alive())
    call = (await client.call()).call
    assert (call.status, call.end_reason, call.HasField("end_time")) == (
        pb.CALL_STATUS_IN_PROGRESS,
        conversation.END_REASON_UNSPECIFIED,
        False,
    )
    clock.advance(46)
    assert await client.service.reaper.sweep() == ["call-1"]


async def test_an_ended_call_is_left_alone(client: PersistenceClient, clock: ManualClock) -> None:
    await client.append(*CallScript().whole())
    clock.advance(1000)
    assert await client.service.reaper.sweep() == []


async def test_silence_means_nothing_before_the_service_has_listened(
    run_persistence: RunPersistence, clock: ManualClock
) -> None:
    async with run_persistence(clock, call_lost_after_seconds=45) as before:
        await before.append(CallScript().started())
    clock.advance(300)
    async with run_persistence(clock, call_lost_after_seconds=45) as after:
        assert await after.service.reaper.sweep() == []
        clock.advance(44)
        assert await after.service.reaper.sweep() == []
        clock.advance(2)
        assert await after.service.reaper.sweep() == ["call-1"]
