"""Calls over real gRPC: append, read back, page, refuse."""

import math

import grpc
import pytest
from google.type.money_pb2 import Money

from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.errors import (
    AlreadyExistsError,
    FailedPreconditionError,
    InvalidArgumentError,
    NotFoundError,
)
from fakes.call_event_messages import CallScript, score
from fixtures.persistence import PersistenceClient, refusal


async def test_what_was_appended_reads_back(persistence: PersistenceClient) -> None:
    events = CallScript().whole()
    response = await persistence.append(*events)
    assert response.durable_sequences == [pb.DurableSequence(call_id="call-1", sequence=8)]
    assert (response.stored_count, response.skipped_count) == (8, 0)

    read = await persistence.call()
    assert list(read.turns) == [event.turn_recorded for event in events if event.WhichOneof("event") == "turn_recorded"]
    assert list(read.transitions) == [events[2].agent_transitioned.transition]
    assert list(read.escalations) == [events[4].tier_escalation]
    assert list(read.bookings) == []
    assert read.call == pb.Call(
        call_id="call-1",
        status=pb.CALL_STATUS_ENDED,
        campaign_id="sunline-solar",
        direction=pb.CALL_DIRECTION_INBOUND,
        twilio_call_sid="CA-call-1",
        caller_number="+12025550123",
        called_number="+12025550199",
        start_time=events[0].occur_time,
        end_time=events[7].occur_time,
        end_reason=conversation.END_REASON_AGENT_GOODBYE,
        outcome=conversation.OUTCOME_BOOKED,
        summary="wants panels",
        score=score(0.85),
        current_agent=conversation.AGENT_QUALIFICATION,
        current_tier=conversation.TIER_PREMIUM,
        agent_transition_count=1,
        tier_escalation_trigger=conversation.AGENT_QUALIFICATION,
        workflow_context_id="workflow-1",
        premium_cost=Money(currency_code="USD", nanos=412_345_000),
        integration_enabled=True,
        gateway_id="gateway-1",
        disposition="booked",
        call_back="on Friday after five",
    )
    listed = await persistence.stub.ListCallEvents(pb.ListCallEventsRequest(call_id="call-1"))
    assert list(listed.events) == events
    assert listed.next_page_token == ""


async def test_a_call_that_goes_on_has_no_end(persistence: PersistenceClient) -> None:
    await persistence.append(CallScript().started())
    call = (await persistence.call()).call
    assert call.status == pb.CALL_STATUS_IN_PROGRESS
    assert not call.HasField("end_time")
    assert not call.HasField("score")
    assert not call.HasField("premium_cost")
    assert call.current_tier == conversation.TIER_STANDARD


async def test_events_that_are_stored_are_skipped(persistence: PersistenceClient) -> None:
    events = CallScript().whole()
    await persistence.append(*events[:3])
    response = await persistence.append(*events[1:5], events[4])
    assert (response.stored_count, response.skipped_count) == (2, 3)
    assert response.durable_sequences[0].sequence == 5
    again = await persistence.append(*events[:2])
    assert (again.stored_count, again.skipped_count) == (0, 2)
    assert again.durable_sequences[0].sequence == 5
    assert (await persistence.call()).call.agent_transition_count == 1


async def test_a_gap_is_refused_and_stores_nothing(persistence: PersistenceClient) -> None:
    events = CallScript().whole()
    await persistence.append(events[0])
    error = await refusal(persistence.append(events[1], events[3]))
    assert isinstance(error, FailedPreconditionError)
    assert error.reason == "SEQUENCE_GAP"
    assert error.metadata == {"field": "events[1].sequence", "call_id": "call-1", "expected": "3"}
    listed = await persistence.stub.ListCallEvents(pb.ListCallEventsRequest(call_id="call-1"))
    assert list(listed.events) == [events[0]]


async def test_a_call_whose_first_event_is_missing_is_not_made(persistence: PersistenceClient) -> None:
    script = CallScript()
    started, turn = script.started(), script.turn("turn-1")
    assert (await refusal(persistence.append(turn))).reason == "SEQUENCE_GAP"
    assert (await refusal(persistence.append(started, script.alive()))).reason == "SEQUENCE_GAP"
    assert isinstance(await refusal(persistence.call()), NotFoundError)
    assert (await persistence.append(started, turn)).stored_count == 2


