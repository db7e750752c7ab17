"""How soon a caller wants something, in months."""

from dataclasses import dataclass
from datetime import date

from dialogue.grammar.holidays import HOLIDAY, next_holiday
from dialogue.grammar.numerals import find_numbers
from dialogue.language import language

_MONTHS, _SEASONS = language("numbers").numbers["months"], language("numbers").numbers["seasons"]
_FIXED = language("timelines/fixed")
_CALENDAR = language("timelines/calendar", time_name=f"(?:{'|'.join([*_MONTHS, *_SEASONS])})", holiday=HOLIDAY)
_HEARD = _CALENDAR.patterns
_WORDS = _CALENDAR.words

_DAYS = {"day": 1 / 30, "week": 7 / 30, "month": 1.0, "quarter": 3.0, "year": 12.0}


@dataclass(frozen=True)
class Timeline:
    """How soon something is wanted.

    Attributes:
        months: Months from now.
        text: How to speak of it, for example "in two months".
    """

    months: float
    text: str


_MOST_CORRECTIONS = 3
"""So many of the last are looked at: "no no no" without end is what a recogniser makes of noise."""
DAYS_AHEAD = Timeline(_FIXED.measures["months"]["within days"], "within days")
"""The timeline of whoever names a weekday."""


def find_timeline(clauses: tuple[str, ...], today: date) -> Timeline | None:
    """Returns how soon an utterance in plain words says something is wanted, or None; the last that was said counts."""
    text = " ".join(clauses)
    for correction in reversed([*_HEARD["corrects"].finditer(text)][-_MOST_CORRECTIONS:]):
        instead = text[correction.end() :].strip()
        put_right = _told(instead, today) or _in_its_unit(text[: correction.start()], instead)
        if put_right is not None:
            return put_right
    return _told(text, today) or _after_a_pause(clauses, today)


def _told(text: str, today: date) -> Timeline | None:
    return _calendar(text, today) or _holiday(text, today) or _fixed(text) or _duration(text)


def _holiday(text: str, today: date) -> Timeline | None:
    """Returns the timeline of "by Memorial Day"."""
    match = _HEARD["holiday"].search(text)
    if match is None:
        return None
    days = (next_holiday(match["holiday"], today) - today).days
    return Timeline(max(days * _DAYS["day"], 0.5), f"{match['lead']} {match['holiday'].title()}")


def _in_its_unit(text: str, instead: str) -> Timeline | None:
    """Returns the timeline of a number that takes the place of another: "three months, make that five"."""
    units = [number.unit for number in find_numbers(text) if number.unit in _DAYS]
    numbers = find_numbers(instead)
    if not units or len(numbers) != 1 or numbers[0].unit or numbers[0].money or numbers[0].period:
        return None
    return _duration(f"{numbers[0].said} {units[-1]}s")


def _after_a_pause(clauses: tuple[str, ...], today: date) -> Timeline | None:
    """Returns the timeline of a month or season that stands at the beginning of a later clause."""
    matches = [match for clause in clauses[1:] if (match := _HEARD["named_first"].search(clause))]
    return _named_time("in", matches[-1]["name"], today) if matches else None


def _fixed(text: str) -> Timeline | None:
    for wording, pattern in _FIXED.patterns.items():
        match = pattern.search(text)
        if match and not _HEARD["denied"].search(text[: match.start()]):
            return Timeline(_FIXED.measures["months"][wording], wording)
    return None


def _duration(text: str) -> Timeline | None:
    """Returns the timeline of "in about two months" or "within six to eight weeks"."""
    for number in find_numbers(text):
        if _HEARD["of_the_past"].match(number.behind):
            continue
        if number.unit in _DAYS and not _HEARD["lasting"].search(" ".join(number.before)):
            months = number.value * _DAYS[number.unit]
            return Timeline(months, f"in {_count(number.low, number.high)} {number.unit}{'s' * (number.high != 1)}")
    if match := _HEARD["one_unit"].search(text):
        return Timeline(_DAYS[match["unit"]], f"in a {match['unit']}")
    return None


def _count(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _calendar(text: str, today: date) -> Timeline | None:
    """Returns the timeline of a named month, season, quarter or end of the year."""
    if _HEARD["after_new_year"].search(text):
        return Timeline(14 - today.month, "early next year")
    if _HEARD["not_this_year"].search(text):
        return Timeline(max(16 - today.month, 6), "next year")
    if _HEARD["this_year"].search(text):
        return Timeline(max(12 - today.month + 0.5, 0.5), "this year")
    if _HEARD["early_next_year"].search(text):
        return Timeline(14 - today.month, "early next year")
    if match := _HEARD["quarter"].search(text):
        quarter = _CALENDAR.numbers["quarters"][match["number"] or match["rank"]]
        return Timeline(_ahead(today, quarter * 3 - 1), f"in the {_WORDS['quarters_spoken'][quarter - 1]} quarter")
    if match := _HEARD["named"].search(text):
        least = match["lead"] in _WORDS["not_before"] or _HEARD["at_the_earliest"].search(text)
        lead = _WORDS["not_before"][0] if least else match["lead"]
        return _named_time(lead, match["name"], today, last=match.end() == len(text))
    if match := _HEARD["named_first"].search(text):
        return _named_time("in", match["name"], today)
    if (match := _HEARD["year"].search(text)) and int(match["year"]) > today.year:
        return Timeline((int(match["year"]) - today.year) * 12 + 6 - today.month, f"in {match['year']}")
    if _HEARD["next_year"].search(text):
        return Timeline(max(16 - today.month, 6), "next year")
    return None


def _named_time(lead: str, name: str, today: date, *, last: bool = False) -> Timeline | None:
    if name == "may" and lead in _WORDS["no_leads_of_may"] and not last:
        return None
    month = _MONTHS.get(name) or _SEASONS[name]
    preposition = lead if lead in _WORDS["spoken_leads"] else "in"
    is_name = name in _MONTHS or name in _WORDS["feasts"]
    spoken = name.capitalize() if is_name else name
    article = "the " if not is_name and preposition in {"in", "by"} else ""
    return Timeline(_ahead(today, month), f"{preposition} {article}{spoken}")


def _ahead(today: date, month: int) -> float:
    """Returns the months from today to the middle of the next such month."""
    months = (month - today.month) % 12
    return max(float(months), 0.5)
