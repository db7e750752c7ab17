"""Parts of a month or a week, and weekdays counted in a month: "end of the month", "the first Tuesday in December"."""

import re
from calendar import monthrange
from datetime import date, timedelta

from dialogue.grammar.passages import Passage
from dialogue.grammar.relative_days import WEEKDAY, Days, days_beside, side_of, weekday_number
from dialogue.language import language

_MONTHS = language("numbers").numbers["months"]
_RANKS = language("times").numbers["ranks"]
_PARTS = {part: divmod(span, 100) for part, span in language("times").numbers["parts_of_months"].items()}
PARTS_OF_WEEKS = {part: divmod(span, 10) for part, span in language("times").numbers["parts_of_weeks"].items()}
_NAMED = language(
    "parts_of_months",
    month_name=f"(?:{'|'.join(_MONTHS)})",
    month_part=f"(?:{'|'.join(_PARTS)})",
    week_part=f"(?:{'|'.join(PARTS_OF_WEEKS)})",
    rank=f"(?:{'|'.join(_RANKS)})",
    weekday=WEEKDAY,
).patterns


def find_parts_of_months(passage: Passage, today: date) -> Days:
    """Returns the days of a part of a month or week, and takes away what tells them; an over one is the next."""
    for match in _NAMED["nth_weekday"].finditer(passage.text):
        passage.take(match.start(), match.end())
        year, month = _month(match, today)
        day = _nth_weekday(year, month, _RANKS[match["rank"]], weekday_number(match["weekday"]))
        return Days(day, day, unclear=day < today)
    for match in _NAMED["part_of_month"].finditer(passage.text):
        passage.take(match.start(), match.end())
        first, last = _days_of(match, today, *_PARTS[match["part"]])
        if last < today:
            first, last = _days_of(match, today.replace(day=1) + timedelta(days=32), *_PARTS[match["part"]])
        return _bounded(side_of(match), first, last, today)
    for match in _NAMED["part_of_week"].finditer(passage.text):
        passage.take(match.start(), match.end())
        begin, end = PARTS_OF_WEEKS[match["part"]]
        monday = today - timedelta(days=today.weekday())
        if today > monday + timedelta(days=end):
            monday += timedelta(days=7)
        return _bounded(side_of(match), monday + timedelta(days=begin), monday + timedelta(days=end), today)
    for match in _NAMED["whole_month"].finditer(passage.text):
        if passage.free(match):
            passage.take(match.start(), match.end())
            return _bounded(None, *_days_of(match, today, 1, 31), today)
    return Days()


def _days_of(match: re.Match[str], today: date, first: int, last: int) -> tuple[date, date]:
    year, month = _month(match, today)
    length = monthrange(year, month)[1]
    if last > 28:  # counted from the end
        first, last = first + length - 31 if first > 1 else 1, length
    return date(year, month, first), date(year, month, min(last, length))


def _month(match: re.Match[str], today: date) -> tuple[int, int]:
    """Returns year and month of "the month", "next month" or the next month of a name."""
    if match["month"] in _MONTHS:
        month = _MONTHS[match["month"]]
        return today.year + (month < today.month), month
    ahead = (today.replace(day=1) + timedelta(days=32)) if match["next"] else today
    return ahead.year, ahead.month


def _bounded(side: str | None, first: date, last: date, today: date) -> Days:
    if side is None:
        return Days(max(first, today), last)
    return days_beside(side, first if side == "from" else last, today)


def _nth_weekday(year: int, month: int, rank: int, weekday: int) -> date:
    """Returns the so manieth weekday of a month, of which the fifth is the last; 0 is Monday."""
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (rank - 1))
    return day if day.month == month else day - timedelta(days=7)
