"""Corrections of a part: "two nine, not two five", "b as in bravo", "it ends in double four", "with two Ms"."""

import re

from dialogue.grammar.names import capitalised
from dialogue.grammar.phones import DIGITS_SAID, amended, digits_of
from dialogue.grammar.spellings import BY_A_WORD, LIKE, likeness
from dialogue.language import language
from dialogue.spoken_contacts import letters_of

_HEARD = language("contact").patterns
_REPEATED = language("numbers").numbers["repeated"]
_LETTER = rf"(?:(?:{'|'.join(_REPEATED)}) )?[^\W\d_]"
_ENDS = f"(?:{'|'.join(language('emails').words['common_ends'])})"
CORRECTED = language("corrections", digits=DIGITS_SAID, letter=_LETTER, as_in=BY_A_WORD, top=_ENDS).patterns
"""How corrections are said; what is right stands in the group `new`, what was wrong in `old`."""
_DIGITS = re.compile(rf"(?<!\w)(?P<new>{DIGITS_SAID})(?!\w)")
_ALIKE = ("bcdegptvz", "mn", "fsx", "ahjk", "iy", "quw", "ckq", "gj")
"""Letters that are mistaken for each other on the phone."""
_MOST_TAIL = 6
_GROUP, _LOCAL = 3, 7
"""As many digits have an area code, and an American number without it."""
_VERY_LIKE, _SAME = 75.0, 100.0


def corrected_digits(said: str, number: str, *, by_its_end: bool) -> str | None:
    """Returns a number with the part put right that somebody speaks of, None if he speaks of none.

    Args:
        said: Plain words, with a comma for each pause.
        number: A phone number as it is dialled.
        by_its_end: Whether four digits alone stand for its end, and three for the group that is like them.
    """
    if replaced := replaced_digits(said, number):
        return replaced
    beginning = CORRECTED["beginning"].search(said)
    if beginning is not None and (number.startswith("+1") or len(number) == _LOCAL):
        new = digits_of(beginning["new"])
        return f"+1{new}{number[-_LOCAL:]}" if len(new) == _GROUP else None
    tail = CORRECTED["end"].search(said) or CORRECTED["before_the_end"].search(said)
    new = digits_of(tail["new"]) if tail else _lone_part(said) if by_its_end else ""
    if tail is None and len(new) == _GROUP:
        return f"+1{amended(number[2:], new)}" if number.startswith("+1") else None
    return number[: -len(new)] + new if 0 < len(new) <= _MOST_TAIL else None


def replaced_digits(said: str, text: str) -> str | None:
    """Returns a text with the digits replaced that somebody says are wrong: "two nine, not two five"."""
    for match in filter(None, (CORRECTED[form].search(said) for form in ("digits_not", "not_digits", "then_digits"))):
        new, old = digits_of(match["new"]), digits_of(match["old"])
        place = text.rfind(old)
        if place >= 0:
            return text[:place] + new + text[place + len(old) :]
    return None


def _lone_part(said: str) -> str:
    """Returns the four digits that stand for the end of a number, or the three of a group, where nothing else tells."""
    runs = [digits_of(match["new"]) for match in _DIGITS.finditer(said)]
    return runs[-1] if runs and len(runs[-1]) in {_GROUP, _GROUP + 1} else ""


def corrected_letters(said: str, text: str) -> str | None:
    """Returns a text with the letter put right that somebody speaks of; None if it is none of it, or not clear which.

    Args:
        said: Plain words, with a comma for each pause.
        text: A name, or the name of an address.
    """
    if exchanged := CORRECTED["letter_not"].search(said) or CORRECTED["not_letter"].search(said):
        return _replaced(text, _letters(exchanged["old"]), _letters(exchanged["new"]))
    start, end = _named_part(said, text)
    if added := CORRECTED["letter_at_the_end"].search(said):
        return text[:end] + _letters(added["new"]) + text[end:]
    if doubled := CORRECTED["twice"].search(said):
        return _replaced(text, doubled["new"], 2 * doubled["new"])
    for match in CORRECTED["one_letter"].finditer(said):
        new = _letters(match["new"] or match["with"])
        alike = {one for row in _ALIKE if new[0] in row for one in row} - {new[0]}
        places = [place for place in range(start, end) if text[place].casefold() in alike]
        if len(places) == 1:
            return _put(text, places[0], 1, new)
    return None


def reordered(said: str, name: str) -> str | None:
    """Returns a name with its first part put last, if somebody says that it was noted in the wrong order.

    Args:
        said: Plain words.
        name: The name as it was noted.
    """
    first, *others = name.split()
    if not others:
        return None
    last = others[-1]
    is_other = _HEARD["swapped"].search(said) is not None
    is_other = is_other or _is_called(last, "first_part", said) or _is_called(first, "last_part", said)
    return " ".join([*others, first]) if is_other else None


def alike_part(words: list[str], name: str) -> str | None:
    """Returns a name with the part replaced that one of some words is another form of; None if none is."""
    parts = name.split()
    found = [
        (likeness(part, word), place, word)
        for word in words
        for place, part in enumerate(parts)
        if len(word) > 1 and word not in parts and likeness(part, word) >= (LIKE if word[0].isupper() else _VERY_LIKE)
    ]
    ratio, place, word = max(found, default=(_SAME, 0, ""))
    return None if ratio >= _SAME else " ".join([*parts[:place], capitalised(word), *parts[place + 1 :]])


def _is_called(part: str, which: str, said: str) -> bool:
    """Whether a part of a name is said to be the first or the last one."""
    named, one, link = f"(?:{_HEARD[which].pattern})", re.escape(part.casefold()), f"(?:{_HEARD['links'].pattern})"
    return re.search(rf"{named} (?:{link} )*{one}\b|\b{one} (?:{link} )*{named}", said) is not None


def _named_part(said: str, text: str) -> tuple[int, int]:
    """Returns where the part of a text stands that is named beside its letters: all of it if none is."""
    words = set(map(letters_of, said.split()))
    for match in re.finditer(r"[^\W\d_]{2,}", text):
        if letters_of(match[0]) in words:
            return match.span()
    return 0, len(text)


def _letters(said: str) -> str:
    """Returns the letters of "b", "double t"."""
    *times, letter = said.split()
    return letter * (_REPEATED[times[0]] if times else 1)


def _replaced(text: str, old: str, new: str) -> str | None:
    places = [match.start() for match in re.finditer(re.escape(old), text.casefold())]
    return _put(text, places[0], len(old), new) if len(places) == 1 else None


def _put(text: str, place: int, length: int, new: str) -> str:
    return text[:place] + (new.upper() if text[place].isupper() else new) + text[place + length :]
