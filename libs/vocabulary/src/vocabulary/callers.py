"""Who calls, as the phone network tells it: one rule for numbers and one for Twilio's ids."""

import re
from collections.abc import Iterable

import phonenumbers

_WITHHELD = frozenset({"266696687", "7378742833", "2562533", "8566696", "8656696", "86282452253", "464"})
"""What Twilio shows for callers without a number: the letters of ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and
UNAVAILABLE on a telephone's keys, and what some carriers send."""
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9._:/-]+")
_MAX_SID_CHARACTERS = 64
_LENIENT = phonenumbers.Leniency.POSSIBLE
_NO_SPACES = str.maketrans(dict.fromkeys("\xa0\u2007\u202f\u2009", " "))
_ABROAD = re.compile(r"^([^\d+]*)(?:00|011)[\s.-]*(?=[1-9])")
_WITH_CODE = re.compile(r"\+[\d\s().-]+")
_EXTENSION = re.compile(r"(?<=\d)\s*(?:[^\W\d_]|[#,;/]).*$")


def phone_number(text: str) -> str:
    """Returns a caller's number as E.164, `+` and digits; empty for everything that is none.

    Empty are the numbers that stand for a withheld one, SIP addresses and names of the Voice SDK.
    """
    digits = text[1:]
    if not text.startswith("+") or not (digits.isascii() and digits.isdigit()) or digits in _WITHHELD:
        return ""
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national_number(number: str) -> str:
    """Returns the digits of an E.164 number that stand in it however it is written."""
    return phonenumbers.national_significant_number(phonenumbers.parse(number))


def regions_of(*numbers: str | None) -> list[str]:
    """Returns the countries of some E.164 numbers; what is none has no country."""
    parsed = [phonenumbers.parse(one) for one in numbers if one and phone_number(one)]
    codes = dict.fromkeys(one.country_code for one in parsed)
    return [phonenumbers.region_code_for_country_code(code) for code in codes if code is not None]


def numbers_in(text: str, regions: Iterable[str]) -> frozenset[str]:
    """Returns the numbers, E.164, that a text may name, however it is written.

    Args:
        text: A number as people write it: with words before and an extension behind it, in whatever digits.
        regions: Where a number without its country's code is dialled.
    """
    plain = _ABROAD.sub(r"\1+", phonenumbers.normalize_digits_only(text.translate(_NO_SPACES), keep_non_digits=True))
    found = {_possible(f"+{digits}", None) for digits in map(_only_digits, _WITH_CODE.findall(plain))}
    for region in regions:
        parts = [match.raw_string for match in phonenumbers.PhoneNumberMatcher(plain, region, _LENIENT)]
        found |= {_possible(part, region) for part in (plain, *parts, _only_digits(_EXTENSION.sub("", plain)))}
    return frozenset(found - {""})


def _possible(text: str, region: str | None) -> str:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    number.extension = None
    is_one = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if is_one else ""


def _only_digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def twilio_sid(text: str) -> str:
    """Returns one of Twilio's ids without characters that no id has, at most 64; empty if nothing is left."""
    return _NOT_IN_AN_ID.sub("", text).lstrip("._:/-")[:_MAX_SID_CHARACTERS]
