"""How a caller's details are said back: numbers digit by digit in groups, and letters where they may be mistaken."""

import re

from dialogue.agents.drafting import Draft
from dialogue.grammar.names import letters_of, spells
from dialogue.language import language
from dialogue.spoken import spoken_digits
from dialogue.state import Fact

_MOST_WORDS = 42
"""So that what was told before fits into the reply too."""
_AMERICAN = re.compile(r"\+1(\d{3})(\d{3})(\d{4})")
_GROUP = 3
_SIGNS = language("contact").words
_PART = re.compile(r"[^\W_]+|[@._+-]")


def spoken_details(draft: Draft, facts: list[str]) -> tuple[list[str], str]:
    """Returns as many of some details as go into one reply, and how to say them."""
    taken: list[str] = []
    spoken: list[str] = []
    for fact in facts:
        part = _part(draft, draft.state.facts[fact])
        if taken and len(" ".join([*spoken, part]).split()) > _MOST_WORDS:
            break
        taken.append(fact)
        spoken.append(part)
    return taken, ", ".join(spoken)


def _part(draft: Draft, fact: Fact) -> str:
    if fact.name == "phone" and fact.value == draft.state.caller_number:
        return draft.pick("contact.part_caller_number")
    return draft.pick(f"contact.part_{fact.name}", value=_spoken(draft, fact))


def _spoken(draft: Draft, fact: Fact) -> str:
    """Returns how to say a detail back."""
    letters = fact.is_doubtful or spells(fact.quote)
    match fact.name:
        case "phone":
            return spoken_phone(fact.value)
        case "email":
            name = draft.state.facts.get("caller_name")
            return spoken_email(fact.value, known=name.value if name is not None else "", letters=letters)
        case "caller_name" if letters:
            return draft.pick("contact.spelled", value=fact.value, letters=_letters(fact.value.split()[-1]))
        case _:
            return fact.value


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
        letters: Whether the name in it is said letter by letter.
    """
    local, _, domain = address.partition("@")
    names = set(map(letters_of, re.split(r"[\s-]+", known.replace("'", ""))))
    spell = letters or not (set(re.findall(r"[a-z]{2,}", local)) <= names)
    return f"{_said(local, letters=spell)} {_SIGNS['at'][0]} {_said(domain, letters=False)}"


def _said(text: str, *, letters: bool) -> str:
    said = []
    for part in _PART.findall(text):
        if part in "._+-":
            said.append(_SIGNS[{".": "dot", "_": "underscore", "+": "plus", "-": "dash"}[part]][0])
        elif letters:
            said.append(_letters(part))
        else:
            said.append(re.sub(r"\d+", lambda match: f" {spoken_digits(match[0])} ", part).strip())
    return " ".join(said)


def _letters(text: str) -> str:
    """Returns a text letter by letter."""
    letters = [spoken_digits(one) if one.isdecimal() else one.upper() for one in text if one.isalnum()]
    return ", ".join(letters)
