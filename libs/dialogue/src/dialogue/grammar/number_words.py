"""Single numbers as people say them in words."""

from dataclasses import dataclass
from typing import Literal

from dialogue.language import language

_LANGUAGE = language("numbers")
UNITS, TENS, SCALES = (_LANGUAGE.numbers[kind] for kind in ("units", "tens", "scales"))
VAGUE = _LANGUAGE.numbers["vague"]
RANKS = _LANGUAGE.numbers["ranks"]
FRACTIONS = _LANGUAGE.measures["fractions"]
_WORDS = {name: frozenset(words) for name, words in _LANGUAGE.words.items()}
HUNDRED, AND, ARTICLES = _WORDS["hundred"], _WORDS["and"], _WORDS["articles"]
SCALE_WORDS = HUNDRED | SCALES.keys()
_NUMBER_WORD = f"(?:[0-9]+|{'|'.join([*UNITS, *TENS, *SCALES, *HUNDRED])})"
NUMBER_WORDS = f"(?:{_NUMBER_WORD}(?:[ -]{_NUMBER_WORD})*)"
"""The regular expression of a number in words or figures."""
SURE_NUMBERS = frozenset({*UNITS, *TENS} - _WORDS["no_sure_numbers"])
NO_NOUNS = _WORDS["no_nouns"]
"""Words that are nothing that can be counted: a number before them stands alone."""

_SCALED = [[word] for word in SCALES]

MAX_VALUE = 1e12


@dataclass(frozen=True)
class Number:
    """A number that was said.

    Attributes:
        value: The number; of a span such as "ten to twelve" its middle.
        low: The lower end, the value itself when no span was said.
        high: The upper end.
        money: Whether it is plainly a sum of money.
        currency: The sign of the currency that was named, else "".
        period: `month` in "two hundred a month", else None.
        each: The noun in "two hundred per panel", which no period is; else "".
        unit: The plain noun after the number in the singular, for example `month` in "six months", else "".
        bound: `least` in "two hundred or more", `most` in "two hundred tops", else "".
        approximate: Whether it was said to be rough.
        ordinal: Whether it was said as a rank ("third").
        doubtful: Whether it may be meant otherwise, so that it is better asked back.
        said: Its own words.
        before: The words before it in its clause, at most 40.
        following: The words after it in its clause, at most four.
        behind: The words between it and the next number, at most 40.
        start: Index of its first word.
        end: Index after its last word.
    """

    value: float
    low: float
    high: float
    money: bool = False
    currency: str = ""
    period: str | None = None
    each: str = ""
    unit: str = ""
    bound: Literal["", "least", "most"] = ""
    approximate: bool = False
    ordinal: bool = False
    doubtful: bool = False
    said: str = ""
    before: tuple[str, ...] = ()
    following: tuple[str, ...] = ()
    behind: str = ""
    start: int = 0
    end: int = 0

    @property
    def is_duration(self) -> bool:
        """Whether it counts time ("six months"), which "two hundred a month" does not."""
        return self.unit in _WORDS["durations"]


