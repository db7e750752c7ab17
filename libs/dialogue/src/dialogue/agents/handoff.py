"""The handoff agent: connects the caller with a human."""

from datetime import datetime

from callwright_common.campaign import Campaign
from dialogue.agents.answering import Slots, reply_to
from dialogue.agents.drafting import Draft
from dialogue.state import CloseReason
from dialogue.turns import Reply, Route
from vocabulary.enums import Expectation, TransferReason, WorkflowState
from vocabulary.turns import Transfer


def answer(campaign: Campaign, routed: Route, *, slots: Slots, now: datetime) -> Reply:
    """Returns the reply of the handoff agent to a turn that was routed to it."""
    return reply_to(campaign, routed, slots, now, _speak)


def _speak(draft: Draft) -> None:
    state, handoff = draft.state, draft.campaign.handoff
    state.pending = None
    if handoff.number is None:
        draft.request("a call back by a human")
        draft.say("I cannot connect you right now, but I have noted that you want to talk to a colleague.")
        draft.say("When would be a good time for that?", "When can we best reach you?")
        draft.expect(Expectation.CALLBACK_TIME)
        draft.workflow_state = WorkflowState.CLOSING
        return
    again = handoff.announce in state.recent
    draft.sentences.append(
        draft.pick("I am connecting you now, please stay on the line.", draft.campaign.prompts.handoff)
        if again
        else handoff.announce
    )
    draft.expect(None)
    draft.workflow_state = WorkflowState.HANDING_OFF
    state.close_reason = CloseReason.TRANSFERRED
    draft.actions.append(Transfer(TransferReason.CALLER_ASKED))
