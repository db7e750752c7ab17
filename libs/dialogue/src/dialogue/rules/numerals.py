"""Numbers and sums of money as people say them, in figures or in words."""

import re
from dataclasses import replace

from dialogue.language import language
from dialogue.rules.number_words import MAX_VALUE, SCALES, TENS, Number, WordReader, number_parts, read_rank

_LANGUAGE = language("numbers")
_CORRECTING = _LANGUAGE.patterns["correcting"]
_WORDS = {name: frozenset(words) for name, words in _LANGUAGE.words.items()}

__all__ = ["Number", "find_numbers"]

_FIGURES = re.compile(r"^([$€£])?(\d{1,12}(?:\.\d{1,6})?)(k|m|st|nd|rd|th)?([$€£%])?$")
_PERIODS = {"day": "day", "week": "week", "month": "month", "year": "year", "quarter": "quarter", "hour": "hour"}
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
    merged = _merge_cents(_merge_spans(_merge_parts(found, tokens), tokens), tokens)
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


def _merge_parts(numbers: list[Number], tokens: list[str]) -> list[Number]:
    """Returns the numbers with those made one that are parts of the same: "sixteen" + "five", "twenty" + "first"."""
    merged: list[Number] = []
    for number in numbers:
        before = merged[-1] if merged else None
        between = tokens[before.end : number.start] if before else []
        if before and not between and _is_short_thousands(before, number):
            value = before.value * 1000 + number.value * 100
            merged[-1] = replace(number, value=value, low=value, high=value, start=before.start)
        elif before and not between and _is_split_hundreds(before, number, tokens):
            value = before.value * 100 + number.value
            merged[-1] = replace(number, value=value, low=value, high=value, start=before.start, money=before.money)
        elif before and not between and before.value in TENS.values() and number.ordinal and number.value < 10:
            value = before.value + number.value
            merged[-1] = replace(number, value=value, low=value, high=value, start=before.start)
        else:
            merged.append(number)
    return merged


def _merge_spans(numbers: list[Number], tokens: list[str]) -> list[Number]:
    """Returns the numbers with the ends of a span made one: "ten to twelve thousand", "two fifty", "two sixty"."""
    merged: list[Number] = []
    for number in numbers:
        before = merged[-1] if merged else None
        if before and _is_span(before, number, tokens):
            low = _rescaled(before.low, number.high)
            middle = (low + number.high) / 2
            merged[-1] = replace(number, value=middle, low=low, start=before.start, money=number.money or before.money)
        else:
            merged.append(number)
    return merged


def _is_short_thousands(first: Number, second: Number) -> bool:
    """Whether two numbers are the thousands and hundreds of one: "sixteen", "five" is 16,500."""
    plain = not (first.money or second.money or first.ordinal or second.ordinal)
    return plain and 10 < first.value < 100 and 1 <= second.value < 10 and second.value == int(second.value)


def _is_split_hundreds(first: Number, second: Number, tokens: list[str]) -> bool:
    """Whether two figures are one number that the transcriber cut apart: "1", "50" is 150."""
    figures = tokens[first.start].lstrip("$€£"), " ".join(tokens[second.start : second.end])
    return all(figure.isdigit() for figure in figures) and [len(figure) for figure in figures] == [1, 2]


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
