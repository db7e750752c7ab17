"""Messages of Twilio Media Streams, parsed tolerantly and written.

Whatever arrives becomes a typed value: what cannot be used becomes a `BadFrame` whose kind is one of a closed set, so
that it can be counted and the call goes on.
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

from callwright_common.text import clean_text
from vocabulary.callers import twilio_sid

MAX_MESSAGE_BYTES = 64 * 1024
"""Largest message that is looked at; Twilio's own are below 1 KiB."""

_MAX_TEXT = 2048
_MAX_PARAMETERS = 64


class MediaEnd(StrEnum):
    """Why a call's media ended."""

    STOPPED = "stopped"
    """Twilio said stop or closed the socket: the caller hung up."""
    HUNG_UP = "hung_up"
    """We closed it."""
    POLICY = "policy"
    """The peer sent more than a phone can."""
    FAILED = "failed"
    """The pipeline failed."""


class BadFrameKind(StrEnum):
    """Why a message could not be used."""

    BINARY = "binary"
    OVERSIZE = "oversize"
    BAD_JSON = "bad_json"
    NOT_AN_OBJECT = "not_an_object"
    MISSING_EVENT = "missing_event"
    UNKNOWN_EVENT = "unknown_event"
    BAD_FIELD = "bad_field"
    BAD_BASE64 = "bad_base64"
    MEDIA_BEFORE_START = "media_before_start"
    SECOND_START = "second_start"
    FOREIGN_STREAM = "foreign_stream"


@dataclass(frozen=True, slots=True)
class BadFrame:
    """A message that is ignored, and why."""

    kind: BadFrameKind


@dataclass(frozen=True, slots=True)
class ConnectedMessage:
    """The socket is open."""


@dataclass(frozen=True, slots=True)
class StartMessage:
    """The stream's identity, sent once before its audio.

    Attributes:
        stream_sid: Twilio's id of the stream, part of every message to Twilio.
        call_sid: Twilio's id of the call.
        account_sid: Twilio's id of the account.
        parameters: The `<Parameter>`s of the TwiML.
    """

    stream_sid: str
    call_sid: str
    account_sid: str
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MediaMessage:
    """Caller audio, µ-law at 8 kHz."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class DtmfMessage:
    """A key the caller pressed."""

    digit: str


@dataclass(frozen=True, slots=True)
class MarkMessage:
    """A mark whose audio was played, or that a `clear` returned."""

    name: str


@dataclass(frozen=True, slots=True)
class StopMessage:
    """The stream is over."""


Message = ConnectedMessage | StartMessage | MediaMessage | DtmfMessage | MarkMessage | StopMessage | BadFrame


class _FieldError(Exception):
    def __init__(self, kind: BadFrameKind = BadFrameKind.BAD_FIELD) -> None:
        super().__init__(kind.value)
        self.kind = kind


def parse_message(data: str | bytes) -> Message:
    """Returns the typed value of one WebSocket message; never raises."""
    if isinstance(data, bytes):
        return BadFrame(BadFrameKind.BINARY)
    if len(data) > MAX_MESSAGE_BYTES:
        return BadFrame(BadFrameKind.OVERSIZE)
    try:
        value: object = json.loads(data)
    except (ValueError, RecursionError):
        return BadFrame(BadFrameKind.BAD_JSON)
    if not isinstance(value, dict):
        return BadFrame(BadFrameKind.NOT_AN_OBJECT)
    event = value.get("event")
    if not isinstance(event, str):
        return BadFrame(BadFrameKind.MISSING_EVENT)
    parser = _PARSERS.get(event)
    if parser is None:
        return BadFrame(BadFrameKind.UNKNOWN_EVENT)
    try:
        return parser(value)
    except _FieldError as error:
        return BadFrame(error.kind)


def media_message(stream_sid: str, payload: bytes) -> str:
    """Returns the message that plays µ-law audio to the caller."""
    encoded = base64.b64encode(payload).decode("ascii")
    return _dump({"event": "media", "streamSid": stream_sid, "media": {"payload": encoded}})


def mark_message(stream_sid: str, name: str) -> str:
    """Returns the message that asks for an echo once all audio before it was played."""
    return _dump({"event": "mark", "streamSid": stream_sid, "mark": {"name": name}})


def clear_message(stream_sid: str) -> str:
    """Returns the message that drops all audio not yet played."""
    return _dump({"event": "clear", "streamSid": stream_sid})


def _dump(value: dict[str, object]) -> str:
    return json.dumps(value, separators=(",", ":"))


def _section(message: dict[str, Any], name: str) -> dict[str, Any]:
    section = message.get(name)
    if not isinstance(section, dict):
        raise _FieldError
    return cast("dict[str, Any]", section)


def _text(section: dict[str, Any], name: str, *, required: bool = True) -> str:
    value = section.get(name, None if required else "")
    if not isinstance(value, str) or len(value) > _MAX_TEXT or (required and not value):
        raise _FieldError
    return clean_text(value)


def _parse_start(message: dict[str, Any]) -> StartMessage:
    start = _section(message, "start")
    parameters = start.get("customParameters") or {}
    if not isinstance(parameters, dict) or len(parameters) > _MAX_PARAMETERS:
        raise _FieldError
    return StartMessage(
        stream_sid=_text(start, "streamSid") if "streamSid" in start else _text(message, "streamSid"),
        call_sid=twilio_sid(_text(start, "callSid")),
        account_sid=twilio_sid(_text(start, "accountSid", required=False)),
        parameters={clean_text(name): _text(parameters, name, required=False) for name in parameters},
    )


def _parse_media(message: dict[str, Any]) -> MediaMessage:
    media = _section(message, "media")
    payload = media.get("payload")
    if not isinstance(payload, str):
        raise _FieldError
    try:
        return MediaMessage(base64.b64decode(payload, validate=True))
    except (binascii.Error, ValueError):
        raise _FieldError(BadFrameKind.BAD_BASE64) from None


def _parse_dtmf(message: dict[str, Any]) -> DtmfMessage:
    digit = _text(_section(message, "dtmf"), "digit")
    if len(digit) != 1 or digit not in "0123456789*#ABCD":
        raise _FieldError
    return DtmfMessage(digit)


_PARSERS: dict[str, Callable[[dict[str, Any]], Message]] = {
    "connected": lambda _: ConnectedMessage(),
    "start": _parse_start,
    "media": _parse_media,
    "dtmf": _parse_dtmf,
    "mark": lambda message: MarkMessage(_text(_section(message, "mark"), "name")),
    "stop": lambda _: StopMessage(),
}
