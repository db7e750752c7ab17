from dataclasses import dataclass

import pytest

from voice_gateway.whisper_recognizer import accept_segments


@dataclass
class Segment:
    text: str
    no_speech_prob: float = 0.05
    avg_logprob: float = -0.3
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


def test_a_loop_is_heard_once_and_not_trusted() -> None:
    transcript = accept_segments([Segment(" Yes, yes," + " yes," * 60, compression_ratio=20.0)], seconds=1.0)
    assert not transcript.confident
    assert len(transcript.text.split()) < 8


def test_more_words_than_can_be_said_are_not_trusted() -> None:
    text = "one two three four five six seven eight nine ten eleven"
    assert not accept_segments([Segment(text)], seconds=1.0).confident
    assert accept_segments([Segment(text)], seconds=4.0).confident


def test_a_sentence_written_twice_is_not_trusted() -> None:
    text = "We pay about $240 a month. We pay about $240 dollars a month."
    assert not accept_segments([Segment(text)], seconds=3.4).confident
    assert accept_segments([Segment("We pay what we pay for it.")], seconds=3.4).confident
