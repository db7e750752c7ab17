"""How soon a caller wants something, in months."""

import re
from calendar import month_name
from dataclasses import dataclass
from datetime import date

from dialogue.rules.numerals import find_numbers

_MONTHS = {name.lower(): number for number, name in enumerate(month_name) if number}
_SEASONS = {
    "spring": 4, "summer": 7, "fall": 10, "autumn": 10, "winter": 12, "christmas": 12, "thanksgiving": 11, "easter": 4,
}  # fmt: skip
_QUARTERS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "1": 1, "2": 2, "3": 3, "4": 4, "one": 1, "two": 2, "three": 3,
    "four": 4,
}  # fmt: skip
_DAYS = {"day": 1 / 30, "week": 7 / 30, "month": 1.0, "quarter": 3.0, "year": 12.0}
_FIXED: tuple[tuple[re.Pattern[str], float, str], ...] = tuple(
    (re.compile(pattern), months, text)
    for pattern, months, text in (
        (
                r"\b(?:no (?:big |real |particular )?(?:rush|hurry)|not in (?:a|any) (?:rush|hurry)|some ?day"
                r"|eventually|one day|in the distant future|no (?:timeline|time frame|timeframe|idea when|plans?)"
                r"|(?:not any|no) ?time soon|never|hell freezes over|when pigs fly|years from now|far (?:off"
                r"|away))\b", 24, "no hurry"),
        (
                r"\b(?:as soon as (?:possible|you can|we can)|asap|a s a p|right away|immediately|straight away"
                r"|right now|urgent(?:ly)?|yesterday|today|tomorrow|at once|the (?:sooner|earlier|faster"
                r"|quicker) the better|sooner the better"
                r"|sooner rather than later|as quickly as|as fast as|as early as)\b", 0.5, "as soon as possible"),
        (r"\b(?:whenever (?:you|it|is|works)|whenever$|we are flexible|i am flexible)\b", 4, "flexible"),
        (r"\bthis week\b", 0.25, "this week"),
        (r"\bnext week\b", 0.5, "next week"),
        (r"\bfortnight\b", 0.5, "within two weeks"),
        (r"\b(?:this month|end of the month|within the month)\b", 1, "this month"),
        (r"\bnext month\b", 1.5, "next month"),
        (r"\bnext couple (?:of )?months\b", 2, "in a couple of months"),
        (r"\bnext few months\b", 3, "in the next few months"),
        (r"\bhalf a year\b", 6, "in six months"),
        (r"\b(?:this quarter|end of the quarter)\b", 2, "this quarter"),
        (r"\bnext quarter\b", 4, "next quarter"),
        (r"\b(?:in the near future|pretty soon|very soon|fairly soon|quite soon"
            r"|(?<!how )(?<!time )(?<!as )soon(?:ish)?)\b", 2, "soon"),
        (r"\b(?:in (?:a|one) year|a year from now|next year sometime|sometime next year)\b", 12, "next year"),
    )
)  # fmt: skip


_NAMES = "|".join([*_MONTHS, *_SEASONS])
_THIS_YEAR = re.compile(
    r"\b(?:(?:before|by|until) (?:the )?(?:year end|new year)|end of (?:the|this) year|year end|(?:later )?this year"
    r"|before the year is (?:out|over))\b"
)
_EARLY_NEXT_YEAR = re.compile(
    r"\b(?:early|beginning of|start of|first thing) (?:in )?(?:next year|the (?:new )?year)\b|\bnew year\b"
)
_QUARTER = re.compile(r"\b(?:q|quarter )([1-4]|one|two|three|four)\b|\b(first|second|third|fourth) quarter\b")
_QUARTER_NAMES = ("first", "second", "third", "fourth")
_LEAD_AND_NAME = re.compile(
    r"\b(by|in|on|from|till|before|after|around|during|until|next|this|early|late|mid|come|for|maybe|probably|of) "
    rf"(?:the )?(?:next |coming |early |late )?({_NAMES})\b"
)
_ONE_UNIT = re.compile(
    r"(?:^|\b(?:in|within|about|like|maybe|around|over|next|another|roughly|say|the next) )(?:a|an|one|the next"
    r"|(?<=within )the) "
    r"(day|week|month|quarter|year)\b"
)
_YEAR = re.compile(r"\b(20[2-9]\d)\b(?! (?:dollars|bucks|pounds|euros|people))")
_NEXT_YEAR_START = re.compile(r"\bafter (?:the )?(?:year end|new year|end of (?:the|this) year|holidays)\b")
_NAME_FIRST = re.compile(rf"^(?:{_NAMES})\b")