async def test_another_event_under_a_used_sequence_or_id_is_refused(persistence: PersistenceClient) -> None:
    events = CallScript().whole()
    await persistence.append(*events[:3])
    other = pb.CallEvent()
    other.CopyFrom(events[1])
    other.event_id = "another-event"
    error = await refusal(persistence.append(other))
    assert isinstance(error, AlreadyExistsError)
    assert (error.reason, error.metadata) == ("SEQUENCE_USED", {"field": "events[0].sequence"})
    stolen = CallScript("call-2").started()
    stolen.event_id = events[0].event_id
    assert (await refusal(persistence.append(stolen))).reason == "EVENT_ID_USED"
    assert isinstance(await refusal(persistence.call("call-2")), NotFoundError)


async def test_a_batch_may_hold_several_calls(persistence: PersistenceClient) -> None:
    one, two = CallScript("call-1"), CallScript("call-2")
    response = await persistence.append(one.started(), two.started(), two.turn("turn-1"), one.alive())
    assert {item.call_id: item.sequence for item in response.durable_sequences} == {"call-1": 2, "call-2": 2}


async def test_what_comes_after_the_end_is_kept_and_changes_no_end(persistence: PersistenceClient) -> None:
    script = CallScript()
    events = script.whole()
    await persistence.append(*events)
    late = [script.turn("turn-3"), script.ended("caller_hung_up")]
    late[1].call_ended.score.overall = 0.1
    await persistence.append(*late)
    read = await persistence.call()
    assert len(read.turns) == 3
    assert (read.call.end_reason, read.call.end_time) == (conversation.END_REASON_AGENT_GOODBYE, events[7].occur_time)
    assert read.call.score.overall == 0.85


async def test_a_refused_escalation_is_recorded_and_changes_no_voice(persistence: PersistenceClient) -> None:
    script = CallScript()
    await persistence.append(script.started())
    outcomes = ("denied_call_limit", "denied_campaign_limit", "budget_unavailable", "voice_failed")
    refused = [script.escalation(f"escalation-{outcome}", outcome) for outcome in outcomes]
    await persistence.append(*refused)
    read = await persistence.call()
    assert list(read.escalations) == [event.tier_escalation for event in refused]
    assert read.call.current_tier == conversation.TIER_STANDARD
    assert read.call.tier_escalation_trigger == conversation.AGENT_UNSPECIFIED


async def test_every_outcome_of_an_escalation_that_only_a_newer_gateway_knows_is_kept(
    persistence: PersistenceClient,
) -> None:
    script = CallScript()
    events = [script.started(), script.escalation(), script.escalation(), script.escalation()]
    for number, event in enumerate(events[2:], 98):
        event.tier_escalation.outcome = number  # type: ignore[assignment]
    await persistence.append(*events)
    outcomes = [one.outcome for one in (await persistence.call()).escalations]
    unknown = conversation.ESCALATION_OUTCOME_UNSPECIFIED
    assert outcomes == [conversation.ESCALATION_OUTCOME_SWITCHED, unknown, unknown]


async def test_a_lease_that_ends_brings_the_standard_voice_back(persistence: PersistenceClient) -> None:
    script = CallScript()
    events = [script.started(), script.escalation(), script.escalation(outcome="lease_ended")]
    events[2].tier_escalation.from_tier = conversation.TIER_PREMIUM
    events[2].tier_escalation.to_tier = conversation.TIER_STANDARD
    await persistence.append(*events[:2])
    assert (await persistence.call()).call.current_tier == conversation.TIER_PREMIUM
    await persistence.append(events[2])
    read = await persistence.call()
    assert (read.call.current_tier, len(read.escalations)) == (conversation.TIER_STANDARD, 2)
    assert read.call.tier_escalation_trigger == conversation.AGENT_QUALIFICATION


def _with_score(value: float) -> pb.CallEvent:
    script = CallScript()
    script.started()
    return script.score_changed(value)


def _changed(field: str, value: object) -> pb.CallEvent:
    """A turn in which one field is wrong."""
    script = CallScript()
    script.started()
    event = script.turn("turn-1")
    owner: object = event
    *path, name = field.split(".")
    for part in path:
        owner = getattr(owner, part)
    setattr(owner, name, value)
    return event


