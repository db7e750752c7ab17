"""Time zones as callers name them."""

import re

from dialogue.grammar.number_words import TENS, UNITS
from dialogue.language import language

_WORDS = dict(language("zones").words)
_ABBREVIATIONS = _WORDS.pop("abbreviations")
_AREAS = _WORDS.pop("areas")
_ZONES = {word: zone for zone, words in _WORDS.items() for word in words}
_NAME = "|".join(sorted(_ZONES, key=len, reverse=True))
_SITE = "|".join(sorted(set(_ZONES) - {*_AREAS, *_ABBREVIATIONS}, key=len, reverse=True))
_AN_HOUR = rf"(?:\d|[ap]m|oclock|noon|midday|morning|afternoon|evening|{'|'.join({*UNITS, *TENS} - {'o', 'oh'})})"
_ZONE = re.compile(
    rf" ?(?<!\S)(?:(?:in |by )?(?P<timed>{_NAME})(?: standard| daylight| summer)? time(?: zone)?"
    rf"|(?P<site>(?:i am|we are|i live|we live|calling|based|phoning)(?: \w+){{0,2}}? (?:in|from)(?: sunny)?"
    rf" (?P<at>{_SITE})\b|(?:i am|we are) on (?P<on>eastern|central|mountain|pacific)\b)"
    rf"|(?P<short>{'|'.join(_ABBREVIATIONS)})\b"
    rf"|(?<=\w )(?P<beside>eastern|central|mountain|pacific)\b(?! (?:of|air|states?|europe\w*|road|avenue|street)))"
)
_BEHIND_AN_HOUR = re.compile(rf"{_AN_HOUR}$")


def without_zone(text: str) -> tuple[str, str]:
    """Returns a text without the time zone in it, and that zone as the database calls it; the first named counts.

    Where the caller is tells his zone as well.
    """
    zone, left, position = "", "", 0
    for match in _ZONE.finditer(text):
        beside = match["short"] or match["beside"]
        if beside and not _BEHIND_AN_HOUR.search(text[: match.start()]):
            continue
        zone = zone or _ZONES[match["timed"] or match["at"] or match["on"] or beside]
        left += text[position : match.start()]
        position = match.end()
    return left + text[position:], zone
