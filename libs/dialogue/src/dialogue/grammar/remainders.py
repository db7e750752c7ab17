"""Sums said by what is missing or over: "two tens short of two hundred", "a tenner over a hundred"."""

from dataclasses import replace

from dialogue.grammar.number_words import TENS, UNITS, Number
from dialogue.language import language

_LANGUAGE = language("numbers")
_HEARD = _LANGUAGE.patterns
_NOTES = _LANGUAGE.numbers["notes"]


def with_remainders(numbers: list[Number]) -> list[Number]:
    """Returns the numbers; what is missing or over of one is no number beside it."""
    told: list[Number] = []
    for number in numbers:
        changed = _by_notes(number) or (_by_number(told[-1], number) if told else None)
        if changed is not None:
            told = [one for one in told if one.start < changed.start]
        told.append(changed or number)
    return told


def _by_notes(number: Number) -> Number | None:
    """Returns the sum of "two tens short of two hundred"."""
    match = _HEARD["by_notes"].search(" ".join(number.before))
    if match is None:
        return None
    count = UNITS.get(match["count"] or "a", TENS.get(match["count"] or "a", 1))
    words = len(match[0].split())
    return _changed(number, count * _NOTES[match["note"]], words, less=_HEARD["less"].search(match["way"]) is not None)


def _by_number(first: Number, second: Number) -> Number | None:
    """Returns the sum of "five hundred short of ten thousand"."""
    words = first.behind.split()
    if not _HEARD["short_of"].search(first.behind) or first.end + len(words) != second.start:
        return None
    return _changed(second, first.value, len(words) + first.end - first.start, less=True)


def _changed(number: Number, by: float, words: int, *, less: bool) -> Number | None:
    value = number.value - by if less else number.value + by
    if not 0 < by < number.value:
        return None
    start = number.start - words
    return replace(
        number, value=value, low=value, high=value, bound="", start=start, before=number.before[:-words], money=True
    )
