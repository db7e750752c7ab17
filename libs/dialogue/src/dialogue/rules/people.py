"""Who the caller is and who decides."""

import re

from callwright_common.campaign import Authority
from dialogue.language import language

_PEOPLE = language("people")
_HEARD = _PEOPLE.patterns
_NO_NAMES = frozenset(_PEOPLE.words["no_names"])
_NAME = r"[A-Z][a-z'-]+(?:\s+[A-Z][a-z'-]+)?"
_NAMES = (
    re.compile(rf"(?i)\b{_PEOPLE.parts['before_name']}\s+([^\W\d_][\w'-]+(?:\s+[A-Z][\w'-]+)?)"),
    re.compile(rf"\b{_PEOPLE.parts['before_capital']}\s+({_NAME})(?=[\s,.!?]|$)"),
    re.compile(rf"\b({_NAME}) {_PEOPLE.parts['behind_name']}\b"),
)
_DECIDES = (Authority.SOMEBODY_ELSE, Authority.RECOMMENDS, Authority.TOGETHER, Authority.ALONE)


def find_authority(text: str) -> Authority | None:
    """Returns who decides by a plain text, or None."""
    if _HEARD["left_to_me"].search(text) and not _HEARD["jointly"].search(text):
        return Authority.ALONE
    found = [name for name in _DECIDES if _HEARD[name].search(text)]
    if not found:
        return Authority.TOGETHER if _HEARD["owned_together"].search(text) else None
    return Authority.ALONE if Authority.TOGETHER in found and _HEARD["asks_nobody"].search(text) else found[0]


def find_role(text: str) -> str | None:
    """Returns the role the caller claims in a plain text, for example "office manager"."""
    match = _HEARD["role"].search(text)
    return match["role"].strip() if match else None


def find_name(utterance: str) -> str | None:
    """Returns the caller's name from an utterance as transcribed (its capitals matter), or None."""
    for pattern in _NAMES:
        match = pattern.search(utterance)
        if not match:
            continue
        parts = [part for part in match[1].split() if part.lower().strip("'") not in _NO_NAMES]
        if parts and match[1].split()[0].lower() not in _NO_NAMES and len(parts[0]) > 1:
            return " ".join(part[:1].upper() + part[1:] for part in parts[:2])
    return None
