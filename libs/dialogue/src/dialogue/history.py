"""Brings a state in line with what really happened on the line, and answers from a short history alone."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz

from callwright_common.campaign import Campaign
from dialogue.qualification.capture import capture
from dialogue.replies import initial_state, take_turn
from dialogue.routing import take_in
from dialogue.spoken import spoken_text
from dialogue.state import DialogueState, Expectation, WorkflowState
from dialogue.turns import Reply, Utterance
from dialogue.understanding.intents import Intent
from dialogue.understanding.utterances import understand

_ASKED_RATIO = 90.0
_MAX_HISTORY = 60


def heard(
    campaign: Campaign, state: DialogueState, turn_id: str, caller_text: str, heard_text: str, *, now: datetime
) -> DialogueState:
    """Returns the state after a turn that somebody else answered: its facts count, and what was asked in it is open.

    Use it for turns that a fallback answered; for a reply of this library that was cut short use `cut_short`.
    """
    state = state.model_copy(deep=True)
    local = now.astimezone(ZoneInfo(campaign.calendar.timezone))
    if caller_text.strip():
        understood = understand(campaign, caller_text, local)
        captured = tuple(capture(campaign, state, understood, turn_id))
        take_in(state, understood, captured, turn_id)
        state.wants_appointment = state.wants_appointment or understood.has(Intent.WANTS_APPOINTMENT)
        if state.workflow_state in {WorkflowState.INITIALIZING, WorkflowState.GREETING}:
            state.workflow_state = WorkflowState.QUALIFYING if captured else WorkflowState.GREETING
    asked = _question_in(campaign, heard_text)
    if asked is not None:
        state.pending, state.expecting = asked, "answer"
        state.asked[asked] = min(state.asked.get(asked, 0) + 1, 99)
    elif heard_text.strip():
        state.pending, state.expecting = None, _expectation_in(campaign, heard_text)
    if heard_text.strip():
        state.last_reply = [heard_text[:1000]]
    state.turns += 1
    return state


def cut_short(campaign: Campaign, state: DialogueState, heard_text: str) -> DialogueState:
    """Returns the state after the last reply was heard only in part: a question that was not heard was not asked."""
    pending = campaign.question(state.pending or "")
    if pending is None or _question_in(campaign, heard_text) == pending.id:
        return state
    asked = dict(state.asked)
    asked[pending.id] = max(0, asked.get(pending.id, 0) - 1)
    return state.model_copy(update={"asked": asked})


def fallback_reply(
    campaign: Campaign, call_id: str, history: Iterable[tuple[str, str]], text: str, *, now: datetime
) -> Reply:
    """Returns a reply to `text` from a short history alone: pairs of what the caller said and what he then heard.

    No calendar is at hand: a wish for an appointment is noted and a call back is promised, and nothing is booked.
    """
    state = initial_state(call_id)
    for index, (caller_text, heard_text) in enumerate(list(history)[-_MAX_HISTORY:]):
        state = heard(campaign, state, f"{index}", caller_text, heard_text, now=now)
    return take_turn(campaign, state, Utterance(text), turn_id="fallback", now=now, slots=None)


def _question_in(campaign: Campaign, heard_text: str) -> str | None:
    """Returns the id of the qualifying question that stands last in a text, or None."""
    text = heard_text.lower()
    best: tuple[int, str] | None = None
    for question in campaign.questions:
        for wording in (question.ask, question.ask_again, f"Could you tell me a little about {question.label}?"):
            spoken = spoken_text(wording).lower()
            position = text.rfind(spoken)
            if position < 0 and len(text) >= len(spoken):
                near = fuzz.partial_ratio_alignment(spoken, text, score_cutoff=_ASKED_RATIO)
                position = near.dest_start if near else -1
            if position >= 0 and (best is None or position > best[0]):
                best = (position, question.id)
    return best[1] if best else None


def _expectation_in(campaign: Campaign, heard_text: str) -> Expectation:
    """Returns what a reply that held no qualifying question asked for."""
    text = heard_text.lower()
    if "anything else" in text:
        return "anything_else"
    if campaign.prompts.call_back.lower() in text or "suit you" in text:
        return "slot_choice"
    return "nothing"
