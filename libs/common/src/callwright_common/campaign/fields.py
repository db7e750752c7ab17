"""The kinds of values that stand in a campaign file."""

import re
from datetime import date, time
from typing import Annotated
from zoneinfo import ZoneInfo

import phonenumbers
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, FailFast, Field, StringConstraints

from callwright_common.campaign.holidays import Holiday
from callwright_common.money import parse_micros

MAX_TEXT_LENGTH = 1000
_SPAN = re.compile(r"[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}")
_ZONES_OF_ONE_MACHINE = ("localtime", "posixrules", "Factory")


def _micros(value: object) -> int:
    """Returns a decimal text such as "0.60" in millionths of the currency's unit."""
    if not isinstance(value, str):
        raise ValueError("must be a decimal number; write it like 0.60")
    if not re.fullmatch(r"-?[0-9]*\.?[0-9]*(e[0-9]+)?", value):
        raise ValueError("is not a decimal number; write it like 0.60")
    try:
        return parse_micros(value)
    except ValueError as error:
        raise ValueError(f"{error}; write it like 0.60") from None


def _speakable(value: str) -> str:
    if not any(character.isalnum() for character in value):
        raise ValueError("must hold a word or a number")
    return value


def _timezone(value: str) -> str:
    try:
        zone = None if value in _ZONES_OF_ONE_MACHINE else ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        zone = None
    if zone is None:
        raise ValueError("must be an IANA time zone, for example America/New_York")
    return value


def _phone_number(value: str) -> str:
    try:
        phonenumbers.parse(value if re.fullmatch(r"\+[1-9][0-9]{6,14}", value) else "")
    except phonenumbers.NumberParseException:
        raise ValueError("must be a phone number in E.164 form, for example +12025550123") from None
    return value


def _opening_hours(value: str) -> str:
    start, _, end = value.partition("-")
    try:
        # Without the form, an end could be a time with an offset, which no other time can be compared with.
        in_order = _SPAN.fullmatch(value) and time.fromisoformat(start) < time.fromisoformat(end)
    except ValueError:
        in_order = False
    if not in_order:
        raise ValueError("must be a span of hours, for example 09:00-12:00")
    return value


def _closed_day(value: object) -> Holiday | date:
    """Returns the holiday of a name, or the day of a date in ISO form."""
    if isinstance(value, str) and value in {*Holiday}:
        return Holiday(value)
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError(f"must be a date such as 2026-12-24, or one of {', '.join(Holiday)}") from None


Micros = Annotated[int, BeforeValidator(_micros)]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT_LENGTH), AfterValidator(_speakable)
]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
Phrase = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=2, max_length=80),
    AfterValidator(_speakable),
]
Phrases = Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=60), FailFast()]
Timezone = Annotated[str, AfterValidator(_timezone)]
PhoneNumber = Annotated[str, AfterValidator(_phone_number)]
OpeningHours = Annotated[str, AfterValidator(_opening_hours)]
ClosedDay = Annotated[Holiday | date, BeforeValidator(_closed_day)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Quantity = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]


class Section(BaseModel):
    """A part of a file that holds the named fields and no others."""

    model_config = ConfigDict(frozen=True, extra="forbid")
