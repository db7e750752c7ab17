"""Which of the numbers that were said is a sum of money, and which is something said beside it."""

import re
from dataclasses import replace

from dialogue.grammar.number_context import is_a_name
from dialogue.grammar.number_words import NO_NOUNS, UNITS, Number
from dialogue.grammar.words import Words
from dialogue.language import language
from dialogue.moments import Moment

_HEARD = language("sums").patterns
_WORDS = {name: frozenset(words) for name, words in language("sums").words.items()}
_NO_NOUNS = NO_NOUNS | _WORDS["stand_after_a_sum"]
_PLAINLY_MONEY, _SMALL, _FEW, _LAST_HOUR = 1000, 100, 10, 12
_FAR_APART = 10
"""So many times as much as in another season nobody pays."""
_PLURAL = re.compile(r"^[a-z-]{2,}[^s']s$")


def find_sum(numbers: tuple[Number, ...], words: Words, moment: Moment, *, budget: bool) -> Number | None:
    """Returns the sum that answers a question for money, None if none was told; `budget` is what can be spent."""
    if budget and _HEARD["too_much"].search(words.text):
        return None
    sums = [one for one in numbers if _is_sum(one) and not _is_clock_time(one, words, moment)]
    sums = [one for one in sums if not _is_hour_to_come(one, words, moment)]
    sums = [one for one in sums if not (budget and _HEARD["judged"].search(one.behind))]
    sums = [one for one in sums if not (budget and _is_paid_today(one))] or sums
    total = [one for one in sums if _HEARD["total"].match(one.behind)]
    if total:
        return total[-1]
    low, high = sorted(one.value for one in sums[:2]) if len(sums) >= 2 and not budget else (0.0, 0.0)
    if 0 < high <= _FAR_APART * low and _HEARD["by_season"].search(words.text):
        return replace(sums[-1], value=(low + high) / 2, low=low, high=high, approximate=True)
    own = [one for one in sums if not _is_part(one)]
    if not own or _HEARD["on_top"].search(words.text):
        return sums[0] if sums else None
    if len(own) > 1 and (own[-2].bound, own[-1].bound) == ("least", "most") and own[-2].value < own[-1].value:
        low, high = own[-2].value, own[-1].value
        return replace(own[-1], value=(low + high) / 2, low=low, high=high, bound="")
    last, plain = own[-1], [one for one in own if one.money or one.value >= _PLAINLY_MONEY]
    if plain and last.value < _SMALL and not last.money and _in_one_clause(plain[-1], last):
        return plain[-1]
    return last


def _is_paid_today(number: Number) -> bool:
    """Whether a sum is what somebody pays as things are: "we pay eleven hundred now"."""
    pays, today = (
        _HEARD["paid_today"].search(" ".join(number.before)),
        _HEARD["today"].match(" ".join(number.following)),
    )
    return bool(pays and today)


def _in_one_clause(first: Number, second: Number) -> bool:
    return second.start - len(second.before) <= first.start


def _is_sum(number: Number) -> bool:
    """Whether a number is a sum that the caller tells of himself, not one of others and not the number of something."""
    before = " ".join(number.before)
    if number.ordinal or number.unit in _WORDS["no_units"] or _HEARD["refused"].search(number.behind):
        return False
    if (
        _is_threshold(number, before)
        or _HEARD["of_others"].search(before)
        or _HEARD["of_something_else"].search(before)
    ):
        return False
    if number.money or number.period or number.each:
        return True
    if _counts_people(number, before) or _is_short_year(number, before):
        return False
    is_one = UNITS.get(number.said) == 1
    return not (number.is_duration or is_one or is_a_name(number) or _is_code(number) or _counts_something(number))


def _counts_people(number: Number, before: str) -> bool:
    """Whether people are counted: "the two of us", "us two"."""
    of_them = _HEARD["of_people"].match(" ".join(number.following)) is not None
    return of_them or (number.value < _FEW and _HEARD["leads_people"].search(before) is not None)


def _is_short_year(number: Number, before: str) -> bool:
    """Whether a number is a year without its century: "from sixty-two", "since oh-six"."""
    plain = number.value < _SMALL and number.low == number.high and not number.bound
    return plain and _HEARD["leads_a_year"].search(before) is not None and not _HEARD["comes_in"].search(before)


def _is_hour_to_come(number: Number, words: Words, moment: Moment) -> bool:
    """Whether a number is the hour of a day that is named, or at which somebody comes: "he comes around four"."""
    bare = number.value <= _LAST_HOUR and not (number.money or number.period)
    near = bare and _HEARD["leads_an_hour"].search(" ".join(number.before)) is not None
    return near and (moment.names_a_day or _HEARD["comes_at"].search(words.text) is not None)


def _is_threshold(number: Number, before: str) -> bool:
    """Whether a sum is one from which on somebody is to be asked."""
    bounded = number.bound and _HEARD["to_be_approved"].match(" ".join(number.following))
    return bool(bounded or _HEARD["leads_to_approval"].search(before))


def _is_part(number: Number) -> bool:
    """Whether a sum is one beside the one that is meant: what something else costs, or what is hardly possible."""
    return bool(_HEARD["part"].search(" ".join(number.before)) or _HEARD["at_a_stretch"].match(number.behind))


def _is_code(number: Number) -> bool:
    """Whether figures are those of a place or a thing: a sum of five figures is rounder."""
    return number.said.isdecimal() and (number.value % 10 != 0 and len(number.said) >= 5)


def _counts_something(number: Number) -> bool:
    """Whether a thing that is counted follows: "eighteen points", "fifteen solar panels"."""
    for word in number.following[:2]:
        if word in _WORDS["other_units"] or (_PLURAL.match(word) and word not in _NO_NOUNS):
            return True
        if word in _NO_NOUNS or not word.isalpha():
            return False
    return False


def _is_clock_time(number: Number, words: Words, moment: Moment) -> bool:
    """Whether a number is the hour of an appointment: "Thursday at three"."""
    at = moment.at
    if at is None or number.money or number.period:
        return False
    named = moment.names_a_day or _HEARD["oclock"].search(words.text)
    return bool(named) and number.value in {at.hour, at.hour - 12, at.hour + 12}
