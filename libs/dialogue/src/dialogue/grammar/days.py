"""Days as callers name them, seen from today."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from dialogue.grammar.numerals import find_numbers
from dialogue.grammar.parts_of_months import PARTS_OF_WEEKS, find_parts_of_months
from dialogue.grammar.passages import Passage
from dialogue.grammar.relative_days import (
    WEEKDAY,
    Days,
    days_beside,
    find_relative_days,
    is_denied,
    is_excepted,
    side_of,
    week_of,
    weekday_number,
)
from dialogue.language import language

_HEARD = language("times").patterns
_MONTHS = language("numbers").numbers["months"]

_WEEKDAY = re.compile(rf"\b({WEEKDAY})\b")
_WEEKDAY_BEFORE = re.compile(rf"\b{WEEKDAY},? $")
MONTH = f"(?:{'|'.join(_MONTHS)})"
"""Any month by its name, as a regular expression."""
_NAMED = language("dates", month=MONTH).patterns
_WEEKS = {"week_after_next": 14, "next_week": 7}


@dataclass(frozen=True)
class Weekdays:
    """Weekdays that were named, 0 is Monday.

    Attributes:
        fitting: Those that fit.
        excluded: Those that do not.
        in_part: Whether hours that are told with the excluded ones may be those at which somebody is free on them.
    """

    fitting: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()
    in_part: bool = False


def find_weekdays(passage: Passage) -> Weekdays:
    """Returns the weekdays that were named, and takes them away."""
    fitting: set[int] = set()
    excluded: set[int] = set()
    last: re.Match[str] | None = None
    in_part = True
    for pattern in (_WEEKDAY, _HEARD["weekend"]):
        for match in pattern.finditer(passage.text):
            if not passage.free(match):
                continue
            if last is not None and last.end() < match.start() and _is_corrected(passage, last, match):
                fitting.clear()
            last = match
            numbers = {weekday_number(match[1])} if pattern is _WEEKDAY else {5, 6}
            if is_denied(passage, match):
                excluded |= numbers
                in_part = in_part and not (is_excepted(passage, match) or _goes_on(passage, match))
            else:
                fitting |= numbers
            passage.take(match.start(), match.end())
    return Weekdays(frozenset(fitting), frozenset(excluded), in_part and bool(excluded))


def _goes_on(passage: Passage, match: re.Match[str]) -> bool:
    """Whether another thought begins behind a day on which somebody is not free: "Friday is out, after four please"."""
    return _HEARD["goes_on"].search(passage.after(match)) is not None


def find_days(passage: Passage, today: date, *, day_first: bool) -> Days:
    """Returns the first and last day that fit, and takes away what tells them; in "3/12" the day may come first."""
    named_date = partial(_named_date, day_first=day_first)
    ways: tuple[Callable[[Passage, date], Days], ...] = (find_relative_days, find_parts_of_months, named_date, _week)
    found = [days for way in ways if (days := way(passage, today)) != Days()]
    if not found:
        return Days()
    found = [_in_the_week(one, found) for one in found]
    narrowest = min(found, key=_length)
    denied = frozenset[date]().union(*(one.denied for one in found))
    return replace(narrowest if all(_contains(one, narrowest) for one in found) else Days(unclear=True), denied=denied)


def _in_the_week(days: Days, found: list[Days]) -> Days:
    """Returns what was said to begin on a weekday as of the week that was named: "next week, not before Wednesday"."""
    weeks = [one for one in found if one.first is not None and one.last == one.first + timedelta(days=6)]
    if days.first is None or days.last is not None or not weeks:
        return days
    begin, end = weeks[0].first or date.min, weeks[0].last or date.max
    first = days.first
    while first < begin:
        first += timedelta(days=7)
    return Days(first, end, days.unclear, days.denied) if first <= end else days


def _length(days: Days) -> int:
    return ((days.last or date.max) - (days.first or date.min)).days


def _contains(days: Days, others: Days) -> bool:
    """Whether some days are among others: "the Tuesday after next, the eighth"."""
    if others == days:
        return True
    starts = (days.first or date.min) <= (others.first or date.min)
    return starts and (others.last or date.max) <= (days.last or date.max) and not days.unclear


def _week(passage: Passage, today: date) -> Days:
    """Returns the week or month that was named, alone or with a weekday: "Tuesday next week"."""
    monday = today - timedelta(days=today.weekday())
    after = _after_denied_weeks(passage, monday)
    for name, ahead in _WEEKS.items():
        if (match := _HEARD[name].search(passage.text)) and passage.free(match):
            first, last = 0, 6
            begin = match.start()
            if part := passage.before(match).search(_HEARD["part_of_week"]):
                first, last = PARTS_OF_WEEKS[part["part"] or part["portion"]]
                begin = part.start()
            passage.take(begin, match.end())
            return Days(monday + timedelta(days=ahead + first), monday + timedelta(days=ahead + last))
    month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    spans = {
        "next_day": (monday + timedelta(days=7), monday + timedelta(days=13)),
        "this_week": (today, monday + timedelta(days=6)),
        "this_day": (today, today + timedelta(days=6)),
        "next_month": (month, (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)),
    }
    for name, span in spans.items():
        if (match := _HEARD[name].search(passage.text)) and passage.free(match):
            passage.take(match.start(), match.end())
            return Days(*span)
    return after


def _after_denied_weeks(passage: Passage, monday: date) -> Days:
    """Returns the days after the last week that does not suit, and takes such weeks away: "not this week"."""
    after = Days()
    for name, ahead in (("this_week", 7), ("week_after_next", 21), ("next_week", 14)):
        for match in _HEARD[name].finditer(passage.text):
            if passage.free(match) and _is_week_denied(passage, match):
                passage.take(match.start(), match.end())
                after = Days(max(monday + timedelta(days=ahead), after.first or date.min), None)
    return after


def _is_week_denied(passage: Passage, match: re.Match[str]) -> bool:
    """Whether a week is named as one that does not suit; "call me any day this week, I'm out after" wishes it."""
    before, behind = passage.before(match), passage.after(match)
    if is_excepted(passage, match) or before.search(_HEARD["day_busy"]) or before.search(_HEARD["week_denied"]):
        return True
    impossible = _HEARD["day_impossible"].search(behind) or _HEARD["week_impossible"].search(behind)
    return impossible is not None and before.search(_HEARD["week_wished"]) is None


def _named_date(passage: Passage, today: date, *, day_first: bool) -> Days:
    """Returns the date of "December 3rd", "the third of December" or "12/3"; of a corrected one the last."""
    found: list[tuple[re.Match[str], Days]] = []
    denied: set[date] = set()
    for match, days in _dates(passage.text, today, day_first=day_first):
        if passage.free(match) and (passage.before(match).search(_HEARD["date_denied"]) or is_denied(passage, match)):
            passage.take(match.start(), match.end())
            denied |= {days.first} if days.first is not None else set()
        elif passage.free(match):
            found.append((match, _bounded(passage, match, days, today)))
    found.sort(key=lambda one: one[0].start())
    if len(found) > 1 and found[-2][1] != found[-1][1] and not _is_corrected(passage, found[-2][0], found[-1][0]):
        return Days(unclear=True)
    return replace(found[-1][1] if found else Days(), denied=frozenset(denied))


def _is_corrected(passage: Passage, first: re.Match[str], second: re.Match[str]) -> bool:
    return _HEARD["corrects_a_time"].search(passage.text[first.end() : second.start()]) is not None


def _dates(text: str, today: date, *, day_first: bool) -> Iterator[tuple[re.Match[str], Days]]:
    """Yields what may be a date, the surest forms first."""
    for match in _NAMED["iso"].finditer(text):
        yield match, _date(int(match["year"]), int(match["month"]), int(match["day"]))
    for form in ("rank_of", "month_day", "day_of"):
        for match in _NAMED[form].finditer(text):
            if number := _day_number(match["day"]):
                yield match, _next_date(today, _MONTHS[match["month"]], number)
    for match in _NAMED["slashed"].finditer(text):
        yield match, _slashed_date(match, today, day_first=day_first)
    for match in _NAMED["the_day"].finditer(text):
        number = None if match["day"].isdigit() else _day_number(match["day"])
        # "The second" is a choice among offers; from the fourth on, and in figures, it is a date.
        on_a_weekday = _WEEKDAY_BEFORE.search(text[: match.start()]) is not None
        if number and (number > 3 or match["day"][0].isdigit() or match["dated"] or on_a_weekday):
            month = today.month if number >= today.day else today.month % 12 + 1
            yield match, _next_date(today, month, number)


def _date(year: int, month: int, day: int) -> Days:
    try:
        named = date(year, month, day)
    except ValueError:
        return Days(unclear=True)
    return Days(named, named)


def _slashed_date(match: re.Match[str], today: date, *, day_first: bool) -> Days:
    """Returns the date of "12/1", whose first number is the month or the day as the country has it."""
    first, second = int(match["first"]), int(match["second"])
    day, month = (first, second) if (day_first or first > 12) and second <= 12 else (second, first)
    if not match["year"]:
        return _next_date(today, month, day)
    named = _date(2000 + int(match["year"]) % 100, month, day)
    return replace(named, unclear=named.first is None or named.first < today)


def _bounded(passage: Passage, match: re.Match[str], days: Days, today: date) -> Days:
    """Returns the days before or after a named one: "not before December 7th", "by the 3rd"; takes the words away."""
    bound = passage.before(match).search(_HEARD["bounds_a_day"])
    passage.take(bound.start() if bound else match.start(), match.end())
    if bound is None or days.first is None:
        return days
    if bound["week"]:
        return week_of(days.first, today)
    return days_beside(side_of(bound), days.first, today)


def _day_number(words: str) -> int | None:
    numbers = find_numbers(words.replace("-", " "))
    if len(numbers) == 1 and 1 <= numbers[0].value <= 31 and numbers[0].value == int(numbers[0].value):
        return int(numbers[0].value)
    return None


def _next_date(today: date, month: int, day: int) -> Days:
    for year in (today.year, today.year + 1):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if candidate >= today:
            return Days(candidate, candidate)
    return Days(unclear=True)
