"""Brings a state in line with what really happened on the line.

Two parties keep a call's state: the orchestrator, and the gateway that goes on from it where the orchestrator does not
answer. Each is told of the turns that are over, often more than once; both take them in here.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from callwright_common.campaign import Campaign
from dialogue.analysis import Analysis, Analyzer, understood
from dialogue.intents import Intent
from dialogue.routing import take_in
from dialogue.state import DialogueState
from dialogue.state_codec import CorruptStateError, decode_state
from vocabulary.enums import ReplySource, WorkflowState
from vocabulary.turns import MAX_TOLD_TURNS, Question, TurnInput, TurnRecord, caller_text

_MAX_ASKED = 99
_MAX_HEARD_CHARACTERS = 1000
_MAX_KNOWN_TURNS = MAX_TOLD_TURNS + 10


def answered(
    state: DialogueState, reply_state: DialogueState, turn_id: str, turn_input: TurnInput, source: ReplySource
) -> DialogueState:
    """Returns the state to keep after a turn that was answered from `state` by the reply that led to `reply_state`."""
    ahead = state.model_copy(update={"before": None, "answered_by": {}})
    update = {
        "awaited": turn_id,
        "before": ahead if caller_text(turn_input) else None,
        "answered_by": _known(state, turn_id, source),
    }
    return reply_state.model_copy(update=update)


def gone_on(state: DialogueState, left: bytes) -> DialogueState:
    """Returns the state that somebody else left who answered since `state`, opaque; `state` where it cannot be read.

    What was decided with the caller meanwhile holds: that he is not to be called, wants a human, or was told goodbye.
    An appointment that was made stands.
    """
    try:
        theirs = decode_state(left, state.call_id)
    except CorruptStateError:
        return state
    return theirs.model_copy(update={"booked": theirs.booked or state.booked})


async def caught_up(
    campaign: Campaign, state: DialogueState, told: Iterable[TurnRecord], *, analyzer: Analyzer, now: datetime
) -> DialogueState:
    """Returns the state with the told turns in it as they happened; a turn that is told again changes nothing.

    * A turn that the state does not know was answered by somebody else: the caller's words count, and what he heard
      himself asked is open.
    * A turn that the orchestrator answered, but too late: the words are known, and another reply was heard.
    * The turn that was answered last: of its reply, only what was heard is open.
    * The same without the caller's words: they come again with what he went on to say, and the turn had no effect.
    """
    for turn in told:
        state = await _caught_up_with(campaign, state, turn, analyzer=analyzer, now=now)
    return state


async def _caught_up_with(
    campaign: Campaign, state: DialogueState, turn: TurnRecord, *, analyzer: Analyzer, now: datetime
) -> DialogueState:
    known, awaited = state.answered_by.get(turn.turn_id), turn.turn_id == state.awaited
    if known is None:
        after = heard(campaign, state, turn, await understood(analyzer, campaign, state, turn.input, now=now))
    elif awaited and not turn.caller_text and state.before is not None and state.before.booked == state.booked:
        # The agent goes on: its taking over has been told.
        after = state.before.model_copy(update={"agent": state.agent})
    elif known is ReplySource.ORCHESTRATOR and turn.source is not known:
        after = heard(campaign, state, replace(turn, caller_text=""), None)
    elif awaited:
        after = cut_short(state, turn.asked)
    else:
        return state
    update = {
        "awaited": "" if awaited else state.awaited,
        "before": None if awaited else state.before,
        "answered_by": _known(state, turn.turn_id, turn.source),
    }
    return after.model_copy(update=update)


def _known(state: DialogueState, turn_id: str, source: ReplySource) -> dict[str, ReplySource]:
    turns = [*(state.answered_by | {turn_id: source}).items()]
    return dict(turns[-_MAX_KNOWN_TURNS:])


def heard(campaign: Campaign, state: DialogueState, record: TurnRecord, analysis: Analysis | None) -> DialogueState:
    """Returns the state after a turn that somebody else answered: its facts count, and what it asked is open.

    For a reply of this library that was heard only in part there is `cut_short`.
    """
    state = state.fork()
    if analysis is not None:
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
