"""Routes whoever stands in between and asks who calls and why: he is told, and asked how to reach who decides."""

from callwright_common.campaign import Authority
from dialogue.analysis import AUTHORITY_VALUES, Analysis
from dialogue.intents import Intent
from dialogue.matters import Decision
from dialogue.state import DialogueState, Fact
from vocabulary.enums import Agent, TransitionTrigger, WorkflowState

_HEARD_FIRST = (
    Intent.DO_NOT_CALL, Intent.ABUSE, Intent.GOODBYE, Intent.NOT_INTERESTED, Intent.NO_THANKS, Intent.WAIT,
    Intent.REPEAT, Intent.SLOWER, Intent.WRONG_NUMBER, Intent.VOICEMAIL, Intent.OTHER_LANGUAGE, Intent.CHILD,
    Intent.DISTRESS, Intent.EMERGENCY, Intent.URGENT, Intent.SUPPORT, Intent.WILL_CALL, Intent.NOTHING_MORE,
)  # fmt: skip
_COMES_TO_THE_PHONE = (
    Intent.GREETING, Intent.RIGHT_PERSON, Intent.INTEREST, Intent.WANTS_APPOINTMENT, Intent.GO_ON, Intent.TELL_MORE,
)  # fmt: skip
_NOT_HIS = AUTHORITY_VALUES[Authority.SOMEBODY_ELSE]


def is_screened(state: DialogueState, analysis: Analysis) -> bool:
    """Whether somebody in between is on the line, who tells nothing of himself as a lead."""
    if state.booked is not None or any(fact.degree is not None for fact in state.facts.values()):
        return False
    tells = any(map(_tells_of_himself, analysis.told))
    if analysis.has(Intent.SCREENED) and not tells:
        return True
    comes = analysis.has(*_COMES_TO_THE_PHONE) and not (analysis.asks or analysis.has(Intent.IS_IT_SALES))
    return state.screened and not comes and not tells


def _tells_of_himself(fact: Fact) -> bool:
    of_the_lead = fact.degree is not None and fact.is_clear and fact.value != _NOT_HIS
    return of_the_lead or fact.name == "caller_name"


def about_a_screener(state: DialogueState, analysis: Analysis) -> Decision | None:
    """Returns the decision where somebody in between asks or tells something; a machine is waited for."""
    if not is_screened(state, analysis):
        state.screened = False
        return None
    if analysis.has(Intent.SCREENING_MACHINE):
        return state.agent, state.workflow_state, TransitionTrigger.WAIT_REQUESTED
    state.screened = True
    if analysis.has(*_HEARD_FIRST) and not analysis.has(Intent.SCREENED):
        return None
    if not analysis.has(Intent.SCREENED) and (not analysis.moment.is_open or analysis.has(Intent.UNCLEAR_TIME)):
        return Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.CALLBACK_TIME_GIVEN
    return Agent.CONVERSATION, state.workflow_state, TransitionTrigger.OTHER_MATTER
