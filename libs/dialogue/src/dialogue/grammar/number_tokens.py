"""Cuts what was said into the words that numbers are made of, and writes digits said one by one as one figure."""

import itertools
import re
from typing import NamedTuple

from dialogue.grammar.number_words import HUNDRED, SCALE_WORDS, SCALES, TENS, UNITS, number_parts
from dialogue.language import language

_LANGUAGE = language("numbers")
_WORDS, _REPEATED = _LANGUAGE.words, _LANGUAGE.numbers["repeated"]
_SPAN = re.compile(r"(\d(?:k|m)?)[-\u2013](?=[$€£₹]?\d)")
_BEHIND_A_FIGURE = re.compile(
    rf"(?<=\d)(?=(?:{'|'.join(_WORDS['joined_to_figures'])})\b)|(?<=\dk)(?=(?:\d|{_WORDS['roughly_joined'][0]})\b)"
)
_ROUGHLY = re.compile(rf"-(?=(?:{'|'.join(_WORDS['roughly_joined'])})\b)")
_HYPHENATED_DIGITS = re.compile(r"\b\d(?:-\d){2,}\b")
_PER = re.compile(r"(?<=[\dk])/(?=[a-z])")
_GROUPED = re.compile(r"(?<![\d.:/-])(?<!\d )(?:\d{1,3}(?:\.\d{3})+|\d{1,2}(?: \d{3})+|\d{3}(?: 000)+)(?![\d.:/-]| \d)")
_TURN = re.compile(rf"(?<!{_WORDS['joins'][0]} )\b(?=(?:{'|'.join(_WORDS['turns'])})\b)")
_BROKEN_OFF = re.compile(rf"\b(?:{'|'.join(SCALE_WORDS)}) {_WORDS['and'][0]}$")
_BEGUN = re.compile(
    rf"^(?:(?:{'|'.join(_WORDS['leads_a_number'])}) )*"
    rf"(?:{'|'.join(word for word, value in UNITS.items() if 0 < value < 10)})$"
)
_GOES_ON = re.compile(rf"^(?:{'|'.join(TENS)})\b")
_COUNTRY_OF_A_SIGN = re.compile(rf"\b(?:{'|'.join(_WORDS['signed_countries'])})(?=\$)")
_LEAST_DIGITS = 3
_TEENS = 10


class Token(NamedTuple):
    """A word and the number of the clause that it stands in."""

    word: str
    clause: int


def number_tokens(clauses: tuple[str, ...]) -> list[Token]:
    """Returns the words of plain clauses, with figures and digits as numbers are read from them."""
    halves = [half for clause in _unbroken(clauses) for half in _TURN.split(_written(clause))]
    parts = [
        Token(part, number)
        for number, half in enumerate(halves)
        for word in half.split()
        for part in number_parts(word)
    ]
    words = [part.word for part in parts]
    tokens: list[Token] = []
    position = 0
    while position < len(words):
        end, digits = digit_run(words, position)
        if not _is_one_figure(digits, words[end] if end < len(words) else ""):
            end, digits = position + 1, words[position]
        tokens.append(Token(digits, parts[position].clause))
        position = end
    return tokens


def _unbroken(clauses: tuple[str, ...]) -> list[str]:
    """Returns the clauses with those made one between whose parts a number paused.

    So it is with "a hundred and", "sixty-eight" and with "one", "you know", "sixty-eight".
    """
    whole: list[str] = []
    paused: list[str] = []
    for clause in clauses:
        if whole and clause in _WORDS["hesitates"] and (_BROKEN_OFF.search(whole[-1]) or _BEGUN.search(whole[-1])):
            paused.append(clause)
            continue
        if whole and (_BROKEN_OFF.search(whole[-1]) or (_BEGUN.search(whole[-1]) and _GOES_ON.search(clause))):
            whole[-1] = f"{whole[-1]} {clause}"
        else:
            whole += [*paused, clause]
        paused = []
    return whole + paused


def digit_run(words: list[str], start: int) -> tuple[int, str]:
    """Returns the digits that are said one by one from a word on ("two oh triple five") and where they end."""
    digits, end = "", start
    while end < len(words):
        times = _REPEATED.get(words[end], 1)
        digit = _digit(words[end + 1]) if times > 1 and end + 1 < len(words) else _digit(words[end])
        if digit is None:
            break
        digits += digit * times
        end += 1 + (times > 1)
    return end, digits


def _digit(word: str) -> str | None:
    if len(word) == 1 and word.isdecimal():
        return word
    value = UNITS.get(word, _TEENS)
    return str(value) if value < _TEENS else None


def _is_one_figure(digits: str, following: str) -> bool:
    """Whether digits are one number ("one six zero zero"), unlike "two, three hundred" and "three, four, five"."""
    if following in HUNDRED or following in TENS or UNITS.get(following, 0) >= _TEENS:
        return False
    if len(digits) == 2:
        return digits[0] != "0" and digits[1] == "0" and following not in SCALES
    counted = all(int(second) == int(first) + 1 for first, second in itertools.pairwise(digits))
    return len(digits) >= _LEAST_DIGITS and not counted


def _written(clause: str) -> str:
    """Returns a clause with "150-200", "$5k-$10k", "10 000" and "$180/month" in words of their own."""
    text = _ROUGHLY.sub(" ", _HYPHENATED_DIGITS.sub(lambda match: match[0].replace("-", " "), clause))
    text = _SPAN.sub(rf"\1 {_WORDS['to'][0]} ", text.replace("-", " - ") if " - " in text else text)
    text = _GROUPED.sub(lambda match: match[0].replace(".", "").replace(" ", ""), text)
    return _COUNTRY_OF_A_SIGN.sub("", _PER.sub(f" {_WORDS['per'][0]} ", _BEHIND_A_FIGURE.sub(" ", text)))
