"""Which clauses name a wished time, where others tell what is on a day: "Wednesday is my choir night, so Thursday"."""

from itertools import dropwhile

from dialogue.grammar.number_words import UNITS
from dialogue.language import language

_FILE = language("wished_days")
_HEARD = _FILE.patterns


def without_reasons(clauses: tuple[str, ...]) -> str:
    """Returns the words of an utterance, without the clauses that only give the reason for a wish beside them."""
    pieces = dropwhile(_HEARD["answers_no"].search, wished_clauses(clauses))
    return " ".join(_HEARD["is_late"].sub(" ", " ".join(pieces)).split())


def wished_clauses(clauses: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the parts of clauses, without those that are taken back or only give the reason for a wish beside them.

    The last wish counts: "Wednesday at one. Well, wait, Wednesday is the feed delivery. Anything Thursday?"
    """
    pieces = [piece.strip() for clause in clauses for piece in _HEARD["turns"].split(clause) if piece.strip()]
    pieces = [piece for piece in pieces if not _HEARD["narrates"].search(piece)]
    let_go = [place for place, piece in enumerate(pieces) if _HEARD["lets_go"].search(piece)]
    pieces = pieces[let_go[-1] + 1 :] if let_go else pieces
    named = [place for place, piece in enumerate(pieces) if _HEARD["names_a_day"].search(piece)]
    spans = [place for place, piece in enumerate(pieces) if _HEARD["names_a_span"].search(piece)]
    wished = [at for at in sorted({*named, *spans}) if _wishes(pieces[at]) and not _lists_on(pieces, at)]
    dropped = {place for place in named if place not in wished} if wished else set()
    dropped |= {at for at in (*named, *spans) if at < max((_begins_anew(pieces, place) for place in wished), default=0)}
    dropped |= _denied_hours(pieces)
    for place in _hours_of_habits(pieces):
        day = _HEARD["names_a_day"].search(pieces[place])
        pieces[place] = day[0] if day is not None else ""
    return tuple(piece for place, piece in enumerate(pieces) if piece and place not in dropped)


def lets_go(clauses: tuple[str, ...]) -> bool:
    """Whether it is said that no time is wished for any more."""
    return any(_HEARD["lets_go"].search(clause) for clause in clauses)


def names_a_time(piece: str) -> bool:
    """Whether a clause names a day or a week."""
    return _HEARD["names_a_day"].search(piece) is not None or _HEARD["names_a_span"].search(piece) is not None


def _begins_anew(pieces: list[str], place: int) -> int:
    """Returns the place ahead of which nothing counts any more, as a wish concludes from it or takes it back."""
    if place and _HEARD["concludes"].search(pieces[place]):
        return place
    others = _named("names_a_part", pieces[place]) - _named("names_a_part", *pieces[:place])
    another_day = bool(_days(pieces[place]) - _days(*pieces[:place]))
    if _HEARD["adds"].search(pieces[place]) or not (another_day or others):
        return 0
    before = next((at for at in range(place) if names_a_time(pieces[at])), place)
    thoughts = [at for at in range(before, place) if _is_second_thought(pieces, at)]
    if not another_day:
        thoughts = [at for at in thoughts if names_a_time(pieces[at])]
    return max(thoughts, default=-1) + 1


def _is_second_thought(pieces: list[str], place: int) -> bool:
    """Whether a clause takes back what was named before, or tells what is on a day that was."""
    if _HEARD["takes_back"].search(pieces[place]):
        return True
    named_again = _days(pieces[place]) & _days(*pieces[:place])
    return not _wishes(pieces[place]) and (bool(named_again) or _HEARD["tells_of_it"].search(pieces[place]) is not None)


def _days(*pieces: str) -> set[str]:
    """Returns the days and weeks that are named, as they are said."""
    return _named("names_a_day", *pieces) | _named("names_a_span", *pieces)


def _named(what: str, *pieces: str) -> set[str]:
    return {match[0] for piece in pieces for match in _HEARD[what].finditer(piece)}


def _wishes(piece: str) -> bool:
    """Whether a clause with a day says that it is wished for or free, or nothing else beside the time."""
    if _HEARD["denies"].search(piece):
        return False
    tells = _HEARD["tells_of_it"].search(piece) is not None
    return _HEARD["wishes"].search(piece) is not None or (_only_names_a_time(piece) and not tells)


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
    """Returns the clauses that tell what somebody does at an hour, beside one that names an hour itself.

    Ahead of it, that one has to name nothing else.
    """
    habits = {place for place, piece in enumerate(pieces) if _HEARD["habit"].search(piece)}
    timed = [place for place, piece in enumerate(pieces) if place not in habits and _names_an_hour(piece)]
    alone = [place for place in timed if _only_names_a_time(pieces[place])]
    dropped = {place for place in habits if (timed and timed[0] < place) or (alone and place < alone[-1])}
    shifts = {place for place, piece in enumerate(pieces) if _HEARD["shift"].search(piece) and not _wishes(piece)}
    names_one = any(_wishes(piece) and names_a_time(piece) for piece in pieces)
    return dropped | (shifts if names_one else set())


def _names_an_hour(piece: str) -> bool:
    return any(word in UNITS or word[0].isdigit() for word in piece.split())


def _denied_hours(pieces: list[str]) -> set[int]:
    """Returns the clauses that only say that an hour does not suit, where another one names a time."""
    denied = {place for place, piece in enumerate(pieces) if _HEARD["hour_denied"].search(piece)}
    denied -= {place for place in denied if _HEARD["names_a_day"].search(pieces[place])}
    others = (piece for place, piece in enumerate(pieces) if place not in denied)
    return denied if any(map(_is_of_a_time, " ".join(others).split())) else set()
