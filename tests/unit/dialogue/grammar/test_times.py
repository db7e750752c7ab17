"""Days, hours and bounds made from a moment and said in many ways."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words  # type: ignore[import-untyped]

from dialogue.intents import Intent
from fakes.spoken_calls import MONDAY
from fakes.spoken_forms import LEDGERLY, analysis

days_ahead = st.integers(1, 60).map(lambda ahead: MONDAY.date() + timedelta(days=ahead))
BOUNDS = [
    ("not before {}", 0, None), ("from {}", 0, None), ("any time after {}", 1, None), ("after {}", 1, None),
    ("no earlier than {}", 0, None), ("by {}", None, 0), ("before {}", None, -1), ("until {}", None, 0),
    ("no later than {}", None, 0),
]  # fmt: skip
HOUR_BOUNDS = [
    ("after {}", True), ("not before {}", True), ("from {}", True), ("before {}", False), ("by {}", False),
    ("until {}", False), ("no later than {}", False),
]  # fmt: skip


def named(day: date, form: int) -> str:
    ordinal = num2words(day.day, to="ordinal")
    return (f"{day:%B} {ordinal}", f"the {ordinal} of {day:%B}", f"{day:%B} {day.day}", f"{day.month}/{day.day}")[form]


@settings(max_examples=100, deadline=None)
@given(
    day=days_ahead,
    form=st.integers(0, 3),
    bound=st.sampled_from(BOUNDS),
    lead=st.sampled_from(["", "it has to be ", "sure, "]),
)
def test_a_bound_of_days_is_one(day: date, form: int, bound: tuple[str, int | None, int | None], lead: str) -> None:
    said, first, last = bound
    told = analysis(f"{lead}{said.format(named(day, form))}")
    if told.has(Intent.UNCLEAR_TIME):
        assert last == -1
        assert day <= MONDAY.date() + timedelta(days=1)
        return
    assert told.moment.first_day == (MONDAY.date() if first is None else day + timedelta(days=first))
    assert told.moment.last_day == (None if last is None else day + timedelta(days=last))


@settings(max_examples=75, deadline=None)
@given(hour=st.integers(1, 11), weekday=st.sampled_from(["Tuesday", "Friday"]), bound=st.sampled_from(HOUR_BOUNDS),
       spoken=st.booleans(), half=st.sampled_from([" pm", " in the afternoon", " am", " in the morning"]))  # fmt: skip
def test_a_bound_of_hours_is_one(hour: int, weekday: str, bound: tuple[str, bool], half: str, *, spoken: bool) -> None:
    said, is_least = bound
    told = analysis(f"{weekday} {said.format(num2words(hour) if spoken else hour)}{half}").moment
    at = time(hour + 12 * (half in {" pm", " in the afternoon"}))
    assert (told.not_before, told.not_after, told.at) == ((at, None, None) if is_least else (None, at, None))


@settings(max_examples=75, deadline=None)
@given(days=st.lists(st.integers(1, 4), min_size=2, max_size=2, unique=True),
       hours=st.tuples(st.integers(9, 12), st.integers(1, 5)), tail=st.sampled_from(["", ", either works", " please"]),
       lead=st.sampled_from(["", "either ", "I could do ", "how about "]))  # fmt: skip
def test_either_of_two_moments_fits(days: list[int], hours: tuple[int, int], lead: str, tail: str) -> None:
    names = [f"{MONDAY + timedelta(days=ahead):%A}" for ahead in days]
    moment = analysis(f"{lead}{names[0]} at {hours[0]} or {names[1]} at {hours[1]}{tail}").moment
    starts = [
        datetime.combine(MONDAY.date() + timedelta(days=ahead), time(hour + 12 * (hour < 9)), MONDAY.tzinfo)
        for ahead, hour in zip(days, hours, strict=True)
    ]
    assert all(moment.fits(start) for start in starts)
    assert not moment.fits(datetime.combine(starts[0].date(), starts[1].time(), MONDAY.tzinfo))


@pytest.mark.parametrize(
    "said", ["Tuesday at ten {}", "ten {} on Tuesday", "Tuesday at 10 am {} time", "Tuesday at half past ten {}"]
)
@pytest.mark.parametrize("zone", ["eastern", "pacific", "central", "mountain"])
def test_another_time_zone_is_asked_back(said: str, zone: str) -> None:
    told = analysis(said.format(zone))
    assert told.has(Intent.UNCLEAR_TIME) == (zone != "mountain")
    assert zone != "mountain" or told.moment.at is not None


@pytest.mark.parametrize(("said", "day"), [("1/12 at ten", date(2026, 12, 1)), ("25/12 at ten", date(2026, 12, 25)),
                                           ("12/25", date(2026, 12, 25))])  # fmt: skip
def test_the_day_comes_first_where_it_does(said: str, day: date) -> None:
    told = analysis(said, campaign=LEDGERLY, now=datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/London")))
    assert told.moment.first_day == told.moment.last_day == day


@pytest.mark.parametrize("said", ["we are open 24/7", "half of it", "1/2 of the roof", "nine out of ten"])
def test_what_is_no_day_names_none(said: str) -> None:
    assert not analysis(said).moment.names_a_day
