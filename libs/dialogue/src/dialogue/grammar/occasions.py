"""Seasons of the year and of people's lives, and years, by which callers say how soon they want something."""

from datetime import date

from dialogue.language import language

_LANGUAGE = language("timelines/occasions")
_HEARD = _LANGUAGE.patterns
_MONTHS = _LANGUAGE.measures["months"]
_NUMBERS = _LANGUAGE.numbers
_BEFORE, _AFTER, _AROUND = _LANGUAGE.words["spoken"]
_CENTURY = 2000
_YEARS_AHEAD = 30
_SOONEST = 0.5


def find_occasion(text: str, today: date) -> tuple[float, str] | None:
    """Returns in how many months a season of plain words is and how to speak of it, None if none is named."""
    for name, month in _MONTHS.items():
        match = _HEARD[name].search(text)
        if match is None or _HEARD["every_year"].search(text[: match.start()]):
            continue
        lead = _lead(text[: match.start()])
        if lead is not None:
            return max((month - today.month) % 12, _SOONEST), f"{lead} {name}"
    return None


def _lead(before: str) -> str | None:
    """Returns how to speak of what stands before a season, None if nothing there makes it a time."""
    if not before.strip():
        return _AROUND
    match = _HEARD["lead_in"].search(before)
    if match is None:
        return None
    if _HEARD["after"].search(match[0]):
        return _AFTER
    return _BEFORE if _HEARD["before"].search(match[0]) else _AROUND


def find_said_year(text: str, today: date) -> int | None:
    """Returns the year to come that plain words name, in words or by its last figures, None if they name none."""
    match = _HEARD["said_year"].search(text) or _HEARD["short_year"].search(text)
    in_figures = _HEARD["year_in_figures"].search(text)
    if match is not None:
        year = _CENTURY + _NUMBERS["tens"][match["tens"]] + _NUMBERS["units"].get(match["unit"], 0)
    elif in_figures is not None:
        year = _CENTURY + int(in_figures["figures"])
    else:
        return None
    return year if today.year < year <= today.year + _YEARS_AHEAD else None
