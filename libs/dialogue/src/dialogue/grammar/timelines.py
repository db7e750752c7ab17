"""How soon a caller wants something, in months."""

from dataclasses import dataclass
from datetime import date

from dialogue.grammar.holidays import HOLIDAY, next_holiday
from dialogue.grammar.number_context import MONTHS_OF
from dialogue.grammar.numerals import Number, find_numbers
from dialogue.grammar.occasions import find_occasion, find_said_year
from dialogue.language import kept_value, language

_MONTHS, _SEASONS = language("numbers").numbers["months"], language("numbers").numbers["seasons"]
_FIXED = language("timelines/fixed")
_CALENDAR = language("timelines/calendar", time_name=f"(?:{'|'.join([*_MONTHS, *_SEASONS])})", holiday=HOLIDAY)
_HEARD = _CALENDAR.patterns
_WORDS = _CALENDAR.words


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


def _fixed_timeline(name: str) -> Timeline:
    """Returns one of the fixed timelines, by its name in the language's file."""
    wording = _WORDS[name][0]
    return Timeline(_FIXED.measures["months"][wording], wording)


DAYS_AHEAD = _fixed_timeline("of_a_weekday")
"""The timeline of whoever names a weekday."""
AT_ONCE = _fixed_timeline("at_once")
ANY_TIME = _fixed_timeline("at_any_time")
"""The timeline of whoever is in no hurry."""


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
    return _calendar(text, today) or _holiday(text, today) or _fixed(text) or _occasion(text, today) or _duration(text)


def _occasion(text: str, today: date) -> Timeline | None:
    """Returns the timeline of "before the snow melts"."""
    found = find_occasion(text, today)
    return Timeline(*found) if found is not None else None


def _holiday(text: str, today: date) -> Timeline | None:
    """Returns the timeline of "by Memorial Day"."""
    match = _HEARD["holiday"].search(text)
    if match is None:
        return None
    days = (next_holiday(match["holiday"], today) - today).days
    return Timeline(max(days * MONTHS_OF["day"], 0.5), f"{match['lead']} {match['holiday'].title()}")


def _in_its_unit(text: str, instead: str) -> Timeline | None:
    """Returns the timeline of a number that takes the place of another: "three months, make that five"."""
    units = [number.unit for number in find_numbers(text) if number.unit in MONTHS_OF]
    numbers = find_numbers(instead)
    if not units or len(numbers) != 1 or numbers[0].unit or numbers[0].money or numbers[0].period:
        return None
    return _in_units(numbers[0], units[-1])


def _after_a_pause(clauses: tuple[str, ...], today: date) -> Timeline | None:
    """Returns the timeline of a month or season that stands at the beginning of a later clause."""
    matches = [match for clause in clauses[1:] if (match := _HEARD["named_first"].search(clause))]
    return _named_time("", matches[-1]["name"], today) if matches else None


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
        before = " ".join(number.before)
        if number.unit in MONTHS_OF and not (_HEARD["lasting"].search(before) or _HEARD["has_lasted"].search(before)):
            return _in_units(number, number.unit)
    match = _HEARD["one_unit"].search(text)
    if match and not _HEARD["has_lasted"].search(text[: match.start()]):
        return Timeline(MONTHS_OF[match["unit"]], kept_value("timeline.in_a_unit", unit=match["unit"]))
    return None


def _in_units(number: Number, unit: str) -> Timeline:
    """Returns the timeline of so many days, weeks, months, quarters or years."""
    low, high = f"{number.low:g}", f"{number.high:g}"
    count = low if low == high else kept_value("amount.span", low=low, high=high)
    deed = "timeline.in_one_unit" if number.high == 1 else "timeline.in_units"
    return Timeline(number.value * MONTHS_OF[unit], kept_value(deed, count=count, unit=unit))


def _calendar(text: str, today: date) -> Timeline | None:
    """Returns the timeline of a named month, season, quarter or end of the year."""
    if _HEARD["after_new_year"].search(text):
        return Timeline(14 - today.month, kept_value("timeline.early_next_year"))
    if _HEARD["not_this_year"].search(text):
        return Timeline(max(16 - today.month, 6), kept_value("timeline.next_year"))
    if _HEARD["this_year"].search(text):
        return Timeline(max(12 - today.month + 0.5, 0.5), kept_value("timeline.this_year"))
    if _HEARD["early_next_year"].search(text):
        return Timeline(14 - today.month, kept_value("timeline.early_next_year"))
    if match := _HEARD["quarter"].search(text):
        quarter = _CALENDAR.numbers["quarters"][match["number"] or match["rank"]]
        text = kept_value("timeline.in_quarter", rank=_WORDS["quarters_spoken"][quarter - 1])
        return Timeline(_ahead(today, quarter * 3 - 1), text)
    if match := _HEARD["named"].search(text):
        least = match["lead"] in _WORDS["not_before"] or _HEARD["at_the_earliest"].search(text)
        lead = _WORDS["not_before"][0] if least else match["lead"]
        lead = _WORDS["lead_before"][0] if _HEARD["before_that"].search(text[match.end() :]) else lead
        return _named_time(lead, match["name"], today, last=match.end() == len(text))
    if match := _HEARD["named_first"].search(text):
        return _named_time("", match["name"], today)
    match = _HEARD["year"].search(text)
    year = int(match["year"]) if match else find_said_year(text, today)
    if year is not None and year > today.year:
        months = (year - today.year) * 12 + 6 - today.month
        return Timeline(months, kept_value("timeline.in_year", year=year))
    if _HEARD["next_year"].search(text):
        return Timeline(max(16 - today.month, 6), kept_value("timeline.next_year"))
    return None


def _named_time(lead: str, name: str, today: date, *, last: bool = False) -> Timeline | None:
    if name in _WORDS["also_verbs"] and lead in _WORDS["no_leads_of_verbs"] and not last:
        return None
    month = _MONTHS.get(name) or _SEASONS[name]
    preposition = lead if lead in _WORDS["spoken_leads"] else _WORDS["plain_lead"][0]
    is_name = name in _MONTHS or name in _WORDS["feasts"]
    spoken = name.capitalize() if is_name else name
    with_article = not is_name and preposition in _WORDS["leads_with_article"]
    deed = "timeline.named_season" if with_article else "timeline.named"
    return Timeline(_ahead(today, month), kept_value(deed, lead=preposition, name=spoken))


def _ahead(today: date, month: int) -> float:
    """Returns the months from today to the middle of the next such month."""
    months = (month - today.month) % 12
    return max(float(months), 0.5)
