"""Parts of the day as callers name them: "late Tuesday afternoon", "first thing", "after the school run"."""

import re

from dialogue.grammar.passages import Passage
from dialogue.grammar.relative_days import is_denied
from dialogue.language import language
from dialogue.moments import PARTS_OF_DAY, Span

_HEARD = language("parts_of_day").patterns


def find_parts(passage: Passage, without_days: str) -> tuple[Span | None, tuple[Span, ...]]:
    """Returns the part of the day that was named and those that do not fit, and takes them away.

    Of two parts that were named either fits, and so does what lies between them; one that only told the half of the
    day of an hour is none.

    Args:
        passage: The text, without its days and its hours.
        without_days: What was left of it before the hours were taken away.
    """
    fitting: list[Span] = []
    excluded: list[Span] = []
    said = _without_hours(passage, without_days)
    for name, span in PARTS_OF_DAY.items():
        for match in _HEARD[name].finditer(said.text):
            if not said.free(match):
                continue
            said.take(match.start(), match.end())
            denied = is_denied(passage, match) or _HEARD["denied"].search(passage.before(match))
            passage.take(match.start(), match.end())
            if not _is_of_a_denied_day(passage, match):
                (excluded if denied else fitting).append(span)
    if not fitting:
        return None, tuple(excluded)
    return (min(begin for begin, _ in fitting), max(end for _, end in fitting)), tuple(excluded)


def _is_of_a_denied_day(passage: Passage, match: re.Match[str]) -> bool:
    """Whether a part is that of a day which does not suit, as "Tuesday afternoon" is, and tells of no other day."""
    day = _HEARD["of_a_day"].search(passage.before(match))
    return day is not None and is_denied(passage, day)


def _without_hours(passage: Passage, without_days: str) -> Passage:
    """Returns the whole text with nothing but the hours taken away."""
    said = Passage(passage.text)
    for position, (before, now) in enumerate(zip(without_days, passage.rest, strict=True)):
        if before != now:
            said.take(position, position + 1)
    return said
