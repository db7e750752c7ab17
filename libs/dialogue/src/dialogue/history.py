"""Brings a state in line with what really happened on the line.

Two parties keep a call's state: the orchestrator, and the gateway that goes on from it where the orchestrator does not
answer. Each is told of the turns that are over, often more than once; both take them in here.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from callwright_common.campaign import Campaign
from dialogue.analysis import Analyzer
from dialogue.calendar_changes import in_doubt, wanted_change
from dialogue.state import CalendarChange, DialogueState, counted
from dialogue.state_codec import decode_state
from dialogue.turn_taking import answer, understood_and_routed
from dialogue.turns import Route
from vocabulary.enums import Agent, ReplySource
from vocabulary.turns import MAX_TOLD_TURNS, Question, TurnInput, TurnRecord, caller_text

_MAX_HEARD_CHARACTERS = 1000
_OF_THE_REPLY = ("asked", "missed_times", "read_backs", "callback_asked", "last_reply", "said", "spoken")
"""What counts only for a reply that was heard."""
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
    """Returns the state that somebody else left who answered since `state`, opaque; `state` if it knows that turn too.

    What was decided with the caller meanwhile holds: that he is not to be called, wants a human, or was told goodbye.
    The appointment that was made, moved or cancelled here is as it is known here; what is in doubt to either is so.

    Raises:
        CorruptStateError: if it cannot be read.
    """
    theirs = decode_state(left, state.call_id)
    if not theirs.answered_by or [*theirs.answered_by][-1] in state.answered_by:
        return state
    change = theirs.change if theirs.is_in_doubt else state.change
    booked = None if theirs.is_in_doubt else state.booked or (None if state.turns else theirs.booked)
    return theirs.model_copy(update={"change": change, "booked": booked})


def possible_change(campaign: Campaign, routed: Route, *, now: datetime) -> CalendarChange | None:
    """Returns what somebody else who answers the same turn may have done to the calendar, None if nothing."""
    if routed.agent is not Agent.SCHEDULER:
        return None
    state = routed.state
    known = [*state.offered, *(slot for slot in (state.chosen, state.booked) if slot is not None)]
    reply = answer(campaign, routed, slots=known, now=now)
    return wanted_change(state, reply, routed.turn_id)


async def caught_up(
    campaign: Campaign, state: DialogueState, told: Iterable[TurnRecord], *, analyzer: Analyzer, now: datetime
) -> DialogueState:
    """Returns the state with the told turns in it as they happened; a turn that is told again changes nothing.

    * A turn that the state does not know was answered by somebody else, or by nobody: the caller's words count with all
      that follows from them, and what he heard himself asked is open.
    * A turn that the orchestrator answered, but too late: the words are known, and another reply was heard.
    * The turn that was answered last: of its reply, only what was heard is open; a change of the calendar that was not
      heard is told again.
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
        after = _heard(state, await _decided(campaign, state, turn, analyzer=analyzer, now=now), turn)
    elif awaited and not turn.caller_text and state.before is not None and _may_be_undone(state, state.before):
        # The agent goes on: its taking over has been told.
        after = state.before.model_copy(update={"agent": state.agent})
    elif known is ReplySource.ORCHESTRATOR and turn.source is not known:
        after = _heard(state, state.model_copy(update={"turns": state.turns + 1}), turn)
        after = _with_untold_change(after, turn.turn_id) if awaited else after
    elif awaited:
        after = cut_short(state, turn.asked)
        heard_it = len(turn.heard_text) >= len(next(iter(state.last_reply), ""))
        after = after if heard_it else _with_untold_change(after, turn.turn_id)
    else:
        return state
    update = {
        "awaited": "" if awaited else state.awaited,
        "before": None if awaited else state.before,
        "answered_by": _known(state, turn.turn_id, turn.source),
    }
    return after.model_copy(update=update)


def _with_untold_change(state: DialogueState, turn_id: str) -> DialogueState:
    """Returns the state in which the caller is to be told that the calendar changed, if it did in the last turn."""
    before, change = state.before, state.change
    if change is not None:
        return state.model_copy(update={"change": change.model_copy(update={"told": False})})
    if before is None or before.booked == state.booked:
        return state
    if state.booked is None and before.booked is not None:
        change = CalendarChange(kind="cancel", slot=before.booked, turn_id=turn_id, done=True)
    elif state.booked is not None:
        kind: Literal["book", "move"] = "book" if before.booked is None else "move"
        change = CalendarChange(kind=kind, slot=state.booked, turn_id=turn_id, done=True)
    return state.model_copy(update={"change": change})


def _may_be_undone(state: DialogueState, before: DialogueState) -> bool:
    """Whether the turn that led from one state to the other left the calendar alone."""
    return before.booked == state.booked and (before.is_in_doubt or not state.is_in_doubt)


def _known(state: DialogueState, turn_id: str, source: ReplySource) -> dict[str, ReplySource]:
    turns = [*(state.answered_by | {turn_id: source}).items()]
    return dict(turns[-_MAX_KNOWN_TURNS:])


async def _decided(
    campaign: Campaign, state: DialogueState, turn: TurnRecord, *, analyzer: Analyzer, now: datetime
) -> DialogueState:
    """Returns the state after a turn that somebody else answered, as the rules would have answered it.

    Of appointments only what the caller told is taken in, as what was offered is not known here; a change of the
    calendar that he agreed to may have been made.
    """
    if turn.input is None:
        return state.model_copy(update={"turns": state.turns + 1})
    routed = await understood_and_routed(campaign, state, turn.input, analyzer=analyzer, turn_id=turn.turn_id, now=now)
    if routed.agent is not Agent.SCHEDULER:
        return answer(campaign, routed, slots=None, now=now).state
    update = {"agent": routed.agent, "workflow_state": routed.workflow_state, "turns": state.turns + 1}
    after = routed.state.model_copy(update=update)
    change = possible_change(campaign, routed, now=now)
    return in_doubt(after, change) if change is not None else after


def _heard(before: DialogueState, after: DialogueState, turn: TurnRecord) -> DialogueState:
    """Returns the state after a turn that somebody else answered, with what was heard of it.

    If nothing was heard, what was open before is still open, unless the caller answered it.
    """
    if turn.heard_text.strip():
        return cut_short(after, turn.asked).model_copy(update={"last_reply": [turn.heard_text[:_MAX_HEARD_CHARACTERS]]})
    update: dict[str, object] = {name: getattr(before, name) for name in _OF_THE_REPLY}
    if before.pending is None or after.facts.get(before.pending) == before.facts.get(before.pending):
        update |= {"expecting": before.expecting, "pending": before.pending}
    return after.model_copy(update=update)


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
        times[asked.question_id] = counted(times.get(asked.question_id, 0))
    expecting, pending = (asked.expectation, asked.question_id or None) if asked else (None, None)
    return state.model_copy(update={"asked": times, "expecting": expecting, "pending": pending})
