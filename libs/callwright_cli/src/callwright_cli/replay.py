"""A recorded call once more: its caller's words through this build, with the campaign as it is now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import grpc
from rich.console import Console

from callwright.persistence.v1 import persistence_pb2 as persistence
from callwright.persistence.v1.persistence_pb2_grpc import PersistenceServiceStub
from callwright_cli.call_record import RecordMissingError, read_finished_call
from callwright_common.campaign import Campaign
from callwright_common.rpc.client import open_channel
from dialogue import (
    Analyzer,
    LearnedAnalyzer,
    Reply,
    answered,
    caught_up,
    initial_state,
    reweighed,
    summed_up,
    take_turn,
)
from intent_classifier import IntentClassifier
from local_stack import LocalStackError
from vocabulary.call_events import TurnRecorded
from vocabulary.call_record import CallHistory
from vocabulary.enums import EndReason
from vocabulary.exchange import CallResult
from vocabulary.qualification import QualificationScore
from vocabulary.turns import Opening, Silence, Slot

_RECORD_SECONDS = 2.0
_MAX_SLOTS = 500


@dataclass(frozen=True, slots=True)
class ReplayedTurn:
    """A turn as it was and what it would be answered now."""

    recorded: TurnRecorded
    reply: Reply

    @property
    def differs(self) -> bool:
        """Whether another agent or other words would answer."""
        return (self.recorded.agent, self.recorded.turn.reply_text) != (self.reply.agent, self.reply.text)


@dataclass(frozen=True, slots=True)
class Replay:
    """A whole call: its turns, and what would come of it."""

    turns: tuple[ReplayedTurn, ...]
    result: CallResult


async def replay_call(address: str, campaigns: Mapping[str, Campaign], call_id: str, console: Console) -> int:
    """Reads a call from the persistence service at an address, answers it anew and shows the difference.

    Of a call that was erased, what is left is told and compared: its score with the weights that the campaign has now.

    Returns:
        0 if there is none, else 1.

    Raises:
        LocalStackError: if the call cannot be read or its campaign is not there.
    """
    try:
        async with open_channel(address) as channel:
            record = await read_finished_call(channel, call_id, timeout=_RECORD_SECONDS)
            slots = await _free_slots(channel, record.call.campaign_id)
    except RecordMissingError as error:
        raise LocalStackError(str(error)) from error
    campaign = campaigns.get(record.call.campaign_id)
    if campaign is None:
        raise LocalStackError(f"there is no campaign {record.call.campaign_id}; there are {', '.join(campaigns)}")
    if record.call.erase_time is not None:
        return int(show_erased(console, record, campaign))
    with IntentClassifier() as classifier:
        replayed = await replay(record, campaign, slots, LearnedAnalyzer(classifier))
    show_replay(console, record, replayed)
    return int(any(turn.differs for turn in replayed.turns))


async def replay(record: CallHistory, campaign: Campaign, slots: Sequence[Slot], analyzer: Analyzer) -> Replay:
    """Answers each turn of a call anew.

    The caller's next words answer what he was really asked, whatever he would have been asked now.

    Args:
        record: The call.
        campaign: Its campaign, as it is to be.
        slots: The times that can be offered; those that were booked can be as well.
        analyzer: Understands the caller.
    """
    booked = (Slot(one.slot_id, one.campaign_id, one.start_time, one.end_time) for one in record.bookings)
    times = sorted({slot.slot_id: slot for slot in (*slots, *booked)}.values(), key=lambda slot: slot.start_time)
    state, turns = initial_state(record.call.call_id), list[ReplayedTurn]()
    for recorded in record.turns:
        turn = recorded.turn
        if recorded.joined_into:
            continue
        turn_input, now = turn.input or (Silence(1) if turns else Opening(record.call.caller_number)), turn.occur_time
        reply = await take_turn(
            campaign, state, turn_input, analyzer=analyzer, turn_id=turn.turn_id, now=now, slots=times
        )
        turns.append(ReplayedTurn(recorded, reply))
        state = answered(state, reply.state, turn.turn_id, turn_input, turn.source)
        state = await caught_up(campaign, state, [turn], analyzer=analyzer, now=now)
    return Replay(tuple(turns), summed_up(campaign, state, record.call.end_reason or EndReason.CALLER_HUNG_UP))


async def _free_slots(channel: grpc.aio.Channel, campaign_id: str) -> tuple[Slot, ...]:
    """Returns the times of a campaign that are free now.

    Raises:
        RecordMissingError: if the persistence service does not tell.
    """
    request = persistence.ListFreeSlotsRequest(campaign_id=campaign_id, page_size=_MAX_SLOTS)
    try:
        found = await PersistenceServiceStub(channel).ListFreeSlots(request, timeout=_RECORD_SECONDS)
    except grpc.aio.AioRpcError as error:
        raise RecordMissingError(f"the free times: {error.code().name}: {error.details()}") from error
    return tuple(Slot.from_proto(slot) for slot in found.slots)


def show_erased(console: Console, record: CallHistory, campaign: Campaign) -> bool:
    """Prints what is left of an erased call, and returns whether its score would be another now.

    Without words no turn can be answered anew: whatever came out would be no difference of this build.
    """
    call, score = record.call, record.call.score
    agents = ", ".join(dict.fromkeys(turn.agent for turn in record.turns if turn.agent is not None)) or "nobody"
    erased = f"{call.erase_time:%Y-%m-%d %H:%M} UTC" if call.erase_time else "an unknown time"
    _tell(console, f"call {call.call_id} was erased at {erased}: what was said is gone, no turn can be answered anew")
    _tell(console, f"left are: {record.turn_count} turns, answered by {agents}; outcome {call.outcome}")
    if score is None:
        _tell(console, "no score was recorded: nothing is left to be compared")
        return False
    now = reweighed(campaign, score)
    was_and_is = [f"{one.overall:.2f}, which {_qualifies(one)} from {one.threshold:.2f} on" for one in (score, now)]
    _tell(console, f"score {was_and_is[0]}; by the weights of the campaign as it is {was_and_is[1]}")
    return was_and_is[0] != was_and_is[1]


def _qualifies(score: QualificationScore) -> str:
    return "qualifies" if score.qualified else "does not qualify"


def _tell(console: Console, text: str) -> None:
    console.print(text, soft_wrap=True, highlight=False, markup=False)


def show_replay(console: Console, record: CallHistory, replayed: Replay) -> None:
    """Prints the turns that would be answered otherwise, and what would come of the call."""
    for one in replayed.turns:
        if one.differs:
            turn = one.recorded.turn
            _tell(console, f"\ncaller: {turn.caller_text or '-'}")
            _tell(console, f"   was: ({one.recorded.agent or turn.source}) {turn.reply_text}")
            _tell(console, f"   now: ({one.reply.agent}, {one.reply.trigger}) {one.reply.text}")
    before, now = record.call.score, replayed.result.score
    _tell(
        console,
        f"\n{sum(one.differs for one in replayed.turns)} of {len(replayed.turns)} turns differ; "
        f"outcome {record.call.outcome}, now {replayed.result.outcome}; "
        f"score {before.overall if before else 0.0:.2f}, now {now.overall if now else 0.0:.2f}",
    )
