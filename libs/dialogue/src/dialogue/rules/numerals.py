"""Numbers and sums of money as people say them, in figures or in words."""

import re
from collections.abc import Callable
from dataclasses import replace

from dialogue.language import language
from dialogue.rules.number_words import MAX_VALUE, SCALES, TENS, Number, WordReader, number_parts, read_rank

_LANGUAGE = language("numbers")
_CORRECTING = _LANGUAGE.patterns["correcting"]
_WORDS = {name: frozenset(words) for name, words in _LANGUAGE.words.items()}

__all__ = ["Number", "find_numbers"]

_FIGURES = re.compile(r"^([$€£])?(\d{1,12}(?:\.\d{1,6})?)(k|m|st|nd|rd|th)?([$€£%])?$")
_PERIODS = {"day": "day", "week": "week", "month": "month", "year": "year", "quarter": "quarter", "hour": "hour"}
_CENTS = (["cents"], ["cent"], ["pence"])
_Join = Callable[[Number, Number, list[str]], Number | None]
_SPAN_RATIO = 2.5


def find_numbers(text: str) -> list[Number]:
    """Returns the numbers of a plain text in order, without those that the speaker took back."""
    tokens = [part for word in _split_spans(text).split() for part in number_parts(word)]
    found: list[Number] = []
    position = 0
    while position < len(tokens):
        number = _read(tokens, position)
        if number is None:
            position += 1
            continue
        found.append(number)
        position = number.end
    for join in (_part_of_one, _span, _with_cents):
        found = _merge(found, tokens, join)
    read = [_with_context(number, tokens) for number in found]
    return _without_retracted(read, tokens)


def _split_spans(text: str) -> str:
    """Returns a text with "150-200" and "$5k-$10k" written as two numbers."""
    return re.sub(r"(\d(?:k|m)?)[-\u2013](?=[$€£]?\d)", r"\1 to ", text.replace("-", " - ") if " - " in text else text)


def _read(tokens: list[str], start: int) -> Number | None:
    """Returns the number that starts at a word, or None."""
    figures = _FIGURES.match(tokens[start])
    if figures:
        return _read_figures(tokens, start, figures)
    return WordReader(tokens, start).read() or read_rank(tokens, start)


def _read_figures(tokens: list[str], start: int, figures: re.Match[str]) -> Number:
    value = float(figures[2])
    suffix = figures[3] or ""
    scale = {"k": 1e3, "m": 1e6}.get(suffix, 1.0)
    end = start + 1
    while end < len(tokens) and tokens[end] in SCALES | {"hundred": 100}:
        scale *= SCALES.get(tokens[end], 100.0)
        end += 1
    money = bool(figures[1] or ((figures[4] or "") in "$€£" and figures[4])) or "grand" in tokens[start + 1 : end]
    value = min(value * scale, MAX_VALUE)
    unit = "percent" if figures[4] == "%" else ""
    ordinal = suffix in {"st", "nd", "rd", "th"}
    return Number(value, value, value, money=money, unit=unit, ordinal=ordinal, start=start, end=end)


def _merge(numbers: list[Number], tokens: list[str], join: _Join) -> list[Number]:
    """Returns the numbers with those made one that `join` makes one of two that follow each other."""
    merged: list[Number] = []
    for number in numbers:
        joined = join(merged[-1], number, tokens) if merged else None
        if joined is not None:
            merged[-1] = joined
        else:
            merged.append(number)
    return merged


def _part_of_one(first: Number, second: Number, tokens: list[str]) -> Number | None:
    """Returns the number whose parts two are: "sixteen" + "five", "twenty" + "first"."""
    if first.end < second.start:
        return None
    if _is_short_thousands(first, second):
        value, money = first.value * 1000 + second.value * 100, second.money
    elif _is_split_hundreds(first, second, tokens):
        value, money = first.value * 100 + second.value, first.money
    elif first.value in TENS.values() and second.ordinal and second.value < 10:
        value, money = first.value + second.value, second.money
    else:
        return None
    return replace(second, value=value, low=value, high=value, start=first.start, money=money)


def _span(first: Number, second: Number, tokens: list[str]) -> Number | None:
    """Returns the span whose ends two numbers are: "ten to twelve thousand", "two fifty", "two sixty"."""
    if not _is_span(first, second, tokens):
        return None
    low = _rescaled(first.low, second.high)
    money = second.money or first.money
    return replace(second, value=(low + second.high) / 2, low=low, start=first.start, money=money)


def _with_cents(first: Number, second: Number, tokens: list[str]) -> Number | None:
    """Returns the sum of "two dollars and forty cents"."""
    if tokens[second.end : second.end + 1] not in _CENTS or second.start - first.end > 2:
        return None
    value = first.value + second.value / 100
    return replace(first, value=value, low=value, high=value, money=True, end=second.end + 1)


def _is_short_thousands(first: Number, second: Number) -> bool:
    """Whether two numbers are the thousands and hundreds of one: "sixteen", "five" is 16,500."""
    plain = not (first.money or second.money or first.ordinal or second.ordinal)
    return plain and 10 < first.value < 100 and 1 <= second.value < 10 and second.value == int(second.value)


def _is_split_hundreds(first: Number, second: Number, tokens: list[str]) -> bool:
    """Whether two figures are one number that the transcriber cut apart: "1", "50" is 150."""
    figures = tokens[first.start].lstrip("$€£"), " ".join(tokens[second.start : second.end])
    return all(figure.isdigit() for figure in figures) and [len(figure) for figure in figures] == [1, 2]


def _is_span(low: Number, high: Number, tokens: list[str]) -> bool:
    """Whether two numbers are the ends of one span: "ten to twelve", "between 10 and 12", "five or six", "150, 160"."""
    words = [word for word in tokens[low.end : high.start] if word not in _WORDS["currencies"] | _WORDS["in_a_span"]]
    if len(words) > 1 or not set(words) <= _WORDS["in_a_range"] or low.ordinal or high.ordinal:
        return False
    if words == ["and"] and "between" not in tokens[max(0, low.start - 2) : low.start]:
        return False
    least = _rescaled(low.low, high.high)
    if not words and (tokens[low.start - 1 : low.start] or [""])[0] in _WORDS["pointing"]:
        return False
    return least < high.high <= (least * _SPAN_RATIO if not words else MAX_VALUE)


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
    if following[:1] and following[0] in _WORDS["currencies"]:
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
    rough = number.approximate or number.low != number.high or any(word in _WORDS["approximate"] for word in before)
    rough = rough or following[:2] == ["or", "so"] or following[:1] == ["ish"]
    return replace(
        number, money=money, period=period, unit=unit, approximate=rough, before=" ".join(before[-1:]),
        following=tuple(following),
    )  # fmt: skip


def _without_retracted(numbers: list[Number], tokens: list[str]) -> list[Number]:
    """Returns the numbers without those denied ("not fifteen") or replaced ("fifteen, no, fifty")."""
    kept: list[Number] = []
    for number in numbers:
        before = tokens[max(0, number.start - 2) : number.start]
        if _LANGUAGE.patterns["denying"].search(" ".join(before)):
            continue
        last = kept[-1] if kept else None
        if last and last.end < number.start and _CORRECTING.search(" ".join(tokens[last.end : number.start])):
            kept.pop()
        kept.append(number)
    return kept
