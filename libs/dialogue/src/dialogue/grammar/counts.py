"""Reads how many there are of something; a number counts only where it can be nothing but the answer to that."""

from dataclasses import replace
from typing import NamedTuple

from dialogue.grammar.number_context import MONTHS_OF, is_a_name
from dialogue.grammar.number_words import NO_NOUNS, NUMBER_WORDS, TENS, UNITS, Number
from dialogue.grammar.numerals import find_numbers
from dialogue.grammar.told_numbers import is_past
from dialogue.grammar.words import Words, stem
from dialogue.language import language
from dialogue.moments import Moment

_LANGUAGE = language("counts", number=NUMBER_WORDS)
_HEARD, _WORDS, _TIMES = _LANGUAGE.patterns, _LANGUAGE.words, _LANGUAGE.numbers["times"]
_PERSONS = frozenset(_WORDS["persons"])
_PERSON_STEMS = frozenset(stem(word) for word in (*_WORDS["persons"], *_WORDS["more_persons"]))
_OCCASIONS = frozenset(stem(word) for word in _WORDS["occasions"])
_STANDS_ALONE = NO_NOUNS.union(_WORDS["stand_after_a_count"])


class _Part(NamedTuple):
    """What is listed beside others: so many, or a single one; whether it is the speaker himself."""

    number: Number | None
    is_speaker: bool


_MOST = 1e6
_MOST_WORDS_WITH_ONE = 4


def find_count(
    unit: str, numbers: tuple[Number, ...], words: Words, moment: Moment, *, asked: bool, most: float = _MOST
) -> Number | None:
    """Returns the number that answers how many `unit` there are, None if there is none or it may mean another thing.

    A number above `most` counts only where what is counted is named with it. The unit of the question that is open
    decides what is counted: years and percent are where it asks for them.
    """
    text = words.text
    if unit in _WORDS["how_often"] and _HEARD["times"].search(text):
        numbers = tuple(one for one in numbers if not is_past(one))
    whole = [counted for one in numbers if (counted := _in_the_unit(one, unit, asked=asked)) is not None]
    if asked and (parts := _sum_of_parts(unit, _listed(words.clauses))) is not None:
        return parts
    if not whole:
        if asked and not numbers and (said := _one_of_it(unit, text)) is not None:
            return said
        return _in_words(unit, text, moment, asked=asked) if not numbers or unit in _PERSONS else None
    whole = [one for one in whole if not _HEARD["part_of_it"].match(one.behind)] or whole
    whole = [one for one in whole if not _HEARD["beside"].search(" ".join(one.before))] or whole
    summed_up = [one for one in whole[1:] if _is_summed_up(one)][-1:]
    whole = summed_up or whole
    named = [one for one in whole if _is_named(unit, one)]
    others = [one for one in whole if one not in named]
    if len(whole) == 2 and named and _HEARD["each"].search(text):
        return replace(_number(whole[0].value * whole[1].value), approximate=True)
    shared = [one for one in whole if _is_share(one)]
    if len(shared) > 1 or (shared and not named and asked):
        named, others = shared, [one for one in others if one not in shared]
    alone = [one for one in others if _stands_alone(one, words) and (one.value <= most or one in summed_up)]
    if named and not _HEARD["adds"].search(text):
        alone = [one for one in alone if not _is_share(one)]
    if not named and not alone and unit in _PERSONS:
        return _in_words(unit, text, moment, asked=asked)
    counted = _counted(named, alone, words, moment, asked=asked)
    if counted is None or counted.low != counted.high or summed_up:
        return counted
    more = _HEARD["one_more"].search(text) or (unit in _PERSONS and _HEARD["and_me"].search(text))
    return _number(counted.value + 1) if more else counted


def lists_people(clauses: tuple[str, ...]) -> bool:
    """Whether plain clauses do nothing but list people, the caller among them."""
    return any(part.is_speaker for part in _listed(clauses))


