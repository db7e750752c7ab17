"""A call is followed live and read back, over real gRPC."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import StringIO
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money
from rich.console import Console

from callers.caller import Spoken
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as orchestrator
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2_grpc as orchestrator_grpc
from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright.persistence.v1 import persistence_pb2 as persistence
from callwright.persistence.v1 import persistence_pb2_grpc as persistence_grpc
from callwright.voice_gateway.v1 import voice_gateway_pb2 as gateway
from callwright.voice_gateway.v1 import voice_gateway_pb2_grpc as gateway_grpc
from callwright_cli.call_record import RecordMissingError, read_finished_call
from callwright_cli.call_view import open_view, show_result
from callwright_cli.live_watch import WatchedCall, watch_call
from callwright_cli.verification.checks import Check
from callwright_common.campaign import Factor
from callwright_common.money import Amount
from vocabulary.enums import Agent, EndReason, ReplySource, Tier, WorkflowState
from vocabulary.live_call import LiveCall

SCORE = conversation.QualificationScore(
    overall=0.5,
    threshold=0.7,
    factors=[conversation.FactorScore(factor=conversation.FACTOR_BUDGET, value=0.5, weight=1.0)],
)


def live(*agents: conversation.Agent.ValueType) -> gateway.LiveCall:
    turns = [
        conversation.TurnRecorded(
            turn=conversation.TurnRecord(turn_id=f"t-{number}"),
            agent=agent,
            tier=conversation.TIER_STANDARD,
            latency=conversation.TurnLatency(first_audio=Duration(nanos=812_000_000)),
        )
        for number, agent in enumerate(agents)
    ]
    return gateway.LiveCall(
        call_id="call-1",
        twilio_call_sid="CA1",
        agent=agents[-1],
        state=conversation.WORKFLOW_STATE_QUALIFYING,
        tier=conversation.TIER_STANDARD,
        score=SCORE,
        turns=turns,
    )


class ScriptedGateway(gateway_grpc.GatewayAdminServiceServicer):
    """Knows the call from the second question on; refuses the first one."""

    def __init__(self) -> None:
        self.asked = 0

    async def ListLiveCalls(
        self, request: gateway.ListLiveCallsRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> gateway.ListLiveCallsResponse:
        self.asked += 1
        if self.asked == 1:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "not yet")
        calls = [gateway.LiveCall(call_id="call-0", twilio_call_sid="CA0"), live(conversation.AGENT_CONVERSATION)]
        return gateway.ListLiveCallsResponse(calls=calls)

    async def SetFeatureFlags(
        self, request: gateway.SetFeatureFlagsRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> gateway.SetFeatureFlagsResponse:
        assert not request.ListFields()
        return gateway.SetFeatureFlagsResponse(enable_agent_integration=True, enable_tier_escalation=False)

    async def WatchLiveCall(
        self, request: gateway.WatchLiveCallRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> AsyncIterator[gateway.WatchLiveCallResponse]:
        assert request.call_id == "call-1"
        yield gateway.WatchLiveCallResponse(call=live(conversation.AGENT_CONVERSATION))
        yield gateway.WatchLiveCallResponse(call=live(conversation.AGENT_CONVERSATION, conversation.AGENT_SCHEDULER))


class ScriptedOrchestrator(orchestrator_grpc.AgentOrchestratorServiceServicer):
    async def WatchCall(
        self, request: orchestrator.WatchCallRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> AsyncIterator[orchestrator.WatchCallResponse]:
        for agent in (conversation.AGENT_CONVERSATION, conversation.AGENT_SCHEDULER):
            yield orchestrator.WatchCallResponse(context=conversation.WorkflowContext(call_id="call-1", agent=agent))


class ScriptedPersistence(persistence_grpc.PersistenceServiceServicer):
    """Answers, in turn: no such call, a running call, an ended call."""

    def __init__(self, *, ends: bool = True) -> None:
        self.asked = 0
        self.ends = ends

    async def GetCall(
        self, request: persistence.GetCallRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> persistence.GetCallResponse:
        self.asked += 1
        if self.asked == 1:
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such call")
        ended = self.ends and self.asked > 2
        call = persistence.Call(
            call_id="call-1",
            campaign_id="sunline-solar",
            status=persistence.CALL_STATUS_ENDED if ended else persistence.CALL_STATUS_IN_PROGRESS,
            start_time=Timestamp(seconds=1_700_000_000),
            end_time=Timestamp(seconds=1_700_000_090),
            end_reason=conversation.END_REASON_AGENT_GOODBYE,
            score=SCORE,
            premium_cost=Money(currency_code="USD", nanos=40_000_000),
        )
        turn = conversation.TurnRecorded(
            turn=conversation.TurnRecord(turn_id="t-1", heard_text="Hello.", source=conversation.REPLY_SOURCE_PROMPT),
            agent=conversation.AGENT_OBJECTION_HANDLER,
            tier=conversation.TIER_PREMIUM,
            heard=Duration(seconds=1, nanos=250_000_000),
            latency=conversation.TurnLatency(end_of_turn=Duration(nanos=300_000_000), synthesis=Duration()),
        )
        transition = conversation.AgentTransition(to_agent=conversation.AGENT_CONVERSATION, turn_id="t-1")
        return persistence.GetCallResponse(call=call, turns=[turn], transitions=[transition])


@asynccontextmanager
async def serving(*, ends: bool = True) -> AsyncIterator[grpc.aio.Channel]:
    server = grpc.aio.server()
    gateway_grpc.add_GatewayAdminServiceServicer_to_server(ScriptedGateway(), server)  # type: ignore[abstract]
    orchestrator_grpc.add_AgentOrchestratorServiceServicer_to_server(ScriptedOrchestrator(), server)  # type: ignore[abstract]
    persistence_grpc.add_PersistenceServiceServicer_to_server(ScriptedPersistence(ends=ends), server)  # type: ignore[abstract]
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield channel
    finally:
        await server.stop(None)


async def test_a_call_is_found_by_its_twilio_id_and_followed_to_its_end() -> None:
    call = WatchedCall()
    changes: list[int] = []
    async with serving() as channel:
        await watch_call(call, "CA1", channel, channel, lambda: changes.append(len(call.turns)), poll_seconds=0)

    assert (call.call_id, call.agent, call.state, call.tier) == (
        "call-1",
        Agent.SCHEDULER,
        WorkflowState.QUALIFYING,
        Tier.STANDARD,
    )
    assert (call.agents_enabled, call.escalation_enabled) == (True, False)
    assert call.agents()["gateway"] == ["conversation", "scheduler"]
    assert set(call.agents()["orchestrator"]) <= {"conversation", "scheduler"}
    assert changes == [1, 2]
    assert call.turns["t-0"].latency.first_audio == pytest.approx(0.812)
    assert call.score is not None
    assert [(one.factor, one.value) for one in call.score.factors] == [(Factor.BUDGET, 0.5)]


async def test_a_call_is_read_back_once_its_end_is_stored() -> None:
    async with serving() as channel:
        record = await read_finished_call(channel, "call-1", timeout=10, poll_seconds=0)

    assert (record.call.end_reason, record.call.premium_cost) == (EndReason.AGENT_GOODBYE, Amount(40_000, "USD"))
    assert record.call.end_time is not None
    assert (record.call.end_time - record.call.start_time).total_seconds() == 90
    (turn,) = record.turns
    assert (turn.agent, turn.tier, turn.turn.source) == (Agent.OBJECTION_HANDLER, Tier.PREMIUM, ReplySource.PROMPT)
    assert turn.heard_seconds == 1.25
    assert turn.latency.steps() == {"end_of_turn": 0.3, "synthesis": 0.0}
    (transition,) = record.transitions
    assert (transition.from_agent, transition.to_agent) == (None, Agent.CONVERSATION)


async def test_a_service_that_refuses_the_question_is_told_with_its_words() -> None:
    class Refusing(persistence_grpc.PersistenceServiceServicer):
        async def GetCall(
            self, request: persistence.GetCallRequest, context: grpc.aio.ServicerContext[Any, Any]
        ) -> persistence.GetCallResponse:
            await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "the call is too large")

    server = grpc.aio.server()
    persistence_grpc.add_PersistenceServiceServicer_to_server(Refusing(), server)  # type: ignore[abstract]
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            with pytest.raises(RecordMissingError, match="RESOURCE_EXHAUSTED: the call is too large"):
                await read_finished_call(channel, "call-1", timeout=10, poll_seconds=0)
    finally:
        await server.stop(None)


async def test_a_call_whose_end_is_never_stored_is_an_error() -> None:
    async with serving(ends=False) as channel:
        with pytest.raises(RecordMissingError, match="was not complete after 0 s: the call is in_progress"):
            await read_finished_call(channel, "call-1", timeout=0.1, poll_seconds=0)


async def test_the_view_prints_who_said_what_and_what_the_services_report() -> None:
    output = StringIO()
    console = Console(file=output, width=200)
    call = WatchedCall()
    call.update(LiveCall.from_proto(live(conversation.AGENT_QUALIFICATION)))
    with open_view(console, call, "a call") as view:
        view.changed()
        view.changed()
        view.spoken(Spoken("How much is it?", 8000, 16000))
        view.spoken(Spoken("Sorry, one question.", 20000, 24000, by_caller=True, interrupting=True))
        view.spoken(Spoken("As I", 26000, 27000))

    assert output.getvalue().splitlines() == [
        "a call",
        "          qualification, qualifying, standard voice, score 0.50 (budget 0.50)",
        "   1.0 s  agent (qualification, standard, 812 ms): How much is it?",
        "   2.5 s  caller [interrupts]: Sorry, one question.",
        "   3.2 s  agent (qualification, standard, -): As I",
    ]


async def test_the_terminal_view_shows_words_score_and_factors() -> None:
    output = StringIO()
    console = Console(file=output, width=120, height=40, force_terminal=True, color_system=None)
    call = WatchedCall()
    call.update(LiveCall.from_proto(live(conversation.AGENT_QUALIFICATION)))
    with open_view(console, call, "a call") as view:
        view.spoken(Spoken("How much is it?", 8000, 16000))

    shown = output.getvalue()
    for text in ("a call", "How much is it?", "812 ms", "qualifying", "standard", "budget", "0.50", "threshold 0.70"):
        assert text in shown


async def test_the_result_names_each_check_with_its_numbers() -> None:
    output = StringIO()
    async with serving() as channel:
        record = await read_finished_call(channel, "call-1", timeout=10, poll_seconds=0)
    checks = [Check("heard time", True, "worst 12 ms"), Check("voice", False, "no switch was recorded")]
    checks.append(Check("bookings", None, "it is off"))
    show_result(Console(file=output, width=160), record, checks, ["out/demo/call.json"])

    text = output.getvalue()
    assert "90 s, 1 turns, ended by agent_goodbye" in text
    assert "heard time  pass     worst 12 ms" in text
    assert "voice       FAIL     no switch was recorded" in text
    assert "bookings    skipped  it is off" in text
    assert "out/demo/call.json" in text
