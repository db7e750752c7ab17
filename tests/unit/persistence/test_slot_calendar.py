"""Slots from opening hours: time zones, clock changes, notice, horizon."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from callwright_common.campaign import WEEKDAYS, Calendar
from persistence.calendar.slot_calendar import SlotCalendar, campaign_of
from vocabulary.turns import Slot

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 3, 2, 0, 0, tzinfo=NEW_YORK)


def calendar(**changes: object) -> SlotCalendar:
    fields = {
        "timezone": "America/New_York",
        "slot_minutes": 60,
        "days_ahead": 14,
        "notice_hours": 0,
        "hours": {"monday": ["09:00-12:00", "13:00-14:30"]},
    }
    return SlotCalendar("solar", Calendar.model_validate(fields | changes))


def local(slots: list[Slot]) -> list[str]:
    return [slot.start_time.astimezone(NEW_YORK).strftime("%a %d %H:%M") for slot in slots]


def test_slots_fill_the_opening_hours() -> None:
    slots = list(calendar(days_ahead=1).slots(MONDAY, None, None))
    assert local(slots) == ["Mon 02 09:00", "Mon 02 10:00", "Mon 02 11:00", "Mon 02 13:00"]
    start = datetime(2026, 3, 2, 14, tzinfo=UTC)
    assert slots[0] == Slot("solar/20260302T1400Z/60", "solar", start, start + timedelta(hours=1))
    assert campaign_of(slots[0].slot_id) == "solar"


def test_notice_and_horizon_bound_the_offer() -> None:
    now = MONDAY + timedelta(hours=9, minutes=1)
    slots = local(list(calendar(notice_hours=2, days_ahead=7).slots(now, None, None)))
    assert slots == ["Mon 02 13:00", "Mon 09 09:00", "Mon 09 10:00", "Mon 09 11:00", "Mon 09 13:00"]


def test_a_span_of_time_includes_its_start_and_excludes_its_end() -> None:
    nine = MONDAY + timedelta(hours=9)
    slots = calendar(days_ahead=7).slots(MONDAY, nine, nine + timedelta(hours=2))
    assert local(list(slots)) == ["Mon 02 09:00", "Mon 02 10:00"]


def test_the_hour_that_spring_skips_has_no_slot() -> None:
    night = {"sunday": ["01:00-05:00"]}
    now = datetime(2026, 3, 8, 0, 0, tzinfo=NEW_YORK)  # clocks go from 02:00 to 03:00
    slots = list(calendar(hours=night, days_ahead=1).slots(now, None, None))
    assert local(slots) == ["Sun 08 01:00", "Sun 08 03:00", "Sun 08 04:00"]
    assert all(slot.end_time - slot.start_time == timedelta(hours=1) for slot in slots)


def test_the_hour_that_autumn_repeats_has_its_slot_once() -> None:
    night = {"sunday": ["00:00-04:00"]}
    now = datetime(2026, 10, 31, 12, 0, tzinfo=NEW_YORK)  # on 1 November clocks go from 02:00 back to 01:00
    slots = list(calendar(hours=night, days_ahead=1).slots(now, None, None))
    assert local(slots) == ["Sun 01 00:00", "Sun 01 01:00", "Sun 01 02:00", "Sun 01 03:00"]


def test_a_slot_is_found_by_its_id_alone() -> None:
    solar = calendar()
    slot = next(solar.slots(MONDAY, None, None))
    assert solar.find(slot.slot_id, MONDAY) == slot
    for wrong in (
        "solar",
        "solar/",
        "solar/20260302T1400Z",
        "solar/20260302T1400Z/30",
        "solar/20260302T1430Z/60",
        "solar/20260303T1400Z/60",
        "wind/20260302T1400Z/60",
        "solar/20260309T1300Z/x",
        "solar/20270301T1400Z/60",
    ):
        assert solar.find(wrong, MONDAY) is None, wrong


def test_an_offer_outlives_the_notice_for_half_an_hour() -> None:
    solar = calendar(notice_hours=2)
    slot = next(solar.slots(MONDAY, None, None))
    offered = slot.start_time - timedelta(hours=2)
    assert solar.find(slot.slot_id, offered + timedelta(minutes=30)) == slot
    assert solar.find(slot.slot_id, offered + timedelta(minutes=31)) is None


def test_a_slot_that_has_begun_is_gone() -> None:
    solar = calendar()
    slot = next(solar.slots(MONDAY, None, None))
    assert solar.find(slot.slot_id, slot.start_time + timedelta(seconds=1)) is None


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
    minutes=st.sampled_from([5, 20, 45, 60, 90, 360]),
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    hours=st.sets(st.sampled_from(["00:00-06:00", "06:00-08:15", "09:00-11:59", "18:30-23:10"]), max_size=3).map(
        lambda some: [*some, "12:00-18:00"]
    ),
)
def test_slots_never_overlap_and_are_found_again(zone: str, minutes: int, day: date, hours: list[str]) -> None:
    week = dict.fromkeys(WEEKDAYS, hours)
    solar = calendar(timezone=zone, slot_minutes=minutes, days_ahead=7, hours=week)
    now = datetime(day.year, day.month, day.day, 5, 17, tzinfo=UTC)
    slots = list(solar.slots(now, None, None))
    assert all(earlier.end_time <= later.start_time for earlier, later in pairwise(slots))
    assert all(slot.end_time - slot.start_time == timedelta(minutes=minutes) for slot in slots)
    assert len({slot.slot_id for slot in slots}) == len(slots)
    assert slots == list(solar.slots(now, None, None))
    assert all(solar.find(slot.slot_id, now) == slot for slot in slots[::7])


def test_closed_days_have_no_slots() -> None:
    hours = {"thursday": ["09:00-11:00"], "friday": ["09:00-10:00"]}
    open_days = calendar(hours=hours, closed_on=["thanksgiving", "2026-12-04"])
    wednesday = datetime(2026, 11, 25, tzinfo=NEW_YORK)
    assert local(list(open_days.slots(wednesday, None, wednesday + timedelta(days=10)))) == [
        "Fri 27 09:00", "Thu 03 09:00", "Thu 03 10:00",
    ]  # fmt: skip
    assert open_days.find("solar/20261126T1400Z/60", wednesday) is None