def _without_time() -> pb.CallEvent:
    event = CallScript().started()
    event.ClearField("occur_time")
    return event


def _escalation_in(currency: str, nanos: int) -> pb.CallEvent:
    script = CallScript()
    script.started()
    event = script.escalation()
    event.tier_escalation.cost_impact.currency_code = currency
    event.tier_escalation.cost_impact.nanos = nanos
    return event


def _second_start() -> pb.CallEvent:
    script = CallScript()
    script.started()
    return script.started()


WRONG_EVENTS = [
    (_with_score(math.nan), "events[0].score_changed.score.overall"),
    (_with_score(math.inf), "events[0].score_changed.score.overall"),
    (_with_score(-1), "events[0].score_changed.score.overall"),
    (_with_score(1.01), "events[0].score_changed.score.overall"),
    (CallScript().event(score_changed=pb.ScoreChanged()), "events[0].score_changed.score"),
    (_changed("event_id", ""), "events[0].event_id"),
    (_changed("call_id", "x" * 129), "events[0].call_id"),
    (_changed("call_id", "nul\0"), "events[0].call_id"),
    (_changed("sequence", 0), "events[0].sequence"),
    (_changed("sequence", -3), "events[0].sequence"),
    (_second_start(), "events[0].call_started"),
    (_changed("turn_recorded.heard.seconds", -1), "events[0].turn_recorded.heard"),
    (_changed("turn_recorded.latency.first_audio.seconds", 90_000), "events[0].turn_recorded.latency.first_audio"),
    (_changed("turn_recorded.turn.occur_time.seconds", 10**15), "events[0].turn_recorded.turn.occur_time"),
    (_changed("occur_time.seconds", 10**15), "events[0].occur_time"),
    (_without_time(), "events[0].occur_time"),
    (_escalation_in("usd", 0), "events[0].tier_escalation.cost_impact.currency_code"),
    (_escalation_in("USD", -5), "events[0].tier_escalation.cost_impact"),
    (_escalation_in("USD", 1), "events[0].tier_escalation.cost_impact.nanos"),
]


async def test_a_wrong_field_is_named_and_nothing_is_stored(persistence: PersistenceClient) -> None:
    for event, field in WRONG_EVENTS:
        error = await refusal(persistence.append(event))
        assert isinstance(error, InvalidArgumentError), field
        assert error.metadata["field"] == field
    assert list((await persistence.stub.ListCalls(pb.ListCallsRequest())).calls) == []


async def test_what_decorates_an_event_never_voids_it(persistence: PersistenceClient) -> None:
    script = CallScript()
    start, turn, bare = script.started(), script.turn("turn 1 ?"), script.turn("")
    start.call_started.twilio_call_sid = "CA 12\n34"
    start.call_started.caller_number = "sip:" + "x" * 500
    start.call_started.gateway_id = "a\0b"
    turn.turn_recorded.turn.caller_text = "a\0b" + "x" * 20_000
    turn.turn_recorded.turn.reply_text = "y" * 70_000
    bare.turn_recorded.ClearField("turn")
    changed, ended = script.score_changed(), script.ended()
    changed.score_changed.turn_id = "#?"
    for _ in range(100):
        changed.score_changed.score.factors[0].evidence.add(turn_id="?" * 300, quote="z" * 3_000)
    ended.call_ended.summary = "s" * 9_000
    await persistence.append(start, turn, bare, changed, ended)
    read = await persistence.call()
    assert read.call.twilio_call_sid == "CA 12\n34"
    assert (len(read.call.caller_number), len(read.call.summary)) == (128, 4_000)
    first, second = (recorded.turn for recorded in read.turns)
    assert first.caller_text == "ab" + "x" * 15_998
    assert (first.turn_id, len(first.reply_text)) == ("turn 1 ?", 16_000)
    assert (second.turn_id, second.source) == (bare.event_id, conversation.REPLY_SOURCE_UNSPECIFIED)
    listed = await persistence.stub.ListCallEvents(pb.ListCallEventsRequest(call_id="call-1"))
    assert listed.events[0] == start
    assert max(event.ByteSize() for event in listed.events) < 64 * 1024


