"""Objections that callers raise everywhere, and those of the campaign."""

import re

from callwright_common.campaign import Campaign
from dialogue.analysis import FoundConcern
from dialogue.intents import Concern
from dialogue.language import language
from dialogue.rules.feelings import in_one_word_for_fear
from dialogue.rules.matching import phrase_strength

_LANGUAGE = language("concerns")
_COMMON = _LANGUAGE.patterns
_HEARD = language("answers").patterns

_SURE = 0.9


def find_concern(campaign: Campaign, clauses: tuple[str, ...], text: str) -> FoundConcern | None:
    """Returns the objection that an utterance raises, or None; the campaign's own ones come first."""
    found: tuple[float, FoundConcern] | None = None
    worded = {text, in_one_word_for_fear(text)}
    for objection in campaign.objections:
        for phrase in objection.phrases:
            strength = max(phrase_strength(phrase, one) for one in worded)
            if strength >= 1 and (found is None or strength > found[0]) and not _denied(phrase, text):
                found = (strength, FoundConcern(objection.id, _SURE))
    if found:
        return found[1]
    for name, pattern in _COMMON.items():
        for clause in (*clauses, text):
            if pattern.search(clause) and not _HEARD["no_concern"].search(clause):
                return FoundConcern(Concern(name), _SURE)
    return None


def _denied(phrase: str, text: str) -> bool:
    """Whether a phrase is only named to deny it: "it is not too expensive"."""
    if phrase.split(maxsplit=1)[0] in _LANGUAGE.words["denying"]:
        return False
    return re.search(rf"\b{_LANGUAGE.parts['denied']} {re.escape(phrase)}", text) is not None
