"""Time zones as callers name them."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from dialogue.grammar.number_words import TENS, UNITS
from dialogue.language import language

_WORDS = dict(language("zones").words)
_ABBREVIATIONS = _WORDS.pop("abbreviations")
_ZONES = {word: zone for zone, words in _WORDS.items() for word in words}
_NAME = "|".join(sorted(_ZONES, key=len, reverse=True))
_AN_HOUR = rf"(?:\d|[ap]m|oclock|noon|midday|{'|'.join({*UNITS, *TENS} - {'o', 'oh'})})"
_ZONE = re.compile(
    rf" ?(?<!\S)(?:(?P<timed>{_NAME})(?: standard| daylight| summer)? time|(?P<short>{'|'.join(_ABBREVIATIONS)})\b"
    rf"|(?<=\w )(?P<beside>eastern|central|mountain|pacific)\b(?! (?:of|air|states?|europe\w*|road|avenue|street)))"
)
_BEHIND_AN_HOUR = re.compile(rf"{_AN_HOUR}$")


def without_zone(text: str, now: datetime) -> tuple[str, bool]:
    """Returns a text without the time zone in it, and whether that is another one than that of `now`."""
    for match in _ZONE.finditer(text):
        name = match["timed"] or match["short"] or match["beside"]
        if not match["timed"] and not _BEHIND_AN_HOUR.search(text[: match.start()]):
            continue
        there = now.astimezone(ZoneInfo(_ZONES[name]))
        return text[: match.start()] + text[match.end() :], there.utcoffset() != now.utcoffset()
    return text, False