class WordReader:
    """Reads one number in words, for example "two and a half thousand", "fifteen hundred" or "one eighty"."""

    def __init__(self, tokens: list[str], start: int) -> None:
        self.tokens = tokens
        self.start = self.end = start
        self.total = 0.0
        self.group = 0.0
        self.previous = ""
        self.scale = 0.0
        self.scale_end = start
        self.seen = False
        self.money = False
        self.vague = False

    def read(self) -> Number | None:
        """Returns the number, None if none starts here."""
        while self.end < len(self.tokens):
            taken = self._take(self.tokens[self.end])
            if not taken:
                break
            self.end += taken
            if self.scale and self.group >= self.scale:
                self._end_after_scale()
                break
        if not self.seen:
            return None
        value = min(self.total + self.group, MAX_VALUE)
        return Number(value, value, value, money=self.money, approximate=self.vague, start=self.start, end=self.end)

    def _end_after_scale(self) -> None:
        """Leaves what follows the last scale to the next number: "ten grand", "twelve grand" are two."""
        self.end, self.group = self.scale_end, 0.0

    def _ahead(self, count: int = 1) -> str:
        return " ".join(self.tokens[self.end + 1 : self.end + 1 + count])

    def _take(self, word: str) -> int:
        """Takes a word in; returns how many words were used, 0 if the number ends before it."""
        tens, _, small = word.partition("-")
        if tens in TENS and (not small or small in UNITS):
            return self._take_small(TENS[tens] + UNITS.get(small, 0), "unit" if small else "tens")
        if word in _WORDS["zeros"] and self._ahead() in UNITS and self.previous == "unit" and 1 <= self.group < 10:
            self.group = self.group * 100 + UNITS[self._ahead()]
            return 2
        if word in UNITS:
            return self._take_small(UNITS[word], "unit") if self.seen or word not in _WORDS["letters_too"] else 0
        if word in AND:
            return self._take_and()
        if word in SCALE_WORDS:
            return self._take_scale(word)
        if word in _WORDS["point"] and self.seen:
            return self._take_decimals()
        if word in _WORDS["roughly_behind"] and self.seen and self._ahead() in SCALE_WORDS:
            self.vague = True
            return 1
        return 0 if self.seen else self._take_start(word)

    def _take_decimals(self) -> int:
        """Takes "point two five"."""
        taken, digit = 1, 0.1
        while taken < 4 and self.tokens[self.end + taken : self.end + taken + 1] and (
            value := UNITS.get(self.tokens[self.end + taken], 10)
        ) < 10:  # fmt: skip
            self.group += value * digit
            taken, digit = taken + 1, digit / 10
        return taken if taken > 1 else 0

    def _take_small(self, value: int, kind: str) -> int:
        """Takes a number below one hundred: "one", "fifty" is 150, "twenty", "five" is 25, "two", "three" are two."""
        joined = self._joins(value)
        if self.previous == "unit" and not joined:
            return 0
        if self.previous == "tens" and value >= 10:
            return 0
        if self.group >= 100 and value < 10 and self.previous in {"tens", "hundred"} and self._hundreds_follow():
            return 0
        if self.previous == "scale" and self.money and value < 10 and not self._is_scaled_further():
            value *= 100  # "six grand five"
        self.group = self.group * 100 + value if joined else self.group + value
        self.previous, self.seen = kind, True
        return 1

    def _is_scaled_further(self) -> bool:
        return self._hundreds_follow() or self._ahead() in SCALES

    def _joins(self, value: int) -> bool:
        """Whether a number follows its hundreds ("one", "eighty"), unlike the ends of a span ("ten", "fifteen")."""
        if self.previous != "unit" or value < 10:
            return False
        scaled = self._ahead() in SCALES
        if self.group < 10:
            return self.group >= 1 and value != self.group + 1 and not (scaled and value <= 2 * self.group)
        return self.group < 100 and value > 2 * self.group and not scaled

    def _hundreds_follow(self) -> bool:
        """Whether the digit at hand counts the hundreds of a new number: "two fifty", "two sixty"."""
        following = self._ahead().split("-")[0]
        return following in HUNDRED or following in TENS or UNITS.get(following, 0) >= 10

    def _take_and(self) -> int:
        """Takes "and a half", or the "and" of "one hundred and fifty"."""
        article, _, name = self._ahead(2).partition(" ")
        if self.seen and article in ARTICLES and name in FRACTIONS:
            if self.previous == "scale":
                self.total += FRACTIONS[name] * self.scale
            else:
                self.group += FRACTIONS[name]
            self.previous = "half"
            return 3
        return int(self.previous in {"hundred", "scale"} and self._ahead().split("-")[0] in UNITS | TENS)

    def _take_scale(self, word: str) -> int:
        bare = word in _WORDS["bare_scales"] and not self.previous
        if not self.seen and not bare and (self.previous != "article" or word in _WORDS["written_scales"]):
            return 0
        if (word in HUNDRED and self.previous == "hundred") or 0 < self.scale <= SCALES.get(word, 0):
            if word not in HUNDRED:
                self._end_after_scale()
            return 0
        if word in HUNDRED:
            self.group = max(self.group, 1.0) * 100
            self.previous = "hundred"
        else:
            self.total += (self.group or 1.0) * SCALES[word]
            self.group, self.previous = 0.0, "scale"
            self.scale, self.scale_end = SCALES[word], self.end + 1
            self.money = self.money or word in _WORDS["money_scales"]
        self.seen = True
        return 1

    def _take_start(self, word: str) -> int:
        """Takes what only begins a number: "a couple of", "a hundred", "half a million"."""
        following = self._ahead()
        if word in VAGUE:
            self.group, self.previous, self.seen, self.vague = float(VAGUE[word]), "unit", True, True
            return 2 if following in _WORDS["of"] else 1
        if word in ARTICLES and following in SCALE_WORDS - _WORDS["written_scales"]:
            self.group, self.previous = 1.0, "article"
            return 1
        if word in FRACTIONS:
            skipped = next((count for count in range(3) if self._ahead(count + 1).split()[-1:] in _SCALED), None)
            if skipped is not None and set(self._ahead(skipped).split()) <= _WORDS["of"] | ARTICLES:
                self.group, self.previous, self.seen = FRACTIONS[word], "unit", True
                return 1 + skipped
        return 0


def number_parts(word: str) -> list[str]:
    """Returns the words of "fifteen-twenty" or "two-fifty", which are hyphenated unlike "twenty-five"."""
    parts = word.split("-")
    known = all(part in UNITS or part in TENS or part in SCALE_WORDS for part in parts)
    one = len(parts) == 2 and parts[0] in TENS and 1 <= UNITS.get(parts[1], 0) < 10
    return parts if known and not one else [word]


def read_rank(tokens: list[str], start: int) -> Number | None:
    """Returns a rank in words such as "third" or "twenty-first"; "second" is read as a rank, never as a time."""
    word = tokens[start]
    value = RANKS.get(word)
    if value is None and "-" in word:
        tens, _, unit = word.partition("-")
        value = TENS[tens] + RANKS[unit] if tens in TENS and RANKS.get(unit, 10) < 10 else None
    if value is None:
        return None
    return Number(value, value, value, ordinal=True, start=start, end=start + 1)