async def test_what_a_newer_gateway_sends_is_kept_as_unknown(persistence: PersistenceClient) -> None:
    script = CallScript()
    events = script.whole()
    events[0].call_started.direction = 99  # type: ignore[assignment]
    events[1].turn_recorded.agent = events[1].turn_recorded.tier = 99  # type: ignore[assignment]
    events[1].turn_recorded.turn.source = events[1].turn_recorded.turn.asked.expectation = 99  # type: ignore[assignment]
    events[2].agent_transitioned.transition.to_agent = 99  # type: ignore[assignment]
    events[2].agent_transitioned.transition.trigger = 99  # type: ignore[assignment]
    events[3].score_changed.score.factors[0].factor = 99  # type: ignore[assignment]
    events[4].tier_escalation.outcome = 99  # type: ignore[assignment]
    events[7].call_ended.end_reason = events[7].call_ended.outcome = 99  # type: ignore[assignment]
    field_99 = script.event().SerializeToString() + b"\x9a\x06\x02\x0a\x00"
    await persistence.append(*events, pb.CallEvent.FromString(field_99))
    read = await persistence.call()
    assert (read.call.status, read.call.end_time) == (pb.CALL_STATUS_ENDED, events[7].occur_time)
    assert (read.call.end_reason, read.call.outcome, read.call.current_agent) == (0, 0, 0)
    assert (len(read.turns), len(read.transitions), len(read.escalations)) == (2, 1, 1)
    listed = await persistence.stub.ListCallEvents(pb.ListCallEventsRequest(call_id="call-1"))
    assert [event.SerializeToString() for event in listed.events] == [
        *(event.SerializeToString() for event in events),
        field_99,
    ]


async def test_a_lost_event_keeps_its_place_until_it_comes(persistence: PersistenceClient) -> None:
    await persistence.append(*CallScript("call-x").whole())
    expected = await persistence.call("call-x")
    # Whatever is missing, and in whatever order it comes after all, the call ends up the same.
    for number, missing in enumerate(([0], [1, 2, 3, 4], [7], [0, 7], list(range(8)))):
        call_id = f"call-{number}"
        events, marks = CallScript(call_id).whole(), CallScript(call_id)
        lost = [marks.lost() for _ in events]
        for mark in lost:
            mark.event_id += "-lost"
        sent = [lost[index] if index in missing else event for index, event in enumerate(events)]
        response = await persistence.append(*sent)
        assert (response.stored_count, response.durable_sequences[0].sequence) == (8, 8)
        call = (await persistence.call(call_id)).call
        assert call.campaign_id == ("" if 0 in missing else "sunline-solar")
        assert call.start_time == sent[0].occur_time
        assert call.status == (pb.CALL_STATUS_IN_PROGRESS if 7 in missing else pb.CALL_STATUS_ENDED)
        for index in reversed(missing):
            assert (await persistence.append(events[index])).stored_count == 1
        assert (await persistence.append(*events, *lost)).skipped_count == 16
        found = await persistence.call(call_id)
        found.call.call_id, found.call.twilio_call_sid = "call-x", "CA-call-x"
        assert found == expected
        listed = await persistence.stub.ListCallEvents(pb.ListCallEventsRequest(call_id=call_id))
        assert list(listed.events) == events


async def test_a_lost_event_and_the_event_itself_may_come_together(persistence: PersistenceClient) -> None:
    script = CallScript()
    lost, event = script.lost(), CallScript().started()
    lost.event_id = "lost"
    assert (await persistence.append(lost, event, script.alive())).stored_count == 3
    assert (await persistence.call()).call.campaign_id == "sunline-solar"


async def test_an_erased_call_gets_no_personal_data_from_an_event_that_was_lost(persistence: PersistenceClient) -> None:
    script = CallScript()
    start, lost, turn = script.started(), script.lost(), CallScript().turn("turn-1")
    turn.sequence, turn.event_id = lost.sequence, "found"
    await persistence.append(start, lost)
    await persistence.stub.EraseCaller(pb.EraseCallerRequest(caller_number=start.call_started.caller_number))
    await persistence.append(turn)
    read = await persistence.call()
    assert (read.call.caller_number, read.turns[0].turn.caller_text) == ("", "")
    assert len(read.turns) == 1


async def test_a_batch_is_neither_empty_nor_endless(persistence: PersistenceClient) -> None:
    script = CallScript()
    for events in ([], [script.started(), *(script.alive() for _ in range(500))]):
        error = await refusal(persistence.append(*events))
        assert isinstance(error, InvalidArgumentError)
        assert error.metadata["field"] == "events"


