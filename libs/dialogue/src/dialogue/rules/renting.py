"""Tenants: whether a caller rents his place, and whether whoever owns it agrees."""

from callwright_common.campaign import Authority
from dialogue.grammar.words import Words
from dialogue.intents import Intent
from dialogue.language import language
from dialogue.rules.people import find_authority, without_questions_about_it

_HEARD = language("renting").patterns
_NEAR = 3
"""As many words before an agreement may deny it."""


def find_renting(text: str) -> Intent | None:
    """Returns whether a caller rents his place by plain words, with the owner's agreement or without."""
    if _HEARD["is_the_owner"].search(text) or _HEARD["lets"].search(text) or not _HEARD["rents"].search(text):
        return None
    return Intent.OWNER_AGREES if _owner_agrees(text) else Intent.RENTS


def _owner_agrees(text: str) -> bool:
    """Whether the owner is said to agree, which is not denied."""
    said = _HEARD["owner_agrees"].finditer(text)
    return any(not _HEARD["denied"].search(" ".join([*text[: one.start()].split()[-_NEAR:], one[0]])) for one in said)


def who_decides(words: Words) -> Authority | None:
    """Returns who decides by all that a caller says: a tenant with a landlord who agrees."""
    renting = find_renting(words.text)
    if renting is None and _HEARD["rents"].search(words.text):
        return Authority.ALONE  # he lets a place to others
    if renting is None:
        told = without_questions_about_it(words)
        authority = find_authority(told)
        lets = _HEARD["lets_to_others"].search(told) or _HEARD["is_the_owner"].search(told)
        return Authority.ALONE if lets and authority in {None, Authority.SOMEBODY_ELSE} else authority
    return Authority.TOGETHER if renting is Intent.OWNER_AGREES else Authority.SOMEBODY_ELSE
