"""Which clauses name a wished time, where others tell what is on a day: "Wednesday is my choir night, so Thursday"."""

from dialogue.grammar.number_words import UNITS
from dialogue.language import language

_FILE = language("wished_days")
_HEARD = _FILE.patterns


def without_reasons(clauses: tuple[str, ...]) -> str:
    """Returns the words of an utterance, without the clauses that only give the reason for a wish beside them."""
    pieces = [piece for clause in clauses for piece in _HEARD["turns"].split(clause) if piece.strip()]
    named = [place for place, piece in enumerate(pieces) if _HEARD["names_a_day"].search(piece)]
    wished = [place for place in named if _wishes(pieces[place]) and not _lists_on(pieces, place)]
    dropped = {place for place in named if place not in wished} if wished else set()
    concluding = [place for place in wished if place and _HEARD["concludes"].search(pieces[place])]
    if concluding:
        dropped |= {place for place in named if place < concluding[-1]}
    dropped |= _denied_hours(pieces) | _hours_of_habits(pieces)
    wish = " ".join(piece.strip() for place, piece in enumerate(pieces) if place not in dropped)
    return " ".join(_HEARD["is_late"].sub(" ", wish).split())


def _wishes(piece: str) -> bool:
    """Whether a clause with a day says that it is wished for or free, or nothing else beside the time."""
    if _HEARD["denies"].search(piece):
        return False
    return _HEARD["wishes"].search(piece) is not None or _only_names_a_time(piece)


def _lists_on(pieces: list[str], place: int) -> bool:
    """Whether a clause goes on with the days that do not suit: "not Monday", "Tuesday or Wednesday"."""
    before = [piece for piece in pieces[:place] if _HEARD["names_a_day"].search(piece)][-1:]
    return bool(_HEARD["lists_days"].fullmatch(pieces[place]) and before and _HEARD["says_no"].search(before[0]))


def tells_a_time(clause: str) -> bool:
    """Whether a clause names a time and tells nothing else of it."""
    return _only_names_a_time(_HEARD["agrees"].sub(" ", clause)) and any(map(_is_of_a_time, clause.split()))


def _only_names_a_time(piece: str) -> bool:
    return all(word in _FILE.words["beside_a_time"] or _is_of_a_time(word) for word in piece.split())


def _is_of_a_time(word: str) -> bool:
    return word in UNITS or word[0].isdigit() or _HEARD["names_a_day"].fullmatch(word) is not None


def _hours_of_habits(pieces: list[str]) -> set[int]:
    """Returns the clauses that tell what somebody does at an hour, behind one that names an hour itself."""
    habits = {place for place, piece in enumerate(pieces) if _HEARD["habit"].search(piece)}
    timed = [place for place, piece in enumerate(pieces) if place not in habits and _names_an_hour(piece)]
    return {place for place in habits if timed and timed[0] < place}


def _names_an_hour(piece: str) -> bool:
    return any(word in UNITS or word[0].isdigit() for word in piece.split())


def _denied_hours(pieces: list[str]) -> set[int]:
    """Returns the clauses that only say that an hour does not suit, where another one names a time."""
    denied = {place for place, piece in enumerate(pieces) if _HEARD["hour_denied"].search(piece)}
    denied -= {place for place in denied if _HEARD["names_a_day"].search(pieces[place])}
    others = (piece for place, piece in enumerate(pieces) if place not in denied)
    return denied if any(map(_is_of_a_time, " ".join(others).split())) else set()