def _in_words(unit: str, text: str, moment: Moment, *, asked: bool) -> Number | None:
    """Returns the count of whoever names no number that counts."""
    if asked and (times := _HEARD["times"].search(text)):
        said = times[0].split()
        ends = (" ".join(said[start:]) for start in range(len(said)))
        return _number(next(_TIMES[end] for end in ends if end in _TIMES))
    if asked and unit in _WORDS["how_often"] and len(moment.weekdays) > 1:
        return _number(len(moment.weekdays))
    if unit not in _PERSONS:
        return None
    if _HEARD["two_of_us"].search(text):
        return _number(2)
    return _number(1) if _HEARD["alone"].search(text) else None


def _counted(named: list[Number], alone: list[Number], words: Words, moment: Moment, *, asked: bool) -> Number | None:
    if len(named) > 1 and (_HEARD["adds"].search(words.text) or all(_is_share(one) for one in named)):
        return _number(sum(one.value for one in named))
    if named:
        values = {one.value for one in (*named, *alone)}
        return named[-1] if len(values) == 1 else None
    told = [one for one in alone if not _means_something_else(one, moment)] if asked else []
    if len({one.value for one in told}) > 1:
        return replace(told[-1], doubtful=True)
    return told[-1] if told else None


def _is_summed_up(number: Number) -> bool:
    """Whether a number is what several others come to."""
    before, following = " ".join(number.before), " ".join(number.following)
    return _HEARD["summed_up"].search(before) is not None or _HEARD["in_all"].match(following) is not None


def _sum_of_parts(unit: str, parts: list[_Part]) -> Number | None:
    """Returns how many are told one after the other: "two upstairs, a bay and one in the loo"; None if it is no list.

    The sum is in doubt where a part may be of something else.
    """
    of_people, told = unit in _PERSONS, [part.number for part in parts if part.number is not None]
    counted = [one for number in told if (one := _in_the_unit(number, unit, asked=True)) is not None]
    named = [one for one in counted if _is_named(unit, one)]
    foreign = [one for one in counted if one not in named and not _is_share(one)]
    single = [part for part in parts if part.number is None and (of_people or not part.is_speaker)]
    of_it = (
        named or any(part.is_speaker for part in parts)
        if of_people
        else counted and not (named and (foreign or single))
    )
    if len(counted) < len(told) or not of_it or (unit in _WORDS["how_often"] and (foreign or single)):
        return None
    low, high = (len(single) + sum(getattr(one, end) for one in counted) for end in ("low", "high"))
    doubtful = bool(foreign or (single and not of_people))
    return Number((low + high) / 2, low, high, doubtful=doubtful)


def _listed(clauses: tuple[str, ...]) -> list[_Part]:
    """Returns what is listed by whoever does nothing but list: "two fitters, my wife and me"; else nothing."""
    parts = []
    items = [item.strip() for clause in clauses for item in _HEARD["joins"].split(clause) if item.strip()]
    for item in items:
        if _HEARD["no_part"].search(item):
            continue
        match, numbers = _HEARD["part"].search(item), find_numbers(item)
        if match is None or len(numbers) > 1 or any(not _is_plain_part(one) for one in numbers):
            return []
        parts.append(_Part(numbers[0] if numbers else None, bool(match["speaker"])))
    alone = len(items) > 1 and len(parts) == 1 and parts[0].is_speaker
    return parts if len(parts) > 1 or alone else []


def _is_plain_part(number: Number) -> bool:
    sums_up = _is_summed_up(number) or _HEARD["part_of_it"].match(number.behind)
    names = _is_share(number) or not _STANDS_ALONE.issuperset(number.following[:1])
    return names and not (number.money or number.period or sums_up)


def _is_share(number: Number) -> bool:
    return _HEARD["share"].match(" ".join(number.following)) is not None


def _number(value: float) -> Number:
    return Number(value, value, value)


