"""Corrections of a part: "two nine, not two five", "b as in bravo", "it ends in double four"."""

import re

from dialogue.grammar.phones import DIGITS_SAID, digits_of
from dialogue.language import language

_LANGUAGE = language("contact")
_HEARD = _LANGUAGE.patterns
_REPEATED = language("numbers").numbers["repeated"]
_NOT = _HEARD["not_but"].pattern
_LETTER = rf"(?:(?:{'|'.join(_REPEATED)}) )?[^\W\d_]"
_AS_IN = r"(?:,? (?:as in|like|for) [^\W\d_]{2,})"
_DIGITS_NOT = re.compile(rf"(?<!\w)(?P<new>{DIGITS_SAID})[ ,]* {_NOT} (?P<old>{DIGITS_SAID})(?!\w)")
_NOT_DIGITS = re.compile(
    rf"{_NOT} (?P<old>{DIGITS_SAID})(?: ?,[ ,]*| but | it is )+(?:but |it is )*(?P<new>{DIGITS_SAID})(?!\w)"
)
_END = re.compile(rf"{_HEARD['ends_with'].pattern} (?P<new>{DIGITS_SAID})(?!\w)")
_BEGINNING = re.compile(rf"{_HEARD['begins_with'].pattern} (?P<new>{DIGITS_SAID})(?!\w)")
_FOUR_DIGITS = re.compile(rf"(?<!\w)(?P<new>{DIGITS_SAID})(?!\w)")
_LETTER_NOT = re.compile(rf"(?<![\w'])(?P<new>{_LETTER}){_AS_IN}?[ ,]* {_NOT} (?P<old>{_LETTER}){_AS_IN}?(?![\w'])")
_NOT_LETTER = re.compile(
    rf"{_NOT} (?P<old>{_LETTER}){_AS_IN}?(?: ?,[ ,]*| but )+(?:it is |but )*(?P<new>{_LETTER}){_AS_IN}?(?![\w'])"
)
_ONE_LETTER = re.compile(
    rf"(?<![\w'])(?P<new>{_LETTER})(?:{_AS_IN}|$|(?= ,))|\bwith (?:an? )?(?P<with>{_LETTER})(?=$| ,)"
)
_ALIKE = ("bcdegptvz", "mn", "fsx", "ahjk", "iy", "quw", "ckq", "gj")
"""Letters that are mistaken for each other on the phone."""
_MOST_TAIL = 6


def corrected_digits(said: str, number: str) -> str | None:
    """Returns a number with the part put right that somebody speaks of, None if he speaks of none.

    Args:
        said: Plain words, with a comma for each pause.
        number: A phone number as it is dialled.
    """
    if replaced := replaced_digits(said, number):
        return replaced
    beginning = _BEGINNING.search(said)
    if beginning is not None and number.startswith("+1"):
        new = digits_of(beginning["new"])
        return f"+1{new}{number[2 + len(new) :]}" if len(new) == 3 else None
    tail = _END.search(said)
    new = digits_of(tail["new"]) if tail else _lone_tail(said)
    return number[: -len(new)] + new if 0 < len(new) <= _MOST_TAIL else None


def replaced_digits(said: str, text: str) -> str | None:
    """Returns a text with the digits replaced that somebody says are wrong: "two nine, not two five"."""
    for match in filter(None, (_DIGITS_NOT.search(said), _NOT_DIGITS.search(said))):
        new, old = digits_of(match["new"]), digits_of(match["old"])
        place = text.rfind(old)
        if place >= 0:
            return text[:place] + new + text[place + len(old) :]
    return None


def _lone_tail(said: str) -> str:
    """Returns the four digits that stand for the end of a number where nothing else is said of them."""
    runs = [digits_of(match["new"]) for match in _FOUR_DIGITS.finditer(said)]
    return runs[-1] if runs and len(runs[-1]) == 4 else ""


def corrected_letters(said: str, text: str) -> str | None:
    """Returns a text with the letter put right that somebody speaks of; None if it is none of it, or not clear which.

    Args:
        said: Plain words, with a comma for each pause.
        text: A name, or the name of an address.
    """
    plain = text.casefold()
    for match in filter(None, (_LETTER_NOT.search(said), _NOT_LETTER.search(said))):
        return _replaced(text, plain, _letters(match["old"]), _letters(match["new"]))
    for match in _ONE_LETTER.finditer(said):
        new = _letters(match["new"] or match["with"])
        alike = {one for row in _ALIKE if new[0] in row for one in row} - {new[0]}
        places = [place for place, letter in enumerate(plain) if letter in alike]
        if len(places) == 1:
            return _put(text, places[0], 1, new)
    return None


def _letters(said: str) -> str:
    """Returns the letters of "b", "double t"."""
    *times, letter = said.split()
    return letter * (_REPEATED[times[0]] if times else 1)


def _replaced(text: str, plain: str, old: str, new: str) -> str | None:
    places = [match.start() for match in re.finditer(re.escape(old), plain)]
    return _put(text, places[0], len(old), new) if len(places) == 1 else None


def _put(text: str, place: int, length: int, new: str) -> str:
    return text[:place] + (new.upper() if text[place].isupper() else new) + text[place + length :]
