"""Reads and checks requests; every refusal names its field by its path. Writes what the vocabulary has no message for.

Of an event only that is checked without which it means nothing: its identity, its place, its times, its numbers. What
merely decorates it is made fit for the tables instead: a text that is too long is cut, a word that is unknown here is
kept as such, and what came stays in the log.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.errors import InvalidArgumentError
from callwright_common.money import from_money
from callwright_common.rpc.validation import require_duration, require_fraction, require_id, require_timestamp
from callwright_common.rpc.wire import from_timestamp
from callwright_common.text import clean_text
from persistence.calls.admission import AppendResult, LogEntry
from vocabulary.call_events import CallEvent
from vocabulary.callers import phone_number
from vocabulary.turns import Contact

MAX_EVENTS = 500
_MAX_ENCODED_BYTES = 64 * 1024
_MAX_SEQUENCE = 2**53
_MAX_CHARACTERS = {
    "caller_text": 16_000,
    "reply_text": 16_000,
    "heard_text": 16_000,
    "summary": 4_000,
    "quote": 1_000,
    "call_back": 200,
}
_MAX_CHARACTERS_ELSE = 128
_MAX_CONTACT_CHARACTERS = 320
_MAX_EVIDENCE = 20
_MAX_DURATION = timedelta(days=1)
_STRING, _DOUBLE, _MESSAGE = FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_MESSAGE
_BETWEEN_DIGITS = re.compile(r"[\s().-]")
_CURRENCY = re.compile(r"[A-Z]{3}")


def read_batch(request: pb.AppendCallEventsRequest) -> list[LogEntry]:
    """Returns the events of a request."""
    if not 1 <= len(request.events) <= MAX_EVENTS:
        raise InvalidArgumentError("events", f"must be 1 to {MAX_EVENTS}")
    return [_read_event(f"events[{index}]", event) for index, event in enumerate(request.events)]


def decode_event(encoded: bytes) -> CallEvent:
    """Returns the event of an encoded one that was read before."""
    return _fitted("event", pb.CallEvent.FromString(encoded))


def _read_event(path: str, event: pb.CallEvent) -> LogEntry:
    require_id(f"{path}.event_id", event.event_id)
    require_id(f"{path}.call_id", event.call_id)
    if not 1 <= event.sequence <= _MAX_SEQUENCE:
        raise InvalidArgumentError(f"{path}.sequence", f"must be between 1 and {_MAX_SEQUENCE}")
    if not event.HasField("occur_time"):
        raise InvalidArgumentError(f"{path}.occur_time", "must be set")
    if event.HasField("call_started") and event.sequence != 1:
        raise InvalidArgumentError(f"{path}.call_started", "must be the call's first event")
    if event.HasField("score_changed") and not event.score_changed.HasField("score"):
        raise InvalidArgumentError(f"{path}.score_changed.score", "must be set")
    encoded = event.SerializeToString()
    fitted = _fitted(path, event)
    return LogEntry(fitted, encoded if len(encoded) <= _MAX_ENCODED_BYTES else event.SerializeToString())


def _fitted(path: str, event: pb.CallEvent) -> CallEvent:
    """Returns the value of an event whose message it makes fit for the tables; all its numbers are 0 to 1."""
    _fit(path, event)
    return CallEvent.from_proto(event)


def _fit(path: str, message: Message) -> None:
    for field, value in message.ListFields():
        kind = field.type
        if kind == _STRING:
            limit = _MAX_CHARACTERS.get(field.name, _MAX_CHARACTERS_ELSE)
            if len(value) > limit or not value.isprintable():
                setattr(message, field.name, clean_text(value)[:limit])
        elif kind == _DOUBLE:
            require_fraction(f"{path}.{field.name}", value)
        elif kind != _MESSAGE:
            continue
        elif field.is_repeated:
            if field.name == "evidence":
                del value[_MAX_EVIDENCE:]
            for index, item in enumerate(value):
                _fit(f"{path}.{field.name}[{index}]", item)
        else:
            _CHECKS.get(value.DESCRIPTOR.full_name, _fit)(f"{path}.{field.name}", value)


def _check_duration(path: str, value: Any) -> None:
    require_duration(path, value, minimum=timedelta(), maximum=_MAX_DURATION)


def _check_amount(path: str, value: Any) -> None:
    if not _CURRENCY.fullmatch(value.currency_code):
        raise InvalidArgumentError(f"{path}.currency_code", "must be an ISO 4217 code of three capital letters")
    from_money(value, value.currency_code, path)


_CHECKS: dict[str, Callable[[str, Any], object]] = {
    "google.protobuf.Timestamp": require_timestamp,
    "google.protobuf.Duration": _check_duration,
    "google.type.Money": _check_amount,
}


def caller_number(request: pb.EraseCallerRequest) -> str:
    """Returns the number of the caller to erase."""
    number = phone_number(_BETWEEN_DIGITS.sub("", request.caller_number))
    if not number:
        raise InvalidArgumentError("caller_number", "must be a phone number with + and the country's code")
    return number


def attempt(request: pb.ConfirmBookingRequest | pb.CancelBookingRequest | pb.SettleBookingsRequest) -> int:
    """Returns the number of an attempt to change what a call booked."""
    return _counted("attempt", request.attempt)


def version(request: pb.SetBookingContactRequest) -> int:
    """Returns which of the contacts that the call told one is."""
    return _counted("version", request.version)


def _counted(field: str, number: int) -> int:
    if not 0 <= number < _MAX_SEQUENCE:
        raise InvalidArgumentError(field, "must not be negative nor larger than a call can get")
    return number


def contact(request: pb.SetBookingContactRequest | pb.ConfirmBookingRequest) -> Contact:
    """Returns whom a booking is with."""
    if not request.HasField("contact"):
        raise InvalidArgumentError("contact", "must be set")
    for field, value in request.contact.ListFields():
        if field.type == _STRING:
            setattr(request.contact, field.name, clean_text(value)[:_MAX_CONTACT_CHARACTERS])
    told: Contact = Contact.from_proto(request.contact)
    return told


def span(request: pb.ListFreeSlotsRequest | pb.GetCampaignReportRequest) -> tuple[datetime | None, datetime | None]:
    """Returns a request's span of time, open where it is unset."""
    start, end = _time(request, "from_time"), _time(request, "to_time")
    if start and end and end < start:
        raise InvalidArgumentError("to_time", "must not be before from_time")
    return start, end


def _time(request: Message, name: str) -> datetime | None:
    if not request.HasField(name):
        return None
    return from_timestamp(require_timestamp(name, getattr(request, name)))


def append_response(result: AppendResult) -> pb.AppendCallEventsResponse:
    """Returns what became of a batch."""
    return pb.AppendCallEventsResponse(
        durable_sequences=[
            pb.DurableSequence(call_id=call_id, sequence=sequence)
            for call_id, sequence in result.durable_sequences.items()
        ],
        stored_count=result.stored_count,
        skipped_count=result.skipped_count,
    )
