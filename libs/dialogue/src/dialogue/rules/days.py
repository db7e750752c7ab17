"""Days as callers name them, seen from today."""

import re
from datetime import date, timedelta

from dialogue.rules.numerals import find_numbers

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(
    r"\b(mondays?|mon|tuesdays?|tues|wednesdays?|wensday|wednes day|thursdays?|thurs|fridays?|saturdays?|sundays?)\b"
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_DAY_OF_MONTH = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?|(?:twenty|thirty)[ -]?(?:first|second|third|fourth|fifth|sixth|seventh|eighth"
    r"|ninth)|\w+(?:th|st|nd|rd))"
)
_MONTH_NAMES = "|".join(_MONTHS)
_MONTH_DAY = re.compile(rf"\b({_MONTH_NAMES})(?: the)? ({_DAY_OF_MONTH})\b")
_DAY_OF = re.compile(rf"\b({_DAY_OF_MONTH}) of ({_MONTH_NAMES})\b")
_THE_DAY = re.compile(rf"\b(?:the|on) ({_DAY_OF_MONTH})\b(?! (?:one|option|choice|slot|time|of|offer|appointment))")
DENIED = re.compile(
    r"\b(?:not|except|but not|anything but|any day but|cannot(?: do| make)?|never)(?: on| in| the| a)* $"
)
IMPOSSIBLE = re.compile(
    r"^s?(?: (?:\w+ ){0,2}?)?(?:(?:is|are) (?:not|bad|no good|out|impossible|full|tough)|do(?:es)? not|will not"
    r"|cannot)"
)


_Span = tuple[date | None, date | None]
_OPEN: _Span = (None, None)


def find_weekdays(text: str) -> tuple[frozenset[int], frozenset[int]]:
    """Returns the weekdays that were named as fitting and as not fitting; 0 is Monday."""
    fitting: set[int] = set()
    excluded: set[int] = set()
    for match in _WEEKDAY.finditer(text):
        denied = DENIED.search(text[: match.start()]) or IMPOSSIBLE.search(text[match.end() :])
        (excluded if denied else fitting).add(_weekday_number(match[1]))
    if (weekend := re.search(r"\bweekends?\b", text)) is not None:
        denied = DENIED.search(text[: weekend.start()]) or IMPOSSIBLE.search(text[weekend.end() :])
        (excluded if denied else fitting).update({5, 6})
    return frozenset(fitting), frozenset(excluded)


def _weekday_number(word: str) -> int:
    return next(number for number, name in enumerate(_WEEKDAYS) if name[:3] == word[:3].replace("wen", "wed"))


def find_days(text: str, today: date) -> _Span:
    """Returns the first and last day that fit, each None where nothing was said."""
    return _relative_day(text, today) or _named_date(text, today) or _counted(text, today) or _week(text, today)


def _relative_day(text: str, today: date) -> _Span | None:
    if re.search(r"\bday after tomorrow\b", text):
        return today + timedelta(days=2), today + timedelta(days=2)
    if match := re.search(r"\btomorrow\b", text):
        denied = DENIED.search(text[: match.start()])
        return (today + timedelta(days=2), None) if denied else (today + timedelta(days=1), today + timedelta(days=1))
    if re.search(r"\btoday\b|\btonight\b", text) and not re.search(r"\bnot today\b", text):
        return today, today
    return None


def _counted(text: str, today: date) -> _Span | None:
    """Returns the days of "in three days" or "in two weeks"."""
    match = re.search(r"\bin (?:about |around )?(\w+) (day|week)s?\b", text)
    numbers = find_numbers("one" if match[1] in {"a", "an"} else match[1]) if match else []
    if match is None or not numbers:
        return None
    count = int(min(numbers[0].value, 400))
    if match[2] == "day":
        return today + timedelta(days=count), today + timedelta(days=count)
    return today + timedelta(days=7 * count - 2), today + timedelta(days=7 * count + 5)


def _week(text: str, today: date) -> _Span:
    """Returns the week or month that was named, alone or with a weekday: "Tuesday next week"."""
    monday = today - timedelta(days=today.weekday())
    if re.search(r"\bweek after next\b", text):
        return monday + timedelta(days=14), monday + timedelta(days=20)
    if re.search(r"\b(?:next|following) week\b|\bweek after\b|\b(?:a|one) week from\b", text):
        return monday + timedelta(days=7), monday + timedelta(days=13)
    if re.search(r"\bthis week\b", text):
        return today, monday + timedelta(days=6)
    if re.search(r"\bthis (?:coming )?(?:mon|tue|wed|thu|fri|sat|sun)", text):
        return today, today + timedelta(days=6)
    if re.search(r"\bnext month\b", text):
        first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return _OPEN


def _named_date(text: str, today: date) -> _Span | None:
    """Returns the date of "December 3rd", "the third of December" or "the 3rd"."""
    for pattern, month_group, day_group in ((_MONTH_DAY, 1, 2), (_DAY_OF, 2, 1)):
        for match in pattern.finditer(text):
            day = _day_number(match[day_group])
            if day:
                return _next_date(today, _MONTHS.index(match[month_group]) + 1, day)
    for match in _THE_DAY.finditer(text):
        day = None if match[1].isdigit() else _day_number(match[1])
        # "The second" is a choice among offers; from the fourth on, and in figures, it is a date.
        if day and (day > 3 or match[1][0].isdigit()):
            month = today.month if day >= today.day else today.month % 12 + 1
            return _next_date(today, month, day)
    return None


def _day_number(words: str) -> int | None:
    numbers = find_numbers(words.replace("-", " "))
    if len(numbers) == 1 and 1 <= numbers[0].value <= 31 and numbers[0].value == int(numbers[0].value):
        return int(numbers[0].value)
    return None


def _next_date(today: date, month: int, day: int) -> _Span | None:
    for year in (today.year, today.year + 1):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if candidate >= today:
            return candidate, candidate
    return None
