"""Routes whoever wants something sent to him: he is believed, and asked where it is to go and nothing else."""

from dialogue.analysis import Analysis
from dialogue.bereavement import is_bereaved
from dialogue.contact import ABOUT_THE_CONTACT, PERSONAL, SENT_TO
from dialogue.intents import COMES_FIRST, LETS_IT_BE, PAUSES, Concern, Intent
from dialogue.matters import Decision
from dialogue.state import ABOUT_TIMES, DialogueState
from dialogue.turns import Captured
from vocabulary.enums import Agent, Expectation, TransitionTrigger, WorkflowState


def about_what_is_sent(state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]) -> Decision | None:
    """Returns the decision if something is to be sent to the caller, else None."""
    of_the_dead = is_bereaved(state) and not state.in_writing
    if state.booked is not None or of_the_dead or analysis.has(*COMES_FIRST, *PAUSES, Intent.WANTS_HUMAN):
        return None
    wants = analysis.objection == Concern.SEND_EMAIL
    chooses = analysis.picks is not None or not analysis.moment.is_open or state.chosen is not None
    chooses = chooses and state.expecting in ABOUT_TIMES
    told = any(one.fact.name in PERSONAL for one in captured)
    if not state.in_writing:
        if not wants or chooses:
            return None
        state.in_writing, state.pending, state.offered, state.chosen = True, None, [], None
    elif state.expecting in ABOUT_THE_CONTACT and not analysis.has(Intent.NOT_TO_BE_SENT):
        agrees = state.expecting is Expectation.CONTACT_CONFIRMATION and analysis.polarity is True  # "yes, that's it"
        if analysis.has(*LETS_IT_BE, Intent.WANTS_APPOINTMENT) and not (told or agrees):
            return None
    elif not (
        wants or analysis.has(Intent.ASKS_IF_SENT, Intent.NOT_TO_BE_SENT) or _tells_more(state, analysis, told=told)
    ):
        return None
    return Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.CONTACT_DISCUSSED


def _tells_more(state: DialogueState, analysis: Analysis, *, told: bool) -> bool:
    """Whether the caller puts right where it is to go once that was settled."""
    tells_where = any(fact.name in SENT_TO for fact in analysis.told)
    return state.expecting is Expectation.ANYTHING_ELSE and told and (tells_where or analysis.polarity is not True)
