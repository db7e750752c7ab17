"""Parts of a month or a week, and weekdays counted in a month: "end of the month", "the first Tuesday in December"."""

import re
from calendar import monthrange
from datetime import date, timedelta

from dialogue.grammar.holidays import nth_weekday
from dialogue.grammar.passages import Passage
from dialogue.grammar.relative_days import WEEKDAY, Days, weekday_number
from dialogue.language import language

_MONTHS = language("numbers").numbers["months"]
_RANKS = language("times").numbers["ranks"]
_PARTS = {part: divmod(span, 100) for part, span in language("times").numbers["parts_of_months"].items()}
_WEEK_PARTS = {part: divmod(span, 10) for part, span in language("times").numbers["parts_of_weeks"].items()}
_MONTH = rf"(?P<month>(?:this |next |the coming |the )?month|{'|'.join(_MONTHS)})"
_BOUND = r"(?:(?P<bound>by|before|until|till|after|from|not before) )?(?:at |in |towards? |around |sometime |the )*"
_OF = r"(?:[ -](?:of|in))?(?: the)?"
_PART_OF_MONTH = re.compile(rf"\b{_BOUND}(?P<part>{'|'.join(_PARTS)}){_OF}[ -]{_MONTH}\b(?! \d)")
_WHOLE_MONTH = re.compile(rf"\b(?:in|during|(?:sometime|some time|anytime|any time) in)(?: the month of)? {_MONTH}\b")
_PART_OF_WEEK = re.compile(rf"\b{_BOUND}(?P<part>{'|'.join(_WEEK_PARTS)}){_OF}(?: this)? week\b")
_NTH = re.compile(
    rf"\b(?:on )?(?:the )?(?P<rank>{'|'.join(_RANKS)}) (?P<weekday>{WEEKDAY}) (?:in|of)(?: the)? {_MONTH}\b"
)


def find_parts_of_months(passage: Passage, today: date) -> Days:
    """Returns the days of a part of a month or week, and takes away what tells them; an over one is the next."""
    for match in _NTH.finditer(passage.text):
        passage.take(match.start(), match.end())
        year, month = _month(match["month"], today)
        day = nth_weekday(year, month, _RANKS[match["rank"]], weekday_number(match["weekday"]))
        return Days(day, day, unclear=day < today)
    for match in _PART_OF_MONTH.finditer(passage.text):
        passage.take(match.start(), match.end())
        first, last = _days_of(match["month"], today, *_PARTS[match["part"]])
        if last < today:
            first, last = _days_of(match["month"], today.replace(day=1) + timedelta(days=32), *_PARTS[match["part"]])
        return _bounded(match["bound"], first, last, today)
    for match in _PART_OF_WEEK.finditer(passage.text):
        passage.take(match.start(), match.end())
        begin, end = _WEEK_PARTS[match["part"]]
        monday = today - timedelta(days=today.weekday())
        if today > monday + timedelta(days=end):
            monday += timedelta(days=7)
        return _bounded(match["bound"], monday + timedelta(days=begin), monday + timedelta(days=end), today)
    for match in _WHOLE_MONTH.finditer(passage.text):
        if passage.free(match):
            passage.take(match.start(), match.end())
            return _bounded(None, *_days_of(match["month"], today, 1, 31), today)
    return Days()


def _days_of(words: str, today: date, first: int, last: int) -> tuple[date, date]:
    year, month = _month(words, today)
    length = monthrange(year, month)[1]
    if last > 28:  # counted from the end
        first, last = first + length - 31 if first > 1 else 1, length
    return date(year, month, first), date(year, month, min(last, length))


def _month(words: str, today: date) -> tuple[int, int]:
    """Returns year and month of "the month", "next month" or the next month of a name."""
    if words in _MONTHS:
        month = _MONTHS[words]
        return today.year + (month < today.month), month
    ahead = (today.replace(day=1) + timedelta(days=32)) if words.startswith(("next", "the coming")) else today
    return ahead.year, ahead.month


def _bounded(bound: str | None, first: date, last: date, today: date) -> Days:
    match bound:
        case "by" | "before" | "until" | "till":
            return Days(today, last)
        case "after":
            return Days(last + timedelta(days=1), None)
        case "from" | "not before":
            return Days(first, None)
        case _:
            return Days(max(first, today), last)
