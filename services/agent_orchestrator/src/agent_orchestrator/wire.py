"""The contract's requests, checked and turned into values.

What identifies a request is refused when it is wrong, by the path of its field: ids, revisions, the input. What only
tells of the conversation never fails a turn: it is mended, and what this build does not know counts as unknown.
"""

from collections.abc import MutableSequence
from datetime import datetime, timedelta

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright_common.errors import InvalidArgumentError
from callwright_common.rpc.validation import require_id, require_ids, require_text, require_timestamp
from callwright_common.rpc.wire import to_duration, to_timestamp
from callwright_common.text import clean_text
from vocabulary.callers import phone_number
from vocabulary.exchange import EndRequest, SyncRequest, TurnRequest
from vocabulary.turns import MAX_TOLD_TURNS, MAX_UTTERANCE_CHARACTERS

_MAX_KEYS = 64
_MAX_REVISION = 2**40
_MAX_QUESTION_ID_CHARACTERS = 128
_LONGEST_FIRST_TEXT = timedelta(seconds=60)
_TEXTS = ("caller_text", "reply_text", "heard_text")


def turn_request(message: pb.ProcessTurnRequest, now: datetime) -> TurnRequest:
    """Returns the turn to be answered; `now` dates entries that tell no time."""
    require_ids(message, "call_id", "turn_id", "campaign_id")
    _require_revision("base_revision", message.base_revision)
    _require_input(message.input)
    _mend_entries("unsynced_entries", message.unsynced_entries, now)
    if message.HasField("first_text_timeout"):
        message.first_text_timeout.CopyFrom(_first_text(message.first_text_timeout))
    return TurnRequest.from_proto(message)


def sync_request(message: pb.SyncCallStateRequest, now: datetime) -> SyncRequest:
    """Returns the gateway's view of a call."""
    require_ids(message, "call_id", "campaign_id")
    _require_revision("base_revision", message.base_revision)
    _mend_entries("unsynced_entries", message.unsynced_entries, now)
    if message.HasField("mirror"):
        _check_mirror(message.mirror, message.call_id, now)
    return SyncRequest.from_proto(message)


def end_request(message: pb.EndCallRequest, now: datetime) -> EndRequest:
    """Returns the end of a call; a reason that is unknown here is one."""
    require_id("call_id", message.call_id)
    if message.campaign_id:
        require_id("campaign_id", message.campaign_id)
    if not message.reason:
        raise InvalidArgumentError("reason", "must be specified")
    _mend_entries("unsynced_entries", message.unsynced_entries, now)
    return EndRequest.from_proto(message)


def _require_input(message: conversation.TurnInput) -> None:
    match message.WhichOneof("input"):
        case "opening":
            message.opening.caller_number = phone_number(message.opening.caller_number)
        case "utterance":
            require_text("input.utterance.text", message.utterance.text, max_length=MAX_UTTERANCE_CHARACTERS)
        case "silence":
            if message.silence.count < 1:
                raise InvalidArgumentError("input.silence.count", "must be at least 1")
        case "key_presses":
            keys = require_text("input.key_presses.keys", message.key_presses.keys, max_length=_MAX_KEYS)
            if not set(keys) <= set("0123456789*#"):
                raise InvalidArgumentError("input.key_presses.keys", "must be one or more of 0-9, * and #")
        case _:
            raise InvalidArgumentError("input", "must be set")


def _require_revision(field: str, value: int) -> None:
    if not 0 <= value < _MAX_REVISION:
        raise InvalidArgumentError(field, "must not be negative nor larger than a call can get")


def _check_mirror(mirror: conversation.WorkflowContext, call_id: str, now: datetime) -> None:
    if mirror.call_id != call_id:
        raise InvalidArgumentError("mirror.call_id", "must be the call's id")
    _require_revision("mirror.revision", mirror.revision)
    if mirror.HasField("booking"):
        for name in ("start_time", "end_time", "create_time", "cancel_time"):
            if name != "cancel_time" or mirror.booking.HasField(name):
                require_timestamp(f"mirror.booking.{name}", getattr(mirror.booking, name))
    if mirror.HasField("booking") and mirror.booking.call_id != call_id:
        raise InvalidArgumentError("mirror.booking.call_id", "must be the call's id")
    # The dialogue's state holds them.
    mirror.ClearField("facts")
    mirror.ClearField("score")
    _mend_entries("mirror.history", mirror.history, now)


def _mend_entries(field: str, entries: MutableSequence[conversation.TurnRecord], now: datetime) -> None:
    """Makes the most recent entries fit to be taken in and drops those before."""
    dropped = max(0, len(entries) - MAX_TOLD_TURNS)
    del entries[:dropped]
    for index, entry in enumerate(entries, dropped):
        require_id(f"{field}[{index}].turn_id", entry.turn_id)
        for name in _TEXTS:
            setattr(entry, name, clean_text(getattr(entry, name))[:MAX_UTTERANCE_CHARACTERS])
        if entry.HasField("asked"):
            entry.asked.question_id = clean_text(entry.asked.question_id)[:_MAX_QUESTION_ID_CHARACTERS]
        if not _is_time(entry.occur_time):
            entry.occur_time.CopyFrom(to_timestamp(now))


def _is_time(value: Timestamp) -> bool:
    try:
        value.ToDatetime()
    except (ValueError, OverflowError):
        return False
    return value != Timestamp()


def _first_text(value: Duration) -> Duration:
    """Returns how long the first words may take, within reason."""
    try:
        wanted = value.ToTimedelta()
    except (ValueError, OverflowError):
        return to_duration(_LONGEST_FIRST_TEXT)
    return to_duration(min(max(wanted, timedelta()), _LONGEST_FIRST_TEXT))