@dataclass(frozen=True)
class Timeline:
    """How soon something is wanted.

    Attributes:
        months: Months from now.
        text: How to speak of it, for example "in two months".
    """

    months: float
    text: str


def find_timeline(text: str, today: date) -> Timeline | None:
    """Returns how soon a plain text says something is wanted, or None."""
    return _calendar(text, today) or _fixed(text) or _duration(text)


def _fixed(text: str) -> Timeline | None:
    for pattern, months, wording in _FIXED:
        match = pattern.search(text)
        if match and not re.search(r"\bnot $", text[: match.start()]):
            return Timeline(months, wording)
    return None


_LASTING = re.compile(r"(?<!not )(?<!not even )\bfor(?: (?:about|like|almost|over|the (?:last|past|next)))?$")


def _duration(text: str) -> Timeline | None:
    """Returns the timeline of "in about two months" or "within six to eight weeks"."""
    for number in find_numbers(text):
        if number.unit in _DAYS and not _LASTING.search(" ".join(text.split()[: number.start])):
            months = number.value * _DAYS[number.unit]
            return Timeline(months, f"in {_count(number.low, number.high)} {number.unit}{'s' * (number.high != 1)}")
    for unit in _ONE_UNIT.findall(text):
        return Timeline(_DAYS[unit], f"in a {unit}")
    return None


def _count(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _calendar(text: str, today: date) -> Timeline | None:
    """Returns the timeline of a named month, season, quarter or end of the year."""
    if _NEXT_YEAR_START.search(text):
        return Timeline(14 - today.month, "early next year")
    if _THIS_YEAR.search(text):
        return Timeline(max(12 - today.month + 0.5, 0.5), "this year")
    if _EARLY_NEXT_YEAR.search(text):
        return Timeline(14 - today.month, "early next year")
    if match := _QUARTER.search(text):
        quarter = _QUARTERS[match[1] or match[2]]
        return Timeline(_ahead(today, quarter * 3 - 1), f"in the {_QUARTER_NAMES[quarter - 1]} quarter")
    if match := _LEAD_AND_NAME.search(text):
        return _named_time(match[1], match[2], today)
    if match := _NAME_FIRST.search(text):
        return _named_time("in", match[0], today)
    if (match := _YEAR.search(text)) and int(match[1]) > today.year:
        return Timeline((int(match[1]) - today.year) * 12 + 6 - today.month, f"in {match[1]}")
    if re.search(r"\bnext year\b", text):
        return Timeline(max(16 - today.month, 6), "next year")
    return None


def _named_time(lead: str, name: str, today: date) -> Timeline | None:
    if name == "may" and lead in {"maybe", "probably", "for", "of", "this"}:
        return None
    month = _MONTHS.get(name) or _SEASONS[name]
    preposition = lead if lead in {"by", "before", "after", "around", "next", "this"} else "in"
    spoken = name.capitalize() if name in _MONTHS or name in {"christmas", "thanksgiving", "easter"} else name
    article = "the " if name in {"spring", "summer", "fall", "autumn", "winter"} and preposition in {"in", "by"} else ""
    return Timeline(_ahead(today, month), f"{preposition} {article}{spoken}")


def _ahead(today: date, month: int) -> float:
    """Returns the months from today to the middle of the next such month."""
    months = (month - today.month) % 12
    return max(float(months), 0.5)
