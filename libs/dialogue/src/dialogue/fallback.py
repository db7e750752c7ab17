"""Turns where no workflow graph stands between routing and reply, and the end of such a call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from callwright_common.campaign import Campaign
from dialogue.agents.change_outcomes import left_in_doubt
from dialogue.analysis import Analyzer
from dialogue.history import answered, caught_up, possible_change
from dialogue.outcomes import summed_up
from dialogue.state import DialogueState, initial_state
from dialogue.state_codec import CorruptStateError, decode_state, encode_state
from dialogue.turn_taking import answer, understood_and_routed
from dialogue.turns import Reply
from vocabulary.enums import EndReason, ReplySource
from vocabulary.exchange import CallResult
from vocabulary.turns import TurnInput, TurnRecord


@dataclass(frozen=True)
class Fallback:
    """A turn without orchestrator and without calendar.

    Attributes:
        reply: What the rules say and do; nothing is ever booked.
        dialogue_state: The state after the turn, opaque.
    """

    reply: Reply
    dialogue_state: bytes


async def fall_back(
    campaign: Campaign,
    call_id: str,
    dialogue_state: bytes,
    turn_input: TurnInput,
    *,
    told: Iterable[TurnRecord] = (),
    turn_id: str,
    now: datetime,
    analyzer: Analyzer,
) -> Fallback:
    """Returns the turn that goes on from a call's last opaque state; from its beginning if that cannot be read.

    What the orchestrator may have booked or cancelled in this turn is in doubt.

    Args:
        campaign: The campaign.
        call_id: The call.
        dialogue_state: The state that the orchestrator or the last fallback told.
        turn_input: What the caller did.
        told: The turns that are over since the orchestrator told its state, oldest first; each counts once.
        turn_id: The turn.
        now: An aware time.
        analyzer: Understands the caller.
    """
    state = _last_state(dialogue_state, call_id)
    state = await caught_up(campaign, state, told, analyzer=analyzer, now=now)
    routed = await understood_and_routed(campaign, state, turn_input, analyzer=analyzer, turn_id=turn_id, now=now)
    change = possible_change(campaign, routed, now=now)
    if change is not None:
        reply = left_in_doubt(campaign, routed, change, now=now)
    else:
        reply = answer(campaign, routed, slots=None, now=now)
    after = answered(state, reply.state, turn_id, turn_input, ReplySource.RULES)
    return Fallback(reply, encode_state(after))


async def end_without_orchestrator(
    campaign: Campaign,
    call_id: str,
    dialogue_state: bytes,
    reason: EndReason,
    *,
    told: Iterable[TurnRecord],
    now: datetime,
    analyzer: Analyzer,
) -> CallResult:
    """Returns what came of a call, by its last opaque state and the turns that are over since, as in `fall_back`."""
    state = _last_state(dialogue_state, call_id)
    state = await caught_up(campaign, state, told, analyzer=analyzer, now=now)
    return summed_up(campaign, state, reason)


def _last_state(dialogue_state: bytes, call_id: str) -> DialogueState:
    try:
        return decode_state(dialogue_state, call_id)
    except CorruptStateError:
        return initial_state(call_id)
