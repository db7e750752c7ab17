"""Numbers and sums of money as people say them, in figures or in words."""

import re
from collections.abc import Callable
from dataclasses import replace

from dialogue.grammar.number_context import CURRENCIES, with_context, without_retracted
from dialogue.grammar.number_tokens import number_tokens
from dialogue.grammar.number_words import (
    AND,
    ARTICLES,
    FRACTIONS,
    HUNDRED,
    MAX_VALUE,
    NO_NOUNS,
    RANKS,
    SCALE_WORDS,
    SCALES,
    TENS,
    UNITS,
    VAGUE,
    Number,
    WordReader,
    read_rank,
)
from dialogue.grammar.remainders import with_remainders
from dialogue.language import language

_LANGUAGE = language("numbers")
_WORDS = {name: frozenset(words) for name, words in _LANGUAGE.words.items()}

__all__ = ["Number", "find_numbers"]

_SUFFIXES, _DECADES, _PARTS_OF_TEN = (_LANGUAGE.numbers[name] for name in ("figure_scales", "decades", "parts_of_ten"))
_FIGURES = re.compile(
    r"^([$€£₹])?(\d{1,12}(?:\.\d{1,6})?)"
    rf"({'|'.join([*_SUFFIXES, *_WORDS['rank_endings']])})?([$€£₹%])?$"
)
_THIRD = 2
_BEGINNINGS = {*UNITS, *TENS, *SCALES, *VAGUE, *RANKS, *FRACTIONS, *_DECADES, *HUNDRED, *ARTICLES}
_MAY_BEGIN = re.compile(rf"[$€£₹]?\d|(?:{'|'.join(_BEGINNINGS)})(?:-|$)").match
_Join = Callable[[Number, Number, list[str]], Number | None]
_SPAN_RATIO = 2.5
_NO_SPAN_RATIO = 1.5
"""From here on whoever says the same word again begins again: "a hundred, a hundred twenty" is a span."""
_TENS_APART = 10
_MOST_NUMBERS = 80
"""Nobody tells more in one utterance; each is looked at beside the words around it."""
_AFTER_CENTS = {*NO_NOUNS, *CURRENCIES, *language("sums").words["stand_after_a_sum"], *ARTICLES}


def find_numbers(*clauses: str) -> list[Number]:
    """Returns the numbers of plain clauses in order, without those that the speaker took back.

    Of more than anybody tells in one breath the first are read.
    """
    tokens = number_tokens(clauses)
    words = [token.word for token in tokens]
    found: list[Number] = []
    position = end = 0
    while position < len(words) and len(found) < _MOST_NUMBERS:
        while end < len(words) and tokens[end].clause <= tokens[position].clause:
            end += 1
        number = _read(words[:end], position) if _MAY_BEGIN(words[position]) else None
        if number is not None:
            number = _with_spoken_cents(number, words[:end])
            found.append(number)
        position = number.end if number is not None else position + 1
    for join in (_begun_again, _part_of_one, _span, _with_cents):
        found = _merge(found, words, join)
    ends = [*(number.start for number in found[1:]), len(tokens)]
    told = [with_context(number, tokens, words, end) for number, end in zip(found, ends, strict=False)]
    return without_retracted(with_remainders(told))


def _read(words: list[str], start: int) -> Number | None:
    """Returns the number that starts at a word, or None."""
    figures = _FIGURES.match(words[start])
    if figures:
        return _read_figures(words, start, figures)
    return WordReader(words, start).read() or read_rank(words, start) or _read_decade(words, start)


def _read_decade(words: list[str], start: int) -> Number | None:
    """Returns the span of "the twenties" or "the low teens"."""
    if words[start] not in _DECADES:
        return None
    part = _PARTS_OF_TEN.get(words[start - 1] if start else "")
    low = _DECADES[words[start]] + (part or 0)
    high = low + (_THIRD if part is not None else 9)
    return Number((low + high) / 2, low, high, approximate=True, start=start, end=start + 1)


