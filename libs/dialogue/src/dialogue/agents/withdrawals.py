"""Taking up what a caller takes back of what he told, in whichever agent's reply."""

from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.drafting import Draft
from dialogue.agents.lead_questions import acknowledge
from dialogue.qualification import qualify
from vocabulary.enums import Expectation

_LITTLE = 0.25
"""Below this degree nothing of an answer speaks for an appointment."""


def goes_on_after_withdrawal(draft: Draft) -> bool:
    """Takes up what the caller takes back; returns False where he is asked whether to go on at all.

    Whoever wants it less than he seemed to is not led on, nor is a time pressed on whoever has not what it takes.
    """
    acknowledge(draft)
    answer_questions(draft, admit=False)
    if draft.state.booked is not None:
        draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "withdrawn.stays_booked")
        return False
    if draft.state.offered or draft.state.chosen:
        little = any((fact.degree or 0.0) < _LITTLE for fact in draft.analysis.withdrawn)
        asks = draft.analysis.cools or little or not qualify(draft.campaign, draft.state).qualified
        deed = "withdrawn.still_meet"
    else:
        asks, deed = draft.analysis.cools, "objection.go_on_or_leave"
    if asks:
        draft.state.chosen = None
        draft.ask_for(Expectation.MOVE_ON, deed)
    return not asks