def _means_something_else(number: Number, moment: Moment) -> bool:
    """Whether what is told with a number speaks of money or of a time of day; a question behind it does not count."""
    text = " ".join((*number.before, number.said, *_HEARD["asks"].split(number.behind)[0].split()))
    if _HEARD["money"].search(text) or _HEARD["clock"].search(text):
        return True
    if _HEARD["hours_of_a_day"].search(" ".join((*number.before, "#", *number.behind.split()))):
        return True
    return moment.at is not None and moment.at.minute != 0


def _in_the_unit(number: Number, unit: str, *, asked: bool) -> Number | None:
    """Returns a number that may count something, in the unit of the question that is open; None for one that cannot."""
    if not asked or not number.unit or number.money or number.ordinal:
        return number if _is_whole(number, unit) else None
    before = " ".join(number.before)
    measure, names = stem(number.unit), unit.split()
    if measure == stem(names[0] if names else ""):
        return None if number.is_duration and _HEARD["to_come"].search(before) else replace(number, period=None)
    months, wanted = MONTHS_OF.get(number.unit), MONTHS_OF.get(unit.rstrip("s"))
    if months is None or wanted is None or _HEARD["to_come"].search(before):
        return number if _is_whole(number, unit) else None
    low, high, value = (round(one * months / wanted, 1) for one in (number.low, number.high, number.value))
    return replace(number, value=value, low=low, high=high, unit=unit, following=(unit, *number.following[1:]))


def _one_of_it(unit: str, text: str) -> Number | None:
    """Returns the count of "a year and a half" or "half an acre"; None where nothing of the unit is named so."""
    names = unit.split()
    for match in _HEARD["one_of_it"].finditer(text if names and unit not in _PERSONS else ""):
        months, wanted = MONTHS_OF.get(match["noun"]), MONTHS_OF.get(unit.rstrip("s"))
        as_many = 1.0 if stem(match["noun"]) == stem(names[0]) else months / wanted if months and wanted else 0.0
        if as_many and not _HEARD["to_come"].search(text[: match.start()].rstrip()):
            return _number(round(as_many * ((0.5 if match["half"] else 1.0) + (0.5 if match["more"] else 0.0)), 1))
    return None


def _is_whole(number: Number, unit: str) -> bool:
    lasts = number.is_duration and not (unit in _WORDS["how_often"] and number.unit in _OCCASIONS)
    plain = not (number.money or number.ordinal or lasts or number.unit == "percent")
    plain = plain and (number.period is None or unit in _WORDS["how_often"])
    return plain and number.low == int(number.low) and number.high == int(number.high)


def _is_named(unit: str, number: Number) -> bool:
    """Whether the thing that is counted follows the number: "eighty people", "eighty full time employees"."""
    stems = {stem(word) for word in unit.split()}
    if unit in _PERSONS:
        stems |= _PERSON_STEMS
    if unit in _WORDS["how_often"]:
        stems |= _OCCASIONS
    if unit in _PERSONS and _HEARD["working"].match(" ".join(number.following)):
        return True
    for word in number.following[:3]:
        if stem(word) in stems:
            return True
        if word in NO_NOUNS:
            return False
    return False


def _stands_alone(number: Number, words: Words) -> bool:
    """Whether nothing around a number makes it a year, a place, a date or the number of another thing."""
    before = number.before[-1] if number.before else ""
    if before.isdecimal() or before in {*UNITS, *TENS} or before in _WORDS["lead_elsewhere"] or number.value >= _MOST:
        return False
    if is_a_name(number):
        return False
    if number.value == 1 and (len(words.tokens) > _MOST_WORDS_WITH_ONE or _HEARD["one_more"].search(words.text)):
        return False  # "the last one", "no one"
    following = number.following
    if _HEARD["asks"].match(number.behind):
        return True
    return not following or following[0] in _STANDS_ALONE or _HEARD["of_our_own"].match(" ".join(following)) is not None
