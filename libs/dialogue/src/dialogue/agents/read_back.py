"""What is read back to a caller of whom a booking is with."""

from dialogue.agents.drafting import Draft
from dialogue.spoken_contacts import in_letters, spoken_email, spoken_phone
from dialogue.state import Fact

_MOST_WORDS = 42
"""So that what was told before fits into the reply too."""


def spoken_details(draft: Draft, facts: list[str]) -> tuple[list[str], str]:
    """Returns as many of some details as go into one reply, and how to say them."""
    taken: list[str] = []
    spoken: list[str] = []
    for fact in facts:
        part = _part(draft, draft.state.facts[fact])
        if taken and len(" ".join([*spoken, part]).split()) > _MOST_WORDS:
            break
        taken.append(fact)
        spoken.append(part)
    return taken, ", ".join(spoken)


def _part(draft: Draft, fact: Fact) -> str:
    if fact.name == "phone" and fact.value == draft.state.caller_number:
        return draft.pick("contact.part_caller_number")
    return draft.pick(f"contact.part_{fact.name}", value=_spoken(draft, fact))


def _spoken(draft: Draft, fact: Fact) -> str:
    """Returns how to say a detail back."""
    letters = fact.is_doubtful or fact.spelled
    match fact.name:
        case "phone":
            return spoken_phone(fact.value)
        case "email":
            name = draft.state.facts.get("caller_name")
            return spoken_email(fact.value, known=name.value if name is not None else "", letters=letters)
        case "caller_name" if letters:
            return draft.pick("contact.spelled", value=fact.value, letters=in_letters(fact.value.split()[-1]))
        case _:
            return fact.value
