"""Telephone audio: 8 kHz µ-law on the wire, 16 bit samples for listening and for files."""

import audioop
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 8_000
FRAME_SAMPLES = 160
FRAME_SECONDS = FRAME_SAMPLES / SAMPLE_RATE
MULAW_SILENCE = b"\xff"

Samples = NDArray[np.int16]


def mulaw_to_samples(audio: bytes) -> Samples:
    """Returns the 16 bit samples of µ-law audio."""
    return np.frombuffer(audioop.ulaw2lin(audio, 2), dtype=np.int16)


def samples_to_mulaw(samples: Samples) -> bytes:
    """Returns 16 bit samples as µ-law audio."""
    return audioop.lin2ulaw(samples.astype("<i2").tobytes(), 2)


def line_noise(seconds: float, *, seed: int, amplitude: float = 6.0) -> bytes:
    """Returns quiet white noise as µ-law: what a telephone line carries when nobody speaks.

    Args:
        seconds: Length, rounded down to whole frames.
        seed: Makes the noise repeatable.
        amplitude: Standard deviation of the 16 bit samples.
    """
    count = int(seconds / FRAME_SECONDS) * FRAME_SAMPLES
    noise = np.random.default_rng(seed).normal(0.0, amplitude, count)
    return samples_to_mulaw(noise.round().astype(np.int16))


def write_stereo_wav(path: Path, left: bytes, right: bytes) -> None:
    """Writes two µ-law channels as a 16 bit stereo WAV file; the shorter one is filled with silence."""
    length = max(len(left), len(right))
    channels = [mulaw_to_samples(channel.ljust(length, MULAW_SILENCE)) for channel in (left, right)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(np.stack(channels, axis=1).astype("<i2").tobytes())
