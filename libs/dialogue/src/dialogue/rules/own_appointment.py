"""Whether a caller speaks of an appointment that he has from before the call, whoever made it, or asks for one."""

from callwright_common.campaign import Campaign
from dialogue.language import language

_HEARD = language("own_appointment").patterns


def has_own_appointment(text: str) -> bool:
    """Whether an utterance in plain words says that there is one, or what is to become of it."""
    if _HEARD["wants_change"].search(text):
        return True
    if asks_for_one(text):
        return False
    return _HEARD["has_one"].search(text) is not None and _HEARD["of_another_kind"].search(text) is None


def asks_for_whom(campaign: Campaign, text: str) -> bool:
    """Whether an utterance in plain words asks for somebody of those whom the appointment is with: "a trainer please".

    Whoever is called as anybody is who answers a telephone is asked for as a human on the line.
    """
    people = campaign.appointment.with_whom.lower().split()[-1]
    if _HEARD["on_the_phone"].search(people):
        return False
    before, named, behind = text.partition(people.removesuffix("s"))
    behind = behind.removeprefix("s")
    asks = _HEARD["asks_for_somebody"].search(before) is not None
    return bool(named) and asks and _HEARD["asked_for"].search(behind) is not None


def may_have_one(text: str) -> bool:
    """Whether a caller who grieves may speak in plain words of one, whoever's it is."""
    return has_own_appointment(text) or _HEARD["may_have_one"].search(text) is not None


def asks_for_one(text: str) -> bool:
    """Whether an utterance in plain words asks to be given an appointment, or that somebody is sent."""
    return _HEARD["asks_for_one"].search(text) is not None and _HEARD["wants_change"].search(text) is None
