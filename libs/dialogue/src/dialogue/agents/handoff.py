"""The handoff agent: connects the caller with a human."""

from dialogue.agents.drafting import Draft
from dialogue.state import WorkflowState
from dialogue.turns import Transfer


def speak(draft: Draft) -> None:
    """Phrases the reply of the handoff agent."""
    state = draft.state
    state.pending = None
    if draft.campaign.handoff.number is None:
        draft.request("a call back by a human")
        draft.say("I cannot connect you right now, but I have noted that you want to talk to a colleague.")
        draft.say("When would be a good time for that?", "When can we best reach you?")
        draft.expect("callback_time")
        draft.workflow_state = WorkflowState.CLOSING
        return
    again = draft.campaign.handoff.announce in state.recent
    draft.sentences.append(
        draft.pick("I am connecting you now, please stay on the line.", draft.campaign.prompts.handoff)
        if again
        else draft.campaign.handoff.announce
    )
    draft.expect("nothing")
    draft.workflow_state = WorkflowState.HANDING_OFF
    state.close_reason = "transferred"
    draft.actions.append(Transfer("caller_asked"))
