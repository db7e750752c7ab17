"""Times of day as callers name them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time

_HOUR_WORDS = {
    word: value
    for value, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=1
    )
}
_MINUTE_WORDS = {
    "fifteen": 15, "thirty": 30, "forty five": 45, "forty-five": 45, "twenty": 20, "ten": 10, "oh five": 5, "five": 5,
    "forty": 40, "fifty": 50,
}  # fmt: skip
_HOUR = rf"(?:\d{{1,2}}|{'|'.join(_HOUR_WORDS)})"
_CLOCK = re.compile(
    rf"\b(?:(half past|quarter past|quarter to|ten past|ten to|twenty past|twenty to|half) )?"
    rf"(?P<hour>{_HOUR})(?:(?::(?P<digits>\d\d))|(?: (?P<minutes>{'|'.join(_MINUTE_WORDS)}|[0-5]\d)\b))?"
    rf"(?P<mark> (?:am|pm|oclock|in the morning|in the afternoon|in the evening|sharp|tonight))?(?![\w:])"
)
_LEADS = re.compile(
    r"(?:\bat|\baround|\babout|\bby|\bfor|\bafter|\bbefore|\btill|\buntil|\bfrom|\bpast|\band|\bto|day|\bmake it) $"
)
_AFTER = re.compile(r"\b(?:after|past|not before|from|later than) (?:about |around )?$")
_BEFORE = re.compile(r"\b(?:before|by|until|till|earlier than|no later than) (?:about |around )?$")
_NOT_A_TIME = re.compile(
    r" (?:month|week|day|year|hour|minute|people|thousand|hundred|grand|dollars|bucks|percent|of\b|or\b)"
)
_ONE_AS_A_THING = re.compile(r"(?:other|first|second|third|last|later|earlier|latter|that|this|the|which) $")
_OFFSETS = {
    "half past": 30, "half": 30, "quarter past": 15, "quarter to": -15, "ten past": 10, "ten to": -10,
    "twenty past": 20, "twenty to": -20,
}  # fmt: skip


@dataclass(frozen=True)
class Hours:
    """What was said about the time of day.

    Attributes:
        at: The named time.
        ambiguous_half: Whether neither morning nor afternoon was said with it.
        not_before: The earliest time.
        not_after: The latest time.
    """

    at: time | None = None
    ambiguous_half: bool = False
    not_before: time | None = None
    not_after: time | None = None


def find_hours(text: str) -> Hours:
    """Returns what a plain text says about the time of day."""
    if re.search(r"\bbetween\b", text):
        named = sorted(_business_time(hour) for _, hour in _clock_matches(text, bare=True))
        if len(named) >= 2:
            return Hours(not_before=named[0], not_after=named[-1])
    hours = Hours()
    if re.search(r"(?<!before )(?<!after )\b(?:noon|midday)\b", text):
        hours = Hours(at=time(12))
    for match, hour in _clock_matches(text, bare=False):
        hours = _with_time(hours, match, hour, text)
    return hours


def _with_time(hours: Hours, match: re.Match[str], hour: time, text: str) -> Hours:
    """Returns the hours with one more named time taken in."""
    before = text[: match.start()]
    open_half = not re.search(r"am|pm|morning|afternoon|evening|tonight", match["mark"] or "") and not re.search(
        r"\bmorning\b", text
    )
    settled = _business_time(hour) if open_half else hour
    if _AFTER.search(before):
        return replace(hours, not_before=settled)
    if _BEFORE.search(before):
        return replace(hours, not_after=settled)
    return replace(hours, at=settled, ambiguous_half=open_half and settled.hour < 12)


def _clock_matches(text: str, *, bare: bool) -> Iterator[tuple[re.Match[str], time]]:
    """Yields the times in a text; a bare number is one after "at" and its like only, or anywhere with `bare`."""
    for match in _CLOCK.finditer(text):
        before = text[: match.start()]
        explicit = bool(match[1] or match["digits"] or match["mark"] or match["minutes"])
        if not (explicit or bare or _LEADS.search(before)):
            continue
        if match["hour"] == "one" and not (match["mark"] or match["digits"]) and _ONE_AS_A_THING.search(before):
            continue
        hour = None if _NOT_A_TIME.match(text[match.end() :]) else _clock_time(match)
        if hour is not None:
            yield match, hour


def _clock_time(match: re.Match[str]) -> time | None:
    """Returns the time of day of a match, None if there is no such time."""
    word = match["hour"]
    hour = int(word) if word.isdigit() else _HOUR_WORDS[word]
    minute = int(match["digits"] or 0)
    if match["minutes"]:
        minute = int(match["minutes"]) if match["minutes"].isdigit() else _MINUTE_WORDS[match["minutes"]]
    mark = match["mark"] or ""
    if re.search(r"pm|afternoon|evening|tonight", mark) and hour < 12:
        hour += 12
    elif re.search(r"am|morning", mark) and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        return None
    total = (hour * 60 + minute + _OFFSETS.get(match[1] or "", 0)) % (24 * 60)
    return time(total // 60, total % 60)


def _business_time(hour: time) -> time:
    """Returns a time as it is meant in business if its half of the day was left open: one to seven are afternoon."""
    return hour.replace(hour=hour.hour + 12) if 1 <= hour.hour <= 7 else hour
