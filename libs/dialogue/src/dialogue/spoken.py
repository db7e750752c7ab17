"""Text made fit to be spoken, and spoken text made comparable with a transcript."""

import re
from datetime import date, time
from typing import Any

from num2words import num2words  # type: ignore[import-untyped]

from dialogue.language import language, spoken_language

_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"```.*?```", " "),
        (r"!?\[([^\]]*)\]\([^)]*\)", r"\1"),
        (r"<[^>]{1,200}>", " "),
        (r"(?m)^\s{0,3}(?:#{1,6}|[-*+•]|\d+[.)])\s+", ""),
        (r"[*_`~#|<>\\{}\[\]]", " "),
        (r"[\U0001F000-\U0001FAFF\U000E0000-\U000E0FFF\u2190-\u21FF\u2300-\u2BFF\u3000-\u303F\uFE00-\uFE0F]", " "),
        (r"[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]", ""),
        (r"(?<!\w)(?:[:;]['-]?[)(DPp/\\|*3]+|<3|\^_*\^)(?!\w)", " "),
        (r"https?://(?:www\.)?([\w.-]+)\S*", r"\1"),
        (r"\bwww\.", ""),
    )
)
_ABBREVIATIONS = language("speech/abbreviations")
_SIGNS = language("speech/signs")
_ZONES = language("zones").words
_FIGURES = language("speech/figures")
_SAID = _FIGURES.wordings
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MONEY_SPAN = re.compile(rf"([$€£])({_NUMBER})(?:\s*(?:-|\u2013|to)\s*\1?|\s+a\s+\1)({_NUMBER})(?![\d,]*\d)")
_MONEY = re.compile(rf"([$€£])\s?({_NUMBER})(?:\s*(k|K|thousand|million|M|billion)\b)?")
_TIME = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)(?:\s*([ap])\.?\s?m\b\.?)?", re.IGNORECASE)
_HOUR = re.compile(r"\b(1[0-2]|0?[1-9])\s*([ap])\.?\s?m\b\.?(?P<end>(?=\s+[A-Z]|\s*$))?", re.IGNORECASE)
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_ORDINAL = re.compile(r"\b(\d{1,3})(?:st|nd|rd|th)\b")
_PERCENT = re.compile(rf"({_NUMBER})\s?%")
_PHONE = re.compile(r"\+?\d[\d\s()-]{7,}\d")
_SPAN = re.compile(rf"\b({_NUMBER})\s?[-\u2013]\s?({_NUMBER})\b")
_PLAIN_NUMBER = re.compile(rf"(?<![\w.])({_NUMBER})(?!\w)")
_LEFT_DIGITS = re.compile(r"[0-9]+")
_SMALL = {str(num2words(number)): number for number in (*range(20), *range(20, 100, 10))}
_MULTIPLES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}


def spoken_text(text: str) -> str:
    """Returns a text as it is to be spoken: no markup, no figures, no abbreviations, no addresses."""
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    text = _ISO_DATE.sub(_speak_iso_date, text)
    text = _ABBREVIATIONS.replaced(text)
    text = _MONEY_SPAN.sub(_speak_money_span, text)
    text = _MONEY.sub(_speak_money, text)
    text = _TIME.sub(_speak_clock, text)
    text = _HOUR.sub(_speak_hour, text)
    text = _PERCENT.sub(lambda match: _said("sum.percent", number=_cardinal(match[1])), text)
    text = _PHONE.sub(lambda match: spoken_digits(match[0]), text)
    text = _ORDINAL.sub(lambda match: _words(int(match[1]), to="ordinal"), text)
    text = _SPAN.sub(_SAID["sum.to"][0], text)
    text = _PLAIN_NUMBER.sub(lambda match: _plain_number(match[1]), text)
    text = re.sub(r"\b([\w-]+)\.(com|org|net|io|ai|co)\b", _SAID["sum.dot"][0], text)
    text = _LEFT_DIGITS.sub(lambda match: f" {spoken_digits(match[0])} ", text)
    text = _SIGNS.replaced(text)
    return " ".join(text.split())


def spoken_time(hour: time) -> str:
    """Returns a time of day as people say it, for example "half past two in the afternoon"."""
    if hour == time(12):
        return _said("clock.noon")
    part = _said(f"clock.{'morning' if hour.hour < 12 else 'afternoon' if hour.hour < 18 else 'evening'}")
    how = {0: "whole", 15: "quarter_past", 30: "half_past", 45: "quarter_to"}.get(
        hour.minute, "just_past" if hour.minute < 10 else "past"
    )
    hours = {"hour": _hour(hour.hour), "next_hour": _hour(hour.hour + 1)}
    return _said(f"clock.{how}", **hours, minutes=_words(hour.minute), part=part)


def spoken_date(day: date, today: date, *, full: bool = False) -> str:
    """Returns a day as people say it: tomorrow, a weekday within six days, else with the date, which `full` adds."""
    weekday = spoken_weekday(day.weekday())
    ahead = (day - today).days
    if ahead == 0:
        return _said("day.today")
    if ahead == 1:
        return _said("day.tomorrow_named" if full else "day.tomorrow", weekday=weekday)
    if full or not 0 < ahead < 7:
        return _said("day.dated", weekday=weekday, **_month_and_day(day))
    return _said("day.weekday", weekday=weekday)


def spoken_weekday(weekday: int) -> str:
    """Returns the name of a weekday, counted from Monday."""
    return _FIGURES.words["weekdays"][weekday]