def _read_figures(words: list[str], start: int, figures: re.Match[str]) -> Number:
    sign = figures[1] or (figures[4] or "").strip("%")
    suffix = figures[3] or ""
    scale, end, behind = _SUFFIXES.get(suffix, 1.0), start + 1, words[start + 1 : start + 3]
    part = _fraction_behind(words, end)
    if part:
        end += 3  # "12 and a half thousand"
    if behind[:1] and behind[0] in _WORDS["roughly_behind"] and behind[1:] and behind[1] in SCALES:
        end += 1
    while end < len(words) and words[end] in SCALE_WORDS:
        scale *= SCALES.get(words[end], 100.0)
        end += 1
    grand = not _WORDS["money_scales"].isdisjoint([suffix, *words[start + 1 : end]])
    value = (float(figures[2]) + part) * scale
    digit = re.fullmatch(r"[1-9]", words[end]) if end < len(words) else None
    if grand and digit and HUNDRED.isdisjoint(words[end + 1 : end + 2]):
        value, end = value + scale / 10 * int(words[end]), end + 1  # "6 grand 5"
    value = min(round(value, 4), MAX_VALUE)
    unit = "percent" if figures[4] == "%" else ""
    ordinal = suffix in _WORDS["rank_endings"]
    money = bool(sign) or not _WORDS["plain_money"].isdisjoint(words[start + 1 : end])
    return Number(value, value, value, money=money, currency=sign, unit=unit, ordinal=ordinal, start=start, end=end)


def _fraction_behind(words: list[str], place: int) -> float:
    """Returns the fraction of "and a half" at a place; 0 if there is none."""
    said = words[place : place + 3]
    return FRACTIONS.get(said[2], 0.0) if len(said) == 3 and said[0] in AND and said[1] in ARTICLES else 0.0


def _merge(numbers: list[Number], tokens: list[str], join: _Join) -> list[Number]:
    """Returns the numbers with those made one that `join` makes one of two that follow each other."""
    merged: list[Number] = []
    for number in numbers:
        joined = join(merged[-1], number, tokens) if merged else None
        if joined is not None:
            merged[-1] = joined
        else:
            merged.append(number)
    return merged


def _begun_again(first: Number, second: Number, tokens: list[str]) -> Number | None:
    """Returns the second of two numbers if the first was only its beginning: "two", "two hundred and twenty"."""
    begun, whole = tokens[first.start : first.end], tokens[second.start : second.end]
    between = " ".join(tokens[first.end : second.start])
    if begun != whole[: len(begun)] or len(begun) == len(whole) or (between and between not in _WORDS["hesitates"]):
        return None
    scaled = whole[len(begun)] in SCALE_WORDS
    return second if between or scaled or second.value > first.value * _NO_SPAN_RATIO else None


def _part_of_one(first: Number, second: Number, tokens: list[str]) -> Number | None:
    """Returns the number whose parts two are: "sixteen" + "five", "twenty" + "first"."""
    if first.end < second.start:
        return None
    if first.value < second.value == SCALES.get(tokens[second.start]):
        value, money = first.value * second.value, second.money  # "sixteen", "thousand I mean"
    elif _is_short_thousands(first, second):
        value, money = first.value * 1000 + second.value * 100, second.money
    elif 10 < first.value < 100 and second.value in range(100, 1000, 100) and second.value > first.value * _SPAN_RATIO:
        value, money = first.value * 1000 + second.value, second.money  # "eighteen five hundred"
    elif _is_split_hundreds(first, second, tokens):
        value, money = first.value * 100 + second.value, first.money
    elif _are_thousands_and_hundreds(first, second, tokens):
        value, money = first.value + second.value, first.money or second.money
    elif first.value in TENS.values() and second.ordinal and second.value < 10:
        value, money = first.value + second.value, second.money
    else:
        return None
    return replace(second, value=value, low=value, high=value, start=first.start, money=money)


def _span(first: Number, second: Number, tokens: list[str]) -> Number | None:
    """Returns the span whose ends two numbers are: "ten to twelve thousand", "two fifty", "two sixty"."""
    if not _is_span(first, second, tokens):
        return None
    low = _rescaled(first.low, second.high)
    money = second.money or first.money
    return replace(second, value=(low + second.high) / 2, low=low, start=first.start, money=money)


