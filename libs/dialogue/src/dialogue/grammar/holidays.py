"""Holidays as callers name them."""

from datetime import date

from callwright_common.campaign.holidays import Holiday, falls_on
from dialogue.language import language

_NAMED = {name: Holiday(holiday) for holiday, names in language("holidays").words.items() for name in names}
HOLIDAY = rf"(?:{'|'.join(sorted(_NAMED, key=len, reverse=True))})"
"""Any holiday, as a regular expression."""


def next_holiday(name: str, today: date) -> date:
    """Returns the next day on which a holiday falls, today included."""
    this_year = falls_on(_NAMED[name], today.year)
    return this_year if this_year >= today else falls_on(_NAMED[name], today.year + 1)
