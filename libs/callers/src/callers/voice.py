"""A caller's voice: Piper at another speed and pitch, as telephone audio."""

import asyncio
import io
import wave

import httpx
import numpy as np
import soxr  # type: ignore[import-untyped]

from phone_simulator.telephone_audio import SAMPLE_RATE, samples_to_mulaw

PEAK = 16_000
SYNTHESIS_TIMEOUT_SECONDS = 30.0
MAX_CACHED_LINES = 200


class VoiceError(Exception):
    """The speech server does not speak; the text says which and why."""


class CallerVoice:
    """Speaks lines through Piper's HTTP server and keeps what it has spoken.

    The pitch is shifted by resampling, which also changes the tempo; Piper's length scale takes the tempo back.
    """

    def __init__(self, http: httpx.AsyncClient, piper_url: str, *, speed: float, pitch: float) -> None:
        self._http = http
        self._url = piper_url.rstrip("/") + "/synthesize"
        self._speed = speed
        self._pitch = pitch
        self._lines: dict[str, bytes] = {}

    async def speak(self, text: str) -> bytes:
        """Returns a line as µ-law audio.

        Raises:
            VoiceError: if Piper does not answer.
        """
        audio = self._lines.get(text)
        if audio is None:
            body = {"text": text, "length_scale": self._pitch / self._speed}
            try:
                response = await self._http.post(self._url, json=body, timeout=SYNTHESIS_TIMEOUT_SECONDS)
                response.raise_for_status()
            except httpx.HTTPError as error:
                raise VoiceError(f"Piper at {self._url}: {type(error).__name__}: {error}".rstrip(": ")) from error
            audio = await asyncio.to_thread(self._to_telephone, response.content)
            if len(self._lines) < MAX_CACHED_LINES:
                self._lines[text] = audio
        return audio

    def _to_telephone(self, content: bytes) -> bytes:
        with wave.open(io.BytesIO(content)) as file:
            rate = file.getframerate()
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16).astype(np.float32)
        resampled = soxr.resample(samples, rate * self._pitch, SAMPLE_RATE)
        loudest = float(np.abs(resampled).max(initial=1.0))
        return samples_to_mulaw((resampled * min(1.0, PEAK / loudest)).astype(np.int16))
