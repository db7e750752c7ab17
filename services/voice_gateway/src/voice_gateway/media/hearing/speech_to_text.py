"""Speech recognition in a call: the port to a recogniser, and the processor that feeds it one call's utterances.

`SpeechToText` takes the frames that the transport pushes per utterance and pushes one final `TranscriptionFrame` per
caller turn, also when nothing was said (its text is empty then). It begins to transcribe as soon as the voice pauses,
while it is still open whether the turn is over, and says upstream whether the words so far are complete; if the caller
goes on, the turn is transcribed anew as a whole. Pipecat's own STT services fit into its place.
"""

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pipecat.frames.frames import CancelFrame, EndFrame, Frame, InputAudioRawFrame, TranscriptionFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from callwright_common.logs import get_logger
from callwright_common.supervision import end_tasks
from callwright_common.text import clean_text
from dialogue import ExpectedAnswer
from voice_gateway.media.frames import (
    AnswerExpectedFrame,
    CallerTurnEndedFrame,
    CallerVoicePausedFrame,
    CallerVoiceStartedFrame,
    PauseJudgedFrame,
)
from voice_gateway.media.hearing.utterance_end import is_complete
from voice_gateway.media.mulaw import SAMPLE_RATE
from voice_gateway.metrics import GatewayMetrics

_logger = get_logger(__name__)

_MAX_UTTERANCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of an utterance; empty if there were none.

    Attributes:
        text: The words.
        confident: The model was sure of them.
    """

    text: str
    confident: bool = True


class SpeechRecognizer(Protocol):
    """Turns utterances into words."""

    async def transcribe(self, samples: NDArray[np.int16], expected: ExpectedAnswer | None = None) -> Transcript:
        """Returns the words of an utterance at 8 kHz, given what may be heard.

        Raises:
            RecognitionError: if it is overloaded, too slow or broken.
        """


class RecognitionError(Exception):
    """An utterance could not be transcribed. Attribute `reason`: `overloaded`, `timeout` or `failed`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SpeechToText(FrameProcessor):
    """Transcribes one call's utterances."""

    def __init__(self, recognizer: SpeechRecognizer, metrics: GatewayMetrics) -> None:
        super().__init__(name="SpeechToText")
        self._recognizer = recognizer
        self._transcription = metrics.transcription
        self._audio = bytearray()
        self._expected: ExpectedAnswer | None = None
        self._in_turn = False
        self._speculation: asyncio.Task[str] | None = None
        self._finishing: set[asyncio.Task[None]] = set()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Collects the utterance's audio; passes everything else on."""
        await super().process_frame(frame, direction)
        if isinstance(frame, InputAudioRawFrame):
            room = 2 * SAMPLE_RATE * _MAX_UTTERANCE_SECONDS - len(self._audio)
            self._audio += frame.audio[: max(0, room)]
            return
        if isinstance(frame, AnswerExpectedFrame):
            self._expected = frame.expected
            return
        if isinstance(frame, CallerVoiceStartedFrame):
            self._start()
        elif isinstance(frame, CallerVoicePausedFrame):
            self._speculate()
        elif isinstance(frame, CallerTurnEndedFrame):
            await self.push_frame(frame, direction)
            self._finish()
            return
        elif isinstance(frame, CancelFrame | EndFrame):
            await self._cancel_all()
        await self.push_frame(frame, direction)

    async def cleanup(self) -> None:
        """Ends what is still being transcribed."""
        await self._cancel_all()
        await super().cleanup()  # type: ignore[no-untyped-call]

    def _start(self) -> None:
        if not self._in_turn:
            self._in_turn = True
            self._audio.clear()
        self._discard()

    def _speculate(self) -> None:
        self._discard()
        samples = np.frombuffer(bytes(self._audio), dtype=np.int16)
        self._speculation = self.create_task(self._transcribe(samples), "transcription")

    def _finish(self) -> None:
        if self._speculation is None:
            self._speculate()
        speculation, self._speculation = self._speculation, None
        self._in_turn = False
        if speculation is not None:
            task = self.create_task(self._deliver(speculation), "transcript")
            self._finishing.add(task)
            task.add_done_callback(self._finishing.discard)

    def _discard(self) -> None:
        if self._speculation is not None:
            self._speculation.cancel()
            self._transcribed("discarded", 0.0)
            self._speculation = None

    async def _transcribe(self, samples: NDArray[np.int16]) -> str:
        asked_at = monotonic()
        try:
            text = clean_text((await self._recognizer.transcribe(samples, self._expected)).text).strip()
        except RecognitionError as error:
            _logger.warning("speech was not recognised", reason=error.reason)
            self._transcribed("failed", monotonic() - asked_at)
            return ""
        self._transcribed("words" if text else "empty", monotonic() - asked_at)
        judged = PauseJudgedFrame(complete=is_complete(text))
        await self.push_frame(judged, FrameDirection.UPSTREAM)
        return text

    def _transcribed(self, outcome: str, seconds: float) -> None:
        self._transcription.labels(outcome=outcome).observe(seconds)

    async def _deliver(self, speculation: asyncio.Task[str]) -> None:
        frame = TranscriptionFrame(await speculation, user_id="caller", timestamp="", finalized=True)
        # An interruption must not drop the words that cause it.
        frame.interruptible = False
        await self.push_frame(frame)

    async def _cancel_all(self) -> None:
        tasks = [*self._finishing, *([self._speculation] if self._speculation else [])]
        self._speculation = None
        await end_tasks(*tasks)
