"""The objection handler agent: takes a concern seriously, answers it, and goes on only if the caller wants to."""

from dialogue.agents.answering import answering
from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.drafting import Draft
from dialogue.agents.lead_questions import acknowledge, ask_next
from dialogue.intents import Concern
from dialogue.language import WORDINGS
from dialogue.qualification import open_questions
from dialogue.state import CloseReason, counted
from vocabulary.enums import Expectation, WorkflowState

_MAX_SAME = 2
_MAX_ALL = 4
"""Of more concerns each is answered, and the next question waits until he wants it."""
_GO_ON_OR_LEAVE = "go_on_or_leave"
"""The name by which it is counted how often a caller was asked whether to go on."""


def _speak(draft: Draft) -> None:
    concern = draft.analysis.objection
    if concern is None:
        return
    state = draft.state
    draft.workflow_state = WorkflowState.HANDLING_OBJECTION
    raised = state.objections[concern] = counted(state.objections.get(concern, 0))
    draft.note_signal("objection")
    acknowledge(draft)
    if raised > _MAX_SAME and state.asked.get(_GO_ON_OR_LEAVE, 0):
        draft.say("objection.leave_it")
        draft.goodbye(CloseReason.DECLINED)
    elif raised >= _MAX_SAME:
        draft.say("objection.again")
        _ask_whether_to_go_on(draft)
    else:
        _answer_concern(draft, concern)


def _ask_whether_to_go_on(draft: Draft) -> None:
    draft.state.count_asked(_GO_ON_OR_LEAVE)
    draft.ask_for(Expectation.MOVE_ON, "objection.go_on_or_leave")


def _answer_concern(draft: Draft, concern: str) -> None:
    """Gives the campaign's answer to a concern, else a neutral one, and goes on with what is open."""
    answers = {objection.id: objection.reply for objection in draft.campaign.objections}
    known = f"concern.{concern}"
    neutral = WORDINGS[known if known in WORDINGS else "concern.any_other"]
    draft.sentences.append(answers.get(concern) or neutral[0])
    if draft.analysis.answers:
        answer_questions(draft)
    state = draft.state
    if state.booked is not None:
        draft.ask_for(Expectation.ANYTHING_ELSE, "objection.anything_else")
    elif state.offered or state.chosen:
        draft.ask_for(Expectation.SLOT_CHOICE, "objection.keep_time")
    elif concern == Concern.NO_NEED or sum(state.objections.values()) > _MAX_ALL:
        _ask_whether_to_go_on(draft)
    elif open_questions(draft.campaign, state):
        ask_next(draft, reacted=True)
    else:
        draft.ask_for(Expectation.MOVE_ON, "objection.offer_appointment")


answer = answering(_speak)
