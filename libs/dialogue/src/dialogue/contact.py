"""Whom a booking is with: the details that a campaign wants of the caller, and what is known and settled of them."""

from callwright_common.campaign import Campaign, Detail
from dialogue.state import DialogueState
from vocabulary.enums import Expectation
from vocabulary.turns import Contact

FACTS = {
    Detail.NAME: "caller_name",
    Detail.COMPANY: "company",
    Detail.PHONE: "phone",
    Detail.EMAIL: "email",
    Detail.ADDRESS: "address",
}
"""The names of the facts that tell the details."""
PERSONAL = frozenset(FACTS.values())
"""What is noted of a caller whatever he rings about."""
ABOUT_THE_CONTACT = frozenset(
    {Expectation.CONTACT_DETAIL, Expectation.CALLER_NUMBER_OFFER, Expectation.CONTACT_CONFIRMATION}
)
"""What asks for the details or for a yes to them."""
SENT_TO = (FACTS[Detail.EMAIL], FACTS[Detail.ADDRESS])
"""Where something is sent to: one of them is enough."""
_DETAILS = {fact: detail for detail, fact in FACTS.items()}


def detail_of(fact: str | None) -> Detail | None:
    """Returns the detail that a fact tells, None if it tells another thing."""
    return _DETAILS.get(fact or "")


def wanted(campaign: Campaign) -> tuple[str, ...]:
    """Returns the names of the facts that the campaign wants of a caller who booked, in order."""
    return tuple(FACTS[detail] for detail in campaign.capture.details)


def is_for_sending(state: DialogueState) -> bool:
    """Whether details of the caller are wanted for what is to be sent to him, and for no booking."""
    return state.in_writing and state.booked is None


def _due(campaign: Campaign, state: DialogueState) -> tuple[str, ...]:
    return SENT_TO if is_for_sending(state) else wanted(campaign)


def missing(campaign: Campaign, state: DialogueState) -> list[str]:
    """Returns what is still to be asked for."""
    due = _due(campaign, state)
    if is_for_sending(state) and any(fact in state.facts for fact in due):
        return []
    return [fact for fact in due if fact not in state.facts and fact not in state.withheld]


def unsettled(campaign: Campaign, state: DialogueState) -> list[str]:
    """Returns what was told and is still to be read back as it is now."""
    known = [fact for fact in _due(campaign, state) if fact in state.facts]
    return [fact for fact in known if state.settled.get(fact) != state.facts[fact].value]


def contact(campaign: Campaign, state: DialogueState) -> Contact | None:
    """Returns whom the booking is with, None as long as nothing that is wanted is known of the caller."""
    known = {fact: state.facts[fact].value for fact in wanted(campaign) if fact in state.facts}
    if not known:
        return None
    agreed = all(state.agreed.get(fact) == value for fact, value in known.items())
    return Contact(**{_DETAILS[fact].value: value for fact, value in known.items()}, confirmed=agreed)
