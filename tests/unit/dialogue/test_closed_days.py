"""Days on which a campaign is closed out of turn."""

from datetime import date

import pytest

from callwright_common.campaign import Calendar
from callwright_common.campaign.holidays import Holiday, falls_on
from fakes.spoken_calls import QUALIFIES, SOLAR, SpokenCall

CLOSED = SOLAR.model_copy(
    update={"calendar": SOLAR.calendar.model_copy(update={"closed_on": (Holiday.THANKSGIVING, date(2026, 11, 27))})}
)


@pytest.mark.parametrize(
    ("holiday", "day"),
    [
        (Holiday.THANKSGIVING, date(2026, 11, 26)), (Holiday.DAY_AFTER_THANKSGIVING, date(2030, 11, 29)),
        (Holiday.LABOR_DAY, date(2027, 9, 6)), (Holiday.MEMORIAL_DAY, date(2027, 5, 31)),
        (Holiday.MARTIN_LUTHER_KING_DAY, date(2027, 1, 18)), (Holiday.GOOD_FRIDAY, date(2027, 3, 26)),
        (Holiday.EASTER_MONDAY, date(2027, 3, 29)), (Holiday.CHRISTMAS_DAY, date(2027, 12, 25)),
    ],
)  # fmt: skip
def test_each_holiday_falls_on_its_day(holiday: Holiday, day: date) -> None:
    assert falls_on(holiday, day.year) == day


def test_every_holiday_falls_on_one_day_of_every_year() -> None:
    for year in range(2024, 2040):
        assert {falls_on(holiday, year).year for holiday in Holiday} == {year}


def test_a_day_is_a_known_holiday_or_a_date() -> None:
    fields = SOLAR.calendar.model_dump()
    for wrong in ("thanks giving", "12/24/2026", 20261224, ""):
        with pytest.raises(ValueError, match="must be a date such as"):
            Calendar.model_validate(fields | {"closed_on": [wrong]})
    calendar = Calendar.model_validate(fields | {"closed_on": ["christmas_day", "2026-12-24"]})
    assert calendar.is_closed_on(date(2026, 12, 24))
    assert calendar.is_closed_on(date(2031, 12, 25))
    assert not calendar.is_closed_on(date(2027, 12, 24))


@pytest.mark.parametrize("said", ["Thursday at ten?", "Are you open on Thanksgiving?", "Could somebody come Thursday?"])
def test_whoever_wishes_for_a_holiday_is_told_why_there_is_none(said: str) -> None:
    call = SpokenCall(CLOSED)
    reply = call.say(*QUALIFIES, said)
    assert "Thanksgiving" in reply.text
    assert "closed" in reply.text
    assert all(slot.start_time.day not in {26, 27} for slot in call.state.offered)


def test_a_closed_day_without_a_name_is_told_by_its_date() -> None:
    reply = SpokenCall(CLOSED).say(*QUALIFIES, "Friday at one?")
    assert "closed" in reply.text
    assert "November twenty-seventh" in reply.text


def test_no_closed_day_is_offered_though_the_calendar_has_it() -> None:
    call = SpokenCall(CLOSED)
    call.say(*QUALIFIES)
    for _ in range(3):
        assert all(slot.start_time.day not in {26, 27} for slot in call.state.offered)
        call.say("neither of those")
