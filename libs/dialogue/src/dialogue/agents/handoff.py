"""The handoff agent: connects the caller with a human."""

from dialogue.agents.answering import answering
from dialogue.agents.drafting import Draft
from dialogue.intents import Intent
from dialogue.state import CloseReason
from vocabulary.enums import Expectation, TransitionTrigger, WorkflowState
from vocabulary.turns import Transfer


def _speak(draft: Draft) -> None:
    state, handoff = draft.state, draft.campaign.handoff
    state.pending = None
    urgent = draft.has(Intent.URGENT)
    if urgent:
        draft.say("matter.urgent")
    elif draft.route.trigger is TransitionTrigger.SUPPORT_REQUESTED:
        draft.say(_what_it_is_about(draft))
    if handoff.number is None and urgent:
        draft.state.request("urgent")
        draft.say("matter.urgent_call_back")
        draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else")
        return
    if handoff.number is None:
        draft.state.request("call_back_by_human")
        draft.say("handoff.impossible")
        draft.close_by_asking_for(Expectation.CALLBACK_TIME, "handoff.ask_time")
        return
    if handoff.announce in state.recent:
        draft.say("handoff.again", handoff=draft.campaign.prompts.handoff)
    else:
        draft.sentences.append(handoff.announce)
    draft.expect(None)
    draft.workflow_state = WorkflowState.HANDING_OFF
    state.close_reason = CloseReason.TRANSFERRED
    draft.actions.append(Transfer())


def _what_it_is_about(draft: Draft) -> str:
    """Returns the wording by which is said back what the caller wants help with."""
    if draft.state.requested("cancel"):
        return "own_appointment.cancel"
    if draft.state.requested("other_time"):
        return "own_appointment.move"
    return "own_appointment.about" if draft.has(Intent.OWN_APPOINTMENT) else "matter.support"


answer = answering(_speak)
