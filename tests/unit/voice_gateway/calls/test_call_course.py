"""The course of a call: what is left behind when it is cancelled, cannot be built, or nobody can sum it up."""

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.websockets import WebSocket

from callwright.conversation.v1 import conversation_pb2 as wire
from callwright_common.breaker import CircuitBreaker
from callwright_common.campaign import load_campaign
from callwright_common.chat_models.failures import ModelFailures
from callwright_common.clock import SystemClock
from callwright_common.errors import AbortedError, DeadlineExceededError, NotFoundError, UnavailableError
from callwright_common.metrics import new_registry
from dialogue import RuleAnalyzer
from fakes.budget import FakeBudget
from fakes.gateway_calls import MemorySpool
from fakes.scripted_turns import Script, ScriptedOrchestrator
from fakes.spoken_line import SpokenLine
from vocabulary.enums import EndReason
from vocabulary.exchange import CallResult, EndRequest
from voice_gateway.calls.call_composition import CallComposition, FeatureFlags
from voice_gateway.calls.call_course import CallCourse
from voice_gateway.calls.live_calls import Apologise, DialOn, LiveCalls, NotCarriedError, PendingCall
from voice_gateway.conversation.conversation import Conversation
from voice_gateway.conversation.conversation_processor import ConversationProcessor
from voice_gateway.conversation.direct_model import DirectModel
from voice_gateway.conversation.orchestrated_reply import TurnLimits
from voice_gateway.conversation.turn import SpeechTimes
from voice_gateway.dependencies.degradation import Dependency
from voice_gateway.media.twilio.protocol import StartMessage
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.premium_voice.premium_voice import PremiumVoice

CAMPAIGN = load_campaign(Path(__file__).parents[4] / "campaigns" / "sunline-solar.yaml")
START = StartMessage("MZ1", "CA1", "AC1")
PENDING = PendingCall("call-1", "CA1", "AC1", CAMPAIGN.id, "", "")
WEBSOCKET = cast("WebSocket", None)


class SlowOrchestrator(ScriptedOrchestrator):
    """Takes until it is told to sum a call up."""

    def __init__(self) -> None:
        super().__init__()
        self.summing_up, self.may_end = asyncio.Event(), asyncio.Event()

    async def end_call(self, request: EndRequest, timeout: float) -> CallResult:
        self.summing_up.set()
        await self.may_end.wait()
        return await super().end_call(request, timeout)


