"""The orchestrator's reply to a turn: sentence by sentence to the voice while it arrives, within limits of time.

The words are spoken before the turn is committed. A turn that is left before that is in doubt: what was heard of it
goes to the orchestrator with the next request, as with every other turn.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from callwright_common.breaker import CircuitBreaker
from callwright_common.clock import Clock
from callwright_common.errors import AbortedError, DeadlineExceededError, ServiceError, UnavailableError
from callwright_common.logs import get_logger
from vocabulary.call_events import ScoreChanged
from vocabulary.exchange import (
    CallResult,
    EndRequest,
    SpeechCompleted,
    SyncRequest,
    TurnCompleted,
    TurnEvent,
    TurnRequest,
    WorkflowContext,
)
from vocabulary.turns import AgentTransition, Booking, EndCall, Sentence, Transfer, TurnRecord
from voice_gateway.conversation.call_session import CallSession
from voice_gateway.conversation.reply_speaker import ReplySpeaker
from voice_gateway.conversation.transitions import Transitions
from voice_gateway.conversation.turn import Turn
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.records.recorder import CallEventRecorder

_logger = get_logger(__name__)

_SYNC_TIMEOUT_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class TurnLimits:
    """How long the parts of a turn may take, in seconds."""

    first_text: float
    idle: float
    total: float
    filler_delay: float


class Orchestrator(Protocol):
    """The agent orchestrator; every method raises ServiceError."""

    def process_turn(self, request: TurnRequest, timeout: float) -> AsyncGenerator[TurnEvent, None]:
        """Yields the events of a turn."""

    async def sync_call_state(self, request: SyncRequest, timeout: float) -> WorkflowContext:
        """Brings both views of a call together."""

    async def end_call(self, request: EndRequest, timeout: float) -> CallResult:
        """Ends the conversation."""


@dataclass(frozen=True, slots=True)
class OrchestratedReplies:
    """Lets the orchestrator answer the turns of one call."""

    session: CallSession
    orchestrator: Orchestrator
    breaker: CircuitBreaker
    recorder: CallEventRecorder
    transitions: Transitions
    metrics: GatewayMetrics
    clock: Clock

    async def speak(self, turn: Turn, speaker: ReplySpeaker, limits: TurnLimits) -> bool:
        """Speaks the reply; returns False if a fallback has to speak, or to go on where the reply broke off."""
        for last_try in (False, True):
            try:
                async with self.breaker.attempt():
                    await self._stream(turn, speaker, limits)
            except ServiceError as error:
                outdated = isinstance(error, AbortedError) and not turn.spoken and not last_try
                if outdated and await self._resync():
                    continue
                return self._after_failure(turn, error)
            else:
                self.session.integration.fallback_active = False
                return True
        return False

    def _after_failure(self, turn: Turn, error: ServiceError) -> bool:
        """Notes a failed turn; returns whether its reply was spoken to the end all the same."""
        reason = error.reason.lower()
        _logger.warning(
            "the orchestrator did not answer the turn",
            reason=reason,
            cause=error.cause,
            spoken=len(turn.spoken),
        )
        self.session.note_failure()
        turn.transitions.clear()
        if turn.reply_complete:
            return True
        self.session.integration.fallback_active = True
        self.metrics.fallbacks.labels(reason=reason).inc()
        turn.partial = bool(turn.spoken)
        return False

    async def _stream(self, turn: Turn, speaker: ReplySpeaker, limits: TurnLimits) -> None:
        session = self.session
        request = TurnRequest(
            call_id=session.call_id,
            turn_id=turn.turn_id,
            campaign_id=session.campaign.id,
            input=turn.input,
            base_revision=session.revision,
            unsynced_entries=tuple(session.unsynced.values()),
            first_text_seconds=limits.first_text,
            dialogue_state=session.own_dialogue_state,
        )
        async with aclosing(self.orchestrator.process_turn(request, limits.total)) as events:
            while True:
                event = await self._next_event(events, turn, limits)
                if isinstance(event, TurnCompleted):
                    self._commit(turn, event, request.unsynced_entries)
                    return
                await self._apply(turn, speaker, event)

    async def _next_event(self, events: AsyncIterator[TurnEvent], turn: Turn, limits: TurnLimits) -> TurnEvent:
        wait, reason = self._patience(turn, limits)
        try:
            async with asyncio.timeout(wait):
                return await anext(events)
        except TimeoutError:
            raise DeadlineExceededError(reason, "the orchestrator is late") from None
        except StopAsyncIteration:
            raise UnavailableError("STREAM_ENDED", "the orchestrator's answer ended early") from None

    def _patience(self, turn: Turn, limits: TurnLimits) -> tuple[float, str]:
        """Returns how long the next event may take, and what it is called when it takes longer."""
        if not turn.spoken:
            waited = self.clock.monotonic() - turn.wanted_at
            return max(0.0, limits.first_text - waited), "FIRST_WORDS_LATE"
        if turn.reply_complete:
            return limits.total, "TURN_LATE"
        return limits.idle, "REPLY_STALLED"

    async def _apply(self, turn: Turn, speaker: ReplySpeaker, event: TurnEvent) -> None:
        match event:
            case AgentTransition():
                turn.transitions.append(event)
                turn.agent = event.to_agent
            case Sentence():
                await speaker.say(event)
            case SpeechCompleted():
                if not turn.spoken:
                    raise UnavailableError("EMPTY_REPLY", "the orchestrator answered nothing")
                await speaker.finish()
            case EndCall() | Transfer():
                turn.action = event
            case Booking():
                self.session.notify()

    def _commit(self, turn: Turn, completed: TurnCompleted, told: tuple[TurnRecord, ...]) -> None:
        context = completed.context
        turn.agent = context.agent or turn.agent
        for transition in turn.transitions:
            self.transitions.note(transition)
        if self.session.accept(context, told, self.clock.now()) and context.score is not None:
            self.recorder.record(ScoreChanged(context.score, turn.turn_id))
        turn.recommendation = completed.escalation

    async def _resync(self) -> bool:
        """Brings the orchestrator's context and ours together; returns whether that worked."""
        request = self.session.sync_request()
        try:
            async with self.breaker.attempt():
                context = await self.orchestrator.sync_call_state(request, _SYNC_TIMEOUT_SECONDS)
        except ServiceError as error:
            _logger.warning("call state not synced", reason=error.reason, cause=error.cause)
            self.metrics.sync_failures.inc()
            return False
        self.session.accept(context, request.unsynced_entries, self.clock.now())
        return True