def spoken_month(day: date) -> str:
    """Returns the name of the month of a day."""
    return _FIGURES.words["months"][day.month - 1]


def _month_and_day(day: date) -> dict[str, str]:
    ordinal = _words(day.day, to="ordinal")
    return {
        "month": spoken_month(day),
        "ordinal": ordinal,
        "number": ordinal if day.day == 1 else _words(day.day),
    }


def _hour(hour: int) -> str:
    return _FIGURES.words["hours"][hour % 12]


def _said(deed: str, **values: str) -> str:
    return _SAID[deed][0].format(**values)


def spoken_zone(zone: str) -> str:
    """Returns a time zone as people say it: "Pacific time"; "our time" for one that has no name here."""
    names = _ZONES.get(zone)
    return _said("zone.named", name=names[0].title()) if names else _said("zone.ours")


def comparable_words(text: str) -> list[str]:
    """Returns the words of a text with numbers as figures, alike for "$180", "180 dollars" and their words.

    Transcribers write figures where a voice spoke words; compare both through this.
    """
    words = re.findall(r"[a-z]+(?:'[a-z]+)?|\d+", spoken_text(text).lower().replace("-", " ").replace("\u2019", "'"))
    result: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        if word in _SMALL or word in _MULTIPLES or (run and word == "and" and run[-1] in _MULTIPLES):
            run.append(word)
            continue
        if run:
            trailing = run.pop() if run[-1] == "and" else None
            result.extend(_figures(run))
            result.extend([trailing] if trailing else [])
            run = []
        if word:
            result.append(word)
    return result


def _figures(run: list[str]) -> list[str]:
    """Returns what a run of number words counts; two sums, as in "ten thousand and twenty thousand", are two."""
    for scale in ("million", "thousand"):
        if run.count(scale) > 1:
            end = run.index(scale) + 1
            rest = run[end:]
            return [_figure(run[:end]), *(["and", *_figures(rest[1:])] if rest[0] == "and" else _figures(rest))]
    return [_figure(run)]


def _figure(run: list[str]) -> str:
    """Returns the figure of a run of number words, digit by digit where it is no number."""
    total, group = 0, 0
    digits = [str(_SMALL[word]) for word in run if word in _SMALL and _SMALL[word] < 10]
    if len(run) > 2 and len(digits) == len(run):
        return "".join(digits)
    for word in run:
        if word == "and":
            continue
        if word == "hundred":
            group = max(group, 1) * 100
        elif word in _MULTIPLES:
            total += max(group, 1) * _MULTIPLES[word]
            group = 0
        elif 0 < group < 10 <= _SMALL[word]:
            group = group * 100 + _SMALL[word]
        else:
            group += _SMALL[word]
    return str(total + group)


def _words(number: Any, to: str = "cardinal") -> str:
    """Returns a number in words, in English in American ones without the "and"."""
    words = str(num2words(number, to=to, lang=spoken_language()))
    return words.replace(" and ", " ").replace(",", "")


def spoken_digits(figures: str) -> str:
    """Returns figures digit by digit: "two zero two"."""
    return " ".join(_words(int(one)) for one in figures if one.isascii() and one.isdigit())


def _value(figures: str) -> float | int:
    plain = figures.replace(",", "")
    return float(plain) if "." in plain else int(plain[:15])


def _cardinal(figures: str) -> str:
    return _words(_value(figures))


def _plain_number(figures: str) -> str:
    """Returns a number in words; four figures such as 2009 are spoken as a year."""
    value = _value(figures)
    if isinstance(value, int) and "," not in figures:
        if len(figures) == 4 and 1900 <= value <= 2099:
            return _words(value, to="year")
        if len(figures) > 1 and figures.startswith("0"):
            return spoken_digits(figures)
    return _words(value)


def _speak_money(match: re.Match[str]) -> str:
    one, several, small, small_ones = _FIGURES.words[match[1]]
    scale = {"k": "thousand", "K": "thousand", "M": "million"}.get(match[3] or "", match[3] or "")
    value = _value(match[2])
    if scale:
        return f"{_counting(f'{_words(value)} ' + _said('sum.' + scale))} {several}"
    whole, cents = int(value), round((value - int(value)) * 100)
    spoken = f"{_counting(_words(whole))} {one if whole == 1 else several}"
    if not cents:
        return spoken
    coins = f"{_counting(_words(cents))} {small if cents == 1 else small_ones}"
    return _said("sum.with_small", sum=spoken, small=coins) if whole else coins


def _counting(number: str) -> str:
    """Returns the words of a number as they stand before what it counts."""
    return _FIGURES.replaced(number)


def _speak_money_span(match: re.Match[str]) -> str:
    currency = _FIGURES.words[match[1]][1]
    return _said("sum.span", low=_cardinal(match[2]), high=_counting(_cardinal(match[3])), currency=currency)


def _speak_clock(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    half = (match[3] or "").lower()
    if not half and 1 <= hour <= 12:
        how = "without_part" if minute >= 10 else "just_past_without_part" if minute else "on_the_hour"
        return _said(f"clock.{how}", hour=_hour(hour), minutes=_words(minute))
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    return spoken_time(time(hour, minute))


def _speak_hour(match: re.Match[str]) -> str:
    hour = int(match[1]) % 12 + (12 if match[2].lower() == "p" else 0)
    return spoken_time(time(hour)) + ("." if match["end"] is not None else "")


def _speak_iso_date(match: re.Match[str]) -> str:
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return match[0]
    return _said("day.month_and_day", **_month_and_day(day))