class FailingOrchestrator(ScriptedOrchestrator):
    """Fails to end calls."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def end_call(self, request: EndRequest, timeout: float) -> CallResult:
        raise self.error


class RecordingOrchestrator(ScriptedOrchestrator):
    """Keeps what it is told at the end of calls."""

    def __init__(self, scripts: list[Script]) -> None:
        super().__init__(scripts)
        self.ends: list[EndRequest] = []

    async def end_call(self, request: EndRequest, timeout: float) -> CallResult:
        self.ends.append(request)
        return await super().end_call(request, timeout)


class DeadOrchestrator(ScriptedOrchestrator):
    """Answers nothing."""

    async def end_call(self, request: EndRequest, timeout: float) -> CallResult:
        raise UnavailableError("UNAVAILABLE", "nobody is there")


class Media:
    """Gives each call the same line, which speaks what the conversation says, or none."""

    def __init__(self, line: SpokenLine | None) -> None:
        self.line = line

    def __call__(self, *parts: Any) -> SpokenLine:
        if self.line is None:
            raise OSError("no audio")
        [processor] = [part for part in parts if isinstance(part, ConversationProcessor)]
        processor.push_frame = self.line.speak  # type: ignore[assignment, method-assign]
        return self.line


def course_of(
    media: Media, orchestrator: ScriptedOrchestrator, late_ends: list[EndRequest] | None = None
) -> tuple[CallCourse, MemorySpool]:
    late_ends = [] if late_ends is None else late_ends
    clock, registry, spool, budget = SystemClock(), new_registry(), MemorySpool(), FakeBudget()
    breakers = {one: CircuitBreaker(one, clock) for one in Dependency}
    model = DirectModel(
        None, breakers[Dependency.DIRECT_MODEL], ModelFailures(registry), first_text_seconds=1, idle_seconds=1
    )
    composition = CallComposition(
        campaigns={CAMPAIGN.id: CAMPAIGN},
        flags=FeatureFlags(True, True),
        orchestrator=orchestrator,
        budget=cast("Any", budget),
        breakers=breakers,
        analyzer=RuleAnalyzer(),
        direct_model=model,
        settle=budget.settle,
        end_later=lambda _, request: late_ends.append(request),
        append_event=spool.append,
        media=media,
        metrics=GatewayMetrics(registry),
        clock=clock,
        limits=lambda: TurnLimits(1, 1, 5, 5),
    )
    return CallCourse(composition, LiveCalls(1), "gateway-1"), spool


async def test_a_cancelled_call_keeps_its_place_until_its_last_record() -> None:
    orchestrator, line = SlowOrchestrator(), SpokenLine()
    course, spool = course_of(Media(line), orchestrator)
    carrying = asyncio.create_task(course.carry(WEBSOCKET, START, PENDING))
    while not orchestrator.stored:  # noqa: ASYNC110 - the opening is answered within a few steps of the event loop
        await asyncio.sleep(0)
    carrying.cancel()
    await orchestrator.summing_up.wait()
    assert len(course.live_calls) == 1
    carrying.cancel()
    await asyncio.sleep(0)
    orchestrator.may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await carrying
    assert len(course.live_calls) == 0
    kinds = [event.WhichOneof("event") for event in spool.events()]
    assert (kinds[0], kinds[-1]) == ("call_started", "call_ended")


async def test_a_call_that_cannot_be_summed_up_gets_its_last_record() -> None:
    orchestrator, line = FailingOrchestrator(ZeroDivisionError()), SpokenLine()
    course, spool = course_of(Media(line), orchestrator)
    carrying = asyncio.create_task(course.carry(WEBSOCKET, START, PENDING))
    while not orchestrator.stored:  # noqa: ASYNC110 - the opening is answered within a few steps of the event loop
        await asyncio.sleep(0)
    line.hung_up.set()
    await carrying
    ended = spool.events()[-1].call_ended
    assert (ended.end_reason, ended.outcome) == (wire.END_REASON_CALLER_HUNG_UP, wire.OUTCOME_ABANDONED)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("Take me off your list, please.", wire.OUTCOME_DECLINED),
        ("You have the wrong number.", wire.OUTCOME_DECLINED),
        ("I want to speak to a human.", wire.OUTCOME_TRANSFERRED),
    ],
)
async def test_a_call_without_orchestrator_is_summed_up_by_what_was_said(said: str, outcome: int) -> None:
    gone = UnavailableError("UNAVAILABLE", "nobody is there")
    line = SpokenLine()
    course, spool = course_of(Media(line), DeadOrchestrator([Script([], error=gone)]))
    carrying = asyncio.create_task(course.carry(WEBSOCKET, START, PENDING))
    await line.answer(1)
    [call] = course.live_calls.all()
    now = call.conversation.now()
    await call.conversation.caller_turn(said, SpeechTimes(now, now, now))
    await carrying
    ended = spool.events()[-1].call_ended
    assert ended.outcome == outcome
    assert "score" in ended.summary
    assert ended.score.factors


async def test_a_call_that_ends_within_its_first_turn_is_ended_by_the_orchestrator_too() -> None:
    orchestrator = RecordingOrchestrator([Script([(0, "Hello.")], completes_after=60)])
    line = SpokenLine()
    course, spool = course_of(Media(line), orchestrator)
    carrying = asyncio.create_task(course.carry(WEBSOCKET, START, PENDING))
    await line.answer(1)
    line.hung_up.set()
    await carrying
    assert [(request.campaign_id, request.reason) for request in orchestrator.ends] == [
        (CAMPAIGN.id, EndReason.CALLER_HUNG_UP)
    ]
    assert spool.events()[-1].call_ended.outcome == wire.OUTCOME_QUALIFIED


@pytest.mark.parametrize(
    ("error", "is_told_later"),
    [
        (UnavailableError("UNAVAILABLE", "nobody is there"), True),
        (DeadlineExceededError("DEADLINE_EXCEEDED", "late"), True),
        (AbortedError("REVISION_MISMATCH", "a turn came between"), True),
        (ZeroDivisionError(), True),
        (NotFoundError("CALL_NOT_FOUND", "no such call"), False),
    ],
)
async def test_an_end_that_the_orchestrator_did_not_take_is_told_later_and_delays_no_record(
    error: Exception, is_told_later: bool
) -> None:
    late_ends, line = list[EndRequest](), SpokenLine()
    course, spool = course_of(Media(line), FailingOrchestrator(error), late_ends)
    line.hung_up.set()
    await course.carry(WEBSOCKET, START, PENDING)
    assert spool.events()[-1].WhichOneof("event") == "call_ended"
    assert [request.reason for request in late_ends] == [EndReason.CALLER_HUNG_UP] * is_told_later


@pytest.mark.parametrize("part", [Conversation, PremiumVoice])
async def test_a_call_whose_parts_do_not_close_gets_its_last_record(
    part: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def close(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(part, "close", close)
    line = SpokenLine()
    line.hung_up.set()
    course, spool = course_of(Media(line), ScriptedOrchestrator())
    await course.carry(WEBSOCKET, START, PENDING)
    assert spool.events()[-1].WhichOneof("event") == "call_ended"
    assert len(course.live_calls) == 0


def test_calls_without_an_id_do_not_end_as_each_other() -> None:
    live_calls = LiveCalls(1)
    live_calls.note_after_stream("", DialOn("+12025550100"))
    assert live_calls.take_after_stream("") is None


async def test_a_call_that_cannot_be_built_leaves_no_place_and_no_record() -> None:
    course, spool = course_of(Media(None), ScriptedOrchestrator())
    for _ in range(3):
        with pytest.raises(NotCarriedError, match="not_built"):
            await course.carry(WEBSOCKET, START, PENDING)
    assert len(course.live_calls) == 0
    assert course.live_calls.all() == []
    assert spool.events() == []
    assert course.live_calls.take_after_stream("CA1") == Apologise(CAMPAIGN.prompts.unavailable)
    await course.live_calls.wait_empty()
