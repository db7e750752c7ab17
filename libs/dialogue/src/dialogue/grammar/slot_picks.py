"""Which of the offered times a caller picks: by its place, "the second one", or its minutes alone, "half past"."""

import re
from collections.abc import Sequence
from datetime import datetime

from dialogue.language import language

_HEARD = language("times").patterns
_PLACES = language("times").numbers["places"]
_MINUTES = language("times").numbers["minutes"]
PLACE = _HEARD["place"]


def find_pick(text: str, offered: int = 0) -> int | None:
    """Returns the place of the picked time, counted from 0, -1 for the last; None if none is picked.

    Of two that were `offered` it is the other one, where one is named only to say that it does not suit.
    """
    if _HEARD["compares"].search(text):
        return None
    places = [(_PLACES[one["place"] or one["number"]], _is_denied(text, one)) for one in PLACE.finditer(text)]
    named = [place for place, denied in places if not denied]
    if named:
        return named[0]
    denied = {place % 2 for place, _ in places}
    return 1 - denied.pop() if offered == 2 and len(denied) == 1 else None


def _is_denied(text: str, match: re.Match[str]) -> bool:
    """Whether a place is named to say that it does not suit."""
    before, after = text[: match.start()], text[match.end() :]
    return bool(_HEARD["place_denied"].search(before) or _HEARD["place_impossible"].search(after))


def pick_by_minutes(text: str, offered: Sequence[datetime]) -> int | None:
    """Returns the place of the only offered time that begins so many minutes past or to an hour that is not named."""
    match = _HEARD["lone_minutes"].search(text)
    minute = _MINUTES[match["minutes"]] if match else None
    begin_then = [place for place, start in enumerate(offered) if start.minute == minute]
    return begin_then[0] if len(begin_then) == 1 else None
