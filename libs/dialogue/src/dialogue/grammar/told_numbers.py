"""Which of the numbers that were said the speaker states, rather than asks about or tells of the past."""

from collections.abc import Iterable
from dataclasses import replace

from dialogue.grammar.number_words import NUMBER_WORDS, Number
from dialogue.grammar.numerals import find_numbers
from dialogue.language import language

_HEARD = language("told_numbers", number=NUMBER_WORDS).patterns
_SEASONS = language("sums").patterns
_COMPARABLE = 10
"""So many times as much is told of something else, not of how it was before."""


def find_told_numbers(clauses: tuple[str, ...], asking: tuple[bool, ...], raised: tuple[bool, ...]) -> list[Number]:
    """Returns the numbers that answer something, in order.

    One in a question answers nothing, unless it proposes that number. One that is only repeated in a raised voice
    counts where nothing is stated, and so does one of the past.

    Args:
        clauses: Plain clauses.
        asking: Of each of them, whether it asks something.
        raised: Of each of them, whether a question mark stands behind it.
    """
    every = list(zip(clauses, asking, raised, strict=True))
    stated = _stated(clause for clause, asks, is_raised in every if not (asks or is_raised))
    told = stated or _stated(clause for clause, asks, _ in every if not asks)
    if told:
        return told
    proposed = find_numbers(*(clause for clause, asks, _ in every if asks and _HEARD["proposes"].search(clause)))
    return [replace(number, doubtful=True) for number in proposed]


def _stated(clauses: Iterable[str]) -> list[Number]:
    """Returns the numbers of clauses that ask nothing, without those behind "is that" and those that were once.

    What differs by the season stays: it is told of all of them.
    """
    clauses = tuple(clauses)
    found = [one for one in find_numbers(*clauses) if not _HEARD["asks_within"].search(" ".join(one.before))]
    numbers = [_risen(one) for one in found]
    if _SEASONS["by_season"].search(" ".join(clauses)):
        return numbers
    now = [one for one in numbers if not is_past(one)]
    return [one for one in numbers if one in now or not any(_are_comparable(one, other) for other in now)]


def _risen(number: Number) -> Number:
    """Returns what it is now of "went up from one forty to two twenty", which is no span."""
    risen = number.low != number.high and _HEARD["changed_from"].search(" ".join(number.before))
    return replace(number, value=number.high, low=number.high) if risen else number


def is_past(number: Number) -> bool:
    """Whether a number tells how it was."""
    before, behind = " ".join(number.before), " ".join(number.following)
    return _HEARD["past_before"].search(before) is not None or _HEARD["past_behind"].match(behind) is not None


def _are_comparable(one: Number, other: Number) -> bool:
    return one.high <= _COMPARABLE * other.high and other.high <= _COMPARABLE * one.high
