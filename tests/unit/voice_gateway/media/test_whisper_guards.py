from dataclasses import dataclass

import pytest

from voice_gateway.media.hearing.speech_to_text import Transcript
from voice_gateway.media.hearing.whisper_recognizer import accept_segments, salvaged


@dataclass
class Segment:
    text: str
    no_speech_prob: float = 0.05
    avg_logprob: float = -0.2
    compression_ratio: float = 1.0


def test_plain_speech_is_kept() -> None:
    transcript = accept_segments([Segment(" Yes,"), Segment(" that works for me. ")], seconds=2.0)
    assert transcript.text == "Yes, that works for me."
    assert transcript.confident


@pytest.mark.parametrize(
    "segment",
    [
        Segment(" Thank you.", no_speech_prob=0.5),
        Segment(" you", avg_logprob=-1.1),
        Segment(" Thanks for watching!", no_speech_prob=0.4),
        Segment(" Okay, sure.", no_speech_prob=0.8, avg_logprob=-0.7),
        Segment(" Something.", avg_logprob=-2.0),
        Segment(" [Music]"),
        Segment(" (wind blowing)"),
        Segment(" ♪"),
        Segment(" ..."),
    ],
)
def test_what_whisper_makes_up_is_dropped(segment: Segment) -> None:
    assert accept_segments([segment], seconds=1.0).text == ""


@pytest.mark.parametrize("text", ["Thank you.", "No.", "240.", "So what?"])
def test_short_answers_are_kept_when_they_were_said(text: str) -> None:
    assert accept_segments([Segment(text)], seconds=1.0).text == text


def test_a_loop_is_not_trusted_and_heard_once() -> None:
    transcript = accept_segments([Segment(" Yes, yes," + " yes," * 60, compression_ratio=20.0)], seconds=1.0)
    assert not transcript.confident
    assert salvaged(transcript).text == "Yes"


def test_more_words_than_can_be_said_are_not_trusted() -> None:
    text = "one two three four five six seven eight nine ten eleven"
    assert not accept_segments([Segment(text)], seconds=1.0).confident
    assert accept_segments([Segment(text)], seconds=4.0).confident


@pytest.mark.parametrize(
    "text",
    [
        "We pay about $240 a month. We pay about $240 dollars a month.",
        "Within two months, if that is possible. If that is possible.",
        "4 4",
        "$ about $ $ $ $",
        "about $ a month",
    ],
)
def test_what_comes_again_and_symbols_are_not_trusted(text: str) -> None:
    assert not accept_segments([Segment(text)], seconds=3.4).confident


@pytest.mark.parametrize("text", ["We pay what we pay for it.", "No, no, it is 240.", "Not 200, 300.", "$1,250.50"])
def test_what_people_say_is_trusted(text: str) -> None:
    assert accept_segments([Segment(text)], seconds=3.4).confident


def test_words_that_whisper_is_not_sure_of_are_decoded_again() -> None:
    assert not accept_segments([Segment("I see.", avg_logprob=-0.64)], seconds=1.0).confident
    assert not accept_segments([Segment("Something.", avg_logprob=-2.0)], seconds=1.0).confident
    assert accept_segments([Segment("you", no_speech_prob=0.9, avg_logprob=-1.2)], seconds=1.0) == Transcript("")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$ about $ $ $ $", ""),
        ("$ $", ""),
        ("Within two months, if that is possible. If that is possible.", "Within two months, if that is possible."),
        ("4 4", "4"),
        ("No, no, it is 240.", "No, no, it is 240."),
        ("No, no, no, it is 240.", "No, it is 240."),
        ("about $240 a month, about $240 a month, about $240 a month, about", "about $240 a month"),
        ("", ""),
    ],
)
def test_a_last_attempt_is_words_said_once_or_nothing(text: str, words: str) -> None:
    assert salvaged(Transcript(text, confident=False)).text == words
