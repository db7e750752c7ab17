"""Brings a state in line with what really happened on the line."""

from datetime import datetime

from callwright_common.campaign import Campaign
from dialogue.analysis import Analyzer
from dialogue.intents import Intent
from dialogue.routing import take_in
from dialogue.state import DialogueState
from vocabulary.enums import WorkflowState
from vocabulary.turns import Question, TurnRecord

_MAX_ASKED = 99
_MAX_HEARD_CHARACTERS = 1000


def heard(
    campaign: Campaign, state: DialogueState, record: TurnRecord, *, analyzer: Analyzer, now: datetime
) -> DialogueState:
    """Returns the state after a turn that somebody else answered: its facts count, and what it asked is open.

    For a reply of this library that was heard only in part there is `cut_short`.
    """
    state = state.fork()
    if (said := record.input) is not None:
        analysis = analyzer.analyse(campaign, state, said, now=now)
        captured = take_in(state, analysis, record.turn_id)
        state.wants_appointment = state.wants_appointment or analysis.has(Intent.WANTS_APPOINTMENT)
        if state.workflow_state in {WorkflowState.INITIALIZING, WorkflowState.GREETING}:
            state.workflow_state = WorkflowState.QUALIFYING if captured else WorkflowState.GREETING
    if record.asked is not None:
        asked = campaign.question(record.asked.question_id)
        state.expecting, state.pending = record.asked.expectation, asked.id if asked else None
        if asked is not None:
            state.asked[asked.id] = min(state.asked.get(asked.id, 0) + 1, _MAX_ASKED)
    elif record.heard_text.strip():
        state.expecting, state.pending = None, None
    if record.heard_text.strip():
        state.last_reply = [record.heard_text[:_MAX_HEARD_CHARACTERS]]
    state.turns += 1
    return state


def cut_short(state: DialogueState, asked: Question | None) -> DialogueState:
    """Returns the state after the last reply was heard only in part: only what was heard of it is open.

    Args:
        state: The state after the reply.
        asked: What the caller heard the reply ask, None for nothing.
    """
    if asked == state.asks:
        return state
    times = dict(state.asked)
    if state.pending is not None:
        times[state.pending] = max(0, times.get(state.pending, 0) - 1)
    if asked is not None and asked.question_id:
        times[asked.question_id] = min(times.get(asked.question_id, 0) + 1, _MAX_ASKED)
    expecting, pending = (asked.expectation, asked.question_id or None) if asked else (None, None)
    return state.model_copy(update={"asked": times, "expecting": expecting, "pending": pending})
