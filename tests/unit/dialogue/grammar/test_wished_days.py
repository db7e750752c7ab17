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


@pytest.mark.parametrize(
    ("said", "weekdays", "excluded"),
    [
        ("Not tomorrow, and Wednesday I'm in Cleveland.", set(), {2}),
        ("I've a shift Tuesday, Wednesday and Thursday. What else is there?", set(), {1, 2, 3}),
        ("Fridays I golf, so anything else.", set(), {4}),
        ("My wife works Tuesdays, Thursdays we're both out. Friday?", {4}, {1, 3}),
        # Whoever is there or free on a day has time on it.
        ("Wednesday I'm home all day.", {2}, set()), ("Thursdays we're free, mostly.", {3}, set()),
        ("I'm thinking Friday.", {4}, set()), ("The Monday works for us.", {0}, set()),
        ("Thursday we are both home.", {3}, set()), ("I work from home Wednesdays.", {2}, set()),
    ],
)  # fmt: skip
def test_a_day_on_which_somebody_is_elsewhere_is_excluded(said: str, weekdays: set[int], excluded: set[int]) -> None:
    moment = understand(SOLAR, said, NOW).when.moment
    assert (set(moment.weekdays), set(moment.excluded_weekdays)) == (weekdays, excluded)


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("Tuesday at three-thirty, she gets out at three and I've got to get across town.", "15:30"),
        ("Four. And put down that I've got a dog.", "16:00"),
        ("Two. Wait, no, I pick up my nephew at two. Half three then, Thursday.", "15:30"),
        ("Thursday the third, one thirty, and mention that my boss joins.", "13:30"),
        ("I'm off Wednesdays and every other Friday. Wednesday around ten, then.", "10:00"),
        ("Put down Tuesday at four.", "16:00"),
    ],
)
def test_what_is_told_beside_an_hour_makes_it_no_less_clear(said: str, at: str) -> None:
    when = understand(SOLAR, said, NOW).when
    named = when.moment if when.bare_hour.is_open else when.bare_hour
    assert (f"{named.at:%H:%M}" if named.at else "", when.unclear) == (at, False)


def test_of_two_hours_in_a_row_either_fits() -> None:
    either = understand(
        SOLAR, "I finish at three, so half three, four, something like that.", NOW
    ).when.bare_hour.either
    assert [f"{one.at:%H:%M}" for one in either if one.at] == ["15:30", "16:00"]


def test_a_day_is_seen_from_the_one_on_which_somebody_is_busy() -> None:
    after = understand(SOLAR, "Thursday we're at grandma's. Anything the day after?", NOW).when.moment
    back = understand(SOLAR, "We're at my mum's till Sunday. Any time after that, mornings.", NOW).when.moment
    assert after.first_day == after.last_day
    assert after.first_day is not None
    assert (after.first_day.weekday(), back.first_day and back.first_day.weekday()) == (4, 6)
