"""What the caller's voice turned out to be: a turn with words, or a noise that lets the agent go on."""

from collections import deque
from dataclasses import dataclass, field

from pipecat.frames.frames import Frame, TranscriptionFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from dialogue import Listening, back_channel
from voice_gateway.media.frames import (
    CallerTurnEndedFrame,
    CallerTurnFrame,
    CallerVoicePausedFrame,
    CallerVoiceStartedFrame,
    NoWordsFrame,
)
from voice_gateway.media.twilio.line import TwilioLine

_UNDERSTOOD_SHARE = 0.8
"""A question of which so much was heard is answered by anything that is said to it."""


@dataclass(slots=True)
class _Turn:
    started_at: float
    ended_at: float
    over_agent: bool = False
    detected_at: float = 0.0
    earlier_words: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join([*self.earlier_words, *self.words]).strip()


class CallerTurns(FrameProcessor):
    """Pairs the boundaries of the caller's turns with their transcripts.

    A turn with words interrupts whatever the agent is saying or preparing, then goes on as a `CallerTurnFrame`. A turn
    without, and a backchannel during the agent's speech, becomes a `NoWordsFrame`, and the speech goes on. Words that
    become known when the caller is already speaking again are the beginning of what he is saying.
    """

    def __init__(self, line: TwilioLine) -> None:
        super().__init__(name="CallerTurns")
        self._line = line
        self._open: _Turn | None = None
        self._awaiting: deque[_Turn] = deque()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Follows the caller's turns; transcripts end here."""
        await super().process_frame(frame, direction)
        match frame:
            case TranscriptionFrame():
                await self._on_transcript(frame.text)
                return
            case CallerVoiceStartedFrame():
                self._open = self._open or _Turn(frame.at, frame.at)
                self._open.over_agent = self._open.over_agent or frame.over_agent
            case CallerVoicePausedFrame() if self._open is not None:
                self._open.ended_at = frame.at
        await self.push_frame(frame, direction)
        if isinstance(frame, CallerTurnEndedFrame):
            await self._on_turn_ended(frame.at)

    async def _on_turn_ended(self, at: float) -> None:
        turn, self._open = self._open, None
        if turn is None:
            return
        turn.detected_at = at
        if turn.words:
            await self._resolve(turn)
            return
        self._awaiting.append(turn)

    async def _on_transcript(self, text: str) -> None:
        if self._awaiting:
            turn = self._awaiting.popleft()
            turn.words.append(text)
            following = self._awaiting[0] if self._awaiting else self._open
            if turn.text and following is not None:
                self._join(turn, following)
            else:
                await self._resolve(turn)
        elif self._open is not None and text:
            self._open.words.append(text)

    @staticmethod
    def _join(turn: _Turn, following: _Turn) -> None:
        following.earlier_words.append(turn.text)
        following.started_at = turn.started_at
        following.over_agent = following.over_agent or turn.over_agent

    async def _resolve(self, turn: _Turn) -> None:
        text = turn.text
        if text and not (turn.over_agent and self._only_listens(text)):
            await self._speak_up(turn, text)
            return
        if self._open is None and not self._awaiting:
            self._line.resume()
        await self.push_frame(NoWordsFrame(turn.ended_at - turn.started_at, interrupted_agent=turn.over_agent))

    def _only_listens(self, text: str) -> bool:
        """Whether words over the agent's speech let it go on, given what he was asked in what he heard of it."""
        playout = self._line.playout
        listening = back_channel(text) if playout.unheard else None
        if listening is None or playout.question_heard >= _UNDERSTOOD_SHARE:
            return False
        return listening is Listening.LISTENS or not playout.question_heard

    async def _speak_up(self, turn: _Turn, text: str) -> None:
        # The ledger is settled before anybody hears of the interruption.
        await self._line.interrupt()
        await self.broadcast_interruption()  # type: ignore[no-untyped-call]
        await self.push_frame(
            CallerTurnFrame(
                text=text,
                speech_ended_at=turn.ended_at,
                turn_detected_at=turn.detected_at,
                transcribed_at=self._line.clock(),
            )
        )
