"""Callers who do not ring to buy: what they ring about instead, and who else may be on the line."""

from dialogue.intents import Intent, Matter
from dialogue.language import language

_HELP_WITH = (Matter.COMPLAINT, Matter.CONTRACT, Matter.BILL, Matter.VISIT, Matter.FAULT)
_RINGS_FOR = (
    Matter.WORK, Matter.PRESS, Matter.SURVEY, Matter.SALE, Matter.OFFICIAL, Matter.OTHER_FIRM, Matter.SOMEBODY,
)  # fmt: skip
_WHO_CANNOT_BUY = (Intent.SUPPORT, Intent.DISTRESS, Intent.EMERGENCY, Intent.CHILD)
_HEARD = language("matters").patterns


def find_matters(text: str, clauses: tuple[str, ...]) -> tuple[tuple[Intent, ...], Matter | None]:
    """Returns the intents of an utterance in plain words that is about no purchase, and what it is about."""

    def heard(name: str) -> bool:
        return any(map(_HEARD[name].search, (text, *clauses)))

    found = [intent for intent in _WHO_CANNOT_BUY if heard(intent)]
    rings_for = next((matter for matter in _RINGS_FOR if heard(matter)), None)
    if rings_for is not None:
        found.append(Intent.OTHER_MATTER)
    if Intent.DISTRESS in found and heard("gone_on"):
        found.append(Intent.GO_ON)
    help_with = next((matter for matter in _HELP_WITH if heard(matter)), None)
    return tuple(found), help_with if Intent.SUPPORT in found else rings_for
