"""Which of the offered times a caller picks by its place: "the second one", "the later one"."""

import re

PLACE = re.compile(
    r"\b(first|second|third|last|former|latter|earlier|earliest|later|latest|soonest|1st|2nd|3rd|middle)\b"
    r"(?: (?:one|option|choice|time|slot|appointment|of (?:those|these|them)))?|\b(?:option|number|choice) (one|two"
    r"|three|1|2|3)\b"
)
_NOT_THE = re.compile(r"\bnot the\b")
_COMPARING = re.compile(r"\b(?:any|anything|something|bit|little|much) (?:later|earlier)\b")
_PLACES = {
    "first": 0, "1st": 0, "former": 0, "earlier": 0, "earliest": 0, "soonest": 0, "one": 0, "1": 0,
    "second": 1, "2nd": 1, "two": 1, "2": 1, "middle": 1, "third": 2, "3rd": 2, "three": 2, "3": 2,
    "last": -1, "latter": -1, "later": -1, "latest": -1,
}  # fmt: skip


def find_pick(text: str, polarity: bool | None) -> int | None:
    """Returns the place of the picked time, counted from 0, -1 for the last; None if none is picked."""
    match = PLACE.search(text)
    if match is None or _COMPARING.search(text) or (polarity is False and _NOT_THE.search(text)):
        return None
    return _PLACES[match[1] or match[2]]
