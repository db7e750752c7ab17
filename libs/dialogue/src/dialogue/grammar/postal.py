"""Postal addresses, told in whatever sentence: a street with its house number, a route, or a post office box."""

import re

from dialogue.grammar.number_words import HUNDRED, TENS, UNITS
from dialogue.grammar.own_words import own_words
from dialogue.language import language, remembered

_LANGUAGE = language("postal")
_WORDS, _HEARD = language("contact").words, language("contact").patterns
_ZEROS = language("numbers").words["zeros"]


def without_addresses(text: str) -> str:
    """Returns plain words without the house numbers in them: nobody comes at twelve for "12 Elm Street"."""
    return _house().sub(" ", text)


@remembered(4)
def _house() -> re.Pattern[str]:
    """Returns what a house number with its street looks like, which is no hour."""
    return re.compile(rf"\b{_street(_LANGUAGE.parts['plain_street'])}\b")


def _street(kind: str) -> str:
    """Returns what a number with the name of a street behind it looks like."""
    small = "|".join(_WORDS["function_words"])
    return rf"{_number()},?\s+(?:(?!(?:{small})\b)[^\W_][\w'\u2019.-]*\s+){{1,3}}{kind}"


def _number() -> str:
    words = "|".join(
        sorted((word for word in {*UNITS, *TENS, *HUNDRED, *_ZEROS} if len(word) > 1), key=len, reverse=True)
    )
    return rf"(?:\d+[a-z]?|(?:{words})(?:[- ](?:{words}))*)"


@remembered(4)
def _begins() -> re.Pattern[str]:
    """Returns what a postal address begins with."""
    parts = _LANGUAGE.parts
    number = _number()
    street = rf"(?:{parts['unit']}\s+[\w-]+\s*,?\s*)?{_street(parts['street'])}"
    behind = rf"{parts['street_first']}\s+(?:[\w'\u2019.-]+\s+){{0,4}}{number}"
    return re.compile(rf"(?i)\b(?:{parts['box']}\s*{number}|{parts['route']}\s+{number}|{street}|{behind})\b")


def find_postal_address(utterance: str) -> tuple[int, str] | None:
    """Returns where the postal address of an utterance as transcribed begins, and the address; None if it has none."""
    match = _begins().search(utterance)
    if match is None:
        return None
    told = _HEARD["beside_address"].sub("", utterance[match.start() :])
    address = own_words(_LANGUAGE.replaced(told), "address", begins=True)
    return (match.start(), address) if address else None
