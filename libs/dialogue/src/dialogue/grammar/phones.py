"""Phone numbers, written or said digit by digit: "two oh two, triple five, oh one double four"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dialogue.grammar.number_words import SCALES, TENS, UNITS
from dialogue.grammar.passages import Passage
from dialogue.language import language

_WORDS = language("phones").words
_REPEATED = language("numbers").numbers["repeated"]
_CURRENCY_WORDS = {word for name, words in language("currencies").words.items() if name != "between" for word in words}
_DIGIT_WORDS = {word: str(value) for word, value in UNITS.items() if value < 10}
_TEENS = {word: str(value) for word, value in UNITS.items() if value >= 10}


def _any(words: Iterable[str]) -> str:
    return "|".join(words)


_DIGIT = rf"(?:{_any(_DIGIT_WORDS)}|\d)"
_ATOM = (
    rf"(?:(?:{_any(_REPEATED)}) {_DIGIT}|(?:{_any(TENS)})(?:[ -](?:{_any(_DIGIT_WORDS)}))?|{_any(_TEENS)}"
    rf"|{_any(_DIGIT_WORDS)}|\d+|hundred)"
)
_GAP = rf"(?:[ .()-]+(?:(?:{_any(_WORDS['between_digits'])}) )*)"
_PHONE = re.compile(
    rf"(?<![\w$€£₹.:])(?:(?P<plus>{_any(_WORDS['international'])}) )?"
    rf"(?P<digits>{_ATOM}(?:{_GAP}{_ATOM})+|\d{{7,}})(?![\w:%$€£₹])"
)
DIGITS_SAID = rf"{_ATOM}(?:{_GAP}{_ATOM})*"
"""A run of digits, of whatever length."""
_READ = re.compile(rf"(?:(?P<times>{_any(_REPEATED)}) )?(?P<word>[a-z]+|\d+)")
_ISO_DATE = re.compile(r"\b20\d\d-\d\d-\d\d\b")
_MONEY_BEHIND = re.compile(rf"^ ?(?:{_any(_CURRENCY_WORDS | set(SCALES))})\b")
_HUNDREDS = re.compile(rf"\b(?:{_any(_TEENS)}|{_any(TENS)}|\d\d+) hundred\b|\bhundred (?!$)")
_DECIMAL = re.compile(r"\d+\.\d\d?")
_LEAST, _MOST = 7, 15
_LEAST_SINGLE = 4


@dataclass(frozen=True)
class Phone:
    """A phone number that was said.

    Attributes:
        digits: Its digits.
        international: Whether they begin with the code of a country.
    """

    digits: str
    international: bool

    def dialled(self, country_code: str) -> str:
        """Returns it with the code of its country, which is the given one where none was said."""
        if self.international:
            return f"+{self.digits}"
        national = self.digits if country_code == "1" else self.digits.removeprefix("0")
        is_whole = country_code != "1" or len(national) == 10
        if country_code == "1" and len(national) == 11 and national.startswith("1"):
            return f"+{national}"
        return f"+{country_code}{national}" if country_code and is_whole else self.digits


def take_phones(passage: Passage) -> list[Phone]:
    """Returns the phone numbers of a text, and takes them away."""
    found = []
    for match in _PHONE.finditer(passage.text):
        atoms = list(_atoms(match["digits"]))
        digits = "".join(atoms)
        if not _is_phone(match, atoms, digits, passage.after(match)):
            continue
        passage.take(match.start(), match.end())
        if len(digits) > _LEAST and digits.startswith(("011", "00")):
            found.append(Phone(re.sub("^(?:011|00)", "", digits), international=True))
        else:
            found.append(Phone(digits, match["plus"] is not None))
    return found


def digits_of(words: str) -> str:
    """Returns the digits of number words that are said one after the other: "nineteen eighty four" is 1984."""
    return "".join(_atoms(words))


def _atoms(words: str) -> Iterator[str]:
    """Returns the digits of each word: "double four" is 44, "fifty-five" 55, "one hundred" 100."""
    pending = ""
    for match in _READ.finditer(words.replace("-", " ")):
        word, times = match["word"], _REPEATED.get(match["times"] or "", 1)
        single = _DIGIT_WORDS.get(word, word if word.isdecimal() and len(word) == 1 else "")
        if pending and single and single != "0":
            yield pending[0] + single
            pending = ""
            continue
        if pending:
            yield pending
            pending = ""
        if word in TENS:
            pending = str(TENS[word])
        elif word == "hundred":
            yield "00"
        elif digits := single or _TEENS.get(word, word if word.isdecimal() else ""):
            yield digits * times
    if pending:
        yield pending


def _is_phone(match: re.Match[str], atoms: list[str], digits: str, after: str) -> bool:
    if not _LEAST <= len(digits) <= _MOST or _ISO_DATE.search(match[0]) or _MONEY_BEHIND.match(after):
        return False
    if len(atoms) == 1:
        return not digits.endswith("000")
    if _HUNDREDS.search(match["digits"]) or _DECIMAL.fullmatch(match["digits"]):
        return False
    if all(atom.endswith("00") for atom in atoms[1:]):
        return False
    return sum(len(atom) == 1 for atom in atoms) >= _LEAST_SINGLE or any(len(atom) >= 3 for atom in atoms)
