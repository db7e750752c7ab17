"""What a calendar has at all, for callers who wish for a time that it does not have."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callwright_common.campaign import WEEKDAYS, Calendar
from dialogue.agents.drafting import Draft
from dialogue.moments import Moment
from dialogue.spoken import spoken_date, spoken_time, spoken_weekday
from dialogue.state import NEVER_HAD, counted


def say_if_closed(draft: Draft, moment: Moment) -> bool:
    """Says that the day that is wished for is one on which the campaign is closed; returns whether it is."""
    calendar, today = draft.campaign.calendar, draft.now.date()
    named = _named(draft, moment)
    meant = named[:1] if moment.weekdays else named
    if not meant or not all(calendar.is_closed_on(day) for day in meant):
        return False
    holiday = calendar.holiday_on(meant[0])
    if holiday is not None:
        draft.say("time.closed_for", holiday=draft.pick(f"holiday.{holiday}"))
    else:
        draft.say("time.closed_then", when=spoken_date(meant[0], today, full=True).rstrip(","))
    return True


def say_why_not(draft: Draft, moment: Moment) -> None:
    """Says why a wish cannot be met: by what the calendar has on the day or at all; or that it is just not free.

    Counts what the calendar never has, whatever is free in it.
    """
    calendar, today = draft.campaign.calendar, draft.now.date()
    last = today + timedelta(days=calendar.days_ahead)
    starts = list(_starts(calendar, draft.now))
    draft.state.out_of_hours = 0 if _is_had(moment, starts) else counted(draft.state.out_of_hours)
    if is_too_far(draft, moment):
        draft.say("time.too_far_ahead", when=spoken_date(last, today, full=True).rstrip(","))
    elif moment.last_day is not None and moment.last_day <= today:
        draft.say("time.too_soon")
    elif any(moment.fits(start) for start in starts) or _is_between(draft, moment):
        draft.say("time.not_free")
    elif (day := meant_day(draft, moment)) is not None:
        _say_hours_of_day(draft, day)
    elif draft.state.hours_told:
        draft.say("time.outside_hours_again")
    else:
        draft.state.hours_told = True
        draft.say("time.outside_hours", **_hours(draft))


def is_too_far(draft: Draft, moment: Moment) -> bool:
    """Whether all days that are wished for lie beyond those that can be booked."""
    last = draft.now.date() + timedelta(days=draft.campaign.calendar.days_ahead)
    return moment.begins is not None and moment.begins > last


def _named(draft: Draft, moment: Moment) -> list[date]:
    """Returns the days ahead that a wish names."""
    today = draft.now.date()
    ahead = [today + timedelta(days=count) for count in range(draft.campaign.calendar.days_ahead + 1)]
    return [day for day in ahead if moment.fits_day(day)] if moment.names_a_day else []


def meant_day(draft: Draft, moment: Moment) -> date | None:
    """Returns the one day that a wish names; of a weekday it is the next one, None for several days."""
    named = _named(draft, moment)
    if len({day.weekday() for day in named}) != 1:
        return None
    return next((day for day in named if day > draft.now.date()), named[0])


def _is_had(moment: Moment, starts: list[datetime]) -> bool:
    """Whether there are appointments on a weekday that is wished for, and on any day in that part of the day."""
    part = moment.part_of_day
    on_day = any(start.weekday() in moment.weekdays for start in starts) or not moment.weekdays
    return on_day and (part.is_open or any(part.fits(start) for start in starts))


def _say_hours_of_day(draft: Draft, day: date) -> None:
    """Says when there are appointments on a day, or on which days there are any where that is none of them."""
    spans = sorted(draft.campaign.calendar.hours.get(WEEKDAYS[day.weekday()], ()))
    times = [[spoken_time(time.fromisoformat(at)) for at in span.split("-")] for span in spans]
    named = [draft.pick("time.between", first=opens, last=closes) for opens, closes in times]
    hours = draft.pick("time.both", first=", ".join(named[:-1]), last=named[-1]) if len(named) > 1 else "".join(named)
    if draft.state.out_of_hours >= NEVER_HAD or any(hours and hours in said for said in draft.state.last_reply):
        draft.say("time.outside_hours_again")
    elif spans:
        draft.say("time.hours_of_day", when=spoken_date(day, draft.now.date()), hours=hours)
    else:
        draft.state.hours_told = True
        draft.say("time.not_on_that_day", day=spoken_weekday(day.weekday()), **_hours(draft))


def _hours(draft: Draft) -> dict[str, str]:
    first, last = _span(draft.campaign.calendar)
    return {"days": _named_days(draft), "from_time": spoken_time(first), "to_time": spoken_time(last)}


def _is_between(draft: Draft, moment: Moment) -> bool:
    """Whether the named hour lies within the hours of a day that fits, though none begins then."""
    calendar, zone = draft.campaign.calendar, ZoneInfo(moment.zone) if moment.zone else draft.now.tzinfo
    for ahead in range(calendar.days_ahead + 1 if moment.at is not None else 0):
        day = draft.now.date() + timedelta(days=ahead)
        for at in moment.hours if moment.fits_day(day) else ():
            start = datetime.combine(day, at, zone).astimezone(draft.now.tzinfo)
            spans = calendar.hours.get(WEEKDAYS[start.weekday()], ())
            if any(span[:5] <= f"{start:%H:%M}" < span[6:] for span in spans):
                return True
    return False


def _starts(calendar: Calendar, now: datetime) -> Iterator[datetime]:
    """Yields the local times at which an appointment could begin if nobody else had one."""
    length = timedelta(minutes=calendar.slot_minutes)
    earliest = now + timedelta(hours=calendar.notice_hours)
    for ahead in range(calendar.days_ahead + 1):
        day = now.date() + timedelta(days=ahead)
        spans = () if calendar.is_closed_on(day) else calendar.hours.get(WEEKDAYS[day.weekday()], ())
        for span in spans:
            start = datetime.combine(day, time.fromisoformat(span[:5]), now.tzinfo)
            closes = datetime.combine(day, time.fromisoformat(span[6:]), now.tzinfo)
            while start + length <= closes:
                if start >= earliest:
                    yield start
                start += length


def _span(calendar: Calendar) -> tuple[time, time]:
    spans = [span for spans in calendar.hours.values() for span in spans]
    return time.fromisoformat(min(span[:5] for span in spans)), time.fromisoformat(max(span[6:] for span in spans))


def _named_days(draft: Draft) -> str:
    """Returns the open weekdays: "Monday to Friday", "Tuesday and Thursday"."""
    calendar = draft.campaign.calendar
    days = [number for number, name in enumerate(WEEKDAYS) if calendar.hours.get(name)]
    names = [spoken_weekday(day) for day in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return draft.pick("when.day_to_day", first=names[0], last=names[-1])
    return draft.pick("when.days", first=", ".join(names[:-1]), last=names[-1]) if len(names) > 1 else names[0]
