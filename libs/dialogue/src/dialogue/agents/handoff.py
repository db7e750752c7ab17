"""The handoff agent: connects the caller with a human."""

from dialogue.agents.answering import answering
from dialogue.agents.drafting import Draft
from dialogue.intents import Intent, Matter
from dialogue.languages import known_languages
from dialogue.state import CloseReason
from vocabulary.enums import Expectation, TransitionTrigger, WorkflowState
from vocabulary.turns import Transfer

_AT_ONCE = ("urgent", "matter.urgent_call_back", Expectation.ANYTHING_ELSE, "open.anything_else")
_WHEN_IT_SUITS = ("call_back_by_human", "handoff.impossible", Expectation.CALLBACK_TIME, "handoff.ask_time")
"""What is noted, promised and asked where nobody can be put through."""


def _speak(draft: Draft) -> None:
    state, handoff = draft.state, draft.campaign.handoff
    state.pending = None
    urgent = draft.has(Intent.URGENT)
    if urgent:
        if Matter.FIRE in draft.analysis.matters:
            draft.say("matter.get_out")
        draft.say("matter.urgent")
    elif draft.route.trigger is TransitionTrigger.SUPPORT_REQUESTED:
        draft.say(_what_it_is_about(draft))
    if handoff.number is None:
        noted, promise, expects, asks = _AT_ONCE if urgent else _WHEN_IT_SUITS
        insists = state.requested(noted) and state.expecting is expects
        state.request(noted)
        draft.say(promise)
        if insists:
            draft.goodbye(CloseReason.GOODBYE)  # what was asked is no answer to him, and there is nothing else to say
        else:
            draft.close_by_asking_for(expects, asks)
        return
    known = known_languages().get(state.foreign)
    if known is not None and known.transfer:
        draft.sentences.append(known.transfer)
    elif handoff.announce in state.recent:
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
