"""Word errors, pitch and the attribution of played audio to replies."""

import numpy as np
import pytest

from callwright_cli.verification.played_replies import played_replies
from callwright_cli.verification.voice_measure import (
    audible_seconds,
    fundamental_frequencies,
    has_changed,
    measure_voice,
)
from callwright_cli.verification.word_errors import spoken_form, word_errors
from phone_simulator.playout import PlayoutBuffer
from phone_simulator.telephone_audio import SAMPLE_RATE, Samples, line_noise, mulaw_to_samples


def buzz(hertz: float, seconds: float = 1.0) -> Samples:
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    wave = sum(np.sin(2 * np.pi * hertz * harmonic * time) / harmonic for harmonic in range(1, 7))
    return np.asarray(4000 * wave, dtype=np.int16)


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("It is ten thirty.", "It's 10:30."),
        ("Tuesday at ten in the morning", "Tuesday at 10 in the morning"),
        ("at half", "At half!"),
        ("November twenty-fourth", "November 24th"),
        ("two hundred and forty dollars a month", "$240 a month"),
        ("a twenty-five year warranty", "a 25-year warranty"),
        ("Okay, more than fifty percent", "OK, more than 50%"),
        ("at nine a.m.", "at 9 AM"),
        ("twenty-two thousand dollars", "$22,000"),
        ("Is it at ten thirty?", "Is it at 1030?"),
    ],
)
def test_the_same_words_written_differently_are_no_error(written: str, heard: str) -> None:
    assert [word for word in spoken_form(written) if word != "and"] == spoken_form(heard)


def test_word_errors_are_counted() -> None:
    assert word_errors("one two three four", "one two tree four five") == (2, 4)
    assert word_errors("one two", "") == (2, 2)
    assert word_errors("", "uh") == (1, 0)
    assert word_errors("", "") == (0, 0)


@pytest.mark.parametrize("hertz", [85.0, 110.0, 180.0, 250.0])
def test_pitch_is_measured_within_three_percent(hertz: float) -> None:
    assert np.median(fundamental_frequencies(buzz(hertz))) == pytest.approx(hertz, rel=0.03)


def test_silence_and_noise_have_no_pitch() -> None:
    noise = mulaw_to_samples(line_noise(1.0, seed=1))
    assert len(fundamental_frequencies(noise)) == 0
    assert measure_voice([(noise, 3)]) is None
    assert audible_seconds(np.concatenate([noise, buzz(100.0)])) == pytest.approx(1.0, abs=0.03)


def test_two_voices_are_told_apart_and_one_is_not() -> None:
    low = measure_voice([(buzz(108.0), 3), (buzz(112.0), 3)])
    same = measure_voice([(buzz(111.0), 3), (buzz(109.0), 3)])
    high = measure_voice([(buzz(126.0), 3), (buzz(128.0), 3)])
    assert low is not None
    assert same is not None
    assert high is not None
    assert has_changed(low, high)
    assert not has_changed(low, same)


def _tone(milliseconds: int) -> bytes:
    return b"\x10" * (milliseconds * 8)


def test_played_audio_is_attributed_by_the_marks_names_fillers_aside() -> None:
    playout = PlayoutBuffer()
    playout.append(_tone(400))
    playout.mark("0:1:filler:t-1")
    playout.append(_tone(1000))
    playout.mark("0:2:answer:t-1")
    playout.append(_tone(600))
    playout.mark("0:3:answer:t-2")
    playout.advance(8 * 3000)

    replies = played_replies(playout)

    assert {turn_id: reply.milliseconds for turn_id, reply in replies.items()} == {"t-1": 1000, "t-2": 600}
    assert np.array_equal(replies["t-1"].audio, mulaw_to_samples(bytes(playout.line[3200:11200])))
    assert len(replies["t-2"].audio) == 4800


def test_only_what_was_played_before_a_clear_counts() -> None:
    playout = PlayoutBuffer()
    playout.append(_tone(200))
    playout.mark("0:1:answer:t-1")
    playout.append(_tone(700))
    playout.advance(8 * 500)
    playout.clear()
    playout.append(_tone(300))
    playout.mark("1:2:answer:t-2")
    playout.advance(8 * 2000)

    replies = played_replies(playout)

    assert {turn_id: reply.milliseconds for turn_id, reply in replies.items()} == {"t-1": 500, "t-2": 300}


def test_foreign_marks_name_no_reply() -> None:
    playout = PlayoutBuffer()
    playout.append(_tone(200))
    playout.mark("whatever")
    playout.advance(8 * 500)
    assert played_replies(playout) == {}
