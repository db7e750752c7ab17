"""Which of the offered times a caller picks: by its place, "the second one", or its minutes alone, "half past"."""

from collections.abc import Sequence
from datetime import datetime

from dialogue.language import language

_HEARD = language("times").patterns
_PLACES = language("times").numbers["places"]
_MINUTES = language("times").numbers["minutes"]
PLACE = _HEARD["place"]


def find_pick(text: str, polarity: bool | None) -> int | None:
    """Returns the place of the picked time, counted from 0, -1 for the last; None if none is picked."""
    match = PLACE.search(text)
    if match is None or _HEARD["compares"].search(text) or (polarity is False and _HEARD["place_denied"].search(text)):
        return None
    return _PLACES[match["place"] or match["number"]]


def pick_by_minutes(text: str, offered: Sequence[datetime]) -> int | None:
    """Returns the place of the only offered time that begins so many minutes past or to an hour that is not named."""
    match = _HEARD["lone_minutes"].search(text)
    minute = _MINUTES[match["minutes"]] if match else None
    begin_then = [place for place, start in enumerate(offered) if start.minute == minute]
    return begin_then[0] if len(begin_then) == 1 else None
