"""The orchestrator and a real calendar that is late, cut off, or asked in a turn that is left."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright.persistence.v1 import persistence_pb2 as persistence_pb
from fakes.call_event_messages import CallScript
from fakes.spoken_calls import QUALIFIES
from fakes.tcp_proxy import TcpProxy
from fixtures.agent_orchestrator import OrchestratorClient, RunOrchestrator, told
from fixtures.persistence import PersistenceClient

_GATEWAYS_WAIT_SECONDS = 2


@pytest.fixture
async def line(persistence: PersistenceClient) -> AsyncIterator[TcpProxy]:
    """The line between the orchestrator and the calendar."""
    proxy = TcpProxy(persistence.service.grpc_port)
    await proxy.open()
    yield proxy
    await proxy.close()


@pytest.fixture
async def client(run_orchestrator: RunOrchestrator, line: TcpProxy) -> AsyncIterator[OrchestratorClient]:
    async with run_orchestrator(persistence_address=f"127.0.0.1:{line.port}", slots_timeout_seconds=0.5) as started:
        yield started


async def booked(client: OrchestratorClient) -> None:
    await client.say()
    for said in (*QUALIFIES, "the first one"):
        await client.say(said)
    assert (await client.say("yes")).actions


async def stored(persistence: PersistenceClient) -> list[conversation.Booking]:
    """Returns the call's bookings as they are in the tables."""
    return list((await persistence.stub.GetCall(persistence_pb.GetCallRequest(call_id="call-1"))).bookings)


@asynccontextmanager
async def locked_calendar(url: str) -> AsyncIterator[None]:
    """Lets every change of the calendar wait."""
    async with await psycopg.AsyncConnection.connect(url) as elsewhere:
        await elsewhere.execute("SELECT 1 FROM persistence.calendars FOR UPDATE")
        yield


async def end(client: OrchestratorClient) -> pb.EndCallResponse:
    request = pb.EndCallRequest(call_id="call-1", reason=conversation.END_REASON_CALLER_HUNG_UP)
    return await client.stub.EndCall(request, timeout=_GATEWAYS_WAIT_SECONDS)


async def test_a_cancellation_that_waits_for_the_calendar_is_told_as_it_turns_out(
    client: OrchestratorClient, persistence: PersistenceClient, persistence_url: str
) -> None:
    await persistence.append(CallScript().started())
    await booked(client)
    async with locked_calendar(persistence_url):
        answer = await client.say("please cancel the appointment")
        assert "colleague will confirm" in answer.text
        assert not answer.actions
    answer = await client.say("okay")
    [booking] = await stored(persistence)
    cancelled = booking.HasField("cancel_time")
    assert ("not cancelled" not in answer.text and "still stands" not in answer.text) == cancelled
    assert answer.context.booking.HasField("cancel_time") == cancelled
    result = await end(client)
    assert (result.outcome == conversation.OUTCOME_BOOKED) != cancelled


async def test_the_end_of_a_call_is_told_in_time_however_long_the_calendar_may_take(
    run_orchestrator: RunOrchestrator, persistence: PersistenceClient, persistence_url: str
) -> None:
    await persistence.append(CallScript().started())
    address = f"127.0.0.1:{persistence.service.grpc_port}"
    async with run_orchestrator(persistence_address=address, slots_timeout_seconds=5) as client:
        await booked(client)
        async with locked_calendar(persistence_url):
            assert "colleague will confirm" in (await client.say("please cancel the appointment")).text
            assert "not known" in (await end(client)).summary


async def test_a_turn_that_is_left_while_the_calendar_works_is_made_good(
    client: OrchestratorClient, persistence: PersistenceClient, persistence_url: str
) -> None:
    await persistence.append(CallScript().started())
    await booked(client)
    async with locked_calendar(persistence_url):
        call = client.stub.ProcessTurn(client.request("please cancel the appointment", turn_id="left"), timeout=10)
        async for response in call:
            if response.HasField("sentence"):
                assert "checking" in response.sentence.text
                break
        call.cancel()
    answer = await client.say("hello?", unsynced_entries=[told("left", "please cancel the appointment", "")])
    [booking] = await stored(persistence)
    assert answer.context.booking == booking
    assert ("is cancelled" in answer.text) == booking.HasField("cancel_time")


async def test_a_contact_that_the_calendar_did_not_take_by_the_end_of_the_call_is_kept_when_it_answers_again(
    run_orchestrator: RunOrchestrator, persistence: PersistenceClient, line: TcpProxy
) -> None:
    await persistence.append(CallScript().started())
    async with run_orchestrator(persistence_address=f"127.0.0.1:{line.port}") as client:  # its end waits for contacts
        await booked(client)
        await line.cut()
        await client.say("Dana Whitfield")
        await end(client)
        assert not (await stored(persistence))[0].contact.name
        await line.open()
    assert (await stored(persistence))[0].contact.name == "Dana Whitfield"
