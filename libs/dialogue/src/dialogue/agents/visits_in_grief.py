"""What is said to whoever grieves and wants a visit taken out: it is noted with its name and said back."""

from dialogue.agents.drafting import Draft
from dialogue.intents import Intent, Matter
from dialogue.visits_in_grief import is_asked_for_the_name
from vocabulary.enums import Expectation

_NAME = "caller_name"
_MOST_ASKED = 2


def visit_in_grief(draft: Draft) -> None:
    """Notes a visit that is to be taken out, and asks whose it is; one that is only spoken of is asked about first."""
    state, asked = draft.state, is_asked_for_the_name(draft.state)
    if not state.grieves:
        draft.say("matter.condolence")
        state.grieves = True
    named = any(one.fact.name == _NAME for one in draft.captured)
    if state.matter == Matter.BOOKED_VISIT and asked and not named and draft.analysis.polarity is False:
        _close(draft, "visit_in_grief.stays")
    elif state.matter == Matter.BOOKED_VISIT and not asked:
        draft.ask_for_detail(_NAME, "visit_in_grief.ask_to_take_out")
    elif _NAME in state.facts or (asked and _is_done(draft)):
        _note(draft)
    else:
        draft.say("visit_in_grief.seen_to" if state.requested("cancel") else "visit_in_grief.of_course")
        state.request("cancel")
        draft.ask_for_detail(_NAME, "visit_in_grief.ask_name")


def _is_done(draft: Draft) -> bool:
    """Whether a caller who was asked for the name does not tell it: he takes leave, or was asked often enough."""
    leaves = draft.has(Intent.DECLINES_TO_SAY, Intent.GOODBYE, Intent.THANKS, Intent.NOTHING_MORE, Intent.SAME_TO_YOU)
    return leaves or draft.state.asked.get(_NAME, 0) >= _MOST_ASKED


def _note(draft: Draft) -> None:
    """Says back what was noted: no more than that, as whoever takes the visit out is a human."""
    draft.state.request("cancel")
    told = draft.state.facts.get(_NAME)
    if told is not None:
        draft.say("visit_in_grief.noted_name", name=told.value)
    else:
        draft.say("visit_in_grief.noted")
    _close(draft, "visit_in_grief.nothing_to_do")


def _close(draft: Draft, deed: str) -> None:
    draft.say(deed)
    draft.state.matter = Matter.DISTRESS
    draft.state.pending = None
    draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else_to_help")
