"""What one call is built of, out of what all calls of the process share."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from starlette.websockets import WebSocket

from callwright_common.breaker import CircuitBreaker
from callwright_common.campaign import Campaign
from callwright_common.clock import Clock
from callwright_common.errors import ServiceError, UnavailableError
from callwright_common.money import Amount
from dialogue import Analyzer
from vocabulary.call_events import TierEscalation
from vocabulary.exchange import EndRequest
from voice_gateway.calls.live_calls import CarriedCall, PendingCall
from voice_gateway.calls.media_factory import MediaFactory
from voice_gateway.conversation.call_session import CallSession
from voice_gateway.conversation.conversation import Conversation
from voice_gateway.conversation.conversation_processor import ConversationProcessor
from voice_gateway.conversation.direct_model import DirectModel
from voice_gateway.conversation.fallback_reply import FallbackReplies
from voice_gateway.conversation.orchestrated_reply import OrchestratedReplies, Orchestrator, TurnLimits
from voice_gateway.conversation.reply_speaker import SpeechSink
from voice_gateway.conversation.transitions import Transitions
from voice_gateway.conversation.turn_runner import TurnRunner
from voice_gateway.dependencies.degradation import Dependency
from voice_gateway.media.twilio.protocol import StartMessage
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.premium_voice.budget import BudgetService
from voice_gateway.premium_voice.premium_voice import PremiumVoice
from voice_gateway.records.recorder import CallEventRecorder


@dataclass(slots=True)
class FeatureFlags:
    """Switches that may be changed while the gateway runs; a call keeps those it began with."""

    enable_agent_integration: bool
    enable_tier_escalation: bool


@dataclass(frozen=True, slots=True)
class CallComposition:
    """What all calls share, and how a call is built from it."""

    campaigns: dict[str, Campaign]
    flags: FeatureFlags
    orchestrator: Orchestrator
    budget: BudgetService
    breakers: dict[Dependency, CircuitBreaker]
    analyzer: Analyzer
    direct_model: DirectModel
    settle: Callable[[str, Amount], None]
    end_later: Callable[[str, EndRequest], None]
    append_event: Callable[[bytes], bool]
    media: MediaFactory
    metrics: GatewayMetrics
    clock: Clock
    limits: Callable[[], TurnLimits]

    def build(self, websocket: WebSocket, start: StartMessage, pending: PendingCall) -> CarriedCall:
        """Returns a call whose media stream has begun."""
        session = CallSession(
            call_id=pending.call_id,
            twilio_call_sid=pending.twilio_call_sid,
            campaign=self.campaigns[pending.campaign_id],
            caller_number=pending.caller_number,
            called_number=pending.called_number,
            started_at=self.clock.now(),
            started_monotonic=self.clock.monotonic(),
            integration_enabled=self.flags.enable_agent_integration,
            escalation_enabled=self.flags.enable_tier_escalation,
        )
        recorder = CallEventRecorder(session.call_id, self.append_event, self.clock)
        premium_voice = self._premium_voice(session, recorder)
        processor = ConversationProcessor()
        line = self.media(websocket, start, session.campaign, processor, self.metrics)
        processor.conversation = Conversation(
            session=session,
            line=line,
            runner=self._runner(session, recorder, premium_voice, processor.push_frame),
            recorder=recorder,
            premium_voice=premium_voice,
            metrics=self.metrics,
            clock=self.clock,
            on_speech=self._note_speech,
        )
        return CarriedCall(session, processor.conversation, premium_voice, line, recorder)

    def _premium_voice(self, session: CallSession, recorder: CallEventRecorder) -> PremiumVoice:
        def record(escalation: TierEscalation) -> None:
            recorder.record(escalation)
            session.note_escalation(escalation)
            self.metrics.escalations.labels(outcome=escalation.outcome).inc()

        return PremiumVoice(
            call_id=session.call_id,
            campaign=session.campaign,
            budget=self.budget,
            breaker=self.breakers[Dependency.ESCALATION_BUDGET],
            settle=self.settle,
            record=record,
            clock=self.clock,
            enabled=session.escalation_enabled and session.integration_enabled,
        )

    def _runner(
        self, session: CallSession, recorder: CallEventRecorder, premium_voice: PremiumVoice, speech: SpeechSink
    ) -> TurnRunner:
        breaker = self.breakers[Dependency.AGENT_ORCHESTRATOR]
        transitions = Transitions(session, recorder, self.metrics)
        return TurnRunner(
            session=session,
            speech=speech,
            orchestrated=OrchestratedReplies(
                session, self.orchestrator, breaker, recorder, transitions, self.metrics, self.clock
            ),
            fallback=FallbackReplies(session, self.direct_model, self.analyzer, transitions, self.clock),
            premium_voice=premium_voice,
            metrics=self.metrics,
            clock=self.clock,
            limits=self.limits,
        )

    async def _note_speech(self, spoken: bool) -> None:
        """Lets the breaker of the voices know how a sentence went."""
        with suppress(ServiceError):
            async with self.breakers[Dependency.SPEECH].attempt():
                if not spoken:
                    raise UnavailableError("NO_AUDIO", "no voice gave audio")
