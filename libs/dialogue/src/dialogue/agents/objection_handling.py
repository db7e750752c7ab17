"""The objection handler agent: takes a concern seriously, answers it, and goes on only if the caller wants to."""

from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.drafting import Draft
from dialogue.agents.qualification import acknowledge, ask_next
from dialogue.qualification.open_questions import open_questions
from dialogue.state import WorkflowState
from dialogue.understanding.concerns import Concern

_MAX_SAME = 2
_MAX_ALL = 4


def speak(draft: Draft) -> None:
    """Phrases the reply of the objection handler agent."""
    concern = draft.heard.concern
    if concern is None:
        return
    state = draft.state
    draft.workflow_state = WorkflowState.HANDLING_OBJECTION
    raised = state.objections.get(concern.id, 0) + 1
    state.objections[concern.id] = min(raised, 99)
    draft.note_signal("objection")
    acknowledge(draft)
    if raised > _MAX_SAME or sum(state.objections.values()) > _MAX_ALL:
        draft.say("I understand, and I do not want to push you.", "That is completely fine, I will leave it there.")
        draft.goodbye("declined")
    elif raised == _MAX_SAME:
        draft.say("I hear you, that really matters to you.", "I understand that this worries you.")
        draft.say(
            "Shall we go on, or would you rather leave it here?",
            "Would you like to go on, or shall we stop here?",
        )
        draft.expect("move_on")
    else:
        _answer(draft, concern)


def _answer(draft: Draft, concern: Concern) -> None:
    draft.sentences.append(concern.reply)
    if draft.heard.answers:
        answer_questions(draft)
    state = draft.state
    if state.booked is not None:
        draft.say("Is there anything else on your mind?", "Is there anything else?")
        draft.expect("anything_else")
    elif state.offered or state.chosen:
        draft.say("Would one of the times suit you?", "Shall we keep one of those times?")
        draft.expect("slot_choice")
    elif open_questions(draft.campaign, state):
        ask_next(draft, reacted=True)
    else:
        draft.say(
            f"Would you like to have the {draft.campaign.appointment.name}?",
            f"Shall I set up the {draft.campaign.appointment.name}, just so that you know more?",
        )
        draft.expect("move_on")
