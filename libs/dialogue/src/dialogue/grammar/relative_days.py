"""Days that are counted from another one: "four days from today", "a week from Tuesday", "the day after tomorrow"."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dialogue.grammar.holidays import HOLIDAY, next_holiday
from dialogue.grammar.number_words import TENS, UNITS
from dialogue.grammar.numerals import find_numbers
from dialogue.grammar.passages import Passage
from dialogue.language import language

_HEARD = language("times").patterns
_NUMBERS = [*(word for word, value in UNITS.items() if value), *(word for word, value in TENS.items() if value <= 40)]
_LANGUAGE = language("relative_days", holiday=HOLIDAY, number=f"(?:{'|'.join(_NUMBERS)})")
_NAMED = _LANGUAGE.patterns
_MONTHS = _LANGUAGE.words["months"]
_NEAR, _UNITS, _WEEKDAYS = (_LANGUAGE.numbers[kind] for kind in ("near", "units", "weekdays"))
_HOLIDAYS = ("holiday", "holiday_week")
_SIDES = ("from", "after", "until", "before")
WEEKDAY = _LANGUAGE.parts["weekday"]
"""Any weekday, as a regular expression."""


@dataclass(frozen=True)
class Days:
    """The first and the last day that fit, each None where nothing was said, and days that do not."""

    first: date | None = None
    last: date | None = None
    unclear: bool = False
    denied: frozenset[date] = frozenset()


def weekday_number(word: str) -> int:
    """Returns the number of a weekday, 0 for Monday."""
    return _WEEKDAYS[word[:3]]


def find_relative_days(passage: Passage, today: date) -> Days:
    """Returns the days that are counted from others, and takes them away; days that contradict are unclear."""
    found: list[Days] = []
    for match in _NAMED["counted"].finditer(passage.text):
        found.append(_counted(match, today))
        passage.take(match.start(), match.end())
    found += _near_days(passage, today, ((_HEARD["day_after_tomorrow"], 2),))
    ways = {
        "weeks_from": _weeks_from,
        "nth_weekday": _nth_weekday,
        "ahead": _ahead,
        "weeks_on": _ahead,
        "away": _away,
        "week_after": _week_after,
        "beside_holiday": _beside_holiday,
        "holiday_week": _holiday_week,
        "new_year": _new_year,
        "bound": _bound,
        "holiday": _on_holiday,
    }
    for name, days_of in ways.items():
        for match in _free(_NAMED[name], passage):
            days = days_of(match, today)
            if name in _HOLIDAYS and days.first is not None and days.last is not None and is_denied(passage, match):
                count = (days.last - days.first).days + 1
                days = Days(denied=frozenset(days.first + timedelta(days=ahead) for ahead in range(count)))
            found.append(days)
            passage.take(match.start(), match.end())
    found += _near_days(passage, today, ((_HEARD["tomorrow"], 1), (_HEARD["today"], 0)))
    return replace(_joined(found), denied=frozenset[date]().union(*(one.denied for one in found)))


def _near_days(passage: Passage, today: date, near: tuple[tuple[re.Pattern[str], int], ...]) -> list[Days]:
    found = []
    for pattern, days in near:
        for match in _free(pattern, passage):
            day = today + timedelta(days=days)
            denied = is_denied(passage, match)
            passage.take(match.start(), match.end())
            if denied and days == 0:
                continue
            found.append(Days(day + timedelta(days=1), denied=frozenset({day})) if denied else _exactly(day))
    return found


def is_denied(passage: Passage, match: re.Match[str]) -> bool:
    """Whether a day or a part of it is named as one that does not fit."""
    if is_excepted(passage, match) or passage.before(match).search(_HEARD["day_busy"]):
        return True
    after = passage.after(match)
    joined = _HEARD["joined_days"].match(after)
    return any(_HEARD["day_impossible"].search(one) for one in (after, after[joined.end() :] if joined else after))


def is_excepted(passage: Passage, match: re.Match[str]) -> bool:
    """Whether a no stands before a day or before others that it is named with: "not Monday or Tuesday"."""
    before, after = passage.before(match), passage.after(match)
    if _HEARD["weekdays_denied"].search(f"{before.words}{match[0]}"):
        return True
    if before.search(_HEARD["day_denied"]) or _HEARD["day_listed"].search(f"{before.words}|{after}"):
        return True
    return bool(before.search(_HEARD["day_denied_too"]) and not _HEARD["day_possible"].search(after))


def _exactly(day: date) -> Days:
    return Days(day, day)


def _free(pattern: re.Pattern[str], passage: Passage) -> list[re.Match[str]]:
    return [match for match in pattern.finditer(passage.text) if passage.free(match)]


def _counted(match: re.Match[str], today: date) -> Days:
    """Returns the day of "four days from today", "a week before Friday" or "the day after Thursday"."""
    anchor, span = _anchor(match, today), _span(match)
    if anchor is None or (match["on"] and not span.is_weeks):
        return Days(unclear=True)
    day = span.from_day(anchor, -1 if match["before"] else 1)
    return Days(day, day, unclear=day < today)


def _nth_weekday(match: re.Match[str], today: date) -> Days:
    """Returns the day of "two Fridays from now"."""
    ahead = (weekday_number(match["weekday"]) - today.weekday() - 1) % 7 + 1
    return _exactly(today + timedelta(days=ahead + 7 * (_count(match["count"]) - 1)))


def _weeks_from(match: re.Match[str], today: date) -> Days:
    """Returns the day of "a week tomorrow" or "two weeks on Friday"."""
    anchor, span = _anchor(match, today), _span(match)
    return _exactly(span.from_day(anchor)) if anchor and span.is_weeks else Days(unclear=True)


def _week_after(match: re.Match[str], today: date) -> Days:
    """Returns the day of "Tuesday week"."""
    anchor = _anchor(match, today)
    return _exactly(anchor + timedelta(days=7)) if anchor else Days(unclear=True)


def _ahead(match: re.Match[str], today: date) -> Days:
    """Returns the day of "in three days", or those about "in two weeks"."""
    span = _span(match)
    day = span.from_day(today)
    return _exactly(day) if span.is_days else Days(day - timedelta(days=2), day + timedelta(days=5))


def _away(match: re.Match[str], today: date) -> Days:
    """Returns the day of "two weeks hence"."""
    return _exactly(_span(match).from_day(today))


def _beside_holiday(match: re.Match[str], today: date) -> Days:
    """Returns the day of "the Monday after Thanksgiving"."""
    holiday, weekday = next_holiday(match["holiday"], today), weekday_number(match["weekday"])
    if match["before"]:
        day = holiday - timedelta(days=(holiday.weekday() - weekday - 1) % 7 + 1)
    else:
        day = holiday + timedelta(days=(weekday - holiday.weekday() - 1) % 7 + 1)
    return Days(day, day, unclear=day < today)


def _holiday_week(match: re.Match[str], today: date) -> Days:
    return week_of(next_holiday(match["named"] or match["holiday"], today), today)


def _on_holiday(match: re.Match[str], today: date) -> Days:
    return _exactly(next_holiday(match["holiday"], today))


def _new_year(match: re.Match[str], today: date) -> Days:
    year = today.year + 1
    return Days(date(year, 1, 2), date(year, 1, 31))


def week_of(day: date, today: date) -> Days:
    """Returns the days of the week in which a day is, from today on."""
    monday = day - timedelta(days=day.weekday())
    return Days(max(monday, today), monday + timedelta(days=6))


def _bound(match: re.Match[str], today: date) -> Days:
    """Returns the days of "after Tuesday", "from Wednesday" or "by Friday"."""
    anchor = _anchor(match, today)
    return days_beside(side_of(match), anchor, today) if anchor else Days(unclear=True)


def side_of(match: re.Match[str]) -> str | None:
    """Returns on which side of a day others are by a match with a group for each; None if by none."""
    said = match.groupdict()
    return next((side for side in _SIDES if said.get(side)), None)


def days_beside(side: str | None, day: date, today: date) -> Days:
    """Returns the days `from`, `after`, `until` or `before` a day."""
    match side:
        case "after":
            return Days(day + timedelta(days=1), None)
        case "from":
            return Days(day, None)
        case "before":
            return Days(today, day - timedelta(days=1), unclear=day <= today)
        case _:
            return Days(today, day)


def _anchor(match: re.Match[str], today: date) -> date | None:
    """Returns the day that is counted from; None for a weekday that is today's, which may mean the next one."""
    if match["weekday"]:
        ahead = (weekday_number(match["weekday"]) - today.weekday()) % 7
        return today + timedelta(days=ahead) if ahead else None
    name = match["anchor"]
    return today + timedelta(days=_NEAR[name]) if name in _NEAR else next_holiday(name, today)


