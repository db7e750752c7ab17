"""The messages of Twilio's Media Streams protocol, from Twilio's side."""

import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass

from phone_simulator.telephone_audio import SAMPLE_RATE


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
        if message["streamSid"] == stream_sid:
            match message:
                case {"event": "media", "media": {"payload": str(payload)}}:
                    return AgentMedia(binascii.a2b_base64(payload, strict_mode=True))
                case {"event": "mark", "mark": {"name": str(name)}} if name:
                    return AgentMark(name)
                case {"event": "clear"}:
                    return AgentClear()
    except (ValueError, TypeError, LookupError) as error:
        raise ProtocolError("not a message of Media Streams") from error
    raise ProtocolError("not a message of this stream")


class MessageWriter:
    """Writes Twilio's messages of one stream, with their running sequence numbers."""

    def __init__(self, *, stream_sid: str, call_sid: str, account_sid: str) -> None:
        self._ids = {"accountSid": account_sid, "streamSid": stream_sid, "callSid": call_sid}
        self._sequence = 0
        self._chunk = 0
        # Media is 50 messages a second and call: these parts are written once.
        self._media_begin = b'{"event":"media","sequenceNumber":"%d","media":{"track":"inbound",'
        self._media_middle = b'"chunk":"%d","timestamp":"%d","payload":"'
        self._media_end = b'"},"streamSid":"' + stream_sid.encode() + b'"}'

    def connected(self) -> bytes:
        """Returns the first message of a stream."""
        return json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}).encode()

    def start(self, parameters: Mapping[str, str]) -> bytes:
        """Returns the message that tells ids, audio format and parameters."""
        details = {
            **self._ids,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": SAMPLE_RATE, "channels": 1},
            "customParameters": dict(parameters),
        }
        return self._message("start", details)

    def media(self, audio: bytes, *, timestamp_ms: int) -> bytes:
        """Returns a message with audio of the caller."""
        self._chunk += 1
        self._sequence += 1
        begin = self._media_begin % self._sequence + self._media_middle % (self._chunk, timestamp_ms)
        return begin + binascii.b2a_base64(audio, newline=False) + self._media_end

    def dtmf(self, key: str) -> bytes:
        """Returns a message that a key was pressed: 0 to 9, *, # or A to D."""
        return self._message("dtmf", {"track": "inbound_track", "digit": key})

    def mark(self, name: str) -> bytes:
        """Returns the echo of a mark."""
        return self._message("mark", {"name": name})

    def stop(self) -> bytes:
        """Returns the last message of a stream."""
        return self._message("stop", {name: self._ids[name] for name in ("accountSid", "callSid")})

    def _message(self, event: str, details: Mapping[str, object]) -> bytes:
        self._sequence += 1
        message = {"event": event, "sequenceNumber": str(self._sequence), event: details}
        return json.dumps(message | {"streamSid": self._ids["streamSid"]}).encode()