async def test_a_message_beyond_the_limit_is_refused(persistence: PersistenceClient) -> None:
    script = CallScript()
    big = [
        script.event(turn_recorded=conversation.TurnRecorded(turn=conversation.TurnRecord(caller_text="x" * 5_000_000)))
    ]
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await persistence.append(*big)
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_pages_of_calls_are_complete_and_without_doubles(persistence: PersistenceClient) -> None:
    # Several calls begin at the same time, so that the id decides about their order.
    for number in range(23):
        campaign = "sunline-solar" if number % 2 else "another"
        await persistence.append(CallScript(f"call-{number:02}").started(campaign))
    for campaign, expected in (("", range(22, -1, -1)), ("another", range(22, -1, -2))):
        seen: list[str] = []
        token = ""
        while True:
            request = pb.ListCallsRequest(page_size=5, page_token=token, campaign_id=campaign)
            response = await persistence.stub.ListCalls(request)
            seen += [call.call_id for call in response.calls]
            token = response.next_page_token
            if not token:
                break
            assert len(response.calls) == 5
        assert seen == [f"call-{number:02}" for number in expected]


async def test_pages_of_events_are_complete_while_events_arrive(persistence: PersistenceClient) -> None:
    script = CallScript()
    events = [script.started(), *(script.alive() for _ in range(11))]
    await persistence.append(*events[:6])
    first = await persistence.stub.ListCallEvents(pb.ListCallEventsRequest(call_id="call-1", page_size=4))
    await persistence.append(*events[6:])
    request = pb.ListCallEventsRequest(call_id="call-1", page_token=first.next_page_token)
    rest = await persistence.stub.ListCallEvents(request)
    assert [*first.events, *rest.events] == events


async def test_a_page_of_large_events_fits_into_a_message(persistence: PersistenceClient) -> None:
    script = CallScript()
    events = [script.started()]
    for number in range(40):
        event = script.turn(f"turn-{number}")
        event.turn_recorded.turn.caller_text = event.turn_recorded.turn.reply_text = "x" * 16_000
        events.append(event)
    for event in events:
        await persistence.append(event)
    seen: list[pb.CallEvent] = []
    token = ""
    while True:
        request = pb.ListCallEventsRequest(call_id="call-1", page_size=500, page_token=token)
        response = await persistence.stub.ListCallEvents(request)
        seen += response.events
        token = response.next_page_token
        if not token:
            break
    assert seen == events
    assert (await refusal(persistence.call())).reason == "CALL_TOO_LARGE"


async def test_a_token_that_is_not_ours_is_refused(persistence: PersistenceClient) -> None:
    script = CallScript()
    await persistence.append(script.started(), script.alive())
    good = await persistence.stub.ListCallEvents(pb.ListCallEventsRequest(call_id="call-1", page_size=1))
    tokens = ["nonsense", "W10", "WyJjYWxscyAiXQ", "%%%", good.next_page_token]
    for token in tokens:
        error = await refusal(persistence.stub.ListCalls(pb.ListCallsRequest(page_token=token)))
        assert isinstance(error, InvalidArgumentError)
        assert error.metadata["field"] == "page_token"
    for size in (-1, 501):
        error = await refusal(persistence.stub.ListCalls(pb.ListCallsRequest(page_size=size)))
        assert isinstance(error, InvalidArgumentError)
        assert error.metadata["field"] == "page_size"


async def test_unknown_calls_are_not_found(persistence: PersistenceClient) -> None:
    assert (await refusal(persistence.call("call-9"))).reason == "CALL_NOT_FOUND"
    listing = persistence.stub.ListCallEvents(pb.ListCallEventsRequest(call_id="call-9"))
    assert (await refusal(listing)).reason == "CALL_NOT_FOUND"


async def test_fields_of_a_newer_gateway_are_kept(persistence: PersistenceClient) -> None:
    event = CallScript().started()
    newer = pb.CallEvent.FromString(event.SerializeToString() + b"\xf8\x07\x2a")  # field 127, a number
    await persistence.append(newer)
    listed = await persistence.stub.ListCallEvents(pb.ListCallEventsRequest(call_id="call-1"))
    assert listed.events[0].SerializeToString() == newer.SerializeToString()
