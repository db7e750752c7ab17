"""Who calls, as the phone network tells it: one rule for numbers and one for Twilio's ids."""

import re

import phonenumbers

_WITHHELD = frozenset({"266696687", "7378742833", "2562533", "8566696", "8656696", "86282452253", "464"})
"""What Twilio shows for callers without a number: the letters of ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and
UNAVAILABLE on a telephone's keys, and what some carriers send."""
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9._:/-]+")
_MAX_SID_CHARACTERS = 64


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


def number_spellings(number: str) -> list[str]:
    """Returns the digits with which an E.164 number is written, abroad and in its country."""
    parsed = phonenumbers.parse(number)
    code, national = str(parsed.country_code), phonenumbers.national_significant_number(parsed)
    at_home = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    abroad = code + national
    spellings = {abroad, f"00{abroad}", f"011{abroad}", f"{code}0{national}", national, f"0{national}"}
    return sorted(spellings | {"".join(filter(str.isdigit, at_home))})


def twilio_sid(text: str) -> str:
    """Returns one of Twilio's ids without characters that no id has, at most 64; empty if nothing is left."""
    return _NOT_IN_AN_ID.sub("", text).lstrip("._:/-")[:_MAX_SID_CHARACTERS]
