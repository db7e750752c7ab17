"""Days that are counted from another one: "four days from today", "a week from Tuesday", "the day after tomorrow"."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from dialogue.grammar.holidays import HOLIDAY, is_holiday, next_holiday
from dialogue.grammar.number_words import UNITS
from dialogue.grammar.numerals import find_numbers
from dialogue.grammar.passages import Passage
from dialogue.language import language

_HEARD = language("times").patterns
WEEKDAYS = language("numbers").numbers["weekdays"]

WEEKDAY = (
    r"(?:mondays?|mon|tuesdays?|tues|wednesdays?|wensday|wednes day|weds|thursdays?|thurs|fridays?|saturdays?|sundays?)"
)
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(word for word, value in UNITS.items() if value)}|twenty|thirty|forty)"
_SPAN = (
    rf"(?<![\w:.])(?:(?:(?:an?|one|1) |(?<!every )(?<!once a )(?=fortnight))(?P<unit>day|week|month|fortnight)"
    rf"|(?P<count>{_COUNT}) (?P<units>days|weeks|months|fortnights))"
)
_ANCHOR = (
    rf"(?:the day after tomorrow|day after tomorrow|today|now|tomorrow|{HOLIDAY}"
    rf"|(?:this |coming |this coming )?{WEEKDAY})"
)
_COUNTED = re.compile(
    rf"(?:{_SPAN}|(?<!any )(?<!every )(?<!some )(?<!each )(?<!of )(?<!of the )\b(?:the (?:very )?)?(?P<day>day))"
    rf" (?P<side>from|after|past|following|before|(?<!in a week )on) (?P<anchor>{_ANCHOR})\b(?! (?:week|after)\b)"
)
_WEEKS_FROM = re.compile(rf"(?<!in ){_SPAN} (?P<anchor>today|tomorrow|(?:on )?{WEEKDAY})\b(?! (?:week|after)\b)")
_AHEAD = re.compile(
    rf"(?P<about>\bin (?:about |around )?){_SPAN}(?: time)?\b(?! (?:from|after|before|and)\b)"
    rf"|{_SPAN.replace('P<', 'P<exact_')} (?:hence|away|time)\b"
)
_BESIDE_HOLIDAY = re.compile(
    rf"\b(?:the )?(?P<weekday>{WEEKDAY}) (?P<side>after|following|before) (?P<holiday>{HOLIDAY})\b"
)
_HOLIDAY_WEEK = re.compile(rf"\b(?:the )?(?:(?:week of )(?P<named>{HOLIDAY})|(?P<holiday>{HOLIDAY}) week)\b")
_HOLIDAY = re.compile(
    rf"\b(?:on |for )?(?P<holiday>{HOLIDAY})\b(?! (?:with|dinner|shopping|presents?|plans|lights|break|season))"
)
_NEW_YEAR = re.compile(r"\b(?:early )?in the new year\b")
_NTH_WEEKDAY = re.compile(rf"\b(?P<count>{_COUNT}) (?P<weekday>{WEEKDAY}) from (?:now|today)\b")
_WEEK_AFTER = re.compile(rf"\b(?P<anchor>today|tomorrow|{WEEKDAY}) week\b(?! (?:after|from|of|in)\b)")
_SIDES = dict.fromkeys(
    (
        "starting",
        "beginning",
        "not before",
        "nothing before",
        "no earlier than",
        "not earlier than",
        "not until",
        "not till",
        "no good before",
        "no good until",
        "no use before",
        "never before",
    ),
    "from",
)
_BOUND = re.compile(
    rf"\b(?:any ?time |any day |sometime )?"
    rf"(?P<side>{'|'.join(_SIDES)}|after|from|before|by|until|till)"
    rf" (?:on )?(?!now\b)(?P<anchor>{_ANCHOR})\b(?! (?:at|week|after|around|\d|morning|afternoon|evening)\b)"
)


@dataclass(frozen=True)
class Days:
    """The first and the last day that fit, each None where nothing was said."""

    first: date | None = None
    last: date | None = None
    unclear: bool = False


def weekday_number(word: str) -> int:
    """Returns the number of a weekday, 0 for Monday."""
    return next(number for name, number in WEEKDAYS.items() if name[:3] == word[:3].replace("wen", "wed"))


def find_relative_days(passage: Passage, today: date) -> Days:
    """Returns the days that are counted from others, and takes them away; days that contradict are unclear."""
    found: list[Days] = []
    for match in _COUNTED.finditer(passage.text):
        found.append(_counted(match, today))
        passage.take(match.start(), match.end())
    found += _near_days(passage, today, ((_HEARD["day_after_tomorrow"], 2),))
    ways = (
        (_WEEKS_FROM, _weeks_from),
        (_NTH_WEEKDAY, _nth_weekday),
        (_AHEAD, _ahead),
        (_WEEK_AFTER, _week_after),
        (_BESIDE_HOLIDAY, _beside_holiday),
        (_HOLIDAY_WEEK, _holiday_week),
        (_NEW_YEAR, _new_year),
        (_BOUND, _bound),
        (_HOLIDAY, _on_holiday),
    )
    for pattern, days_of in ways:
        for match in _free(pattern, passage):
            if not (pattern is _HOLIDAY and _HEARD["day_denied"].search(passage.before(match))):
                found.append(days_of(match, today))
            passage.take(match.start(), match.end())
    found += _near_days(passage, today, ((_HEARD["tomorrow"], 1), (_HEARD["today"], 0)))
    return _joined(found)


def _near_days(passage: Passage, today: date, near: tuple[tuple[re.Pattern[str], int], ...]) -> list[Days]:
    found = []
    for pattern, days in near:
        for match in _free(pattern, passage):
            day = today + timedelta(days=days)
            denied = is_denied(passage, match)
            passage.take(match.start(), match.end())
            if denied and days == 0:
                continue
            found.append(Days(day + timedelta(days=1), None) if denied else _exactly(day))
    return found


def is_denied(passage: Passage, match: re.Match[str]) -> bool:
    """Whether a day or a part of it is named as one that does not fit."""
    before, after = passage.before(match), passage.after(match)
    return bool(_HEARD["day_denied"].search(before) or _HEARD["day_impossible"].search(after))


def _exactly(day: date) -> Days:
    return Days(day, day)


def _free(pattern: re.Pattern[str], passage: Passage) -> list[re.Match[str]]:
    return [match for match in pattern.finditer(passage.text) if passage.free(match)]


def _counted(match: re.Match[str], today: date) -> Days:
    """Returns the day of "four days from today", "a week before Friday" or "the day after Thursday"."""
    anchor = _anchor(match["anchor"], today)
    unit = match["unit"] or match["units"] or "day"
    if anchor is None or (match["side"] == "on" and not unit.startswith(("week", "fortnight"))):
        return Days(unclear=True)
    day = _shifted(anchor, _count(match["count"]) * (-1 if match["side"] == "before" else 1), unit)
    return Days(day, day, unclear=day < today)


def _nth_weekday(match: re.Match[str], today: date) -> Days:
    """Returns the day of "two Fridays from now"."""
    ahead = (weekday_number(match["weekday"]) - today.weekday() - 1) % 7 + 1
    return _exactly(today + timedelta(days=ahead + 7 * (_count(match["count"]) - 1)))


def _weeks_from(match: re.Match[str], today: date) -> Days:
    """Returns the day of "a week tomorrow" or "two weeks on Friday"."""
    anchor = _anchor(match["anchor"].removeprefix("on "), today)
    unit = match["unit"] or match["units"]
    if anchor is None or not unit.startswith(("week", "fortnight")):
        return Days(unclear=True)
    return _exactly(_shifted(anchor, _count(match["count"]), unit))


def _week_after(match: re.Match[str], today: date) -> Days:
    """Returns the day of "Tuesday week"."""
    anchor = _anchor(match["anchor"], today)
    return _exactly(anchor + timedelta(days=7)) if anchor else Days(unclear=True)


def _ahead(match: re.Match[str], today: date) -> Days:
    """Returns the days of "in three days", or about "in two weeks"."""
    about = "" if match["about"] else "exact_"
    unit = match[f"{about}unit"] or match[f"{about}units"]
    day = _shifted(today, _count(match[f"{about}count"]), unit)
    if unit.startswith("day") or about:
        return _exactly(day)
    return Days(day - timedelta(days=2), day + timedelta(days=5))


def _beside_holiday(match: re.Match[str], today: date) -> Days:
    """Returns the day of "the Monday after Thanksgiving"."""
    holiday, weekday = next_holiday(match["holiday"], today), weekday_number(match["weekday"])
    if match["side"] == "before":
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
    anchor = _anchor(match["anchor"], today)
    if anchor is None:
        return Days(unclear=True)
    return days_beside(_SIDES.get(match["side"], match["side"]), anchor, today)


def days_beside(side: str, day: date, today: date) -> Days:
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


def _anchor(words: str, today: date) -> date | None:
    """Returns the day that is counted from; None for a weekday that is today's, which may mean the next one."""
    match words.removeprefix("the ").removeprefix("this ").removeprefix("coming "):
        case "today" | "now":
            return today
        case "tomorrow":
            return today + timedelta(days=1)
        case "day after tomorrow":
            return today + timedelta(days=2)
        case name if is_holiday(name):
            return next_holiday(name, today)
        case weekday:
            ahead = (weekday_number(weekday) - today.weekday()) % 7
            return today + timedelta(days=ahead) if ahead else None


def _count(words: str | None) -> int:
    """Returns a number of days, weeks or months; without words it is one."""
    numbers = find_numbers(words) if words else []
    return int(numbers[0].value) if numbers else 1


def _shifted(day: date, count: int, unit: str) -> date:
    if unit.startswith("month"):
        year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    days = {"day": 1, "wee": 7, "for": 14}[unit[:3]]
    return day + timedelta(days=days * count)


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
