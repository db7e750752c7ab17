"""What a caller makes of the agent's words, misheard ones included."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from callers.question_matching import QuestionMatcher
from callers.spoken_times import SpokenTime, spoken_times
from callers.topics import Subject, Topic
from callers.understanding import Comprehension
from callwright_common.campaign import load_campaign

CAMPAIGN = load_campaign(Path(__file__).parents[3] / "campaigns" / "sunline-solar.yaml")
understand = Comprehension(QuestionMatcher(CAMPAIGN.questions)).understand

TUESDAY, WEDNESDAY = 1, 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tuesday at 10 in the morning", [SpokenTime(TUESDAY, None, 10, 0)]),
        ("Tuesday at ten", [SpokenTime(TUESDAY, None, 10, 0)]),
        ("Tuesday at 1030", [SpokenTime(TUESDAY, None, 10, 30)]),
        ("Tuesday at 10:30 a.m.", [SpokenTime(TUESDAY, None, 10, 30)]),
        ("Tuesday at ten thirty", [SpokenTime(TUESDAY, None, 10, 30)]),
        ("Tuesday at half past nine", [SpokenTime(TUESDAY, None, 9, 30)]),
        ("Tuesday at two", [SpokenTime(TUESDAY, None, 14, 0)]),
        ("Tuesday at noon", [SpokenTime(TUESDAY, None, 12, 0)]),
        ("Tuesday, November 24th at 2 p.m.", [SpokenTime(TUESDAY, 24, 14, 0)]),
        ("Tuesday the twenty-fourth at nine o'clock", [SpokenTime(TUESDAY, 24, 9, 0)]),
        (
            "Tuesday, November 24th at 9 or 11, or Wednesday at 2 in the afternoon",
            [SpokenTime(TUESDAY, 24, 9, 0), SpokenTime(TUESDAY, 24, 11, 0), SpokenTime(WEDNESDAY, None, 14, 0)],
        ),
        (
            "I could offer tomorrow at 9 in the morning or Tuesday at 1 in the afternoon.",
            [SpokenTime(None, None, 9, 0, days_ahead=1), SpokenTime(TUESDAY, None, 13, 0)],
        ),
        ("It costs fifteen to twenty thousand dollars.", []),
    ],
)
def test_times_are_found(text: str, expected: list[SpokenTime]) -> None:
    assert spoken_times(text) == expected


def test_a_time_is_compared_with_what_was_said_of_it() -> None:
    monday = date(2026, 11, 23)
    tuesday = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    said = SpokenTime(TUESDAY, None, 14, 0)
    assert said.matches(tuesday, said_on=monday)
    assert not said.matches(tuesday + timedelta(days=1), said_on=monday)
    assert not said.matches(tuesday + timedelta(minutes=30), said_on=monday)
    assert not SpokenTime(TUESDAY, 17, 14, 0).matches(tuesday, said_on=monday)
    assert said.spoken() == "Tuesday at 2"

    tomorrow = SpokenTime(None, None, 14, 0, days_ahead=1)
    assert tomorrow.matches(tuesday, said_on=monday)
    assert not tomorrow.matches(tuesday, said_on=date(2026, 11, 22))
    assert tomorrow.spoken() == "Tomorrow at 2"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("This is Jamie, an automated assistant. What made you think about solar?", "interest"),
        ("Just a rough figure is fine as your monthly bill closer to 100 or 200 dollars.", "monthly_bill"),
        ("Let me ask that another way. Roughly how much is your electric built each month?", "monthly_bill"),
        ("This is Jamie, an automated assistant. What may you think about solar?", "interest"),
        ("Roughly how much is your electric bill each month?", "monthly_bill"),
        ("roughly how much is your electric bill each month", "monthly_bill"),
        ("I see lower bills roughly how much is your electric bill each month.", "monthly_bill"),
        ("tomorrow at 9 in the morning or Tuesday at 1 in the afternoon which one shall I take?", Topic.OFFER),
        ("so that we plan the right size would it be nearer to 10 or to 20,000 dollars.", "budget"),
        ("A bill of $240 is worth it. Do you own the home? And does anybody else decide with you?", "decision"),
        ("When would you like to have it on your roof?", "start"),
        ("And what budget do you have in mind for the whole system?", "budget"),
        ("I have Tuesday at 10 in the morning, or Wednesday at 2. Which one suits you?", Topic.OFFER),
        ("So, Tuesday at 10 in the morning. Is that right?", Topic.PROPOSAL),
        ("Which day would suit you for the visit?", Topic.PREFERRED_TIME),
        ("You are booked for Tuesday at 10 in the morning.", Topic.BOOKED),
        ("You are booked for Tuesday at 10. Is there anything else I can do for you?", Topic.ANYTHING_ELSE),
        ("Sorry, I did not catch that. Could you say it again?", Topic.REPEAT),
        ("Are you still there?", Topic.STILL_THERE),
        ("I want to get this right. Shall I take this number off our list?", Topic.DOUBT),
        ("Sorry, am I talking to the wrong person?", Topic.DOUBT),
        ("Would you rather speak with one of our people?", Topic.DOUBT),
        ("I am sorry, I still do not follow. Shall I connect you with a colleague?", Topic.DOUBT),
        ("Let me see.", Topic.FILLER),
        ("Okay, let me check.", Topic.FILLER),
        ("Of course. I will connect you with a colleague now, please stay on the line.", Topic.HANDOFF),
        ("Thank you for calling, and have a sunny day. Goodbye.", Topic.GOODBYE),
        ("Do you like cheese?", Topic.OTHER_QUESTION),
        ("The panels work on cloudy days too.", Topic.STATEMENT),
        ("", Topic.UNINTELLIGIBLE),
        ("...", Topic.UNINTELLIGIBLE),
    ],
)
def test_the_agents_words_are_understood(text: str, subject: Subject) -> None:
    assert understand(text).subject == subject


def test_a_confirmed_appointment_is_told_from_an_offered_one() -> None:
    assert understand("You are all set for Tuesday at 10 in the morning. Anything else?").booked
    assert not understand("Tuesday at 10 or Wednesday at 2, which suits you?").booked
    assert not understand("Shall I put you down for Tuesday at 10?").booked
