"""A call of the voice gateway without audio: the real conversation, turns, escalation and records, on fakes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from callwright.conversation.v1 import conversation_pb2
from callwright.persistence.v1 import persistence_pb2
from callwright_common.breaker import BreakerSettings, CircuitBreaker
from callwright_common.campaign import Campaign
from callwright_common.chat_models import ChatModel
from callwright_common.chat_models.failures import ModelFailures
from callwright_common.clock import Clock, SystemClock
from callwright_common.metrics import new_registry
from dialogue import RuleAnalyzer
from fakes.budget import FakeBudget
from fakes.spoken_line import SpokenLine
from vocabulary.call_events import TierEscalation
from voice_gateway.calls.live_calls import CarriedCall
from voice_gateway.conversation.call_session import CallSession
from voice_gateway.conversation.conversation import Conversation
from voice_gateway.conversation.direct_model import DirectModel
from voice_gateway.conversation.fallback_reply import FallbackReplies
from voice_gateway.conversation.orchestrated_reply import OrchestratedReplies, Orchestrator, TurnLimits
from voice_gateway.conversation.transitions import Transitions
from voice_gateway.conversation.turn import SpeechTimes
from voice_gateway.conversation.turn_runner import TurnRunner
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.premium_voice.budget import BudgetService
from voice_gateway.premium_voice.premium_voice import PremiumVoice
from voice_gateway.records.recorder import CallEventRecorder


class MemorySpool:
    """Keeps events."""

    def __init__(self) -> None:
        self.payloads: list[bytes] = []

    def append(self, payload: bytes) -> bool:
        self.payloads.append(payload)
        return True

    def events(self, kind: str = "") -> list[persistence_pb2.CallEvent]:
        events = [persistence_pb2.CallEvent.FromString(payload) for payload in self.payloads]
        return [event for event in events if not kind or event.WhichOneof("event") == kind]


@dataclass
class SilentCall:
    """Everything of one call under test."""

    conversation: Conversation
    premium_voice: PremiumVoice
    recorder: CallEventRecorder
    line: SpokenLine
    session: CallSession
    spool: MemorySpool
    budget: FakeBudget
    breaker: CircuitBreaker
    notes: list[bool] = field(default_factory=list)

    def live(self) -> CarriedCall:
        """Returns the call as the gateway lists it."""
        return CarriedCall(self.session, self.conversation, self.premium_voice, self.line, self.recorder)

    async def say(self, text: str) -> None:
        now = self.conversation.now()
        await self.conversation.caller_turn(text, SpeechTimes(now - 0.5, now - 0.2, now))

    def turns(self) -> list[conversation_pb2.TurnRecorded]:
        return [event.turn_recorded for event in self.spool.events("turn_recorded")]


@dataclass(frozen=True)
class CallPlan:
    """How a call under test differs from the usual one."""

    call_id: str = "call-1"
    integrated: bool = True
    escalates: bool = True
    first_text: float = 0.3
    idle: float = 0.3
    filler_delay: float = 5.0
    model: ChatModel | None = None
    breaker: BreakerSettings = field(default_factory=lambda: BreakerSettings(minimum_calls=2))


@asynccontextmanager
async def silent_call(
    campaign: Campaign,
    orchestrator: Orchestrator,
    plan: CallPlan,
    *,
    line: SpokenLine | None = None,
    budget: FakeBudget | None = None,
    asks: BudgetService | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[SilentCall]:
    """Runs a call.

    Args:
        campaign: Whom the agent speaks for.
        orchestrator: Answers its turns.
        plan: How it differs.
        line: None takes one on which everything is heard at once.
        budget: Books its settlements, and grants leases.
        asks: Grants leases in its place.
        clock: None takes the machine's.
    """
    clock, line, budget = clock or SystemClock(), line or SpokenLine(), budget or FakeBudget()
    spool, metrics = MemorySpool(), GatewayMetrics(new_registry())
    session = CallSession(
        call_id=plan.call_id,
        twilio_call_sid="CA1",
        campaign=campaign,
        caller_number="",
        called_number="",
        started_at=clock.now(),
        started_monotonic=clock.monotonic(),
        integration_enabled=plan.integrated,
        escalation_enabled=plan.escalates,
    )
    recorder = CallEventRecorder(plan.call_id, spool.append, clock)
    breaker = CircuitBreaker("agent_orchestrator", clock, plan.breaker, jitter=lambda: 0.0)

    def record(event: TierEscalation) -> None:
        recorder.record(event)
        session.note_escalation(event)

    premium_voice = PremiumVoice(
        call_id=plan.call_id,
        campaign=campaign,
        budget=asks or budget,
        breaker=CircuitBreaker("escalation_budget", clock),
        settle=budget.settle,
        record=record,
        clock=clock,
        enabled=plan.escalates,
    )
    notes: list[bool] = []

    async def note(spoken: bool) -> None:
        notes.append(spoken)

    direct_model = DirectModel(
        plan.model,
        CircuitBreaker("direct_model", clock),
        ModelFailures(new_registry()),
        first_text_seconds=20,
        idle_seconds=20,
    )
    limits = TurnLimits(plan.first_text, plan.idle, 5.0, plan.filler_delay)
    transitions = Transitions(session, recorder, metrics)
    runner = TurnRunner(
        session=session,
        speech=line.speak,
        orchestrated=OrchestratedReplies(session, orchestrator, breaker, recorder, transitions, metrics, clock),
        fallback=FallbackReplies(session, direct_model, RuleAnalyzer(), transitions, clock),
        premium_voice=premium_voice,
        metrics=metrics,
        clock=clock,
        limits=lambda: limits,
    )
    conversation = Conversation(
        session=session,
        line=line,
        runner=runner,
        recorder=recorder,
        premium_voice=premium_voice,
        metrics=metrics,
        clock=clock,
        on_speech=note,
    )
    try:
        yield SilentCall(conversation, premium_voice, recorder, line, session, spool, budget, breaker, notes)
    finally:
        await conversation.close()
        await premium_voice.close()
