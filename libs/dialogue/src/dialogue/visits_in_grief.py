"""Routes callers who grieve and speak of a visit that was booked before: it is their matter, and it is seen to."""

from dialogue.analysis import Analysis
from dialogue.intents import PAUSES, TAKES_BACK, Intent, Matter
from dialogue.matters import Decision
from dialogue.state import DialogueState
from vocabulary.enums import Agent, Expectation, TransitionTrigger

OF_A_VISIT = frozenset({Matter.BOOKED_VISIT, Matter.VISIT_OFF})
_GRIEF = OF_A_VISIT | {Matter.DISTRESS}
_OTHER_TROUBLE = {Matter.FAULT, Matter.BILL, Matter.COMPLAINT}
_WANTS_IT = (Intent.GO_ON, Intent.KEEPS_APPOINTMENT)


def is_asked_for_the_name(state: DialogueState) -> bool:
    """Whether the caller was asked whose visit it is."""
    return state.matter in OF_A_VISIT and state.expecting is Expectation.CONTACT_DETAIL


def about_a_visit_in_grief(state: DialogueState, analysis: Analysis) -> Decision | None:
    """Returns the decision if whoever grieves speaks of a visit, or was asked whose it is; the state keeps which."""
    grieves = analysis.has(Intent.DISTRESS) or state.matter in _GRIEF or Matter.DISTRESS in analysis.matters
    if not grieves or state.booked is not None or analysis.has(*PAUSES, Intent.WANTS_HUMAN):
        return None
    if analysis.has(Intent.SUPPORT) and not _OTHER_TROUBLE.isdisjoint(analysis.matters):
        return None
    off = Matter.VISIT_OFF in analysis.matters or analysis.has(*TAKES_BACK)
    known = Matter.BOOKED_VISIT in analysis.matters or analysis.has(Intent.OWN_APPOINTMENT)
    wants_else = analysis.has(*_WANTS_IT) or (analysis.has(Intent.RESCHEDULE) and not off)
    wants_else = wants_else or (analysis.has(Intent.DO_NOT_CALL) and not known)
    if not is_asked_for_the_name(state) and (not (off or known) or wants_else):
        return None
    if off or state.matter not in OF_A_VISIT:
        state.matter = Matter.VISIT_OFF if off else Matter.BOOKED_VISIT
        state.wish = analysis.noted
    return Agent.CONVERSATION, state.workflow_state, TransitionTrigger.OTHER_MATTER
