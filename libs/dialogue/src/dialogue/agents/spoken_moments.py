"""When a caller wants to be called or met, as the agents say it back: "tomorrow, Tuesday, after five"."""

from dataclasses import replace
from datetime import date, time, timedelta

from dialogue.language import WORDINGS
from dialogue.moments import PARTS_OF_DAY, Moment, Span, bounds
from dialogue.spoken import spoken_date, spoken_month, spoken_time, spoken_weekday, spoken_zone

_WEEKS = ("in_first_week", "in_second_week", "in_third_week", "in_fourth_week")
_NAMES = {bounds(span): name for name, span in PARTS_OF_DAY.items()}


def spoken_moment(moment: Moment, today: date, *, near: bool = False) -> str:
    """Returns all that was said about when, seen from today; empty where nothing was.

    With `near` a whole week is named as callers name it, which only who hears it today understands.
    """
    if moment.either:
        return _worded("either", ", ".join(spoken_moment(one, today, near=near) for one in moment.either[:-1]),
                       spoken_moment(moment.either[-1], today, near=near))  # fmt: skip
    hours = _hours(moment)
    zone = spoken_zone(moment.zone) if moment.zone and hours else ""
    days, excluded = (_near_week(moment, today) if near else "") or _days(moment, today), _excluded(moment, today)
    if excluded and not (days or moment.excluded_parts):
        days, excluded = _worded("any_day_but", excluded), ""
    said = " ".join(filter(None, [days, hours, zone]))
    return (_worded("but_not", said, excluded) if excluded else said).strip(" ,").replace(",,", ",")


def _near_week(moment: Moment, today: date) -> str:
    """Returns how this week or the next is said; empty for other days."""
    first, last = moment.first_day, moment.last_day
    if first is None or last is None or moment.weekdays or first == last:
        return ""
    sunday = today + timedelta(days=6 - today.weekday())
    if today <= first <= last <= sunday and last >= sunday - timedelta(days=2) and first <= today + timedelta(days=1):
        return _worded("this_week")
    monday = sunday + timedelta(days=1)
    whole = first == monday and last - first in {timedelta(days=4), timedelta(days=6)}
    return _worded("next_week") if whole else ""


def _excluded(moment: Moment, today: date) -> str:
    """Returns what was said not to fit, beside what does; empty for nothing."""
    weekdays = [_worded("weekday", spoken_weekday(day)) for day in sorted(moment.excluded_weekdays)]
    fitting = replace(moment, excluded_days=frozenset())
    days = [spoken_date(day, today, full=True) for day in sorted(moment.excluded_days) if fitting.fits_day(day)]
    parts = moment.excluded_parts if moment.at is None else ()  # an hour that is named is none of the others
    named = [*weekdays, *days, *map(_part, parts)]
    return _worded("either", ", ".join(named[:-1]), named[-1]) if len(named) > 1 else "".join(named)


def _part(span: Span) -> str:
    """Returns a span of hours: a part of the day, or the hours themselves."""
    part = _NAMES.get(bounds(span))
    return _worded(part) if part else _worded("between", spoken_time(time(span[0])), spoken_time(time(span[1] % 24)))


def _days(moment: Moment, today: date) -> str:
    first, last = moment.first_day, moment.last_day
    if moment.weekdays:
        begin = max(first, today) if first else today + timedelta(days=1)
        days = [begin + timedelta(days=ahead) for ahead in range(7)]
        named = [spoken_date(day, today, full=True) for day in days if day.weekday() in moment.weekdays]
        return _worded("either", ", ".join(named[:-1]), named[-1]) if len(named) > 1 else named[0]
    if first is not None and last is not None and (whole := _part_of_month(first, last)):
        return whole
    if first is not None and first == last:
        return spoken_date(first, today, full=True)
    if first is not None and last is not None:
        return _worded("between", spoken_date(first, today, full=True), spoken_date(last, today, full=True))
    if first is not None:
        return _worded("from_day", spoken_date(first, today, full=True))
    return _worded("until_day", spoken_date(last, today, full=True)) if last is not None else ""


def _part_of_month(first: date, last: date) -> str:
    """Returns how a whole month, or one of its weeks, is said; empty for other days."""
    if first.replace(day=1) != last.replace(day=1):
        return ""
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        return _worded("in_month", spoken_month(first))
    week, beside = divmod(first.day - 1, 7)
    if beside or week >= len(_WEEKS) or last.day != first.day + 6:
        return ""
    return _worded(_WEEKS[week], spoken_month(first))


def _hours(moment: Moment) -> str:
    begin, end = moment.not_before, moment.not_after
    if moment.at is not None:
        return _worded("at", spoken_time(moment.at))
    if begin is not None and end is not None:
        part = _NAMES.get((begin, end))
        return _worded(part) if part else _worded("between", spoken_time(begin), spoken_time(end))
    if begin is not None:
        return _worded("after", spoken_time(begin))
    return _worded("before", spoken_time(end)) if end is not None else ""


def _worded(name: str, *values: str) -> str:
    return WORDINGS[f"when.{name}"][0].format(*values)
