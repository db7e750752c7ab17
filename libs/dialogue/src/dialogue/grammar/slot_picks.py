"""Which of the offered times a caller picks by its place: "the second one", "the later one"."""

from dialogue.language import language

_HEARD = language("times").patterns
_PLACES = language("times").numbers["places"]
PLACE = _HEARD["place"]


def find_pick(text: str, polarity: bool | None) -> int | None:
    """Returns the place of the picked time, counted from 0, -1 for the last; None if none is picked."""
    match = PLACE.search(text)
    if match is None or _HEARD["compares"].search(text) or (polarity is False and _HEARD["place_denied"].search(text)):
        return None
    return _PLACES[match["place"] or match["number"]]
