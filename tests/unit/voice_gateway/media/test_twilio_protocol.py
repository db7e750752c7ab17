import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_gateway.media.twilio.protocol import (
    MAX_MESSAGE_BYTES,
    BadFrame,
    BadFrameKind,
    ConnectedMessage,
    DtmfMessage,
    MarkMessage,
    MediaMessage,
    Message,
    StartMessage,
    StopMessage,
    clear_message,
    mark_message,
    media_message,
    parse_message,
)

START = {"streamSid": "MZ1", "callSid": "CA1", "accountSid": "AC1", "customParameters": {"token": "t", "n": ""}}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
sections = st.sampled_from(["start", "media", "mark", "dtmf", "stop", "connected"])
fields = st.sampled_from(["payload", "name", "digit", "streamSid", "callSid", "accountSid", "customParameters"])


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"event": "connected", "protocol": "Call"}, ConnectedMessage()),
        ({"event": "start", "start": START}, StartMessage("MZ1", "CA1", "AC1", {"token": "t", "n": ""})),
        (
            {"event": "start", "streamSid": "MZ2", "start": {"callSid": "CA1"}},
            StartMessage("MZ2", "CA1", "", {}),
        ),
        (
            {"event": "start", "start": {**START, "callSid": "CA 1\0", "customParameters": {"to\0ken": "t\ud800\0"}}},
            StartMessage("MZ1", "CA1", "AC1", {"token": "t"}),
        ),
        ({"event": "media", "media": {"payload": "/v8="}}, MediaMessage(b"\xfe\xff")),
        ({"event": "dtmf", "dtmf": {"digit": "#", "track": "inbound_track"}}, DtmfMessage("#")),
        ({"event": "mark", "mark": {"name": "0:1"}}, MarkMessage("0:1")),
        ({"event": "stop", "stop": {}}, StopMessage()),
    ],
)
def test_what_twilio_sends(message: dict[str, Any], expected: Message) -> None:
    assert parse_message(json.dumps(message)) == expected


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x00", BadFrameKind.BINARY),
        (" " * (MAX_MESSAGE_BYTES + 1), BadFrameKind.OVERSIZE),
        ("", BadFrameKind.BAD_JSON),
        ("{", BadFrameKind.BAD_JSON),
        ("[" * 50_000, BadFrameKind.BAD_JSON),
        ("[]", BadFrameKind.NOT_AN_OBJECT),
        ('"media"', BadFrameKind.NOT_AN_OBJECT),
        ("{}", BadFrameKind.MISSING_EVENT),
        ('{"event": null}', BadFrameKind.MISSING_EVENT),
        ('{"event": "clear"}', BadFrameKind.UNKNOWN_EVENT),
        ('{"event": "media"}', BadFrameKind.BAD_FIELD),
        ('{"event": "media", "media": {"payload": 5}}', BadFrameKind.BAD_FIELD),
        ('{"event": "media", "media": {"payload": "a"}}', BadFrameKind.BAD_BASE64),
        ('{"event": "media", "media": {"payload": "\u00e9\u00e9\u00e9\u00e9"}}', BadFrameKind.BAD_BASE64),
        ('{"event": "dtmf", "dtmf": {"digit": "12"}}', BadFrameKind.BAD_FIELD),
        ('{"event": "mark", "mark": {"name": ""}}', BadFrameKind.BAD_FIELD),
        ('{"event": "start", "start": {"streamSid": "MZ1"}}', BadFrameKind.BAD_FIELD),
        (
            '{"event": "start", "start": {"streamSid": "M", "callSid": "C", "customParameters": [1]}}',
            BadFrameKind.BAD_FIELD,
        ),
    ],
)
def test_what_cannot_be_used_says_why(data: str | bytes, kind: BadFrameKind) -> None:
    assert parse_message(data) == BadFrame(kind)


@given(st.text() | st.binary())
def test_any_message_gives_a_value(data: str | bytes) -> None:
    assert isinstance(parse_message(data), Message)


@given(sections, st.dictionaries(fields, json_values) | json_values)
def test_any_content_of_a_known_event_gives_a_value(event: str, content: object) -> None:
    assert isinstance(parse_message(json.dumps({"event": event, event: content})), Message)


@given(st.binary(max_size=400))
def test_audio_arrives_as_it_was_written(payload: bytes) -> None:
    written = json.loads(media_message("MZ1", payload))
    assert written["streamSid"] == "MZ1"
    assert base64.b64decode(written["media"]["payload"]) == payload
    assert parse_message(json.dumps(written)) == MediaMessage(payload)


def test_marks_and_clear_as_twilio_wants_them() -> None:
    assert json.loads(mark_message("MZ1", "3:7")) == {"event": "mark", "streamSid": "MZ1", "mark": {"name": "3:7"}}
    assert json.loads(clear_message("MZ1")) == {"event": "clear", "streamSid": "MZ1"}
