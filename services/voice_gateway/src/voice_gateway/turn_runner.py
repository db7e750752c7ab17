"""Answers one turn: the orchestrator if it is in time, else the direct model, else a fixed prompt.

The fallback is decided anew with each turn. A sentence that a failing stream left unfinished is never spoken.
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
from voice_gateway.conversation_model import (
    AgentTransition,
    AppointmentBooked,
    CallFacts,
    CallResult,
    EndRequested,
    EscalationAdvice,
    Opening,
    ReplySource,
    Silence,
    SpeechCompleted,
    TransferRequested,
    TurnCompleted,
    TurnEntry,
    TurnEvent,
    TurnRequest,
    Words,
    WorkflowMirror,
)
from voice_gateway.direct_model import DirectModel
from voice_gateway.escalation import Escalation
from voice_gateway.filler_choice import FillerChoice
from voice_gateway.reply_writer import ReplyWriter, Speech
from voice_gateway.turn import Turn

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


class TurnRunner:
    """Answers the turns of one call, one at a time; cancel `run` to fall silent."""

    def __init__(
        self,
        session: CallSession,
        speech: Speech,
        orchestrator: Orchestrator,
        breaker: CircuitBreaker,
        direct_model: DirectModel,
        escalation: Escalation,
        recorder: CallEventRecorder,
        metrics: TurnMetrics,
        clock: Clock,
        limits: Callable[[], TurnLimits],
        on_advice: Callable[[EscalationAdvice, Turn], None],
        on_action: Callable[[Turn], None],
    ) -> None:
        self._session = session
        self._speech = speech
        self._orchestrator = orchestrator
        self._breaker = breaker
        self._direct_model = direct_model
        self._escalation = escalation
        self._recorder = recorder
        self._metrics = metrics
        self._clock = clock
        self._limits = limits
        self._on_advice = on_advice
        self._on_action = on_action
        self._fillers = FillerChoice(session.campaign.prompts.fillers)

    async def run(self, turn: Turn) -> None:
        """Answers a turn; returns when the orchestrator has stored it or a fallback has been spoken."""
        limits = self._limits()
        writer = ReplyWriter(turn, self._speech, self._escalation)
        filler = asyncio.create_task(self._bridge(turn, writer, limits.filler_delay), name="filler")
        try:
            turn.agent = self._session.current_agent
            if self._session.integration_enabled and await self._ask_orchestrator(turn, writer, limits):
                return
            await self._fall_back(turn, writer)
        finally:
            filler.cancel()
            await asyncio.gather(filler, return_exceptions=True)
            # A reply that was cut short is closed too, so that the line does not wait for its rest.
            await writer.end()

    async def speak_prompt(self, turn: Turn, text: str) -> None:
        """Answers a turn with a fixed text."""
        writer = ReplyWriter(turn, self._speech, self._escalation)
        await self._speak_fixed(turn, writer, text)

    async def _bridge(self, turn: Turn, writer: ReplyWriter, delay: float) -> None:
        if isinstance(turn.input, Opening | Silence):
            return
        await asyncio.sleep(max(0.0, delay - (self._clock.monotonic() - turn.asked_at)))
        await writer.filler(self._fillers.next())

    async def _ask_orchestrator(self, turn: Turn, writer: ReplyWriter, limits: TurnLimits) -> bool:
        """Speaks the orchestrator's reply; returns False if a fallback has to speak, or to go on."""
        for last_try in (False, True):
            try:
                async with self._breaker.attempt():
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
        _logger.warning("the orchestrator did not answer the turn", reason=reason, spoken=len(turn.spoken))
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
        now = self._clock.monotonic()
        if turn.first_text_at is None:
            wait, reason = max(0.0, turn.asked_at + limits.first_text - now), "FIRST_WORDS_LATE"
        elif turn.reply_complete:
            wait, reason = limits.total, "TURN_LATE"
        else:
            wait, reason = limits.idle if turn.spoken else min(limits.idle, limits.first_text), "REPLY_STALLED"
        try:
            async with asyncio.timeout(wait):
                return await anext(events)
        except TimeoutError:
            raise DeadlineExceededError(reason, "the orchestrator is late") from None
        except StopAsyncIteration:
            raise UnavailableError("STREAM_ENDED", "the orchestrator's answer ended early") from None

    async def _apply(self, turn: Turn, writer: ReplyWriter, event: TurnEvent) -> None:
        now = self._clock.monotonic()
        match event:
            case AgentTransition():
                turn.transitions.append(event)
                turn.agent = event.to_agent
            case Words(text):
                self._note_first_text(turn, now)
                await writer.add(text, now)
            case SpeechCompleted(text):
                if turn.first_text_at is None and text:
                    self._note_first_text(turn, now)
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

    def _note_first_text(self, turn: Turn, now: float) -> None:
        if turn.first_text_at is None:
            turn.first_text_at = now
            self._metrics.first_text(turn.source.value, now - turn.asked_at)

    def _commit(self, turn: Turn, completed: TurnCompleted, told: tuple[TurnEntry, ...]) -> None:
        turn.committed = True
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
            _logger.warning("call state not synced", reason=error.reason)
            self._metrics.sync_failed()
            return False
        session.accept(mirror, told, self._clock.now())
        return True

    async def _fall_back(self, turn: Turn, writer: ReplyWriter) -> None:
        """Speaks the direct model's reply, or goes on with it where the orchestrator's broke off."""
        prompts = self._session.campaign.prompts
        if isinstance(turn.input, Opening):
            await self._speak_fixed(turn, writer, self._session.campaign.opening)
            return
        if isinstance(turn.input, Silence):
            await self._speak_fixed(turn, writer, prompts.still_there)
            return
        if not writer.started:
            turn.source = ReplySource.DIRECT_MODEL
        try:
            await self._stream_direct(turn, writer)
        except ServiceError as error:
            _logger.error("the direct model did not answer the turn", reason=error.reason)
            writer.drop_unfinished()
        if writer.started:
            await writer.finish(self._clock.monotonic())
        else:
            await self._speak_fixed(turn, writer, prompts.apology)

    async def _stream_direct(self, turn: Turn, writer: ReplyWriter) -> None:
        session = self._session
        pieces = self._direct_model.reply(session.campaign, tuple(session.history), turn.input, tuple(turn.spoken))
        async with aclosing(pieces):
            async for piece in pieces:
                now = self._clock.monotonic()
                if isinstance(piece, Words):
                    self._note_first_text(turn, now)
                    await writer.add(piece.text, now)
                else:
                    turn.action = piece
                    self._on_action(turn)

    async def _speak_fixed(self, turn: Turn, writer: ReplyWriter, text: str) -> None:
        now = self._clock.monotonic()
        turn.source = ReplySource.PROMPT
        turn.first_text_at = turn.first_text_at or now
        await writer.add(text, now)
        await writer.finish(now)
