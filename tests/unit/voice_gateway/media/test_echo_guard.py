import numpy as np
import pytest

from fakes.clock import ManualClock
from voice_gateway.media import mulaw
from voice_gateway.media.hearing.echo_guard import EchoGuard


def tone(rms_db: float) -> bytes:
    """Returns 20 ms of a tone at a level in dB of full scale."""
    wave = np.sin(np.arange(160) * 2 * np.pi * 400 / 8000) * np.sqrt(2) * 32768 * 10 ** (rms_db / 20)
    return mulaw.encode(wave.astype(np.int16))


def level(floor: float) -> float:
    return float(20 * np.log10(floor))


def test_an_echo_stays_below_the_floor_and_a_caller_does_not() -> None:
    clock = ManualClock()
    guard = EchoGuard(clock.monotonic)
    for rms_db in (-40, -20, -30, -26):
        guard.written(tone(rms_db))
        clock.advance(0.02)
    assert -20 - 25 < level(guard.floor) < -40
    assert level(guard.floor) == pytest.approx(-42, abs=0.5)


def test_loud_speech_is_forgotten_once_its_echo_has_passed() -> None:
    clock = ManualClock()
    guard = EchoGuard(clock.monotonic)
    guard.written(tone(-10))
    clock.advance(1.0)
    guard.written(tone(-30))
    assert level(guard.floor) == pytest.approx(-32, abs=0.5)
    clock.advance(1.0)
    assert level(guard.floor) == pytest.approx(-52, abs=0.5)
    clock.advance(1.0)
    assert guard.floor == 0.0
