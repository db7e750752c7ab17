"""What is said letter by letter: "double L", "B for Bravo", "N as in Nancy", "oscar lima sierra", "O apostrophe"."""

import re

from rapidfuzz import fuzz

from dialogue.language import language
from dialogue.spoken_contacts import letters_of

_LANGUAGE = language("names")
_HEARD = language("contact").patterns
_REPEATED = language("numbers").numbers["repeated"]
_ALPHABET = "|".join(_LANGUAGE.words["alphabet"])

BY_A_WORD = _LANGUAGE.parts["by_a_word"]
"""How a letter is told by a word that begins with it."""
LETTER = rf"(?:(?:{'|'.join(_REPEATED)}) )?\b[^\W\d_]\b(?!'){BY_A_WORD}?"
SPELLED = re.compile(rf"(?i)(?<![\w'@.]){LETTER}(?:[ ,.-]{{1,3}}{LETTER}){{2,}}(?![\w'@])")
AS_IN = re.compile(rf"(?i){BY_A_WORD}")
_AS_IN_ONE = re.compile(rf"(?i)\b[^\W\d_]\b{BY_A_WORD}")
_ONE_LETTER = re.compile(rf"(?i)(?:({'|'.join(_REPEATED)}) )?\b([^\W\d_])\b")
_WORDS_FOR_LETTERS = re.compile(rf"(?i)\b(?:{_ALPHABET})(?:[ ,.-]{{1,3}}(?:{_ALPHABET})){{2,}}\b")
_WORD_FOR_A_LETTER = re.compile(rf"(?i)\b(?:{_ALPHABET})\b")
_EXPLAINED = re.compile(
    rf"(?i)\b(?P<word>[^\W\d_]{{2,}})[ ,.;]+(?:{_LANGUAGE.parts['spelled_so']} )*"
    rf"(?P<run>{LETTER}(?:[ ,.-]{{1,3}}{LETTER})+)(?![\w'])"
)
_SEPARATED = re.compile(r"([\s._+-]+)")
LIKE = 55.0
"""As much as this another form of a name resembles it at least."""
MOST_LETTERS = 30
"""More make no name that could be said back."""


def dictated(utterance: str) -> str:
    """Returns an utterance with signs and words for letters written out: "O apostrophe Dowd" is "O'Dowd"."""
    letters = _WORDS_FOR_LETTERS.sub(_first_letters, utterance)
    return _LANGUAGE.replaced(letters)


def without_explanation(utterance: str) -> str:
    """Returns an utterance without the letters of a word that was just said: "Gee, that's G double E"."""
    return _EXPLAINED.sub(
        lambda said: said["word"] if letters_of(letters_said(said["run"])) == letters_of(said["word"]) else said[0],
        utterance,
    )


def _first_letters(run: re.Match[str]) -> str:
    return _WORD_FOR_A_LETTER.sub(lambda word: word[0][0].upper(), run[0])


def spells(utterance: str) -> bool:
    """Whether something is said letter by letter, or a letter by a word that begins with it."""
    return SPELLED.search(utterance) is not None or _AS_IN_ONE.search(utterance) is not None


def spelled_letters(utterance: str) -> str:
    """Returns the letters that are said one by one, the most of them; empty if none are, or too many for a name."""
    letters = max((letters_said(match[0]) for match in SPELLED.finditer(utterance)), key=len, default="")
    return letters if len(letters) <= MOST_LETTERS else ""


def without_spelling(utterance: str) -> str:
    """Returns an utterance without what is said letter by letter."""
    return SPELLED.sub(" ", utterance)


def letters_said(run: str) -> str:
    """Returns the letters of a run of them: "H A double L" is HALL."""
    found = _ONE_LETTER.finditer(AS_IN.sub("", run))
    return "".join(one[2] * _REPEATED.get((one[1] or "").lower(), 1) for one in found)


def likeness(value: str, words: str) -> float:
    """Returns how much some words resemble the likest part of a value, 0 to 100."""
    parts = [value, *re.split(r"[\s._+@-]+", value)]
    return max(fuzz.ratio(letters_of(part), letters_of(words)) for part in parts)


def is_alike(value: str, words: str) -> bool:
    """Whether some words are another form of a value, or of a part of it."""
    return likeness(value, words) >= LIKE


def spelled_part(name: str, utterance: str) -> str:
    """Returns the part of a name that an utterance spells, which is the last where that does not show."""
    parts = name.split()
    letters = letters_of(spelled_letters(utterance))
    return max(reversed(parts), key=lambda part: fuzz.ratio(letters_of(part), letters))


def with_spelling(text: str, letters: str, utterance: str = "") -> str:
    """Returns a name, or the name of an address, with its likest part as it is spelled.

    Args:
        text: The name.
        letters: What was spelled.
        utterance: The words around it, which may say of which part it is: "N I A M H for the first one".
    """
    parts = _SEPARATED.split(text)
    likest = _meant_part(parts, letters, utterance)
    if letters_of(parts[likest]).endswith(letters_of(letters)[1:]):
        is_whole = len(letters) <= len(parts[likest])
        return text if is_whole else "".join([*parts[:likest], letters.capitalize(), *parts[likest + 1 :]])
    if len(parts) > 1 or is_alike(parts[likest], letters) or "@" in text:
        parts[likest] = letters.capitalize() if parts[likest][:1].isupper() else letters.lower()
        return "".join(parts)
    return f"{text} {letters.capitalize()}" if text[:1].isupper() else letters.lower()


def _meant_part(parts: list[str], letters: str, utterance: str) -> int:
    """Returns the place of the part that letters are of: the one that is spoken of, else the likest."""
    places = range(0, len(parts), 2)
    if _HEARD["first_part"].search(utterance.lower()):
        return 0
    if _HEARD["last_part"].search(utterance.lower()):
        return places[-1]
    return max(places, key=lambda place: (fuzz.ratio(letters_of(parts[place]), letters_of(letters)), place))
