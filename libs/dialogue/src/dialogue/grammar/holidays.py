"""Holidays as callers name them."""

from datetime import date, timedelta

from dialogue.language import language

_FIXED = language("times").numbers["holidays"]
_FLOATING = language("times").numbers["floating_holidays"]
HOLIDAY = rf"(?:{'|'.join(sorted({*_FIXED, *_FLOATING}, key=len, reverse=True))})"
"""Any holiday, as a regular expression."""


def next_holiday(name: str, today: date) -> date:
    """Returns the next day on which a holiday falls, today included."""
    this_year = _day_in(name, today.year)
    return this_year if this_year >= today else _day_in(name, today.year + 1)


def nth_weekday(year: int, month: int, rank: int, weekday: int) -> date:
    """Returns the so manieth weekday of a month, of which the fifth is the last; 0 is Monday."""
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (rank - 1))
    return day if day.month == month else day - timedelta(days=7)


def _day_in(name: str, year: int) -> date:
    if name in _FIXED:
        month, day = divmod(_FIXED[name], 100)
        return date(year, month, day)
    month, rest = divmod(_FLOATING[name], 100)
    return nth_weekday(year, month, *divmod(rest, 10))
