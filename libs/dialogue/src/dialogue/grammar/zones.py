"""Time zones as callers name them."""

from dialogue.grammar.number_words import TENS, UNITS
from dialogue.language import language

_WORDS = dict(language("zones").words)
_ABBREVIATIONS, _AREAS, _BESIDE = (_WORDS.pop(kind) for kind in ("abbreviations", "areas", "beside_an_hour"))
_ZONES = {word: zone for zone, words in _WORDS.items() for word in words}
_NAME = "|".join(sorted(_ZONES, key=len, reverse=True))
_SITE = "|".join(sorted(set(_ZONES) - {*_AREAS, *_ABBREVIATIONS}, key=len, reverse=True))
_ZONE = language(
    "zones_said",
    zone=f"(?P<timed>{_NAME})",
    place=f"(?P<at>{_SITE})",
    beside=f"(?P<beside>{'|'.join(_BESIDE)})",
    own=f"(?P<on>{'|'.join(_BESIDE)})",
    short=f"(?P<short>{'|'.join(_ABBREVIATIONS)})",
    number="|".join({*UNITS, *TENS} - {*language("numbers").words["letters_too"]}),
).patterns


def without_zone(text: str) -> tuple[str, str]:
    """Returns a text without the time zone in it, and that zone as the database calls it; the first named counts.

    Where the caller is tells his zone as well.
    """
    zone, left, position = "", "", 0
    for match in _ZONE["named"].finditer(text):
        beside = match["short"] or match["beside"]
        if beside and not _ZONE["an_hour"].search(text[: match.start()]):
            continue
        zone = zone or _ZONES[match["timed"] or match["at"] or match["on"] or beside]
        left += text[position : match.start()]
        position = match.end()
    return left + text[position:], zone