def _with_cents(first: Number, second: Number, tokens: list[str]) -> Number | None:
    """Returns the sum of "two dollars and forty cents"."""
    behind = tokens[second.end : second.end + 1]
    is_named = not _WORDS["hundredths"].isdisjoint(behind) and second.start - first.end <= 2
    follows = first.end == second.start and 100 <= first.value < 1000 and not first.money and 10 <= second.value < 100
    if not is_named and not (follows and first.value == int(first.value) and second.end == len(tokens)):
        return None
    value = first.value + second.value / 100
    return replace(first, value=value, low=value, high=value, money=True, end=second.end + is_named)


def _with_spoken_cents(number: Number, clause: list[str]) -> Number:
    """Returns the sum of "eighty-eight fifty", whose parts are no ends of a span."""
    first, second = number.value, _read(clause, number.end) if number.end < len(clause) else None
    whole = 20 < first < 1000 and first == int(first) and first % 10 != 0 and not number.money
    if second is None or second.ordinal or not whole:
        return number
    cents = second.value
    small = first % 100
    apart = cents < small or (first % 5 and cents > small + _TENS_APART)
    stands_alone = second.end == len(clause) or clause[second.end] in _AFTER_CENTS
    if not (10 <= cents < 100 and cents % 5 == 0 and apart and stands_alone):
        return number
    value = first + cents / 100
    return replace(number, value=value, low=value, high=value, money=True, end=second.end)


def _is_short_thousands(first: Number, second: Number) -> bool:
    """Whether two numbers are the thousands and hundreds of one: "sixteen", "five" is 16,500."""
    plain = not (first.money or second.money or first.ordinal or second.ordinal)
    return plain and 10 < first.value < 100 and 1 <= second.value < 10 and second.value == int(second.value)


def _are_thousands_and_hundreds(first: Number, second: Number, tokens: list[str]) -> bool:
    """Whether two numbers are one with a pause in it: "ten thousand", "five hundred"."""
    plain = not (first.currency or second.currency or first.ordinal or second.ordinal)
    fit = first.value >= 1000 and first.value % 1000 == 0 and 100 <= second.value < 1000
    return plain and fit and not set(tokens[second.end : second.end + 1]) & _WORDS["keep_apart"]


def _is_split_hundreds(first: Number, second: Number, tokens: list[str]) -> bool:
    """Whether two figures are one number that the transcriber cut apart: "1", "50" is 150."""
    figures = tokens[first.start].lstrip("$€£"), " ".join(tokens[second.start : second.end])
    return all(figure.isdigit() for figure in figures) and [len(figure) for figure in figures] == [1, 2]


def _is_span(low: Number, high: Number, tokens: list[str]) -> bool:
    """Whether two numbers are the ends of one span: "ten to twelve", "between 10 and 12", "five or six", "150, 160"."""
    words = [word for word in tokens[low.end : high.start] if word not in CURRENCIES.keys() | _WORDS["in_a_span"]]
    if (
        (len(words) > 1 and set(words) != _WORDS["up_to"])
        or not set(words) <= _WORDS["in_a_range"]
        or low.ordinal
        or high.ordinal
    ):
        return False
    if AND.issuperset(words) and words and _WORDS["between"].isdisjoint(tokens[max(0, low.start - 2) : low.start]):
        return False
    least = _rescaled(low.low, high.high)
    if not words and (tokens[low.start - 1 : low.start] or [""])[0] in _WORDS["pointing"]:
        return False
    return least < high.high <= (least * _SPAN_RATIO if not words else MAX_VALUE)


def _rescaled(low: float, high: float) -> float:
    """Returns the lower end in the scale of the upper: of "10 to 12,000" it is 10,000."""
    for scale in (1e6, 1e3, 100):
        if high >= scale and low < 100 and low * scale <= high and high / max(low, 1) > 50 * (scale >= 1e3):
            return low * scale
    return low
