"""Reads how many there are of something; a number counts only where it can be nothing but the answer to that."""

from dataclasses import replace

from callwright_common.campaign import RangeQuestion
from dialogue.language import language
from dialogue.rules.number_words import NO_NOUNS, TENS, UNITS
from dialogue.rules.numerals import Number
from dialogue.rules.utterances import Understanding
from dialogue.rules.words import stem

_HEARD = language("counts").patterns
_WORDS = language("counts").words
_PERSONS = frozenset(_WORDS["persons"])
_PERSON_STEMS = frozenset(stem(word) for word in (*_WORDS["persons"], *_WORDS["more_persons"]))
_STANDS_ALONE = NO_NOUNS.union(_WORDS["stand_after_a_count"])

_OF_OUR_OWN = (["of", "us"], ["of", "them"])
_MOST = 1e6
_PHONE_DIGITS = 7
_MOST_WORDS_WITH_ONE = 4


def find_count(question: RangeQuestion, said: Understanding, *, asked: bool) -> Number | None:
    """Returns the number that answers how many there are, None if there is none or it may mean something else."""
    text = said.words.text
    if not said.numbers and question.unit in _PERSONS and _HEARD["alone"].search(text):
        return Number(1, 1, 1)
    whole = [one for one in said.numbers if _is_whole(one)]
    named = [one for one in whole if _is_named(question, one)]
    if len(whole) == 2 and named and _HEARD["each"].search(text):
        value = whole[0].value * whole[1].value
        return replace(whole[1], value=value, low=value, high=value, approximate=True)
    alone = [one for one in whole if one not in named and _stands_alone(one, said)]
    if named:
        return named[-1] if len({one.value for one in named}) == 1 and not alone else None
    if not asked or len(alone) != 1 or _means_something_else(said):
        return None
    return alone[0]


def _means_something_else(said: Understanding) -> bool:
    """Whether an utterance speaks of money, of a time of day or tells a phone number."""
    text, at = said.words.text, said.moment.at
    if _HEARD["money"].search(text) or _HEARD["clock"].search(text) or (at is not None and at.minute):
        return True
    return sum(character.isdigit() for character in text) >= _PHONE_DIGITS


def _is_whole(number: Number) -> bool:
    plain = not (number.money or number.period or number.ordinal or number.is_duration or number.unit == "percent")
    return plain and number.low == int(number.low) and number.high == int(number.high)


def _is_named(question: RangeQuestion, number: Number) -> bool:
    """Whether the thing that is counted follows the number: "eighty people", "eighty full time employees"."""
    stems = {stem(word) for word in (question.unit or "").split()}
    if question.unit in _PERSONS:
        stems |= _PERSON_STEMS
    for word in number.following[:3]:
        if stem(word) in stems:
            return True
        if word in NO_NOUNS:
            return False
    return False


def _stands_alone(number: Number, said: Understanding) -> bool:
    """Whether nothing around a number makes it a year, a place, a date or the number of another thing."""
    behind_a_number = number.before.isdecimal() or number.before in {*UNITS, *TENS}
    if behind_a_number or number.before in _WORDS["lead_elsewhere"] or number.value >= _MOST:
        return False
    if number.value == 1 and len(said.words.tokens) > _MOST_WORDS_WITH_ONE:
        return False  # "the last one", "no one"
    following = list(number.following)
    return not following or following[0] in _STANDS_ALONE or following[:2] in _OF_OUR_OWN