@dataclass(frozen=True)
class _Span:
    """So many days, weeks or months."""

    count: int
    unit: str

    @property
    def is_days(self) -> bool:
        return _UNITS.get(self.unit) == 1

    @property
    def is_weeks(self) -> bool:
        return _UNITS.get(self.unit, 1) % 7 == 0

    def from_day(self, day: date, way: int = 1) -> date:
        if self.unit not in _MONTHS:
            return day + timedelta(days=way * self.count * _UNITS[self.unit])
        year, month = divmod(day.year * 12 + day.month - 1 + way * self.count, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _span(match: re.Match[str]) -> _Span:
    """Returns the span of a match; "the day after Thursday" is one of a day."""
    return _Span(_count(match["count"]), match["unit"] or match["units"] or match["day"])


def _count(words: str | None) -> int:
    """Returns a number of days, weeks or months; without words it is one."""
    numbers = find_numbers(words) if words else []
    return int(numbers[0].value) if numbers else 1


def _joined(found: list[Days]) -> Days:
    """Returns several days as one span if they follow each other: "today or tomorrow"."""
    if len(found) <= 1:
        return found[0] if found else Days()
    exact = sorted({one.first for one in found if one.first is not None and one.first == one.last})
    unclear = any(one.unclear for one in found)
    if len(exact) == len({(one.first, one.last) for one in found}) and exact:
        return Days(exact[0], exact[-1], unclear or (exact[-1] - exact[0]).days >= len(exact))
    if len(exact) == 1 and all(one.last is None or one.first == one.last for one in found):
        return Days(exact[0], exact[0], unclear)  # "not tomorrow, the day after tomorrow"
    return Days(unclear=True)
