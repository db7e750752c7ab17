"""What the words around a number make of it: a sum, a period, a bound, or a number that is taken back."""

from dataclasses import replace
from typing import Literal

from dialogue.grammar.number_tokens import Token
from dialogue.grammar.number_words import Number
from dialogue.language import language

_LANGUAGE = language("numbers")
_HEARD = _LANGUAGE.patterns
_WORDS = {name: frozenset(words) for name, words in _LANGUAGE.words.items()}
_PERIODS = {word: name for name, words in language("periods").words.items() for word in words}
_EVERY = language("periods").patterns
MONTHS_OF = {period: days / 30 for period, days in language("periods").numbers["days"].items()}
"""How many months each period has."""

_OLDEST, _LAST_HOUR = 120, 24
_MOST_BEFORE, _MOST_BEHIND = 40, 40
"""As many words beside a number can say something of it: else each of many would be looked at beside all the others."""
_CURRENCY_WORDS = dict(language("currencies").words)
_BETWEEN = frozenset(_CURRENCY_WORDS.pop("between"))
CURRENCIES = {word: sign for sign, words in _CURRENCY_WORDS.items() for word in words}
"""The signs of the currencies by the words for them."""


def with_context(number: Number, tokens: list[Token], words: list[str], until: int) -> Number:
    """Returns a number with what the words around it tell; `until` is where the next one begins."""
    clause = tokens[number.start].clause
    near_ones = tokens[max(0, number.start - _MOST_BEFORE) : number.start]
    before = tuple(token.word for token in near_ones if token.clause == clause)
    following = tuple(token.word for token in tokens[number.end : number.end + 4] if token.clause == clause)
    end = number.end
    while end < len(words) and words[end] in _WORDS["roughly_behind"]:
        end += 1
    sign, length = _currency(words, end)
    currency, money, end = number.currency or sign, number.money or bool(sign), end + length
    if words[number.end : number.end + 1] and words[number.end] in _WORDS["hundredths"] and number.value == number.low:
        number = replace(number, value=number.value / 100, low=number.low / 100, high=number.high / 100)
    period, each = _period(words, end)
    if not _WORDS["per_month"].isdisjoint(words[end : end + 1]) and number.low > _LAST_HOUR:
        period = "month"
    unit = number.unit
    if not unit and not money and not period and end < len(words):
        unit = words[end].rstrip("s")
    near = " ".join(before[-4:])
    rough = number.approximate or number.low != number.high or _HEARD["roughly"].search(near) is not None
    rough = rough or _HEARD["or_so"].match(" ".join(words[number.end : number.end + 4])) is not None
    return replace(
        number, money=money, currency=currency, period=period, each=each, unit=unit, approximate=rough,
        bound=_bound(near, " ".join(words[end : end + 4])), said=" ".join(words[number.start : number.end]),
        before=before, following=following, behind=" ".join(words[number.end : until][:_MOST_BEHIND]),
    )  # fmt: skip


def _currency(words: list[str], start: int) -> tuple[str, int]:
    """Returns the sign of the currency that is named behind a number and how many words name it."""
    at = next((at for at in range(start, start + 3) if words[at : at + 1] and words[at] not in _BETWEEN), start)
    word, following = ([*words[at : at + 2], "", ""])[:2]
    if word in _WORDS["countries"]:
        return f"{word.capitalize()} {CURRENCIES.get(following, '$')}", at - start + 1 + (following in CURRENCIES)
    return (CURRENCIES[word], at - start + 1) if word in CURRENCIES else ("", 0)


def _period(words: list[str], start: int) -> tuple[str | None, str]:
    """Returns the period in "a month" behind a number, or the thing in "per panel"."""
    text = " ".join(words[start : start + 4])
    for period, pattern in _EVERY.items():
        if pattern.match(text):
            return period, ""
    match = _HEARD["per"].match(text)
    if match is None:
        return None, ""
    name = match["name"]
    counted = match["each"] or name in _WORDS["per_units"]
    return (_PERIODS[name], "") if name in _PERIODS else (None, name if counted else "")


def _bound(near: str, behind: str) -> Literal["", "least", "most"]:
    """Returns whether a number is the least or the most that is meant."""
    if _HEARD["most_before"].search(near) or _HEARD["most_behind"].match(behind):
        return "most"
    return "least" if _HEARD["least_before"].search(near) or _HEARD["least_behind"].match(behind) else ""


def is_a_name(number: Number) -> bool:
    """Whether a number is no quantity: a zip code, an apartment, the result of a match, an age, a year."""
    before = " ".join(number.before)
    if number.value < _OLDEST and _HEARD["age"].search(before):
        return True
    year = 1900 <= number.value <= 2099 and _HEARD["leads_a_year"].search(before)
    return bool(year or _HEARD["named"].search(before))


def without_retracted(numbers: list[Number]) -> list[Number]:
    """Returns the numbers without those denied ("not fifteen") or replaced ("fifteen, no, fifty")."""
    kept: list[Number] = []
    for number in numbers:
        last = kept[-1] if kept else None
        if last and _HEARD["correcting"].search(last.behind):
            kept.pop()
        if number.bound or not _HEARD["denying"].search(" ".join(number.before[-6:])):
            kept.append(number)
    return kept
