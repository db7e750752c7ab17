"""Callers' names, said or spelled, in an utterance as transcribed: its capitals matter."""

import re

from rapidfuzz import fuzz

from dialogue.grammar.spellings import AS_IN, MOST_LETTERS, SPELLED, letters_said
from dialogue.language import language
from dialogue.spoken_contacts import letters_of

_LANGUAGE = language("names")
_HEARD = _LANGUAGE.patterns
_WORDS = {name: frozenset(words) for name, words in _LANGUAGE.words.items()}

_WORD = r"[^\W\d_][\w'\u2019-]*+"
_LEADS = tuple(
    (re.compile(rf"\b{lead},?\s+(?:{_LANGUAGE.parts['title']}\s+)?(?P<rest>{_WORD}(?:\s+{_WORD}){{0,4}})"), any_case)
    for lead, any_case in ((f"(?i:{_LANGUAGE.parts['before_name']})", True), (_LANGUAGE.parts["before_capital"], False))
)
_BEHIND = re.compile(rf"(?<![\w'\u2019-])(?P<rest>{_WORD}(?:\s+{_WORD}){{0,3}})\s+{_LANGUAGE.parts['behind_name']}\b")
_LIKE = 60.0
_MOST_PARTS = 4
_LEAST_LETTERS = 3


def find_name(utterance: str) -> str | None:
    """Returns the caller's name, None if he tells none; of a name that is also spelled, as it is spelled."""
    said = _said(utterance)
    spelled = _spelled(utterance, said)
    if said and spelled:
        first, _, last = said.rpartition(" ")
        if letters_of(last) == letters_of(spelled):
            return said
        alike = fuzz.ratio(last.lower(), spelled.lower()) >= _LIKE
        return f"{first} {spelled}".strip() if alike or not first else said
    return spelled or said


def _said(utterance: str) -> str | None:
    for lead, any_case in _LEADS:
        for match in lead.finditer(utterance):
            if name := _name(match["rest"].split(), any_case=any_case):
                return name
    for match in _BEHIND.finditer(utterance):
        words = match["rest"].split()
        for start in range(len(words)):
            if (name := _name(words[start:], any_case=False)) and len(name.split()) == len(words) - start:
                return name
    return None


def _name(words: list[str], *, any_case: bool) -> str | None:
    """Returns the name that some words begin with; without capitals only one word is known to belong to it."""
    parts: list[str] = []
    for place, word in enumerate(words[:_MOST_PARTS]):
        plain = word.lower().replace("\u2019", "'")
        following = words[place + 1] if place + 1 < len(words) else ""
        goes_on = following[:1].isupper() or following in _WORDS["particles"] or (any_case and following)
        if plain in _WORDS["particles"] and parts and goes_on:
            parts.append(plain)
            continue
        is_name = word[0].isupper() or (any_case and (not parts or parts[-1] in _WORDS["particles"]))
        if plain.endswith("'s"):
            return None  # "Grace's sister"
        if not is_name or plain.split("'")[0] in _WORDS["no_names"] or len(word) == 1:
            break
        name = capitalised(word)
        parts.append(name if parts or word.islower() else name[:1].upper() + name[1:])
    return " ".join(parts) or None


def capitalised(word: str) -> str:
    """Returns a part of a name as it is written: particles small, all others with a capital."""
    if word.lower() in _WORDS["particles"]:
        return word.lower()
    return word[:1].upper() + (word[1:].lower() if word.isupper() and len(word) > 1 else word[1:])


def _spelled(utterance: str, said: str | None) -> str | None:
    """Returns the name that is spelled letter by letter, None if what is spelled is no name."""
    for match in SPELLED.finditer(utterance):
        letters = letters_said(match[0])
        before, after = utterance[: match.start()].lower(), utterance[match.end() :]
        if (
            letters.lower() in _WORDS["no_spelled"]
            or not _LEAST_LETTERS <= len(letters) <= MOST_LETTERS
            or _HEARD["in_an_address"].match(after)
        ):
            continue
        named = letters.lower() in re.findall(r"[^\W\d_]+", before) or AS_IN.search(match[0])
        if said or named or _HEARD["spelled"].search(before) or not (before.strip() or after.strip(" .!?")):
            return letters.capitalize()
    return None
