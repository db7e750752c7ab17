"""Whether somebody cannot have it at all, because he lives where the company does not work."""

import re

from callwright_common.campaign import Campaign, CampaignFact
from dialogue.area import PLACE, STATES, area, states_of
from dialogue.intents import Intent
from dialogue.language import language
from dialogue.rules.utterances import Understanding
from dialogue.state import DialogueState

_HEARD = language("out_of_reach").patterns


def about_his_reach(campaign: Campaign, state: DialogueState, said: Understanding) -> list[Intent]:
    """Returns whether the caller tells that he lives elsewhere, and what he says to that he cannot have it."""
    found = []
    if state.out_of_reach is not None:
        found += [Intent.INSISTS] if _HEARD["insists"].search(said.words.text) else []
        found += [Intent.WITHIN_REACH] if _is_within_reach(campaign, state, said) else []
    tells_his_clock = bool(said.when.zone) and said.moment.at is not None
    if not tells_his_clock and _lives_elsewhere(campaign, said):
        found.append(Intent.NOT_SERVED)
    return found


def asked_of_a_place(campaign: Campaign, said: Understanding) -> tuple[CampaignFact, ...]:
    """Returns the fact that tells where the company works if that is asked of a place by its name; else nothing."""
    fact = area(campaign)
    return (fact,) if fact is not None and any(_wanted_in(question) for question in said.questions) else ()


def _is_within_reach(campaign: Campaign, state: DialogueState, said: Understanding) -> bool:
    """Whether what stood against it does not hold."""
    if state.out_of_reach == Intent.RENTS:
        return said.has(Intent.OWNER_AGREES)
    fact = area(campaign)
    return fact is not None and bool(states_of(said.words.text) & states_of(fact.answer.lower()))


def _lives_elsewhere(campaign: Campaign, said: Understanding) -> bool:
    """Whether the place where the caller wants it lies in no state where the company works, as far as it tells them."""
    named = {STATES[town] for clause in said.words.clauses for town in _wanted_in(clause)}
    fact = area(campaign) if named else None
    return fact is not None and not states_of(said.words.text) & states_of(fact.answer.lower())


def _wanted_in(clause: str) -> list[str]:
    """Returns the places of a clause that are told, or asked for, as those where it is wanted."""
    return [place[0] for place in PLACE.finditer(clause) if _leads_there(clause, place)]


def _leads_there(clause: str, place: re.Match[str]) -> bool:
    before, behind = clause[: place.start()].rstrip(), clause[place.end() :].strip()
    leads = any(len(before) - match.end() <= 1 for match in _HEARD["leads"].finditer(before))
    return leads or (not behind and _HEARD["alone"].search(f"{before} " if before else "") is not None)
