"""Texts as they are spoken, and transcripts that are compared with them."""

from datetime import date, time

import pytest

from dialogue import comparable_words, spoken_date, spoken_text, spoken_time


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("It costs $180 a month.", "It costs one hundred eighty dollars a month."),
        ("$1.50", "one dollar and fifty cents"),
        ("$10-15k".replace("k", ",000"), "ten to fifteen thousand dollars"),
        ("$2.5 million", "two point five million dollars"),
        ("€20/month", "twenty euros a month"),
        ("at 3:30 p.m. on the 3rd", "at three thirty in the afternoon on the third"),
        ("At 10 AM.", "At ten in the morning."),
        ("25% off", "twenty-five percent off"),
        ("since 2009", "since two thousand nine"),
        ("Call +1 202 555 0123.", "Call one two zero two five five five zero one two three."),
        ("**Great**, see [our page](https://example.com/x?y=1).", "Great, see our page."),
        ("Visit https://www.example.com/pricing", "Visit example dot com"),
        ("- one\n- two", "one two"),
        ("e.g. a battery & panels", "for example a battery and panels"),
        ("2026-12-01", "December first"),
        ("3-5 weeks", "three to five weeks"),
        ("Dr. Miller", "Doctor Miller"),
        ("Great! 😀", "Great!"),
    ],
)
def test_spoken_text(text: str, spoken: str) -> None:
    assert spoken_text(text) == spoken


def test_times_and_dates() -> None:
    today = date(2026, 11, 23)
    assert spoken_time(time(9)) == "nine in the morning"
    assert spoken_time(time(12)) == "noon"
    assert spoken_time(time(15, 5)) == "three oh five in the afternoon"
    assert spoken_date(date(2026, 11, 24), today) == "tomorrow"
    assert spoken_date(date(2026, 11, 26), today) == "Thursday"
    assert spoken_date(date(2026, 12, 1), today) == "Tuesday, December first"


@pytest.mark.parametrize(
    ("spoken", "transcript"),
    [
        ("one hundred eighty dollars a month", "$180 a month"),
        ("ten thousand dollars", "$10,000"),
        ("at three thirty in the afternoon", "at 3:30 in the afternoon"),
        ("Tuesday, December first", "Tuesday December 1st"),
        ("twenty-five years", "25 years"),
        ("around one hundred or two hundred dollars", "around 100 or 200 dollars"),
    ],
)
def test_a_transcript_of_spoken_words_is_comparable(spoken: str, transcript: str) -> None:
    assert comparable_words(spoken) == comparable_words(transcript)
