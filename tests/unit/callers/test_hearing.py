"""A caller's ear tells speech from silence."""

import numpy as np
import pytest

from callers.hearing import SpeechDetector
from phone_simulator.telephone_audio import FRAME_SAMPLES, SAMPLE_RATE, line_noise, samples_to_mulaw


def tone(seconds: float) -> bytes:
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return samples_to_mulaw(np.asarray(4000 * np.sin(2 * np.pi * 120 * time), dtype=np.int16))


def listen(ear: SpeechDetector, audio: bytes) -> None:
    for start in range(0, len(audio), FRAME_SAMPLES):
        ear.feed(audio[start : start + FRAME_SAMPLES])


def test_speech_is_found_between_silences() -> None:
    ear = SpeechDetector()
    quiet = line_noise(0.5, seed=2)
    listen(ear, quiet)
    assert ear.speech_start is None
    listen(ear, tone(1.0))
    listen(ear, quiet)

    assert ear.speech_start == 4000
    assert ear.speech == pytest.approx(1.0, abs=0.03)
    assert ear.silence == pytest.approx(0.5, abs=0.03)

    ear.reset()
    assert (ear.speech_start, ear.silence) == (None, 0.0)
