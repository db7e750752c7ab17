"""A whole conversation through the orchestrator and the real appointment book."""

from collections.abc import AsyncIterator

import pytest

from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright.persistence.v1 import persistence_pb2 as persistence_pb
from callwright_common.rpc.wire import from_timestamp
from fakes.call_event_messages import CallScript
from fixtures.agent_orchestrator import Answer, OrchestratorClient, RunOrchestrator
from fixtures.persistence import PersistenceClient


@pytest.fixture
async def client(
    run_orchestrator: RunOrchestrator, persistence: PersistenceClient
) -> AsyncIterator[OrchestratorClient]:
    """An orchestrator whose appointments are kept by a real persistence service."""
    address = f"127.0.0.1:{persistence.service.grpc_port}"
    async with run_orchestrator(persistence_address=address, slots_timeout_seconds=2) as started:
        yield started


async def until_offered(client: OrchestratorClient, call_id: str) -> list[Answer]:
    """Lets a good lead talk until times are offered; returns all answers."""
    answers = [await client.say(call_id=call_id)]
    for said in (
        "Hi, my electric bill is way too high",
        "about two hundred and twenty dollars a month",
        "isn't that too expensive though?",
        "I own the house and I decide alone",
        "in about two months",
        "around twenty thousand dollars",
    ):
        answers.append(await client.say(said, call_id=call_id))
        if answers[-1].context.state == conversation.WORKFLOW_STATE_SCHEDULING:
            break
    return answers


async def test_a_lead_is_greeted_qualified_convinced_and_booked(
    client: OrchestratorClient, persistence: PersistenceClient
) -> None:
    await persistence.append(CallScript().started())
    answers = await until_offered(client, "call-1")
    agents = [conversation.Agent.Name(answer.context.agent) for answer in answers]
    assert agents[0] == "AGENT_CONVERSATION"
    assert {"AGENT_QUALIFICATION", "AGENT_OBJECTION_HANDLER"} <= set(agents)
    assert agents[-1] == "AGENT_SCHEDULER"

    scores = [answer.context.score.overall for answer in answers]
    crossing = next(index for index, score in enumerate(scores) if score >= 0.7)
    for index, answer in enumerate(answers):
        advice = answer.completed.escalation
        assert advice.recommended == (index >= crossing)
        assert advice.score == scores[index]

    agreed = await client.say("the first one is fine")
    booked = agreed if agreed.context.HasField("booking") else await client.say("yes, that's right")
    (action,) = booked.actions
    booking = action.booking
    assert booking == booked.context.booking
    stored = (await persistence.stub.GetCall(persistence_pb.GetCallRequest(call_id="call-1"))).bookings
    assert [one.booking_id for one in stored] == [booking.booking_id]
    assert from_timestamp(stored[0].start_time) == from_timestamp(booking.start_time)

    for said in ("no, that's all", "goodbye"):
        last = await client.say(said)
        if last.actions:
            break
    assert last.actions[0].HasField("end_call")
    assert last.context.state == conversation.WORKFLOW_STATE_COMPLETED
    ended = await client.stub.EndCall(pb.EndCallRequest(call_id="call-1", reason=conversation.END_REASON_AGENT_GOODBYE))
    assert ended.outcome == conversation.OUTCOME_BOOKED
    assert ended.score.overall >= 0.7


async def test_a_slot_that_another_call_took_is_not_promised(
    client: OrchestratorClient, persistence: PersistenceClient
) -> None:
    for call_id in ("call-1", "call-2"):
        await persistence.append(CallScript(call_id).started())
    await until_offered(client, "call-1")
    chosen = await client.say("the first one is fine", call_id="call-1")
    await until_offered(client, "call-2")
    rival = await client.say("the first one is fine", call_id="call-2")
    if not rival.actions:
        rival = await client.say("yes, that's right", call_id="call-2")
    assert rival.actions[0].HasField("booking")

    late = chosen if chosen.actions else await client.say("yes, that's right", call_id="call-1")
    assert not late.actions
    assert not late.context.HasField("booking")
    assert late.context.state == conversation.WORKFLOW_STATE_SCHEDULING


async def test_a_repeated_booking_turn_books_once(client: OrchestratorClient, persistence: PersistenceClient) -> None:
    await persistence.append(CallScript().started())
    await until_offered(client, "call-1")
    await client.say("the first one is fine")
    request = client.request("yes, that's right")
    first = await client.send(request)
    again = await client.send(request)
    assert first.actions == again.actions
    assert first.actions[0].HasField("booking")
    stored = (await persistence.stub.GetCall(persistence_pb.GetCallRequest(call_id="call-1"))).bookings
    assert len(stored) == 1


async def test_a_booked_appointment_is_moved_and_cancelled_in_the_call(
    client: OrchestratorClient, persistence: PersistenceClient
) -> None:
    async def stored() -> list[conversation.Booking]:
        return list((await persistence.stub.GetCall(persistence_pb.GetCallRequest(call_id="call-1"))).bookings)

    await persistence.append(CallScript().started())
    await until_offered(client, "call-1")
    await client.say("the first one is fine")
    first = (await client.say("yes, that's right")).actions[0].booking
    await client.say("sorry, could we move it to another day?")
    await client.say("the first one")
    moved = (await client.say("yes please")).actions[0].booking
    assert moved.slot_id != first.slot_id
    assert await stored() == [moved]
    request = client.request("never mind, cancel it")
    told, again = await client.send(request), await client.send(request)
    assert told.actions == again.actions
    [action] = told.actions
    assert action.booking.booking_id == moved.booking_id
    assert action.booking.HasField("cancel_time")
    assert told.context.booking == action.booking
    assert await stored() == [action.booking]
    await client.say("no, that's all")
    ended = await client.stub.EndCall(pb.EndCallRequest(call_id="call-1", reason=conversation.END_REASON_AGENT_GOODBYE))
    assert ended.outcome == conversation.OUTCOME_DECLINED
    assert "cancelled" in ended.summary


async def test_without_the_appointment_book_a_call_back_is_promised(
    run_orchestrator: RunOrchestrator,
) -> None:
    async with run_orchestrator() as alone:
        answers = await until_offered(alone, "call-1")
        assert "call you back" in answers[-1].text
        assert not (await alone.say("tomorrow at ten")).actions


async def test_the_book_that_dies_before_the_agreement_is_not_relied_on(
    client: OrchestratorClient, run_orchestrator: RunOrchestrator, persistence: PersistenceClient
) -> None:
    await persistence.append(CallScript().started())
    await until_offered(client, "call-1")
    chosen = await client.say("the first one is fine")
    assert not chosen.actions, "the time is repeated before it is booked"
    async with run_orchestrator(persistence_address="127.0.0.1:1") as cut_off:
        cut_off.revisions = client.revisions
        answer = await cut_off.send(cut_off.request("yes, that's right", turn_id="last"))
    assert not answer.actions
    assert "call you back" in answer.text
