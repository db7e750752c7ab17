"""How a caller's details are said back: numbers digit by digit in groups, and letters where they may be mistaken."""

import re
import unicodedata

from dialogue.language import language
from dialogue.spoken import spoken_digits

_AMERICAN = re.compile(r"\+1(\d{3})(\d{3})(\d{4})")
_GROUP = 3
_SIGNS = language("contact").words
_KNOWN_DOMAINS = frozenset(language("emails").words["known_domains"])
_PART = re.compile(r"[^\W_]+|[@._+-]")


def letters_of(text: str) -> str:
    """Returns the letters of a text alone, without case and accents, by which two spellings are told to be alike."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(one for one in decomposed if one.isalpha())


def spoken_phone(number: str) -> str:
    """Returns a phone number digit by digit in groups: "two zero two, five five five, zero one four four"."""
    american = _AMERICAN.fullmatch(number)
    digits = number.removeprefix("+")
    rest = [digits[place : place + _GROUP] for place in range(0, len(digits), _GROUP)]
    if len(rest) > 1 and len(rest[-1]) == 1:
        rest[-2:] = [rest[-2] + rest[-1]]
    return ", ".join(map(spoken_digits, american.groups() if american else rest))


def spoken_email(address: str, *, known: str, letters: bool) -> str:
    """Returns an e-mail address as it is said: "t dot okoro at example dot org".

    Args:
        address: The address.
        known: The caller's name, whose parts need no spelling.
        letters: Whether it is said letter by letter, but for its end and the domains that everybody knows.
    """
    local, _, domain = address.partition("@")
    names = set(map(letters_of, re.split(r"[\s-]+", known.replace("'", ""))))
    spell = letters or not (set(re.findall(r"[a-z]{2,}", local)) <= names)
    name, dot, end = domain.partition(".")
    spelled_name = _said(name, letters=letters and name not in _KNOWN_DOMAINS)
    return f"{_said(local, letters=spell)} {_SIGNS['at'][0]} {spelled_name} {_said(dot + end, letters=False)}"


def _said(text: str, *, letters: bool) -> str:
    said = []
    for part in _PART.findall(text):
        if part in "._+-":
            said.append(_SIGNS[{".": "dot", "_": "underscore", "+": "plus", "-": "dash"}[part]][0])
        elif letters:
            said.append(spoken_letters(part))
        else:
            said.append(re.sub(r"\d+", lambda match: f" {spoken_digits(match[0])} ", part).strip())
    return " ".join(said)


def spoken_letters(text: str) -> str:
    """Returns a text letter by letter."""
    letters = [spoken_digits(one) if one.isdecimal() else one.upper() for one in text if one.isalnum()]
    return ", ".join(letters)
