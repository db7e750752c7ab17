"""Answers one turn: the orchestrator if it is in time, else the direct model, else a fixed prompt.

The fallback is decided anew with each turn. A sentence that a failing stream left unfinished is never spoken.
"""

import asyncio
from collections.abc import Callable
from contextlib import aclosing

from callwright_common.clock import Clock
from callwright_common.errors import ServiceError
from callwright_common.logs import get_logger
from voice_gateway.call_session import CallSession
from voice_gateway.conversation.direct_model import DirectModel
from voice_gateway.conversation.filler_choice import FillerChoice
from voice_gateway.conversation.orchestrated_reply import OrchestratedReplies, TurnLimits, TurnMetrics, note_first_text
from voice_gateway.conversation.reply_writer import ReplyWriter, Speech
from voice_gateway.conversation.turn import Turn
from voice_gateway.conversation_model import Opening, ReplySource, Silence, Words
from voice_gateway.premium_voice.escalation import Escalation

_logger = get_logger(__name__)


class TurnRunner:
    """Answers the turns of one call, one at a time; cancel `run` to fall silent."""

    def __init__(
        self,
        *,
        session: CallSession,
        speech: Speech,
        orchestrated: OrchestratedReplies,
        direct_model: DirectModel,
        escalation: Escalation,
        metrics: TurnMetrics,
        clock: Clock,
        limits: Callable[[], TurnLimits],
        on_action: Callable[[Turn], None],
    ) -> None:
        """Builds it.

        Args:
            session: The call.
            speech: Takes what is to be spoken.
            orchestrated: Answers first.
            direct_model: Answers when the orchestrator does not.
            escalation: The call's voice tier.
            metrics: Counts and times.
            clock: Tells the time.
            limits: Returns the limits of the next turn; they may change during a call.
            on_action: Told when a turn's reply is to be followed by an action.
        """
        self._session = session
        self._speech = speech
        self._orchestrated = orchestrated
        self._direct_model = direct_model
        self._escalation = escalation
        self._metrics = metrics
        self._clock = clock
        self._limits = limits
        self._on_action = on_action
        self._fillers = FillerChoice(session.campaign.prompts.fillers)

    async def run(self, turn: Turn) -> None:
        """Answers a turn; returns when the orchestrator has stored it or a fallback has been spoken."""
        limits = self._limits()
        writer = ReplyWriter(turn, self._speech, self._escalation)
        filler = asyncio.create_task(self._bridge(turn, writer, limits.filler_delay), name="filler")
        try:
            turn.agent = self._session.current_agent
            if self._session.integration_enabled and await self._orchestrated.speak(turn, writer, limits):
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
        elif turn.spoken[-1].endswith("?"):
            # The caller was asked something: whatever else was to be said, it is the caller's turn.
            await writer.finish(self._clock.monotonic())
            return
        try:
            await self._stream_direct(turn, writer)
        except ServiceError as error:
            _logger.error("the direct model did not answer the turn", reason=error.reason)
            writer.drop_unfinished()
        # A reply of one sentence is given to the voice only here, where its stream has ended.
        await writer.finish(self._clock.monotonic())
        if not writer.started:
            await self._speak_fixed(turn, writer, prompts.apology)

    async def _stream_direct(self, turn: Turn, writer: ReplyWriter) -> None:
        session = self._session
        pieces = self._direct_model.reply(session.campaign, tuple(session.history), turn.input, tuple(turn.spoken))
        async with aclosing(pieces):
            async for piece in pieces:
                now = self._clock.monotonic()
                if isinstance(piece, Words):
                    note_first_text(turn, now, self._metrics)
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
