"""Routes whoever cannot have it at all: he is told so plainly, and asked nothing more."""

from callwright_common.campaign import Authority, Campaign
from dialogue.analysis import AUTHORITY_VALUES, Analysis
from dialogue.bereavement import is_bereaved
from dialogue.contact import ABOUT_THE_CONTACT
from dialogue.intents import COMES_FIRST, LETS_IT_BE, PAUSES, Intent
from dialogue.matters import Decision
from dialogue.qualification import needs_owner
from dialogue.state import DialogueState
from dialogue.turns import Captured
from vocabulary.enums import Agent, TransitionTrigger, WorkflowState

REASONS = (Intent.NOT_SERVED, Intent.RENTS)
_OWNS = (AUTHORITY_VALUES[Authority.ALONE], AUTHORITY_VALUES[Authority.TOGETHER])


def about_who_cannot_have_it(
    campaign: Campaign, state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]
) -> Decision | None:
    """Returns the decision if the caller cannot have what is sold, else None; whoever puts it right goes on.

    A tenant cannot have what is asked of the owner of a home.
    """
    tells_else = state.expecting in ABOUT_THE_CONTACT or is_bereaved(state)
    if state.booked is not None or tells_else or analysis.has(*COMES_FIRST, Intent.WANTS_HUMAN):
        return None
    reasons = REASONS if needs_owner(campaign) else (Intent.NOT_SERVED,)
    reason = next((one for one in reasons if analysis.has(one)), None)
    if reason is not None and state.out_of_reach is None:
        state.out_of_reach, state.pending, state.offered, state.chosen = reason.value, None, [], None
        return Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.NOT_QUALIFIED
    if state.out_of_reach is None:
        return None
    if analysis.has(Intent.WITHIN_REACH) or any(one.fact.value in _OWNS for one in captured):
        state.out_of_reach, state.workflow_state, state.expecting = None, WorkflowState.QUALIFYING, None
        return None
    asks_again = analysis.has(Intent.INSISTS, Intent.WANTS_PLAIN_ANSWER) and not analysis.has(Intent.GOODBYE)
    if not asks_again and (analysis.has(*LETS_IT_BE, *PAUSES, Intent.CALL_LATER) or analysis.polarity is False):
        return None
    return Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.CLOSING
