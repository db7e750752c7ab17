"""Which clauses name a wished time, where others tell what is on a day: "Wednesday is my choir night, so Thursday"."""

from collections.abc import Iterable
from itertools import dropwhile

from dialogue.grammar.holidays import HOLIDAY
from dialogue.grammar.number_words import UNITS
from dialogue.language import language

_FILE = language("wished_days", holiday=HOLIDAY)
_HEARD = _FILE.patterns


def in_one(pieces: Iterable[str]) -> str:
    """Returns the words of clauses that name a wish, without a no ahead of them; of hours in a row either fits."""
    told = list(dropwhile(_HEARD["answers_no"].search, pieces))
    for place in range(len(told) - 1, 0, -1):
        if _HEARD["says_no"].search(told[place - 1]) and _HEARD["only_a_part"].search(told[place]):
            told[place - 1 : place + 1] = told[place], told[place - 1]  # it is no part of the day that is denied
        if _only_names_an_hour(told[place - 1]) and _only_names_an_hour(told[place]):
            told.insert(place, _FILE.words["either"][0])
    return " ".join(_HEARD["is_late"].sub(" ", " ".join(told)).split())


def hindrances(clauses: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the clauses that tell on which days somebody is elsewhere or busy: "Wednesday I'm in Cleveland"."""
    return tuple(filter(_hinders, _pieces(clauses)))


def instructs(clauses: tuple[str, ...]) -> bool:
    """Whether somebody shall be told or write down something, whose times are none of the wish."""
    return any(map(_HEARD["instructs"].search, _pieces(clauses)))


def _is_beside_a_time(piece: str) -> bool:
    return _HEARD["instructs"].search(piece) is not None or _HEARD["is_rough"].search(piece) is not None


def only_tells(piece: str) -> bool:
    """Whether a clause tells what somebody does or where he is, and wishes nothing."""
    return _HEARD["tells"].search(piece) is not None and _HEARD["wishes"].search(piece) is None


def _hinders(piece: str) -> bool:
    """Whether a clause tells that somebody is busy all of a day; hours or a part of the day leave the rest of it."""
    names_a_part = _HEARD["names_a_part"].search(piece) or _names_an_hour(piece)
    named = _HEARD["names_a_day"].search(piece) or _HEARD["names_a_date"].search(piece)
    bounded = _HEARD["denies"].search(piece) or _HEARD["bounds"].search(piece)
    if _HEARD["is_a_holiday"].search(piece):
        return True
    return bool(named and only_tells(piece) and not (names_a_part or bounded))


def _pieces(clauses: tuple[str, ...]) -> list[str]:
    """Returns the parts of clauses that each say one thing; days that go on with others stand with those."""
    pieces: list[str] = []
    for piece in (part.strip() for clause in clauses for part in _HEARD["turns"].split(clause) if part.strip()):
        if pieces and _HEARD["goes_on"].search(piece) and _hinders(pieces[-1]):
            pieces[-1] = f"{pieces[-1]} {piece}"
        else:
            pieces.append(piece)
    return pieces


def wished_clauses(clauses: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the parts of clauses, without those that are taken back or only give the reason for a wish beside them.

    The last wish counts: "Wednesday at one. Well, wait, Wednesday is the feed delivery. Anything Thursday?"
    """
    pieces = [piece for piece in _pieces(clauses) if not (_is_beside_a_time(piece) or _HEARD["narrates"].search(piece))]
    let_go = [place for place, piece in enumerate(pieces) if _HEARD["lets_go"].search(piece)]
    pieces = pieces[let_go[-1] + 1 :] if let_go else pieces
    named = [place for place, piece in enumerate(pieces) if _HEARD["names_a_day"].search(piece)]
    spans = [place for place, piece in enumerate(pieces) if _HEARD["names_a_span"].search(piece)]
    wished = [at for at in sorted({*named, *spans}) if _wishes(pieces[at]) and not _lists_on(pieces, at)]
    dropped = {place for place in named if place not in wished} if wished else set()
    dropped |= {at for at in (*named, *spans) if at < max((_begins_anew(pieces, place) for place in wished), default=0)}
    dropped |= _denied_hours(pieces) | {place for place in named if _hinders(pieces[place])}
    dropped |= _taken_back_hours(pieces)
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
    return all(word in _FILE.words["beside_a_time"] or _is_of_a_time(word) for word in piece.replace("-", " ").split())


def _is_of_a_time(word: str) -> bool:
    return word in UNITS or word[0].isdigit() or _HEARD["names_a_day"].fullmatch(word) is not None


def _hours_of_habits(pieces: list[str]) -> set[int]:
    """Returns the clauses that tell what somebody does at an hour, beside one that names an hour itself.

    Ahead of it, that one has to name nothing else.
    """
    habits = {place for place, piece in enumerate(pieces) if _HEARD["habit"].search(piece) or _tells_an_hour(piece)}
    if any(_HEARD["compares"].search(piece) for piece in pieces):
        # "Any later than one? I knock off at three": both bound it.
        habits = {place for place in habits if not _HEARD["frees"].search(pieces[place])}
    timed = [place for place, piece in enumerate(pieces) if place not in habits and _names_an_hour(piece)]
    alone = [place for place in timed if _only_names_a_time(pieces[place])]
    dropped = {place for place in habits if (timed and timed[0] < place) or (alone and place < alone[-1])}
    later = [place for place, piece in enumerate(pieces) if _wishes(piece) and _names_an_hour(piece)]
    dropped |= {place for place in habits if later and place < later[-1] and _HEARD["at_an_hour"].search(pieces[place])}
    shifts = {place for place, piece in enumerate(pieces) if _HEARD["shift"].search(piece) and not _wishes(piece)}
    names_one = any(_wishes(piece) and names_a_time(piece) for piece in pieces)
    return dropped | (shifts if names_one else set())


def _tells_an_hour(piece: str) -> bool:
    return only_tells(piece) and bool(_names_an_hour(piece) or _HEARD["names_a_part"].search(piece))


def _only_names_an_hour(piece: str) -> bool:
    return _HEARD["an_hour"].search(piece) is not None


def _names_an_hour(piece: str) -> bool:
    return any(word in UNITS or word[0].isdigit() for word in piece.replace("-", " ").split())


def _taken_back_hours(pieces: list[str]) -> set[int]:
    """Returns the clauses that only name an hour, which another one takes the place of: "two, wait, no, half three"."""
    hours = [place for place, piece in enumerate(pieces) if _names_an_hour(piece) and not only_tells(piece)]
    taken = [place for place, piece in enumerate(pieces) if _HEARD["takes_back"].search(piece)]
    begin = max((place for place in taken if hours and place < hours[-1]), default=0)
    return {place for place in hours if place < begin and _only_names_an_hour(pieces[place])}


def _denied_hours(pieces: list[str]) -> set[int]:
    """Returns the clauses that only say that an hour does not suit, where another one names a time."""
    denied = {place for place, piece in enumerate(pieces) if _HEARD["hour_denied"].search(piece)}
    denied -= {place for place in denied if _HEARD["names_a_day"].search(pieces[place])}
    others = (piece for place, piece in enumerate(pieces) if place not in denied)
    return denied if any(map(_is_of_a_time, " ".join(others).split())) else set()
