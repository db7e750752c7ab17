"""The messages of Twilio's Media Streams protocol, from Twilio's side."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass


class ProtocolError(Exception):
    """The agent sent a message that Twilio would refuse."""


@dataclass(frozen=True, slots=True)
class AgentMedia:
    """Audio to be played."""

    audio: bytes


@dataclass(frozen=True, slots=True)
class AgentMark:
    """A name to be returned once everything before it has been played."""

    name: str


@dataclass(frozen=True, slots=True)
class AgentClear:
    """Drop what waits to be played."""


AgentMessage = AgentMedia | AgentMark | AgentClear


def parse_agent_message(text: str | bytes, *, stream_sid: str) -> AgentMessage:
    """Reads one message of the agent.

    Raises:
        ProtocolError: if Twilio would not accept it.
    """
    try:
        message = json.loads(text)
    except ValueError as error:
        raise ProtocolError("not JSON") from error
    if not isinstance(message, dict) or message.get("streamSid") != stream_sid:
        raise ProtocolError("not a message of this stream")
    match message.get("event"):
        case "media":
            return AgentMedia(_payload(message))
        case "mark":
            return AgentMark(_mark_name(message))
        case "clear":
            return AgentClear()
    raise ProtocolError("unknown event")


def _payload(message: dict[str, object]) -> bytes:
    media = message.get("media")
    payload = media.get("payload") if isinstance(media, dict) else None
    if not isinstance(payload, str):
        raise ProtocolError("media without payload")
    try:
        return base64.b64decode(payload, validate=True)
    except binascii.Error as error:
        raise ProtocolError("payload is not base64") from error


def _mark_name(message: dict[str, object]) -> str:
    mark = message.get("mark")
    name = mark.get("name") if isinstance(mark, dict) else None
    if not isinstance(name, str) or not name:
        raise ProtocolError("mark without name")
    return name


class MessageWriter:
    """Writes Twilio's messages of one stream, with their running sequence numbers."""

    def __init__(self, *, stream_sid: str, call_sid: str, account_sid: str) -> None:
        self._stream_sid = stream_sid
        self._call_sid = call_sid
        self._account_sid = account_sid
        self._sequence = 0
        self._chunk = 0

    def connected(self) -> str:
        """Returns the first message of a stream."""
        return json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})

    def start(self, parameters: dict[str, str]) -> str:
        """Returns the message that tells ids, audio format and parameters."""
        details = {
            "accountSid": self._account_sid,
            "streamSid": self._stream_sid,
            "callSid": self._call_sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": parameters,
        }
        return self._message("start", details)

    def media(self, audio: bytes, *, timestamp_ms: int) -> str:
        """Returns a message with audio of the caller."""
        self._chunk += 1
        details = {
            "track": "inbound",
            "chunk": str(self._chunk),
            "timestamp": str(timestamp_ms),
            "payload": base64.b64encode(audio).decode("ascii"),
        }
        return self._message("media", details)

    def mark(self, name: str) -> str:
        """Returns the echo of a mark."""
        return self._message("mark", {"name": name})

    def stop(self) -> str:
        """Returns the last message of a stream."""
        return self._message("stop", {"accountSid": self._account_sid, "callSid": self._call_sid})

    def _message(self, event: str, details: Mapping[str, object]) -> str:
        self._sequence += 1
        return json.dumps(
            {
                "event": event,
                "sequenceNumber": str(self._sequence),
                event: details,
                "streamSid": self._stream_sid,
            }
        )
