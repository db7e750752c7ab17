"""A week in which somebody has no time is never noted as the one in which he wants to be called."""

from datetime import date, timedelta

import pytest

from dialogue.grammar.days import find_days
from dialogue.grammar.passages import Passage
from fakes.spoken_calls import MONDAY, SpokenCall
from vocabulary.enums import Expectation

DENIED = (
    "Not this week, call me some other time.", "This week's terrible, try me later.",
    "I'm away this week, call me later.",
    "I have surgery this week. Call me some other time.", "Any day but this week, call me back.",
    "We're burying my aunt this week, could you call me back another time?", "No time this week, call me back.",
    "I can't talk this week, call me back.", "My uncle's funeral is this week, call me some other time.",
    "This week is no good, can you call another time?", "I'm swamped this week, could you call me back after that?",
)  # fmt: skip
WISHED = (
    "Call me back any day this week, I'm not working.", "Could you call me back this week?",
    "I can't talk now, call me this week.",
    "I'm busy now, but I'm free this week, call me back.",
)  # fmt: skip


@pytest.mark.parametrize("said", DENIED)
def test_a_week_that_does_not_suit_is_not_noted(said: str) -> None:
    call = SpokenCall()
    reply = call.say(said)
    noted = call.state.facts.get("callback_time")
    asked = call.state.expecting in {Expectation.CALLBACK_TIME, Expectation.CALLBACK_OFFER}
    assert asked or (noted is not None and "November thirtieth" in noted.value and "between" not in noted.value)
    assert ("sorry" in reply.text) == ("funeral" in said or "burying" in said)


@pytest.mark.parametrize("said", WISHED)
def test_a_week_that_is_wished_for_is_noted(said: str) -> None:
    call = SpokenCall()
    call.say(said)
    assert "between today" in call.state.facts["callback_time"].value


@pytest.mark.parametrize(
    ("said", "ahead"),
    [("the tuesday after next", None), ("not this week the seventh", 14), ("the week after next", None),
     ("next week on the fourth", 11)],
)  # fmt: skip
def test_days_that_lie_within_others_are_the_ones_that_are_meant(said: str, ahead: int | None) -> None:
    today = MONDAY.date()
    days = find_days(Passage(said), today, day_first=False)
    if ahead is None:
        assert (days.first, days.last) == (today + timedelta(days=14), today + timedelta(days=20))
    else:
        assert days.first == days.last == today + timedelta(days=ahead)


def test_days_that_contradict_are_unclear() -> None:
    assert find_days(Passage("next week tomorrow"), date(2026, 11, 23), day_first=False).unclear


@pytest.mark.parametrize("said", ["The Tuesday after next.", "The Tuesday after next, that's the eighth."])
def test_a_day_that_was_noted_is_said_back(said: str) -> None:
    call = SpokenCall()
    call.say("I can't talk now, call me back.")
    assert "Tuesday, December eighth" in call.say(said).text
