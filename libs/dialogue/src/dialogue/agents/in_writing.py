"""What is said of the sending itself, where the caller wants something sent to him: who does it, and what is noted."""

from dialogue.agents.drafting import Draft
from dialogue.contact import SENT_TO
from dialogue.intents import Concern, Intent
from vocabulary.enums import Expectation

_EMAIL = SENT_TO[0]


def of_the_sending(draft: Draft) -> bool:
    """Takes up what the caller says of the sending, or where it is to go; returns whether he says any of it."""
    state, wants = draft.state, draft.analysis.objection == Concern.SEND_EMAIL
    told = any(one.fact.name in SENT_TO for one in draft.captured)
    if draft.has(Intent.BY_POST) and not told and _EMAIL not in state.withheld:
        state.withheld.append(_EMAIL)
    if draft.has(Intent.ASKS_IF_SENT):
        draft.say("in_writing.who_sends")
    elif wants and not told and not any(state.asked.get(fact) for fact in SENT_TO):
        draft.say("in_writing.gladly")
    told = told and not draft.has(Intent.GOODBYE)  # nobody reads back to whoever goes
    return told or wants or draft.has(Intent.BY_POST, Intent.ASKS_IF_SENT)


def drop_the_sending(draft: Draft) -> None:
    """Takes the wish back, and what was told only for that."""
    state = draft.state
    state.in_writing, state.pending = False, None
    state.drop_request("in_writing")
    for fact in SENT_TO:
        state.facts.pop(fact, None)
    draft.say("in_writing.dropped")
    draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else_to_know")


def note_the_sending(draft: Draft) -> None:
    """Says what becomes of it, and leaves the rest to the caller."""
    draft.state.request("in_writing")
    if not draft.has(Intent.ASKS_IF_SENT):
        known = any(fact in draft.state.settled for fact in SENT_TO)
        draft.say("in_writing.noted" if known else "in_writing.noted_without")
