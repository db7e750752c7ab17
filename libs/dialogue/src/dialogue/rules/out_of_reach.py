"""Whether somebody cannot have it at all: he lives where the company does not work, or rents his home."""

import re

from callwright_common.campaign import AuthorityQuestion, Campaign, CampaignFact
from dialogue.intents import Intent
from dialogue.language import FIRST_LANGUAGE, language, speaking
from dialogue.rules.utterances import Understanding
from dialogue.state import DialogueState

_LANGUAGE = language("out_of_reach")
_HEARD = _LANGUAGE.patterns
with speaking(FIRST_LANGUAGE):
    _STATES = {town: state for state, towns in _LANGUAGE.words.items() for town in towns}
_PLACE = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, _STATES), key=len, reverse=True))})\b")


def about_his_reach(campaign: Campaign, state: DialogueState, said: Understanding) -> list[Intent]:
    """Returns why the caller cannot have what is sold, if he tells it, and what he says to that."""
    found = []
    if state.out_of_reach is not None:
        found += [Intent.INSISTS] if _HEARD["insists"].search(said.words.text) else []
        found += [Intent.WITHIN_REACH] if _is_within_reach(campaign, state, said.words.text) else []
    if _lives_elsewhere(campaign, said):
        found.append(Intent.NOT_SERVED)
    text = said.words.text
    rents = _HEARD["rents"].search(text) and not _HEARD["owner_agrees"].search(text)
    if rents and any(_asks_owner(question.ask) for question in _of_who_decides(campaign)):
        found.append(Intent.RENTS)
    return found


def _is_within_reach(campaign: Campaign, state: DialogueState, text: str) -> bool:
    """Whether what stood against it does not hold."""
    if state.out_of_reach == Intent.RENTS:
        return _HEARD["owner_agrees"].search(text) is not None
    fact = area(campaign)
    return fact is not None and bool(_states(text) & _states(fact.answer.lower()))


def area(campaign: Campaign) -> CampaignFact | None:
    """Returns the campaign's fact that names the states where the company works, None if there is none."""
    facts = (fact for fact in campaign.facts if _HEARD["serves"].search(fact.answer.lower()))
    return next((fact for fact in facts if _states(fact.answer.lower())), None)


def _of_who_decides(campaign: Campaign) -> list[AuthorityQuestion]:
    return [question for question in campaign.questions if isinstance(question, AuthorityQuestion)]


def _asks_owner(text: str) -> bool:
    return _HEARD["asks_owner"].search(text.lower()) is not None


def _states(text: str) -> set[str]:
    return {_STATES[town] for town in _PLACE.findall(text)}


def _lives_elsewhere(campaign: Campaign, said: Understanding) -> bool:
    """Whether the place where the caller wants it lies in no state where the company works, as far as it tells them."""
    named = {_STATES[town] for clause in said.words.clauses for town in _wanted_in(clause)}
    fact = area(campaign) if named else None
    return fact is not None and not _states(said.words.text) & _states(fact.answer.lower())


def _wanted_in(clause: str) -> list[str]:
    """Returns the places of a clause that are told, or asked for, as those where it is wanted."""
    return [place[0] for place in _PLACE.finditer(clause) if _leads_there(clause, place)]


def _leads_there(clause: str, place: re.Match[str]) -> bool:
    before, behind = clause[: place.start()].rstrip(), clause[place.end() :].strip()
    leads = any(len(before) - match.end() <= 1 for match in _HEARD["leads"].finditer(before))
    return leads or (not behind and _HEARD["alone"].search(f"{before} " if before else "") is not None)
