"""Numbers and sums of money as people say them, in figures or in words."""

import re
from dataclasses import dataclass, replace

_UNITS = {
    "zero": 0, "oh": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_SCALES = {"thousand": 1e3, "grand": 1e3, "k": 1e3, "million": 1e6, "mil": 1e6, "billion": 1e9}
_VAGUE = {"couple": 2, "few": 3, "several": 4, "dozen": 12}
_FIGURES = re.compile(r"^([$€£])?(\d{1,12}(?:\.\d{1,6})?)(k|m|st|nd|rd|th)?([$€£%])?$")
_CURRENCY_WORDS = {"dollar", "dollars", "buck", "bucks", "usd", "euro", "euros", "pound", "pounds", "cents"}
_DURATIONS = {"minute", "hour", "day", "week", "month", "year", "quarter"}
_PERIODS = {"day": "day", "week": "week", "month": "month", "year": "year", "quarter": "quarter", "hour": "hour"}
_RANGE_WORDS = {"to", "and", "or", "till", "until", "-"}
_APPROXIMATE = {"about", "around", "roughly", "approximately", "maybe", "like", "probably", "say", "almost", "nearly"}
_CORRECTING = re.compile(r"\b(?:no|sorry|i mean|i meant|actually|rather|wait|make that|correction|i said)$")
_MAX_VALUE = 1e12


@dataclass(frozen=True)
class Number:
    """A number that was said.

    Attributes:
        value: The number; of a span such as "ten to twelve" its middle.
        low: The lower end, the value itself when no span was said.
        high: The upper end.
        money: Whether a currency was named.
        period: `month` in "two hundred a month", else None.
        unit: The plain noun after the number in the singular, for example `month` in "six months", else "".
        approximate: Whether it was said to be rough.
        ordinal: Whether it was said as a rank ("third").
        start: Index of its first word.
        end: Index after its last word.
    """

    value: float
    low: float
    high: float
    money: bool = False
    period: str | None = None
    unit: str = ""
    approximate: bool = False
    ordinal: bool = False
    start: int = 0
    end: int = 0

    @property
    def is_duration(self) -> bool:
        """Whether it counts time ("six months"), which "two hundred a month" does not."""
        return self.unit in _DURATIONS


def find_numbers(text: str) -> list[Number]:
    """Returns the numbers of a plain text in order, without those that the speaker took back."""
    tokens = _split_spans(text).split()
    found: list[Number] = []
    position = 0
    while position < len(tokens):
        number = _read(tokens, position)
        if number is None:
            position += 1
            continue
        found.append(number)
        position = number.end
    merged = _merge_cents(_merge_spans(found, tokens), tokens)
    read = [_with_context(number, tokens) for number in merged]
    return _without_retracted(read, tokens)


def _split_spans(text: str) -> str:
    """Returns a text with "150-200" and "$5k-$10k" written as two numbers."""
    return re.sub(r"(\d(?:k|m)?)[-\u2013](?=[$€£]?\d)", r"\1 to ", text.replace("-", " - ") if " - " in text else text)


def _read(tokens: list[str], start: int) -> Number | None:
    """Returns the number that starts at a word, or None."""
    figures = _FIGURES.match(tokens[start])
    if figures:
        return _read_figures(tokens, start, figures)
    return _WordReader(tokens, start).read() or _read_rank(tokens, start)


def _read_figures(tokens: list[str], start: int, figures: re.Match[str]) -> Number:
    value = float(figures[2])
    suffix = figures[3] or ""
    scale = {"k": 1e3, "m": 1e6}.get(suffix, 1.0)
    end = start + 1
    while end < len(tokens) and tokens[end] in _SCALES | {"hundred": 100}:
        scale *= _SCALES.get(tokens[end], 100.0)
        end += 1
    money = bool(figures[1] or ((figures[4] or "") in "$€£" and figures[4])) or "grand" in tokens[start + 1 : end]
    value = min(value * scale, _MAX_VALUE)
    unit = "percent" if figures[4] == "%" else ""
    ordinal = suffix in {"st", "nd", "rd", "th"}
    return Number(value, value, value, money=money, unit=unit, ordinal=ordinal, start=start, end=end)


class _WordReader:
    """Reads one number in words, for example "two and a half thousand", "fifteen hundred" or "one eighty"."""

    def __init__(self, tokens: list[str], start: int) -> None:
        self.tokens = tokens
        self.start = self.end = start
        self.total = 0.0
        self.group = 0.0
        self.previous = ""
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
        if not self.seen:
            return None
        value = min(self.total + self.group, _MAX_VALUE)
        return Number(value, value, value, money=self.money, approximate=self.vague, start=self.start, end=self.end)

    def _ahead(self, count: int = 1) -> str:
        return " ".join(self.tokens[self.end + 1 : self.end + 1 + count])

    def _take(self, word: str) -> int:
        """Takes a word in; returns how many words were used, 0 if the number ends before it."""
        tens, _, small = word.partition("-")
        if tens in _TENS and (not small or small in _UNITS):
            return self._take_small(_TENS[tens] + _UNITS.get(small, 0), "unit" if small else "tens")
        if word in _UNITS:
            return self._take_small(_UNITS[word], "unit") if self.seen or word != "oh" else 0
        if word == "and":
            return self._take_and()
        if word == "hundred" or word in _SCALES:
            return self._take_scale(word)
        if word == "point" and self.seen and self._ahead() in _UNITS:
            self.group += _UNITS[self._ahead()] / 10
            return 2
        return 0 if self.seen else self._take_start(word)

    def _take_small(self, value: int, kind: str) -> int:
        """Takes a number below one hundred: "one", "fifty" is 150, "twenty", "five" is 25, "two", "three" are two."""
        if self.previous == "tens" and kind == "tens":
            return 0
        joined = self.previous == "unit" and 1 <= self.group < 100 and value >= 10
        if self.previous == "unit" and not joined:
            return 0
        if self.previous == "tens" and value >= 10:
            return 0
        self.group = self.group * 100 + value if joined else self.group + value
        self.previous, self.seen = kind, True
        return 1

    def _take_and(self) -> int:
        """Takes "and a half", or the "and" of "one hundred and fifty"."""
        if self.seen and self._ahead(2) == "a half":
            if self.previous == "scale":
                self.total += 0.5 * (1e6 if self.total >= 1e6 else 1e3)
            else:
                self.group += 0.5
            self.previous = "half"
            return 3
        return int(self.previous in {"hundred", "scale"} and self._ahead().split("-")[0] in _UNITS | _TENS)

    def _take_scale(self, word: str) -> int:
        bare = word in {"hundred", "thousand"} and not self.previous
        if not self.seen and not bare and (self.previous != "article" or word == "k"):
            return 0
        if word == "hundred":
            self.group = max(self.group, 1.0) * 100
            self.previous = "hundred"
        else:
            self.total += (self.group or 1.0) * _SCALES[word]
            self.group, self.previous = 0.0, "scale"
            self.money = self.money or word == "grand"
        self.seen = True
        return 1

    def _take_start(self, word: str) -> int:
        """Takes what only begins a number: "a couple of", "a hundred", "half a million"."""
        following = self._ahead()
        if word in _VAGUE:
            self.group, self.previous, self.seen, self.vague = float(_VAGUE[word]), "unit", True, True
            return 2 if following == "of" else 1
        if word in {"a", "an"} and (following in _SCALES or following == "hundred") and following != "k":
            self.group, self.previous = 1.0, "article"
            return 1
        if word == "half" and self._ahead(2) in {"a million", "a thousand", "a grand"}:
            self.group, self.previous, self.seen = 0.5, "unit", True
            return 2
        return 0


_RANKS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip


def _read_rank(tokens: list[str], start: int) -> Number | None:
    """Returns a rank in words such as "third" or "twenty-first"; "second" is read as a rank, never as a time."""
    word = tokens[start]
    value = _RANKS.get(word)
    if value is None and "-" in word:
        tens, _, unit = word.partition("-")
        value = _TENS[tens] + _RANKS[unit] if tens in _TENS and _RANKS.get(unit, 10) < 10 else None
    if value is None:
        return None
    return Number(value, value, value, ordinal=True, start=start, end=start + 1)


def _merge_spans(numbers: list[Number], tokens: list[str]) -> list[Number]:
    """Returns the numbers with "ten to twelve thousand" and "twenty" + "first" made one."""
    merged: list[Number] = []
    for number in numbers:
        before = merged[-1] if merged else None
        between = tokens[before.end : number.start] if before else []
        if before and not between and _is_short_thousands(before, number):
            value = before.value * 1000 + number.value * 100
            merged[-1] = replace(number, value=value, low=value, high=value, start=before.start)
        elif before and not between and before.value in _TENS.values() and number.ordinal and number.value < 10:
            value = before.value + number.value
            merged[-1] = replace(number, value=value, low=value, high=value, start=before.start)
        elif before and _is_span(before, number, between, tokens):
            low = _rescaled(before.value, number.value)
            merged[-1] = replace(
                number, value=(low + number.value) / 2, low=low, start=before.start, money=number.money or before.money
            )
        else:
            merged.append(number)
    return merged


def _is_short_thousands(first: Number, second: Number) -> bool:
    """Whether two numbers are the thousands and hundreds of one: "sixteen", "five" is 16,500."""
    plain = not (first.money or second.money or first.ordinal or second.ordinal)
    return plain and 10 < first.value < 20 and 1 <= second.value < 10


def _merge_cents(numbers: list[Number], tokens: list[str]) -> list[Number]:
    """Returns the numbers with "two dollars and forty cents" made one."""
    merged: list[Number] = []
    for number in numbers:
        before = merged[-1] if merged else None
        cents = tokens[number.end : number.end + 1] in (["cents"], ["cent"], ["pence"])
        if cents and before and number.start - before.end <= 2:
            value = before.value + number.value / 100
            merged[-1] = replace(before, value=value, low=value, high=value, money=True, end=number.end + 1)
        else:
            merged.append(number)
    return merged


def _is_span(low: Number, high: Number, between: list[str], tokens: list[str]) -> bool:
    """Whether two numbers are the ends of one span: "ten to twelve", "between 10 and 12", "five or six"."""
    words = [word for word in between if word not in _CURRENCY_WORDS | {"maybe", "about", "even"}]
    if len(words) != 1 or words[0] not in _RANGE_WORDS or low.ordinal or high.ordinal:
        return False
    if words[0] == "and" and "between" not in tokens[max(0, low.start - 2) : low.start]:
        return False
    return _rescaled(low.value, high.value) < high.value


def _rescaled(low: float, high: float) -> float:
    """Returns the lower end in the scale of the upper: of "10 to 12,000" it is 10,000."""
    for scale in (1e6, 1e3, 100):
        if high >= scale and low < 100 and low * scale <= high and high / max(low, 1) > 50 * (scale >= 1e3):
            return low * scale
    return low


def _with_context(number: Number, tokens: list[str]) -> Number:
    """Returns a number with what the words around it tell: currency, period, unit, roughness."""
    end = number.end
    money, period, unit = number.money, number.period, number.unit
    following = tokens[end : end + 4]
    if following[:1] and following[0] in _CURRENCY_WORDS:
        money = True
        end += 1
        following = tokens[end : end + 4]
    if following[:1] in (["bucks"], ["percent"]):
        unit = unit or "percent"
    elif following[:1] and following[0] in {"per", "a", "each", "every", "the"} and len(following) > 1:
        period = _PERIODS.get(following[1].rstrip("s"))
    elif following[:1] and following[0] in {"monthly", "yearly", "annually", "weekly"}:
        period = {"monthly": "month", "weekly": "week"}.get(following[0], "year")
    elif following[:1] and not money:
        unit = unit or following[0].rstrip("s")
    before = tokens[max(0, number.start - 3) : number.start]
    rough = number.approximate or number.low != number.high or any(word in _APPROXIMATE for word in before)
    rough = rough or following[:2] == ["or", "so"] or following[:1] == ["ish"]
    return replace(number, money=money, period=period, unit=unit, approximate=rough)


def _without_retracted(numbers: list[Number], tokens: list[str]) -> list[Number]:
    """Returns the numbers without those denied ("not fifteen") or replaced ("fifteen, no, fifty")."""
    kept: list[Number] = []
    for number in numbers:
        before = tokens[max(0, number.start - 2) : number.start]
        if before[-1:] == ["not"] or before in (
            ["not", "about"],
            ["not", "the"],
            ["instead", "of"],
            ["rather", "than"],
        ):
            continue
        last = kept[-1] if kept else None
        if last and last.end < number.start and _CORRECTING.search(" ".join(tokens[last.end : number.start])):
            kept.pop()
        kept.append(number)
    return kept
