"""The objection handler agent: takes a concern seriously, answers it, and goes on only if the caller wants to."""

from datetime import datetime

from callwright_common.campaign import Campaign
from dialogue.agents.answering import Slots, reply_to
from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.drafting import Draft
from dialogue.agents.lead_questions import acknowledge, ask_next
from dialogue.qualification import open_questions
from dialogue.state import CloseReason
from dialogue.turns import Reply, Route
from vocabulary.enums import Expectation, WorkflowState

_MAX_SAME = 2
_MAX_ALL = 4
_NEUTRAL_ANSWERS = {
    "too_expensive": "I understand, the price matters.",
    "has_provider": "That is good to hear, and there is no need to change anything today.",
    "send_email": "I have noted that you would like it in writing.",
    "needs_to_think": "Of course, take the time you need.",
    "no_trust": "I understand the caution, and it is right to ask.",
    "not_now": "That is fine, there is no rush.",
    "too_many_questions": "I hear you, I will keep it short.",
}
"""To concerns that callers raise everywhere, where the campaign has no answer of its own."""
_ACKNOWLEDGED = "I understand."


def answer(campaign: Campaign, routed: Route, *, slots: Slots, now: datetime) -> Reply:
    """Returns the reply of the objection handler agent to a turn that was routed to it."""
    return reply_to(campaign, routed, slots, now, _speak)


def _speak(draft: Draft) -> None:
    concern = draft.analysis.concern
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
        draft.goodbye(CloseReason.DECLINED)
    elif raised == _MAX_SAME:
        draft.say("I hear you, that really matters to you.", "I understand that this worries you.")
        draft.say(
            "Shall we go on, or would you rather leave it here?",
            "Would you like to go on, or shall we stop here?",
        )
        draft.expect(Expectation.MOVE_ON)
    else:
        _answer_concern(draft, concern.id)


def _answer_concern(draft: Draft, concern: str) -> None:
    """Gives the campaign's answer to a concern, else a neutral one, and goes on with what is open."""
    answers = {objection.id: objection.reply for objection in draft.campaign.objections}
    draft.sentences.append(answers.get(concern) or _NEUTRAL_ANSWERS.get(concern, _ACKNOWLEDGED))
    if draft.analysis.answers:
        answer_questions(draft)
    state = draft.state
    if state.booked is not None:
        draft.say("Is there anything else on your mind?", "Is there anything else?")
        draft.expect(Expectation.ANYTHING_ELSE)
    elif state.offered or state.chosen:
        draft.say("Would one of the times suit you?", "Shall we keep one of those times?")
        draft.expect(Expectation.SLOT_CHOICE)
    elif open_questions(draft.campaign, state):
        ask_next(draft, reacted=True)
    else:
        draft.say(
            f"Would you like to have the {draft.campaign.appointment.name}?",
            f"Shall I set up the {draft.campaign.appointment.name}?",
        )
        draft.expect(Expectation.MOVE_ON)
