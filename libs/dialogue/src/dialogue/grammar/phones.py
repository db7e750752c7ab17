"""Phone numbers, written or said digit by digit: "two oh two, triple five, oh one double four"."""

import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from dialogue.grammar.number_words import HUNDRED, SCALES, TENS, UNITS
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
    rf"(?>(?:(?:{_any(_REPEATED)}) {_DIGIT}|(?:{_any(TENS)})(?:[ -](?:{_any(_DIGIT_WORDS)})\b)?|{_any(_TEENS)}"
    rf"|{_any(_DIGIT_WORDS)}|\d+|{_any(HUNDRED)})\b)"
)
"""Atomic: what has two readings of one length would else be read in each of them, and a run of it in all."""
_GAP = rf"(?:[ .()-]+(?:(?:{_any(_WORDS['between_digits'])}) )*)"
_PHONE = re.compile(
    rf"(?<![\w$€£₹.:])(?:(?P<plus>{_any(_WORDS['international'])}) )?"
    rf"(?P<digits>{_ATOM}(?:{_GAP}{_ATOM})+|\d{{7,}})(?![\w:%$€£₹])"
)
DIGITS_SAID = rf"{_ATOM}(?:{_GAP}{_ATOM}){{0,20}}"
"""A run of digits, no longer than that of a number: a longer one would be read anew from each of its digits."""
_RESTART = re.compile(rf"(?: (?:{_any(_WORDS['restarts'])})\b)+ (?={_ATOM})")
_RESTARTED = re.compile(
    rf"(?<![\w$€£₹.:]){DIGITS_SAID}(?:(?: (?:{_any(_WORDS['restarts'])})\b)+ {DIGITS_SAID})+(?![\w:%$€£₹])"
)
_WHOLE = re.compile(r"1?[2-9]\d\d[2-9]\d{6}|0\d{10}")
"""A number that lacks nothing, with what is dialled ahead of it within its country or without that."""
_BEGUN = re.compile(r"1?[2-9]\d\d(?:[2-9]\d\d)?")
"""The first groups of one."""
_READ = re.compile(rf"(?:(?P<times>{_any(_REPEATED)}) )?(?P<word>[a-z]+|\d+)")
_ISO_DATE = re.compile(r"\b20\d\d-\d\d-\d\d\b")
_MONEY_BEHIND = re.compile(rf"^ ?(?:{_any(_CURRENCY_WORDS | set(SCALES))})\b")
_HUNDREDS = re.compile(rf"\b(?:{_any(_TEENS)}|{_any(TENS)}|\d\d+) (?:{_any(HUNDRED)})\b|\b(?:{_any(HUNDRED)}) (?!$)")
_DECIMAL = re.compile(r"\d+\.\d\d?")
_LEAST, _MOST = 7, 15
_LEAST_SINGLE = 4
_GROUP = 3
"""As many digits make an area code or what follows it."""
_MOST_READINGS = 64


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
    found = _take_restarted(passage)
    for match in _PHONE.finditer(passage.text):
        if not passage.free(match):
            continue
        atoms = _whole_reading(match["digits"])
        digits = "".join(atoms)
        if not _is_phone(match, atoms, digits, passage.after(match)):
            continue
        passage.take(match.start(), match.end())
        if len(digits) > _LEAST and digits.startswith(("011", "00")):
            found.append(Phone(re.sub("^(?:011|00)", "", digits), international=True))
        else:
            found.append(Phone(digits, match["plus"] is not None))
    return found


def _take_restarted(passage: Passage) -> list[Phone]:
    """Returns the numbers of a text that were put right while they were told, and takes them away."""
    found = []
    for match in _RESTARTED.finditer(passage.text):
        first, *others = _RESTART.split(match[0])
        parts = [_whole_reading(first, _BEGUN), *map(_whole_reading, others)]
        digits = ""
        for part in parts:
            digits = amended(digits, "".join(part))
        is_local = len(digits) == _LEAST and len("".join(parts[0])) == _LEAST
        is_whole = is_local or _WHOLE.fullmatch(digits)
        if is_whole and not _are_sums(parts) and not _MONEY_BEHIND.match(passage.after(match)):
            passage.take(match.start(), match.end())
            found.append(Phone(digits, international=False))
    return found


def _are_sums(parts: list[list[str]]) -> bool:
    """Whether what is put right is rather a sum: one figure of some length, or one with hundreds or thousands."""
    lengths = [len(atom) for atom in parts[0]]
    one_figure = lengths[0] < _GROUP and len(lengths) > 1 and {*lengths[1:]} == {_GROUP}  # "20 050"
    one_figure = one_figure or (len(lengths) == 1 and _GROUP < lengths[0] < _LEAST)
    digits = [len("".join(part)) for part in parts]
    one_figure = one_figure or (digits[0] < 2 * _GROUP and max(digits) < _LEAST)  # "two zero zero five zero, no, 10100"
    return one_figure or any("00" in part or "".join(part).endswith("000") for part in parts)


def amended(told: str, new: str) -> str:
    """Returns the digits of a number of which some were told anew: those stand for its end, or for a group like them.

    Args:
        told: What was told first, all of it or its beginning.
        new: What was told then: a part, or that and what follows.
    """
    ahead = int(told[:1] in {"0", "1"})
    whole = ahead + 10
    if len(told) == _LEAST and told[_GROUP] in "01":
        whole = len(told)  # no area code stands ahead of that
    if len(new) == _GROUP and len(told) == whole:
        place = max(range(ahead, whole - 4, _GROUP), key=lambda one: (_shared(told[one : one + _GROUP], new), one))
        return told[:place] + new + told[place + _GROUP :]
    kept = whole - len(new) if len(told) + len(new) >= whole else len(told) - len(new)
    return told[: max(0, kept)] + new


def _shared(one: str, other: str) -> int:
    return sum(first == second for first, second in zip(one, other, strict=True))


def _whole_reading(words: str, also: re.Pattern[str] = _WHOLE) -> list[str]:
    """Returns the digits of each word, so read that they make a whole number: "twenty five" is 25, or 20 and 5.

    Args:
        words: The words.
        also: What they may make if they make no whole number.
    """
    usual = list(_atoms(words))
    tens = sum(word in TENS for word in words.replace("-", " ").split())
    ways = (frozenset(some) for count in range(tens + 1) for some in itertools.combinations(range(tens), count))
    readings = [list(_atoms(words, apart)) for apart in itertools.islice(ways, _MOST_READINGS)]
    whole = (one for form in (_WHOLE, also) for one in readings if form.fullmatch("".join(one)))
    return next(whole, usual)


def digits_of(words: str) -> str:
    """Returns the digits of number words that are said one after the other: "nineteen eighty four" is 1984."""
    return "".join(_atoms(words))


def _atoms(words: str, apart: Collection[int] = ()) -> Iterator[str]:
    """Returns the digits of each word: "double four" is 44, "fifty-five" 55, "one hundred" 100.

    Args:
        words: The words.
        apart: Which of the tens, counted from the first, belong to no digit behind them.
    """
    pending, place = "", -1
    for match in _READ.finditer(words.replace("-", " ")):
        word, times = match["word"], _REPEATED.get(match["times"] or "", 1)
        single = _DIGIT_WORDS.get(word, word if word.isdecimal() and len(word) == 1 else "")
        if pending and single and single != "0" and place not in apart:
            yield pending[0] + single
            pending = ""
            continue
        if pending:
            yield pending
            pending = ""
        if word in TENS:
            pending, place = str(TENS[word]), place + 1
        elif word in HUNDRED:
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
