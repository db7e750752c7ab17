"""Where a company works, as its campaign tells it."""

import re

from callwright_common.campaign import Campaign, CampaignFact
from dialogue.language import FIRST_LANGUAGE, language, speaking

with speaking(FIRST_LANGUAGE):
    STATES = {town: state for state, towns in language("places").words.items() for town in towns}
PLACE = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, STATES), key=len, reverse=True))})\b")


def states_of(text: str) -> set[str]:
    """Returns the states of the places that a plain text names."""
    return {STATES[town] for town in PLACE.findall(text)}


def area(campaign: Campaign) -> CampaignFact | None:
    """Returns the campaign's fact that names the states where the company works, None if there is none."""
    facts = (fact for fact in campaign.facts if fact.service_area)
    return next((fact for fact in facts if states_of(fact.answer.lower())), None)
