"""Days, hours and bounds made from a moment and said in many ways."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words  # type: ignore[import-untyped]

from dialogue.intents import Intent
from fakes.spoken_calls import MONDAY, SOLAR
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


ZONES = {
    "eastern": "America/New_York", "pacific": "America/Los_Angeles", "central": "America/Chicago",
    "mountain": "America/Denver",
}  # fmt: skip
NOWS = [
    MONDAY,
    MONDAY.replace(month=10, day=28),  # the clocks of America change on the first of November
    MONDAY.replace(year=2027, month=3, day=11),
    datetime(2026, 10, 21, 9, tzinfo=ZoneInfo("Europe/London")),  # those of London on the 25th of October
]


@settings(max_examples=100, deadline=None)
@given(
    said=st.sampled_from(
        ["{} at {} {}", "{} at {} {} time", "{0} at {1} in the morning {2} time", "{} at {} am {} time"]
    ),
    weekday=st.sampled_from(["Tuesday", "Wednesday", "Friday", "Sunday"]),
    hour=st.integers(9, 11),
    zone=st.sampled_from(sorted(ZONES)),
    now=st.sampled_from(NOWS),
)
def test_a_time_in_another_zone_is_the_same_instant(
    said: str, weekday: str, hour: int, zone: str, now: datetime
) -> None:
    campaign = SOLAR.model_copy(
        update={"calendar": SOLAR.calendar.model_copy(update={"timezone": getattr(now.tzinfo, "key", "")})}
    )
    told = analysis(said.format(weekday, num2words(hour), zone), campaign=campaign, now=now)
    assert not told.has(Intent.UNCLEAR_TIME)
    assert told.zone == ZONES[zone]
    there = now.astimezone(ZoneInfo(ZONES[zone]))
    day = next(
        there + timedelta(days=ahead) for ahead in range(1, 8) if f"{there + timedelta(days=ahead):%A}" == weekday
    )
    instant = day.replace(hour=hour, minute=0).astimezone(now.tzinfo)
    assert told.moment.fits(instant)
    assert not told.moment.fits(instant + timedelta(hours=1))


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("I am in Seattle", "America/Los_Angeles"), ("we are over in Boston, so Tuesday at nine", "America/New_York"),
        ("I am on Eastern, by the way", "America/New_York"), ("calling from London", "Europe/London"),
        ("ten in the morning UK time on Thursday", "Europe/London"), ("in central Denver it is warm", ""),
        ("we have a place near the Pacific", ""), ("the Boston office decides", ""), ("mountain view road", ""),
    ],
)  # fmt: skip
def test_whoever_tells_where_he_is_tells_his_zone(said: str, zone: str) -> None:
    assert analysis(said).zone == zone


HOLIDAYS = [
    ("Thanksgiving", date(2026, 11, 26)), ("Christmas Eve", date(2026, 12, 24)), ("Boxing Day", date(2026, 12, 26)),
    ("New Year's Day", date(2027, 1, 1)), ("Memorial Day", date(2027, 5, 31)), ("Labor Day", date(2027, 9, 6)),
    ("Black Friday", date(2026, 11, 27)), ("Easter Monday", date(2027, 3, 29)), ("Mother's Day", date(2027, 5, 9)),
]  # fmt: skip
BESIDE = [
    ("the day after {}", 1), ("day before {}", -1), ("two days after {}", 2), ("a week after {}", 7), ("on {}", 0),
    ("how about {}", 0),
]  # fmt: skip


@pytest.mark.parametrize(("holiday", "day"), HOLIDAYS)
@pytest.mark.parametrize(("said", "ahead"), BESIDE)
def test_a_day_beside_a_holiday(holiday: str, day: date, said: str, ahead: int) -> None:
    moment = analysis(said.format(holiday)).moment
    assert moment.first_day == moment.last_day == day + timedelta(days=ahead)


@settings(max_examples=100, deadline=None)
@given(
    rank=st.integers(1, 4),
    weekday=st.integers(0, 6),
    month=st.sampled_from([(2026, 12), (2027, 1), (2027, 2)]),
    lead=st.sampled_from(["the ", "on the ", "what about the "]),
    of=st.sampled_from(["in", "of"]),
)
def test_a_weekday_is_counted_in_its_month(rank: int, weekday: int, month: tuple[int, int], lead: str, of: str) -> None:
    days = [day for day in (date(*month, number) for number in range(1, 29)) if day.weekday() == weekday]
    said = f"{lead}{num2words(rank, to='ordinal')} {days[0]:%A} {of} {days[0]:%B}"
    moment = analysis(said).moment
    assert moment.first_day == moment.last_day == days[rank - 1]


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("end of the month", date(2026, 11, 23), date(2026, 11, 30)),
        ("early next month", date(2026, 12, 1), date(2026, 12, 10)),
        ("the beginning of December", date(2026, 12, 1), date(2026, 12, 7)),
        ("mid-January", date(2027, 1, 10), date(2027, 1, 20)),
        ("the last week of December", date(2026, 12, 25), date(2026, 12, 31)),
        ("sometime in January", date(2027, 1, 1), date(2027, 1, 31)),
        ("later this week", date(2026, 11, 26), date(2026, 11, 27)),
        ("by the end of the week", date(2026, 11, 23), date(2026, 11, 27)),
        ("week commencing the seventh of December", date(2026, 12, 7), date(2026, 12, 13)),
        ("Thanksgiving week", date(2026, 11, 23), date(2026, 11, 29)),
        ("not before Christmas", date(2026, 12, 25), None),
        ("no good before Christmas", date(2026, 12, 25), None),
        ("fortnight on Tuesday", date(2026, 12, 8), date(2026, 12, 8)),
    ],
)
def test_a_span_of_days_is_one(said: str, first: date, last: date | None) -> None:
    moment = analysis(said).moment
    assert (moment.first_day, moment.last_day) == (first, last)


@settings(max_examples=50, deadline=None)
@given(
    hour=st.integers(13, 19),
    form=st.sampled_from(["{} hours on Wednesday", "Wednesday at {} hours", "Wednesday, {} hours"]),
    spoken=st.booleans(),
)
def test_hours_of_the_whole_day(hour: int, form: str, *, spoken: bool) -> None:
    assert analysis(form.format(num2words(hour) if spoken else hour)).moment.at == time(hour)


@pytest.mark.parametrize(
    "said", ["it takes thirteen hours", "for fifteen hours", "we get fourteen hours of sun in June"]
)
def test_a_length_is_no_hour(said: str) -> None:
    assert analysis(said).moment.at is None


@pytest.mark.parametrize(("said", "day"), [("1/12 at ten", date(2026, 12, 1)), ("25/12 at ten", date(2026, 12, 25)),
                                           ("12/25", date(2026, 12, 25))])  # fmt: skip
def test_the_day_comes_first_where_it_does(said: str, day: date) -> None:
    told = analysis(said, campaign=LEDGERLY, now=datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/London")))
    assert told.moment.first_day == told.moment.last_day == day


@pytest.mark.parametrize("said", ["we are open 24/7", "half of it", "1/2 of the roof", "nine out of ten"])
def test_what_is_no_day_names_none(said: str) -> None:
    assert not analysis(said).moment.names_a_day
