"""Routes whoever takes leave while something of his appointment is open: it is never dropped in silence."""

from dialogue.analysis import Analysis
from dialogue.intents import CHANGES, COMES_FIRST, DECLINES, Intent
from dialogue.matters import Decision
from dialogue.state import ABOUT_TIMES, DialogueState
from vocabulary.enums import Agent, Expectation, TransitionTrigger, WorkflowState

_SEEN_TO_FIRST = (
    *COMES_FIRST, *CHANGES, Intent.OTHER_MATTER, Intent.WANTS_HUMAN, Intent.WILL_CALL, Intent.CALL_LATER,
    Intent.CALL_ME, Intent.REPEAT,
)  # fmt: skip
"""What is seen to before what is open, or closes it."""
_TAKES_A_YES = frozenset({Expectation.SLOT_CONFIRMATION, Expectation.CANCELLATION_CHECK})
_LETS_GO = (*DECLINES, Intent.LEAVES_IT, Intent.KEEPS_APPOINTMENT)


def is_open_ended(state: DialogueState) -> bool:
    """Whether a time, a change or a cancellation waits for the caller's word."""
    if state.expecting is Expectation.CANCELLATION_CHECK:
        return state.booked is not None
    return state.expecting in ABOUT_TIMES and (state.chosen is not None or bool(state.offered))


def takes_leave(state: DialogueState, analysis: Analysis) -> bool:
    """Whether a caller is about to go while something is open, and says nothing that decides it."""
    if not is_open_ended(state) or analysis.asks or analysis.has(Intent.SAYS_MORE, *_SEEN_TO_FIRST):
        return False
    if not analysis.moment.is_open or analysis.picks is not None or analysis.has(Intent.UNCLEAR_TIME):
        return False
    return analysis.has(Intent.GOODBYE, Intent.NOTHING_MORE)


def about_an_open_end(state: DialogueState, analysis: Analysis) -> Decision | None:
    """Returns the decision where a caller takes leave while something is open.

    A yes decides it, and so does the time that he names. Else he is asked once; after that, or where he lets it go,
    he is told what stands.
    """
    scheduling = (Agent.SCHEDULER, WorkflowState.SCHEDULING, TransitionTrigger.SLOT_DISCUSSED)
    if not takes_leave(state, analysis):
        picks = analysis.picks is not None or not analysis.moment.is_open
        named = analysis.has(Intent.GOODBYE) and state.expecting in ABOUT_TIMES and picks
        return scheduling if named and not analysis.has(*_SEEN_TO_FIRST, *_LETS_GO) else None
    if decides(state, analysis) or is_to_be_asked(state, analysis):
        return scheduling
    return Agent.CONVERSATION, WorkflowState.COMPLETED, TransitionTrigger.GOODBYE


def decides(state: DialogueState, analysis: Analysis) -> bool:
    """Whether a caller says yes to what he was asked before he goes."""
    return analysis.polarity is True and state.expecting in _TAKES_A_YES


def is_to_be_asked(state: DialogueState, analysis: Analysis) -> bool:
    """Whether what is open is asked for before a caller goes: once, and not of one who has let it go."""
    refuses = analysis.polarity is False and not analysis.has(Intent.NOTHING_MORE)
    asked_already = state.expecting is Expectation.CANCELLATION_CHECK or Intent.GOODBYE in state.checked
    return not asked_already and not refuses and not analysis.has(*_LETS_GO)
