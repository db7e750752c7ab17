"""Twilio's side of the Media Streams protocol, message by message."""

import json

import pytest

from phone_simulator.protocol import (
    AgentClear,
    AgentMark,
    AgentMedia,
    MessageWriter,
    ProtocolError,
    parse_agent_message,
)
from phone_simulator.webhook import StreamInstruction, TwimlError, parse_twiml


def _parse(text: str) -> object:
    return parse_agent_message(text, stream_sid="MZ1")


def test_the_agents_messages_are_read() -> None:
    assert _parse('{"event":"media","streamSid":"MZ1","media":{"payload":"AQI="}}') == AgentMedia(b"\x01\x02")
    assert _parse('{"event":"mark","streamSid":"MZ1","mark":{"name":"a"}}') == AgentMark("a")
    assert _parse('{"event":"clear","streamSid":"MZ1"}') == AgentClear()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"event":"media","streamSid":"MZ2","media":{"payload":"AQI="}}',
        '{"event":"media","streamSid":"MZ1","media":{"payload":"?"}}',
        '{"event":"media","streamSid":"MZ1"}',
        '{"event":"mark","streamSid":"MZ1","mark":{"name":""}}',
        '{"event":"stop","streamSid":"MZ1"}',
    ],
)
def test_what_twilio_would_refuse_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError):
        _parse(text)


def test_messages_carry_running_numbers_and_the_ids_of_the_call() -> None:
    writer = MessageWriter(stream_sid="MZ1", call_sid="CA1", account_sid="AC1")
    start = json.loads(writer.start({"token": "t"}))
    first, second = (json.loads(writer.media(b"\xff" * 160, timestamp_ms=ms)) for ms in (0, 20))
    key = json.loads(writer.dtmf("#"))
    mark = json.loads(writer.mark("a"))
    stop = json.loads(writer.stop())

    assert start["start"] == {
        "accountSid": "AC1",
        "streamSid": "MZ1",
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"token": "t"},
    }
    assert (first["media"]["chunk"], second["media"]["chunk"], second["media"]["timestamp"]) == ("1", "2", "20")
    assert key["dtmf"] == {"track": "inbound_track", "digit": "#"}
    assert mark["mark"] == {"name": "a"}
    assert stop["stop"] == {"accountSid": "AC1", "callSid": "CA1"}
    assert [message["sequenceNumber"] for message in (start, first, second, key, mark, stop)] == [
        str(number) for number in range(1, 7)
    ]
    assert {message["streamSid"] for message in (start, first, key, mark, stop)} == {"MZ1"}


def test_twiml_of_a_stream_is_followed() -> None:
    answer = parse_twiml(
        '<Response><Connect action="/after"><Stream url="wss://example.test/media">'
        '<Parameter name="token" value="t&amp;1"/></Stream></Connect></Response>',
        base_url="https://example.test/twilio/voice",
    )
    assert answer.stream == StreamInstruction(
        "wss://example.test/media", {"token": "t&1"}, "https://example.test/after"
    )
    assert answer.dialled is None


def test_twiml_without_a_stream_tells_what_is_said_and_dialled() -> None:
    answer = parse_twiml(
        "<Response><Say>One moment.</Say><Dial><Number>+13035550142</Number></Dial></Response>",
        base_url="http://x.test",
    )
    assert (answer.stream, answer.said, answer.dialled) == (None, ("One moment.",), "+13035550142")


@pytest.mark.parametrize("document", ["", "no xml", "<Other/>", "<Response><Connect><Stream/></Connect></Response>"])
def test_what_is_no_twiml_is_refused(document: str) -> None:
    with pytest.raises(TwimlError):
        parse_twiml(document, base_url="http://x.test")
