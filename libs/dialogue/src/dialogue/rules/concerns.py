"""Objections that callers raise everywhere, and those of the campaign."""

import re

from callwright_common.campaign import Campaign, ChoiceQuestion, Factor
from dialogue.analysis import FoundConcern
from dialogue.grammar.words import stem
from dialogue.intents import Concern
from dialogue.language import language
from dialogue.rules.asked_things import any_thing
from dialogue.rules.feelings import in_one_word_for_fear
from dialogue.rules.matching import cue_stems, phrase_strength

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


def is_of_another(campaign: Campaign, text: str) -> bool:
    """Whether a price that is found too high is what is paid now, or what others ask, or no price but a distance."""
    words = frozenset(map(stem, text.split()))
    if _HEARD["of_our_price"].search(text) or not words.isdisjoint(_ours(campaign)):
        return False
    return _HEARD["of_another_price"].search(text) is not None or not words.isdisjoint(_paid_now(campaign))


def _ours(campaign: Campaign) -> frozenset[str]:
    return cue_stems(campaign.product.name) - any_thing()


def _paid_now(campaign: Campaign) -> frozenset[str]:
    """Returns the stems of what callers pay for now: subjects of other sums than the budget, as reasons name them."""
    sums = [one for one in campaign.questions if one.kind == "money" and one.factor is not Factor.BUDGET]
    subjects = frozenset(stem(one.label.split()[-1].lower()) for one in sums)
    chosen = [choice for one in campaign.questions if isinstance(one, ChoiceQuestion) for choice in one.choices]
    reasons = [cue_stems(phrase) for choice in chosen for phrase in choice.phrases]
    named = cue_stems(*(one.label for one in sums)).union(*(one for one in reasons if not subjects.isdisjoint(one)))
    refusals = cue_stems(*(phrase for one in campaign.objections for phrase in one.phrases))
    return named - _ours(campaign) - refusals


def _denied(phrase: str, text: str) -> bool:
    """Whether a phrase is only named to deny it: "it is not too expensive"."""
    if phrase.split(maxsplit=1)[0] in _LANGUAGE.words["denying"]:
        return False
    return re.search(rf"\b{_LANGUAGE.parts['denied']} {re.escape(phrase)}", text) is not None
