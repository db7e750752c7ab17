"""Callers who do not ring to buy: what they ring about instead, and who else may be on the line."""

from callwright_common.campaign import Campaign
from dialogue.intents import HELP_WITH, RINGS_FOR, Intent, Matter
from dialogue.language import language
from dialogue.rules.own_appointment import may_have_one

_NAMED = (*RINGS_FOR[:-1], *HELP_WITH[:-1])
_LOOSELY = {
    Matter.EMERGENCY: "about_danger",
    Matter.WORK: "about_work",
    Matter.PRESS: "about_press",
    Matter.SURVEY: "about_survey",
    Matter.SALE: "about_sale",
    Matter.DISTRESS: "of_the_dead",
    Matter.DEATH: "of_a_death",
    Matter.FIRE: "about_fire",
    Matter.DESPAIR: "about_despair",
    Matter.VISIT_OFF: "visit_off",
}
"""What tells the matter alone, of whoever is known not to ring to buy."""
_WHO_IT_IS = (
    Intent.SUPPORT, Intent.DISTRESS, Intent.EMERGENCY, Intent.CHILD, Intent.OWN_AGE, Intent.GROWN_UP,
    Intent.STOPS_LETTERS,
)  # fmt: skip
_STEM = 4
"""As many letters tell what kind of house it is: a dentist is of dental care."""
_HEARD = language("matters").patterns


def find_matters(text: str, clauses: tuple[str, ...]) -> tuple[tuple[Intent, ...], tuple[Matter, ...]]:
    """Returns the intents of an utterance in plain words that is about no purchase, and what it may be about."""

    def heard(name: str) -> bool:
        said = map(without_trade, (text, *clauses)) if name == Intent.DISTRESS else (text, *clauses)
        return any(map(_HEARD[name].search, said))

    found = [intent for intent in _WHO_IT_IS if heard(intent)]
    matters = [matter for matter in _NAMED if heard(matter)]
    if not set(matters).isdisjoint(RINGS_FOR):
        found.append(Intent.OTHER_MATTER)
    if Intent.DISTRESS in found and heard("gone_on"):
        found.append(Intent.GO_ON)
    if heard("affairs"):
        found.append(Intent.AFFAIRS)
    matters += [matter for matter, loosely in _LOOSELY.items() if heard(loosely)]
    return tuple(found), (*matters, *([Matter.BOOKED_VISIT] if may_have_one(text) else []))


def asks_for_another_house(campaign: Campaign, clauses: tuple[str, ...]) -> bool:
    """Whether a caller asks whether he has reached a house of another kind than the campaign's."""
    of_ours = (campaign.company.name, campaign.product.name, campaign.product.pitch, campaign.appointment.with_whom)
    ours = " ".join(of_ours).lower()
    for clause in clauses:
        match = _HEARD["asks_for_house"].search(clause)
        if match is not None:
            return match["house"][:_STEM] not in ours
    return False


def grieves(text: str) -> bool:
    """Whether somebody's death or illness is spoken of in plain words."""
    return _HEARD["distress"].search(without_trade(text)) is not None


def without_trade(text: str) -> str:
    """Returns a plain text without where somebody works among the sick and the dead, who are nobody's of his."""
    return _HEARD["trade"].sub(" ", text)
