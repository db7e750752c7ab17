"""The orchestrator's reply to a turn: streamed to the voice while it arrives, within limits of time.

The words are spoken before the turn is committed. A turn that is left before that is in doubt: what was heard of it
goes to the orchestrator with the next request, as with every other turn.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from callwright_common.breaker import CircuitBreaker
from callwright_common.clock import Clock
from callwright_common.errors import AbortedError, DeadlineExceededError, ServiceError, UnavailableError
from callwright_common.logs import get_logger
from voice_gateway.call_events import AgentTransitioned, CallEventRecorder, ScoreChanged
from voice_gateway.call_session import CallSession
from voice_gateway.conversation.reply_writer import ReplyWriter
from voice_gateway.conversation.turn import Turn
from voice_gateway.conversation_model import (
    AgentTransition,
    AppointmentBooked,
    CallFacts,
    CallResult,
    EndRequested,
    EscalationAdvice,
    SpeechCompleted,
    TransferRequested,
    TurnCompleted,
    TurnEntry,
    TurnEvent,
    TurnRequest,
    Words,
    WorkflowMirror,
)

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
    """The agent orchestrator."""

    def process_turn(self, request: TurnRequest, timeout: float) -> AsyncGenerator[TurnEvent, None]:
        """Yields the events of a turn."""
        ...

    async def sync_call_state(
        self,
        call_id: str,
        base_revision: int,
        unsynced: Sequence[TurnEntry],
        facts: CallFacts,
        mirror: WorkflowMirror | None,
        timeout: float,
    ) -> WorkflowMirror:
        """Brings both views of a call together."""
        ...

    async def end_call(self, call_id: str, reason: str, unsynced: Sequence[TurnEntry], timeout: float) -> CallResult:
        """Ends the conversation."""
        ...


class TurnMetrics(Protocol):
    """What the runner counts and times."""

    def fallback(self, reason: str) -> None:
        """Counts a turn that the orchestrator did not answer."""
        ...

    def first_text(self, source: str, seconds: float) -> None:
        """Times the first words of a reply."""
        ...

    def transition(self, to_agent: str) -> None:
        """Counts a change of the agent."""
        ...

    def sync_failed(self) -> None:
        """Counts a resync that failed."""
        ...


class OrchestratedReplies:
    """Lets the orchestrator answer the turns of one call."""

    def __init__(
        self,
        *,
        session: CallSession,
        orchestrator: Orchestrator,
        breaker: CircuitBreaker,
        recorder: CallEventRecorder,
        metrics: TurnMetrics,
        clock: Clock,
        on_advice: Callable[[EscalationAdvice, Turn], None],
        on_action: Callable[[Turn], None],
    ) -> None:
        """Builds it.

        Args:
            session: The call.
            orchestrator: Answers.
            breaker: Guards it.
            recorder: Takes the transitions and scores of committed turns.
            metrics: Counts and times.
            clock: Tells the time.
            on_advice: Told with each committed turn what the orchestrator thinks of the premium voice.
            on_action: Told when a turn's reply is to be followed by an action.
        """
        self._session = session
        self._orchestrator = orchestrator
        self._breaker = breaker
        self._recorder = recorder
        self._metrics = metrics
        self._clock = clock
        self._on_advice = on_advice
        self._on_action = on_action

    async def speak(self, turn: Turn, writer: ReplyWriter, limits: TurnLimits) -> bool:
        """Speaks the reply; returns False if a fallback has to speak, or to go on where the reply broke off."""
        for last_try in (False, True):
            try:
                async with self._breaker.attempt():
                    turn.orchestrated = True
                    await self._stream(turn, writer, limits)
            except ServiceError as error:
                outdated = isinstance(error, AbortedError) and not writer.started and not last_try
                if outdated and await self._resync():
                    continue
                return await self._after_failure(turn, writer, error)
            else:
                self._session.integration.fallback_active = False
                return True
        return False

    async def _after_failure(self, turn: Turn, writer: ReplyWriter, error: ServiceError) -> bool:
        """Notes a failed turn; returns whether its reply was spoken to the end all the same."""
        reason = error.reason.lower()
        _logger.warning(
            "the orchestrator did not answer the turn", reason=reason, cause=error.cause, spoken=len(turn.spoken)
        )
        self._session.note_failure()
        writer.drop_unfinished()
        if turn.reply_complete:
            return True
        self._session.integration.fallback_active = True
        self._metrics.fallback(reason)
        turn.partial = writer.started
        return False

    async def _stream(self, turn: Turn, writer: ReplyWriter, limits: TurnLimits) -> None:
        session = self._session
        told = tuple(session.unsynced.values())
        request = TurnRequest(
            call_id=session.call_id,
            turn_id=turn.turn_id,
            input=turn.input,
            base_revision=session.revision,
            unsynced=told,
            facts=session.facts(),
            first_text_seconds=limits.first_text,
        )
        async with aclosing(self._orchestrator.process_turn(request, limits.total)) as events:
            while True:
                event = await self._next_event(events, turn, limits)
                if isinstance(event, TurnCompleted):
                    self._commit(turn, event, told)
                    return
                await self._apply(turn, writer, event)

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
        waited = self._clock.monotonic() - turn.asked_at
        if turn.first_text_at is None:
            return max(0.0, limits.first_text - waited), "FIRST_WORDS_LATE"
        if turn.reply_complete:
            return limits.total, "TURN_LATE"
        if turn.spoken:
            return limits.idle, "REPLY_STALLED"
        # Words that trickle in are not heard before they are a sentence.
        return max(0.0, min(limits.idle, 2 * limits.first_text - waited)), "REPLY_STALLED"

    async def _apply(self, turn: Turn, writer: ReplyWriter, event: TurnEvent) -> None:
        now = self._clock.monotonic()
        match event:
            case AgentTransition():
                turn.transitions.append(event)
                turn.agent = event.to_agent
            case Words(text):
                note_first_text(turn, now, self._metrics)
                await writer.add(text, now)
            case SpeechCompleted(text):
                if turn.first_text_at is None and text:
                    note_first_text(turn, now, self._metrics)
                    await writer.add(text, now)
                await writer.finish(now)
                if not writer.started:
                    turn.reply_complete = False
                    raise UnavailableError("EMPTY_REPLY", "the orchestrator answered nothing")
            case EndRequested() | TransferRequested():
                turn.action = event
                self._on_action(turn)
            case AppointmentBooked():
                self._session.notify()

    def _commit(self, turn: Turn, completed: TurnCompleted, told: tuple[TurnEntry, ...]) -> None:
        turn.agent = completed.context.agent or turn.agent
        for transition in turn.transitions:
            self._session.agent_transition_history.append(transition)
            self._recorder.record(AgentTransitioned(transition))
            self._metrics.transition(transition.to_agent.value)
        if self._session.accept(completed.context, told, self._clock.now()) and completed.context.score is not None:
            self._recorder.record(ScoreChanged(completed.context.score, turn.turn_id))
        if completed.escalation is not None:
            self._on_advice(completed.escalation, turn)

    async def _resync(self) -> bool:
        """Brings the orchestrator's context and ours together; returns whether that worked."""
        session = self._session
        told = tuple(session.unsynced.values())
        try:
            async with self._breaker.attempt():
                mirror = await self._orchestrator.sync_call_state(
                    session.call_id, session.revision, told, session.facts(), session.mirror, _SYNC_TIMEOUT_SECONDS
                )
        except ServiceError as error:
            _logger.warning("call state not synced", reason=error.reason, cause=error.cause)
            self._metrics.sync_failed()
            return False
        session.accept(mirror, told, self._clock.now())
        return True


def note_first_text(turn: Turn, now: float, metrics: TurnMetrics) -> None:
    """Notes when the first words of a turn's reply came."""
    if turn.first_text_at is None:
        turn.first_text_at = now
        metrics.first_text(turn.source.value, now - turn.asked_at)
