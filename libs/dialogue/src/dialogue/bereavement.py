"""Routes whoever has told of a death: he is asked nothing for a sale, and what he asks is noted or handed over."""

from dialogue.analysis import Analysis
from dialogue.intents import Intent, Matter
from dialogue.matters import Decision, only_agrees
from dialogue.state import OF_A_CALL, DialogueState
from vocabulary.enums import Agent, Expectation, TransitionTrigger, WorkflowState

_WANTS_IT = (Intent.GO_ON, Intent.WANTS_APPOINTMENT, Intent.TELL_MORE)
_LEAVES = (Intent.GOODBYE, Intent.NO_THANKS, Intent.NOT_INTERESTED, Intent.NOTHING_MORE, Intent.THANKS)
_HEARD_FIRST = (
    Intent.REPEAT, Intent.SLOWER, Intent.WAIT, Intent.CALL_LATER, Intent.WILL_CALL, Intent.OTHER_LANGUAGE,
    Intent.CAN_YOU_HEAR,
)  # fmt: skip


def is_bereaved(state: DialogueState) -> bool:
    """Whether a caller who told of a death has not asked for the product since."""
    return state.bereaved and state.matter is not None


def asks_for_it(state: DialogueState, analysis: Analysis) -> bool:
    """Whether whoever told of a death asks for the product himself, or says yes to whether to go on."""
    agrees = (
        analysis.polarity is True
        and only_agrees(analysis)
        and not analysis.asks
        and not analysis.has(Intent.AFFAIRS, Intent.SUPPORT)
    )
    return analysis.has(*_WANTS_IT) or (state.expecting is Expectation.MOVE_ON and agrees)


def about_a_bereavement(state: DialogueState, analysis: Analysis) -> Decision | None:
    """Returns the decision of all that is said in such a call, unless it is about the call itself."""
    if not is_bereaved(state) or state.booked is not None or analysis.has(*_HEARD_FIRST):
        return None
    if analysis.has(Intent.SUPPORT) and not state.facts:
        return None  # he is put through
    if asks_for_it(state, analysis):
        state.matter, state.expecting = None, None
        if state.workflow_state is WorkflowState.CLOSING:
            state.workflow_state = WorkflowState.QUALIFYING
        return None
    tells = analysis.asks or analysis.has(
        Intent.AFFAIRS, Intent.SUPPORT, Intent.WHO_ARE_YOU, Intent.ARE_YOU_HUMAN, Intent.DISTRESS
    )
    answers_a_call = analysis.polarity is not None or not analysis.moment.is_open or analysis.has(Intent.SAYS_WHEN)
    if state.expecting in OF_A_CALL and answers_a_call and not tells:
        return None
    declines = analysis.polarity is False and state.expecting is not Expectation.HUMAN_OFFER
    if not tells and (analysis.has(*_LEAVES) or declines):
        return Agent.CONVERSATION, WorkflowState.COMPLETED, TransitionTrigger.GOODBYE
    state.matter = Matter.DISTRESS
    return Agent.CONVERSATION, state.workflow_state, TransitionTrigger.OTHER_MATTER
