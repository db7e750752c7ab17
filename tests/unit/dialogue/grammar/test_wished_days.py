"""The day that is wished for, beside others that only tell why."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dialogue.rules.utterances import understand
from fakes.spoken_calls import MONDAY, SOLAR

NOW: datetime = MONDAY.astimezone(ZoneInfo(SOLAR.calendar.timezone))


@pytest.mark.parametrize(
    ("said", "weekday"),
    [
        ("Wednesday's my choir night. What about Thursday?", 3),
        ("I look after the grandkids Wednesdays. Friday?", 4),
        ("My son is here on Thursday, so Friday at ten would be good.", 4),
        ("I've got a hair appointment tomorrow. Could he come Thursday?", 3),
        ("Let's take Friday at ten, my daughter comes Thursday.", 4),
        ("I have bridge on Wednesdays and church on Thursdays, so Friday.", 4),
        ("Actually no, tomorrow's the electrician. Make it Friday.", 4),
        ("Tuesday we're at the clinic, but Thursday's open.", 3),
        ("Mondays I drive to Boulder, Tuesdays I teach, so Wednesday.", 2),
    ],
)
def test_the_day_of_the_reason_is_not_the_day_of_the_wish(said: str, weekday: int) -> None:
    when = understand(SOLAR, said, NOW).when
    assert when.moment.weekdays == {weekday}
    assert not when.unclear


@pytest.mark.parametrize(
    ("said", "weekdays", "excluded"),
    [
        ("Monday or Thursday, in the morning", {0, 3}, set()), ("any day but Wednesday, please", set(), {2}),
        ("Tuesday's not good, I'm away Wednesday", set(), {1, 2}), ("My wife is home on Friday. At ten?", {4}, set()),
    ],
)  # fmt: skip
def test_days_that_all_count_are_all_kept(said: str, weekdays: set[int], excluded: set[int]) -> None:
    moment = understand(SOLAR, said, NOW).when.moment
    assert (set(moment.weekdays), set(moment.excluded_weekdays)) == (weekdays, excluded)


def test_an_hour_that_is_too_early_is_not_the_hour_of_the_wish() -> None:
    when = understand(SOLAR, "I said eleven, ten is too early. Tomorrow at eleven?", NOW).when
    assert when.moment.at is not None
    assert when.moment.at.hour == 11
    assert not when.unclear


@pytest.mark.parametrize(
    ("said", "weekday"),
    [
        ("I swim on Wednesdays, what have you got Friday?", 4),
        ("We have Bible study Wednesday nights. What do you have Friday morning?", 4),
        ("I bowl Wednesdays. Is there anything Friday?", 4),
    ],
)
def test_a_day_that_is_asked_for_is_the_wished_one(said: str, weekday: int) -> None:
    assert understand(SOLAR, said, NOW).when.moment.weekdays == {weekday}


@pytest.mark.parametrize(
    "said",
    [
        "I might be ten minutes late on Wednesday.", "My husband may be running a little late on Wednesday.",
        "What if we're a quarter of an hour late on Wednesday?", "I'll be a bit early on Wednesday.",
    ],
)  # fmt: skip
def test_whoever_comes_late_wishes_for_no_late_hour(said: str) -> None:
    when = understand(SOLAR, said, NOW).when
    assert (when.moment.bounds_hours, when.moment.at, when.unclear) == (False, None, False)


@pytest.mark.parametrize("said", ["Could he come late on Wednesday?", "I'd like it late Wednesday afternoon."])
def test_a_late_hour_that_is_wished_for_is_one(said: str) -> None:
    assert understand(SOLAR, said, NOW).when.moment.not_before is not None
