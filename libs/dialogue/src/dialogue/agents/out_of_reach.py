"""Tells whoever cannot have it so, plainly and kindly, with the reason and what he can do."""

from dialogue.agents.drafting import Draft
from dialogue.area import area
from dialogue.intents import Intent
from dialogue.out_of_reach import REASONS
from vocabulary.enums import Expectation

_INSISTS = (Intent.INSISTS, Intent.WANTS_PLAIN_ANSWER, Intent.WANTS_APPOINTMENT, *REASONS)


def tell_the_reason(draft: Draft) -> None:
    """Says that it cannot be and why, and leaves the rest to the caller."""
    reason = draft.state.out_of_reach
    draft.say(f"out_of_reach.{reason}")
    where = area(draft.campaign)
    if reason == Intent.NOT_SERVED and where is not None:
        draft.sentences.append(where.answer)
        draft.state.request("answer")
    draft.say(f"out_of_reach.offer_{reason}")
    draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else_to_know")


def insists(draft: Draft) -> bool:
    """Says no once more to whoever asks for it again; returns whether he does."""
    if draft.state.out_of_reach is None or not draft.has(*_INSISTS):
        return False
    draft.say("out_of_reach.still_no")
    draft.ask_for(Expectation.ANYTHING_ELSE, "open.anything_else_more")
    return True
