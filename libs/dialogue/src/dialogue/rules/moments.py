"""Reads the days and hours of an utterance."""

import re
from datetime import datetime, time

from dialogue.moments import Moment
from dialogue.rules.clock_times import find_hours
from dialogue.rules.days import DENIED, IMPOSSIBLE, find_days, find_weekdays

_PARTS: tuple[tuple[re.Pattern[str], int, int], ...] = (
    (re.compile(r"\b(?:mornings?|first thing|before (?:noon|lunch)|early in the day|forenoon)\b"), 0, 12),
    (re.compile(r"\b(?:afternoons?|after (?:noon|lunch)|later in the day|end of the day)\b"), 12, 18),
    (re.compile(r"\b(?:evenings?|after work|at night|tonight)\b"), 17, 24),
    (re.compile(r"\b(?:at lunch|lunchtime|lunch time|over lunch)\b"), 11, 14),
)


def find_moment(text: str, now: datetime) -> Moment:
    """Returns what a plain text says about when, seen from the local time `now`."""
    first, last = find_days(text, now.date())
    weekdays, excluded = find_weekdays(text)
    if first is not None and first == last:
        weekdays = frozenset()
    hours = find_hours(text)
    not_before, not_after = hours.not_before, hours.not_after
    excluded_parts: list[tuple[int, int]] = []
    for pattern, begin, end in _PARTS:
        match = pattern.search(text)
        if match is None:
            continue
        if DENIED.search(text[: match.start()]) or IMPOSSIBLE.search(text[match.end() :]):
            excluded_parts.append((begin, end))
        elif hours.at is None and hours.not_before is None and hours.not_after is None:
            not_before, not_after = time(begin), time(end - 1, 59)
    return Moment(
        first, last, weekdays, excluded, hours.at, hours.ambiguous_half, not_before, not_after, tuple(excluded_parts)
    )
