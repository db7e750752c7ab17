"""The contract's requests, checked and turned into values; every refusal names the field by its path."""

from collections.abc import Iterable
from datetime import timedelta

from agent_orchestrator.call_context import CallContext
from agent_orchestrator.context_codec import MAX_ENCODED_BYTES, CorruptContextError, decode_context
from agent_orchestrator.conversation import ReplySource, Tier, TurnRecord
from agent_orchestrator.requests import (
    CallState,
    EndRequest,
    Mirror,
    SyncRequest,
    TurnRequest,
)
from agent_orchestrator.wire import AGENTS, SOURCES, TIERS
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.conversation.v1 import conversation_pb2 as conv
from callwright_common.clock import Clock
from callwright_common.errors import InvalidArgumentError
from callwright_common.validation import (
    require_duration,
    require_enum,
    require_fraction,
    require_id,
    require_phone_number,
    require_text,
    require_timestamp,
)
from callwright_common.wire import from_timestamp
from dialogue import Agent, Keys, Opening, Silence, TurnInput, Utterance

_MAX_TEXT = 4_000
_MAX_ENTRIES = 100
_MAX_LEAD_DATA = 50
_AGENTS: dict[int, Agent] = {number: agent for agent, number in AGENTS.items()}
_TIERS: dict[int, Tier] = {number: tier for tier, number in TIERS.items()}
_SOURCES: dict[int, ReplySource] = {number: source for source, number in SOURCES.items()}


def parse_turn(request: pb.ProcessTurnRequest, clock: Clock) -> TurnRequest:
    """Returns the turn to be answered; `clock` dates entries that tell no time."""
    first_text = None
    if request.HasField("first_text_timeout"):
        first_text = require_duration(
            "first_text_timeout",
            request.first_text_timeout,
            minimum=timedelta(milliseconds=1),
            maximum=timedelta(seconds=60),
        ).total_seconds()
    return TurnRequest(
        call_id=require_id("call_id", request.call_id),
        turn_id=require_id("turn_id", request.turn_id),
        input=_input(request),
        base_revision=_revision("base_revision", request.base_revision),
        unsynced_entries=_records("unsynced_entries", request.unsynced_entries, clock),
        call_state=_call_state(request.call_state),
        first_text_seconds=first_text,
    )


def parse_sync(request: pb.SyncCallStateRequest, clock: Clock) -> SyncRequest:
    """Returns the gateway's view of a call."""
    call_id = require_id("call_id", request.call_id)
    return SyncRequest(
        call_id=call_id,
        base_revision=_revision("base_revision", request.base_revision),
        unsynced_entries=_records("unsynced_entries", request.unsynced_entries, clock),
        call_state=_call_state(request.call_state),
        mirror=_mirror(request.mirror, call_id, clock) if request.HasField("mirror") else None,
    )


def parse_end(request: pb.EndCallRequest, clock: Clock) -> EndRequest:
    """Returns the end of a call."""
    return EndRequest(
        call_id=require_id("call_id", request.call_id),
        reason=require_id("reason", request.reason),
        unsynced_entries=_records("unsynced_entries", request.unsynced_entries, clock),
    )


def _input(request: pb.ProcessTurnRequest) -> TurnInput:
    match request.WhichOneof("input"):
        case "opening":
            return Opening()
        case "utterance":
            require_fraction("utterance.confidence", request.utterance.confidence)
            return Utterance(require_text("utterance.text", request.utterance.text, max_length=_MAX_TEXT))
        case "silence":
            require_duration(
                "silence.duration", request.silence.duration, minimum=timedelta(), maximum=timedelta(hours=4)
            )
            if request.silence.count < 1:
                raise InvalidArgumentError("silence.count", "must be at least 1")
            return Silence(request.silence.count)
        case "dtmf":
            digits = require_text("dtmf.digits", request.dtmf.digits, max_length=64)
            if not set(digits) <= set("0123456789*#"):
                raise InvalidArgumentError("dtmf.digits", "must be one or more of 0-9, * and #")
            return Keys(digits)
        case _:
            raise InvalidArgumentError("input", "must be set")


def _call_state(state: pb.CallState) -> CallState:
    field = "call_state"
    if state.caller_number:
        require_phone_number(f"{field}.caller_number", state.caller_number)
    if len(state.lead_data) > _MAX_LEAD_DATA:
        raise InvalidArgumentError(f"{field}.lead_data", f"must have at most {_MAX_LEAD_DATA} entries")
    for key, value in state.lead_data.items():
        require_text(f"{field}.lead_data", key, max_length=100)
        require_text(f"{field}.lead_data", value, max_length=1000, allow_empty=True)
    if state.agent:
        require_enum(f"{field}.agent", state.agent, list(_AGENTS))
    start_time = None
    if state.HasField("start_time"):
        start_time = from_timestamp(require_timestamp(f"{field}.start_time", state.start_time))
    return CallState(
        campaign_id=require_id(f"{field}.campaign_id", state.campaign_id),
        tier=_TIERS[require_enum(f"{field}.tier", state.tier, list(_TIERS))],
        start_time=start_time,
        lead_data=dict(state.lead_data),
        agent=_AGENTS.get(state.agent),
    )


def _records(field: str, entries: Iterable[conv.TurnRecord], clock: Clock) -> tuple[TurnRecord, ...]:
    entries = list(entries)
    if len(entries) > _MAX_ENTRIES:
        raise InvalidArgumentError(field, f"must have at most {_MAX_ENTRIES} entries")
    return tuple(_record(f"{field}[{index}]", entry, clock) for index, entry in enumerate(entries))


def _record(field: str, entry: conv.TurnRecord, clock: Clock) -> TurnRecord:
    def text(name: str, value: str) -> str:
        return require_text(f"{field}.{name}", value, max_length=_MAX_TEXT, allow_empty=True)

    occur_time = clock.now()
    if entry.HasField("occur_time"):
        occur_time = from_timestamp(require_timestamp(f"{field}.occur_time", entry.occur_time))
    return TurnRecord(
        turn_id=require_id(f"{field}.turn_id", entry.turn_id),
        caller_text=text("caller_text", entry.caller_text),
        reply_text=text("reply_text", entry.reply_text),
        heard_text=text("heard_text", entry.heard_text),
        source=_SOURCES[require_enum(f"{field}.source", entry.source, list(_SOURCES))],
        interrupted=entry.interrupted,
        occur_time=occur_time,
    )


def _mirror(mirror: conv.WorkflowContext, call_id: str, clock: Clock) -> Mirror:
    if mirror.call_id != call_id:
        raise InvalidArgumentError("mirror.call_id", "must be the call's id")
    if len(mirror.snapshot) > MAX_ENCODED_BYTES:
        raise InvalidArgumentError("mirror.snapshot", "must have at most 256 KiB")
    revision = _revision("mirror.revision", mirror.revision)
    return Mirror(
        revision=revision,
        snapshot=_snapshot(mirror.snapshot, call_id, revision),
        history=_records("mirror.history", mirror.history, clock),
    )


def _snapshot(snapshot: bytes, call_id: str, revision: int) -> CallContext | None:
    """Returns the context in a snapshot; None if it cannot be used, for example because another version wrote it."""
    try:
        context = decode_context(snapshot, call_id)
    except CorruptContextError:
        return None
    return context if context.revision == revision else None


def _revision(field: str, value: int) -> int:
    if value < 0:
        raise InvalidArgumentError(field, "must not be negative")
    return value
