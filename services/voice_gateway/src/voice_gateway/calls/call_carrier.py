"""Carries one call from its media stream's start to its last record."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.websockets import WebSocket
from structlog.contextvars import bound_contextvars

from callwright_common.breaker import CircuitBreaker
from callwright_common.campaign import Campaign
from callwright_common.clock import Clock
from callwright_common.errors import ServiceError, UnavailableError
from callwright_common.logs import get_logger
from callwright_common.supervision import start_task
from voice_gateway.call_events import (
    CallEnded,
    CallEventRecorder,
    CallStarted,
    EventSpool,
    NumberedEvent,
    TierEscalation,
)
from voice_gateway.call_session import CallSession
from voice_gateway.calls.call_watch import CallWatch
from voice_gateway.calls.live_calls import LiveCall, LiveCalls
from voice_gateway.calls.media_factory import CarriedMedia, MediaFactory
from voice_gateway.conversation.call_line import Line
from voice_gateway.conversation.conversation import Conversation
from voice_gateway.conversation.conversation_processor import ConversationProcessor
from voice_gateway.conversation.direct_model import DirectModel
from voice_gateway.conversation.orchestrated_reply import OrchestratedReplies, Orchestrator, TurnLimits
from voice_gateway.conversation.reply_writer import Speech
from voice_gateway.conversation.turn_runner import TurnRunner
from voice_gateway.conversation_model import CallResult
from voice_gateway.feature_flags import FeatureFlags
from voice_gateway.media.pipeline import MediaEnd
from voice_gateway.media.twilio_protocol import StartMessage
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.premium_voice.escalation import Budget, Escalation, Settlements
from voice_gateway.web.stream_tokens import PendingCall
from voice_gateway.web.twilio_webhooks import dial, unavailable

_logger = get_logger(__name__)

_END_CALL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Breakers:
    """The breakers of this process, one for each dependency."""

    orchestrator: CircuitBreaker
    budget: CircuitBreaker
    speech: CircuitBreaker


@dataclass(slots=True)
class CallCarrier:
    """What all calls of the process share, and the way a call is carried."""

    campaigns: dict[str, Campaign]
    live_calls: LiveCalls
    flags: FeatureFlags
    orchestrator: Orchestrator
    budget: Budget
    breakers: Breakers
    direct_model: DirectModel
    settlements: Settlements
    spool: EventSpool
    encode: Callable[[NumberedEvent], bytes]
    media: MediaFactory
    metrics: GatewayMetrics
    clock: Clock
    limits: Callable[[], TurnLimits]
    gateway_id: str
    _notes: set["asyncio.Task[None]"] = field(default_factory=set)

    async def carry(self, websocket: WebSocket, start: StartMessage, pending: PendingCall) -> None:
        """Carries a call to its end. A place in `live_calls` must have been taken for it."""
        with bound_contextvars(call_id=pending.call_id):
            call, media, recorder = self._build(websocket, start, pending)
            self.live_calls.add(call)
            self.metrics.call_started()
            session = call.session
            recorder.record(
                CallStarted(
                    session.campaign.id,
                    session.call_sid,
                    session.caller_number,
                    session.called_number,
                    self.gateway_id,
                    session.integration_enabled,
                )
            )
            _logger.info("call started", campaign=session.campaign.id, integrated=session.integration_enabled)
            media_end = MediaEnd.FAILED
            try:
                media_end = await self._run(call, media, recorder)
            finally:
                await asyncio.shield(self._finish(call, recorder, media_end))

    def _build(
        self, websocket: WebSocket, start: StartMessage, pending: PendingCall
    ) -> tuple[LiveCall, CarriedMedia, CallEventRecorder]:
        session = CallSession(
            call_id=pending.call_id,
            call_sid=pending.call_sid,
            campaign=self.campaigns[pending.campaign_id],
            caller_number=pending.caller_number,
            called_number=pending.called_number,
            started_at=self.clock.now(),
            started_monotonic=self.clock.monotonic(),
            integration_enabled=self.flags.enable_agent_integration,
            escalation_enabled=self.flags.enable_tier_escalation,
        )
        recorder = CallEventRecorder(session.call_id, self.spool, self.encode, self.clock)
        escalation = self._escalation(session, recorder)
        conversation = Conversation(
            session=session,
            recorder=recorder,
            escalation=escalation,
            metrics=self.metrics,
            clock=self.clock,
            on_speech=self._note_speech,
        )
        processor = ConversationProcessor(conversation)
        runner = self._runner(session, recorder, escalation, conversation, processor)
        media = self.media.build(websocket, start, session.campaign, processor, self.metrics)
        conversation.attach(media, runner)
        return LiveCall(session, conversation, escalation, media), media, recorder

    def _escalation(self, session: CallSession, recorder: CallEventRecorder) -> Escalation:
        def record(event: TierEscalation) -> None:
            recorder.record(event)
            if event.budget_check_passed:
                session.tier = event.to_tier
            self.metrics.escalation(event.outcome)
            session.notify()

        return Escalation(
            call_id=session.call_id,
            campaign=session.campaign,
            budget=self.budget,
            breaker=self.breakers.budget,
            settlements=self.settlements,
            record=record,
            clock=self.clock,
            enabled=session.escalation_enabled and session.integration_enabled,
        )

    def _runner(
        self,
        session: CallSession,
        recorder: CallEventRecorder,
        escalation: Escalation,
        conversation: Conversation,
        speech: Speech,
    ) -> TurnRunner:
        orchestrated = OrchestratedReplies(
            session=session,
            orchestrator=self.orchestrator,
            breaker=self.breakers.orchestrator,
            recorder=recorder,
            metrics=self.metrics,
            clock=self.clock,
            on_advice=conversation.follow_advice,
            on_action=conversation.act_on,
        )
        return TurnRunner(
            session=session,
            speech=speech,
            orchestrated=orchestrated,
            direct_model=self.direct_model,
            escalation=escalation,
            metrics=self.metrics,
            clock=self.clock,
            limits=self.limits,
            on_action=conversation.act_on,
        )

    async def _run(self, call: LiveCall, media: CarriedMedia, recorder: CallEventRecorder) -> MediaEnd:
        line: Line = media
        watch = start_task(CallWatch(call.conversation, line, recorder).run(), "call watch")
        opening = start_task(call.conversation.open(), "opening")
        try:
            return await media.run()
        finally:
            for task in (watch, opening):
                task.cancel()
            await asyncio.gather(watch, opening, return_exceptions=True)

    async def _finish(self, call: LiveCall, recorder: CallEventRecorder, media_end: MediaEnd) -> None:
        """Closes everything of a call and writes its last record."""
        session, conversation = call.session, call.conversation
        end_reason = conversation.end_reason or ("failed" if media_end is MediaEnd.FAILED else "caller_hung_up")
        try:
            await conversation.close()
            await call.escalation.close()
            if end_reason == "transferred" and session.campaign.handoff.number:
                self.live_calls.note_ending(session.call_sid, dial(session.campaign.handoff.number))
            elif end_reason == "failed":
                self.live_calls.note_ending(session.call_sid, unavailable(session.campaign))
            result = await self._result(session, end_reason)
            recorder.record(
                CallEnded(
                    end_reason,
                    result.outcome,
                    result.summary,
                    result.score or session.score,
                    call.escalation.spent_micros,
                    session.campaign.budget.currency,
                    session.workflow_context_id,
                )
            )
        finally:
            session.ended = True
            session.notify()
            self.metrics.call_ended(end_reason)
            await self.live_calls.remove(session.call_id)
            _logger.info("call ended", end_reason=end_reason, turns=session.turn_count)

    async def _result(self, session: CallSession, end_reason: str) -> CallResult:
        if session.integration_enabled and session.workflow_context_id:
            try:
                async with self.breakers.orchestrator.attempt():
                    return await self.orchestrator.end_call(
                        session.call_id, end_reason, tuple(session.unsynced.values()), _END_CALL_SECONDS
                    )
            except ServiceError as error:
                _logger.warning("the orchestrator did not sum the call up", reason=error.reason)
        return CallResult(_outcome(session, end_reason), "", session.score)

    def _note_speech(self, spoken: bool) -> None:
        """Lets the breaker of the voices know how a sentence went."""
        task = start_task(self._count_speech(spoken), "speech health")
        self._notes.add(task)
        task.add_done_callback(self._notes.discard)

    async def _count_speech(self, spoken: bool) -> None:
        with suppress(ServiceError):
            async with self.breakers.speech.attempt():
                if not spoken:
                    raise UnavailableError("NO_AUDIO", "no voice gave audio")


def _outcome(session: CallSession, end_reason: str) -> str:
    """Returns the outcome of a call that the orchestrator did not sum up."""
    if session.mirror is not None and session.mirror.booking is not None:
        return "booked"
    if end_reason == "transferred":
        return "transferred"
    if session.score is not None and session.score.overall >= session.score.threshold > 0:
        return "qualified"
    return "abandoned"
