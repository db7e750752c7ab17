"""Calls over a real WebSocket: a foreign Twilio simulator, tokens, refusals, the end of a call."""

import asyncio
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
import streamdouble.api  # type: ignore[import-untyped]
from streamdouble.metrics import compute  # type: ignore[import-untyped]
from streamdouble.protocol import StreamIdentity  # type: ignore[import-untyped]
from streamdouble.session import Session, SessionConfig  # type: ignore[import-untyped]
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from callwright.conversation.v1 import conversation_pb2
from fakes.chat_server import ChatScript, chat_server
from fakes.orchestrator import Plan, orchestrator
from fakes.twiml import stream_of
from voice_gateway.media import mulaw

TOKEN = "callwright-dev"


async def close_code(url: str, start: dict[str, Any], headers: dict[str, str] | None = None) -> int:
    async with connect(url, additional_headers=headers) as socket:
        await socket.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        await socket.send(json.dumps({"event": "start", "streamSid": "MZ1", "start": {"streamSid": "MZ1", **start}}))
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        return closed.value.rcvd.code


def spoken_frames(seconds: float, *, tail: float) -> list[bytes]:
    """Returns frames of a voice-like buzz and then silence, as µ-law."""
    at = np.arange(int(8000 * seconds)) / 8000
    buzz = sum(np.sin(2 * np.pi * 140 * harmonic * at) / harmonic for harmonic in range(1, 12))
    shape = np.clip(np.sin(2 * np.pi * 3 * at) + 0.6, 0, 1)
    voice = mulaw.encode((np.asarray(buzz) * shape * 6000).astype(np.int16))
    audio = voice + b"\xff" * int(8000 * tail)
    return [audio[i : i + 160].ljust(160, b"\xff") for i in range(0, len(audio), 160)]


async def phone(
    gateway: Any, frames: list[bytes], *, call_sid: str = "CA1", **config: Any
) -> streamdouble.api.CallReport:
    """Places a call with a simulator that is not ours."""
    url, parameters = stream_of((await gateway.post("/twilio/voice", call_sid)).text)
    identity = StreamIdentity(account_sid="AC1", call_sid=call_sid, stream_sid="MZ1")
    session = Session(url, frames, config=SessionConfig(custom_parameters=parameters, **config), identity=identity)
    return streamdouble.api.CallReport(result=await session.run(), metrics=compute(session.result))


async def test_a_foreign_simulator_hears_the_greeting_with_every_other_service_down(
    start_gateway: Callable[..., Any],
) -> None:
    gateway = await start_gateway()
    report = await phone(gateway, [b"\xff" * 160] * 50, max_drain_s=1.5, quiet_period_s=0.5)
    assert report.spoke
    assert report.violations == []
    assert gateway.voice.texts[0].startswith("Thanks for calling Sunline Solar.")
    async with asyncio.timeout(5):
        await gateway.running.live_calls.wait_empty()
    events = await gateway.stop()
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    kinds = [event.WhichOneof("event") for event in events]
    assert (kinds[0], kinds[-1]) == ("call_started", "call_ended")
    assert events[-1].call_ended.end_reason == conversation_pb2.END_REASON_CALLER_HUNG_UP
    turn = next(event.turn_recorded for event in events if event.HasField("turn_recorded"))
    assert turn.turn.heard_text.split()[:3] == ["Thanks", "for", "calling"]
    assert turn.turn.interrupted
    assert timedelta(seconds=1) < turn.heard.ToTimedelta() < timedelta(seconds=5)


async def test_a_caller_turn_goes_through_the_orchestrator(start_gateway: Callable[..., Any]) -> None:
    async with orchestrator(Plan(["Hello there."]), Plan(["What is your bill?"])) as fake:
        gateway = await start_gateway(orchestrator_address=fake.address)
        gateway.recognizer.texts = ["I want solar."]
        frames = [b"\xff" * 160] * 75 + spoken_frames(1.5, tail=2.0)
        await phone(gateway, frames, max_drain_s=2.5, quiet_period_s=0.5)
        async with asyncio.timeout(5):
            await gateway.running.live_calls.wait_empty()
        assert [request.input.WhichOneof("input") for request in fake.requests] == ["opening", "utterance"]
        assert fake.requests[1].input.utterance.text == "I want solar."
        assert fake.requests[1].unsynced_entries[0].heard_text == "Hello there."
        assert [request.reason for request in fake.ended] == [conversation_pb2.END_REASON_CALLER_HUNG_UP]
    events = await gateway.stop()
    turns = [event.turn_recorded for event in events if event.HasField("turn_recorded")]
    assert [turn.turn.heard_text for turn in turns] == ["Hello there.", "What is your bill?"]
    assert turns[1].latency.HasField("first_audio")
    ended = events[-1].call_ended
    assert (ended.outcome, ended.summary) == (conversation_pb2.OUTCOME_QUALIFIED, "A lead.")


async def test_keys_of_the_phone_are_one_number(start_gateway: Callable[..., Any]) -> None:
    async with orchestrator(Plan(["How much is it?"]), Plan(["Thank you."])) as fake:
        gateway = await start_gateway(orchestrator_address=fake.address)
        url, parameters = stream_of((await gateway.post("/twilio/voice")).text)
        start = {"callSid": "CA1", "accountSid": "AC1", "customParameters": parameters}
        async with connect(url, max_queue=None) as socket:
            await socket.send(json.dumps({"event": "start", "streamSid": "MZ1", "start": start}))
            assert json.loads(await socket.recv())["event"] == "media"
            for key in "180#":
                await socket.send(json.dumps({"event": "dtmf", "streamSid": "MZ1", "dtmf": {"digit": key}}))
            async with asyncio.timeout(5):
                while len(fake.requests) < 2:
                    await socket.recv()
        assert fake.requests[1].input.key_presses.keys == "180#"


async def test_without_the_orchestrator_the_configured_model_answers(start_gateway: Callable[..., Any]) -> None:
    async with chat_server("openai") as server:
        server.script = ChatScript(pieces=("The warranty lasts ", "twenty-five years."))
        gateway = await start_gateway(
            enable_agent_integration=False,
            llm_provider="openai",
            llm_base_url=server.url,
            direct_first_text_timeout_ms=20_000,
        )
        gateway.recognizer.texts = ["Is there a warranty?"]
        frames = [b"\xff" * 160] * 75 + spoken_frames(1.5, tail=2.0)
        await phone(gateway, frames, max_drain_s=4, quiet_period_s=1)
        async with asyncio.timeout(5):
            await gateway.running.live_calls.wait_empty()
        events = await gateway.stop()
    assert server.requests[0]["messages"][-1] == {"role": "user", "content": "Is there a warranty?"}
    turns = [event.turn_recorded for event in events if event.HasField("turn_recorded")]
    assert turns[1].turn.heard_text.startswith("The warranty lasts twenty-five years.")


async def test_nothing_that_no_model_may_say_reaches_the_voice(start_gateway: Callable[..., Any]) -> None:
    lies = (
        "<think>He doubts it. I deny it.</think>", "**Great question!** \U0001f60a No, I am ", "a real person. ",
        "I have booked you for Sunday, ninety percent off. ", "book_visit(day='Sunday') ", "Shall we go on?",
    )  # fmt: skip
    async with chat_server("ollama") as server:
        server.script = ChatScript(pieces=lies, finishes=False)
        gateway = await start_gateway(
            enable_agent_integration=False,
            llm_provider="ollama",
            llm_base_url=server.url,
            direct_first_text_timeout_ms=20_000,
        )
        gateway.recognizer.texts = ["Are you a robot?"]
        frames = [b"\xff" * 160] * 75 + spoken_frames(1.5, tail=2.0)
        await phone(gateway, frames, max_drain_s=4, quiet_period_s=1)
        async with asyncio.timeout(5):
            await gateway.running.live_calls.wait_empty()
        events = await gateway.stop()
    turns = [event.turn_recorded for event in events if event.HasField("turn_recorded")]
    said = turns[1].turn.heard_text
    assert said.startswith("Yes, I am ")
    assert "automated assistant" in said
    assert server.requests
    spoken = " ".join(gateway.voice.texts)
    assert not any(
        word in spoken for word in ("real", "Sunday", "percent", "think>", "deny", "book", "*", "\U0001f60a")
    )


async def test_webhooks_without_a_good_signature_are_refused(start_gateway: Callable[..., Any]) -> None:
    gateway = await start_gateway(public_url="https://voice.example.com")
    with capture_logs() as lines:
        assert (await gateway.post("/twilio/voice", signed=False)).status_code == 403
        for nothing in ("", " ", "\t"):
            nameless = await gateway.post("/twilio/voice", call_sid=nothing)
            assert (nameless.status_code, nameless.json()["detail"]) == (400, "CallSid: is missing")
    assert lines[-1]["expected_at"] == [gateway.base_url, "https://voice.example.com"]
    for path in ("/twilio/voice", "/twilio/status", "/twilio/stream-ended"):
        assert (await gateway.post(path, signed=False)).status_code == 403
        bad = await gateway.http.post(
            gateway.base_url + path, data={"CallSid": "CA1"}, headers={"X-Twilio-Signature": "bm9uZQ=="}
        )
        assert bad.status_code == 403
    assert len(gateway.running.live_calls) == 0


async def test_a_replayed_webhook_gets_the_same_answer(start_gateway: Callable[..., Any]) -> None:
    gateway = await start_gateway()
    first = await gateway.post("/twilio/voice")
    again = await gateway.post("/twilio/voice")
    other = await gateway.post("/twilio/voice", "CA2")
    assert first.text == again.text
    assert stream_of(first.text)[1]["token"] != stream_of(other.text)[1]["token"]
    assert first.headers["content-type"].startswith("application/xml")


async def test_an_endless_webhook_is_refused(start_gateway: Callable[..., Any]) -> None:
    gateway = await start_gateway()
    fields = {f"field{number}": "x" * 1000 for number in range(70)}
    answer = await gateway.http.post(f"{gateway.base_url}/twilio/voice", data=fields)
    assert answer.status_code == 413


async def test_only_a_fresh_token_of_the_same_call_opens_the_stream(start_gateway: Callable[..., Any]) -> None:
    gateway = await start_gateway()
    url, parameters = stream_of((await gateway.post("/twilio/voice")).text)
    start = {"callSid": "CA1", "accountSid": "AC1", "customParameters": parameters}
    assert await close_code(url, {**start, "customParameters": {}}) == 4003
    assert await close_code(url, {**start, "customParameters": {"token": "guess"}}) == 4003
    async with connect(f"{url}/{parameters['token']}", max_queue=None) as socket:
        plain = {"callSid": "CA1", "accountSid": "AC1", "streamSid": "MZ1"}
        await socket.send(json.dumps({"event": "start", "streamSid": "MZ1", "start": plain}))
        assert json.loads(await socket.recv())["event"] == "media"
    assert await close_code(url, start) == 4003


async def test_a_checked_stream_needs_twilios_signature_and_its_own_call(start_gateway: Callable[..., Any]) -> None:
    gateway = await start_gateway(verify_stream_signature=True)
    url, parameters = stream_of((await gateway.post("/twilio/voice")).text)
    with pytest.raises(InvalidStatus) as refused:
        await close_code(url, {})
    assert refused.value.response.status_code == 403
    signature = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, {})}
    foreign = {"callSid": "CA2", "accountSid": "AC1", "customParameters": parameters}
    assert await close_code(url, foreign, signature) == 4003


async def test_call_51_hears_that_nobody_is_free(start_gateway: Callable[..., Any]) -> None:
    gateway = await start_gateway(max_concurrent_calls=1)
    assert stream_of((await gateway.post("/twilio/voice")).text)[0]
    refused = await gateway.post("/twilio/voice", "CA2")
    assert refused.status_code == 200
    root = ET.fromstring(refused.text)  # noqa: S314 - our own gateway wrote it
    assert [child.tag for child in root] == ["Say", "Hangup"]


async def test_a_draining_gateway_takes_no_call(start_gateway: Callable[..., Any]) -> None:
    gateway = await start_gateway()
    assert (await gateway.http.get(f"{gateway.base_url}/readyz")).status_code == 200
    gateway.running.live_calls.draining = True
    assert (await gateway.http.get(f"{gateway.base_url}/readyz")).status_code == 503
    assert (await gateway.http.get(f"{gateway.base_url}/healthz")).status_code == 200
    assert "<Say>" in (await gateway.post("/twilio/voice")).text


async def test_a_transferred_call_is_dialled_on_when_its_stream_ends(start_gateway: Callable[..., Any]) -> None:
    transfer = conversation_pb2.CallAction(transfer=conversation_pb2.Transfer())
    async with orchestrator(Plan(["I connect you."], actions=[transfer])) as fake:
        gateway = await start_gateway(orchestrator_address=fake.address)
        await phone(gateway, [b"\xff" * 160] * 250, max_drain_s=2.0, quiet_period_s=0.5)
        async with asyncio.timeout(5):
            await gateway.running.live_calls.wait_empty()
    assert "<Dial>+13035550142</Dial>" in (await gateway.post("/twilio/stream-ended")).text
    assert "<Hangup" in (await gateway.post("/twilio/stream-ended")).text
    assert (await gateway.stop())[-1].call_ended.end_reason == conversation_pb2.END_REASON_TRANSFERRED


async def test_without_any_voice_twilio_says_that_nobody_can_answer(start_gateway: Callable[..., Any]) -> None:
    gateway = await start_gateway(has_voice=False)
    async with asyncio.timeout(10):
        report = await phone(gateway, [b"\xff" * 160] * 500, max_drain_s=0.2, quiet_period_s=0.1)
        await gateway.running.live_calls.wait_empty()
    assert not report.spoke
    root = ET.fromstring((await gateway.post("/twilio/stream-ended")).text)  # noqa: S314 - our own gateway wrote it
    assert [child.tag for child in root] == ["Say", "Hangup"]
    assert (await gateway.stop())[-1].call_ended.end_reason == conversation_pb2.END_REASON_FAILED


@pytest.mark.parametrize("shown", ["+266696687", "+7378742833", "+464"])
async def test_the_agents_answer_a_caller_who_hides_his_number(start_gateway: Callable[..., Any], shown: str) -> None:
    async with orchestrator(Plan(["Hello there."])) as fake:
        gateway = await start_gateway(orchestrator_address=fake.address)
        url, parameters = stream_of((await gateway.post("/twilio/voice", "CA 1", From=shown)).text)
        async with connect(url, max_queue=None) as socket:
            start = {"callSid": "CA 1", "accountSid": "AC1", "customParameters": {**parameters, "x\0": "a\0b\ud800"}}
            await socket.send(json.dumps({"event": "start", "streamSid": "MZ1", "start": start}))
            assert json.loads(await socket.recv())["event"] == "media"
        async with asyncio.timeout(5):
            await gateway.running.live_calls.wait_empty()
        assert [request.input.WhichOneof("input") for request in fake.requests] == ["opening"]
    events = await gateway.stop()
    started = events[0].call_started
    assert (started.caller_number, started.called_number, started.twilio_call_sid) == ("", "+12025550199", "CA1")
    assert events[-1].HasField("call_ended")


class NoMedia:
    """Media that cannot be built."""

    def build(self, *_: Any) -> Any:
        raise RuntimeError("no audio device")


async def test_a_call_that_cannot_be_built_leaves_nothing_behind(start_gateway: Callable[..., Any]) -> None:
    gateway = await start_gateway(media=NoMedia(), max_concurrent_calls=1)
    for sid in ("CA1", "CA2", "CA3"):
        url, parameters = stream_of((await gateway.post("/twilio/voice", sid)).text)
        start = {"callSid": sid, "accountSid": "AC1", "customParameters": parameters}
        assert await close_code(url, start) == 1013
        assert "<Say>" in (await gateway.post("/twilio/stream-ended", sid)).text
    assert len(gateway.running.live_calls) == 0
    async with asyncio.timeout(1):
        await gateway.running.live_calls.wait_empty()


async def test_an_end_that_the_orchestrator_did_not_take_is_told_again(start_gateway: Callable[..., Any]) -> None:
    async with orchestrator(Plan()) as fake:
        fake.end_failures = 5
        gateway = await start_gateway(orchestrator_address=fake.address)
        await phone(gateway, [b"\xff" * 160] * 50, max_drain_s=1.5, quiet_period_s=0.5)
        async with asyncio.timeout(5):
            await gateway.running.live_calls.wait_empty()
        async with asyncio.timeout(30):
            while len(fake.ended) <= fake.end_failures:  # noqa: ASYNC110 - nothing tells it
                await asyncio.sleep(0.05)
        assert len({request.call_id for request in fake.ended}) == 1
        assert (await gateway.stop())[-1].HasField("call_ended")


@pytest.mark.parametrize("status", ["completed", "failed", "busy", "no-answer", "canceled"])
async def test_a_call_that_is_over_before_its_stream_holds_no_place(
    start_gateway: Callable[..., Any], status: str
) -> None:
    gateway = await start_gateway(max_concurrent_calls=1)
    url, parameters = stream_of((await gateway.post("/twilio/voice", "CA1")).text)
    assert "<Say>" in (await gateway.post("/twilio/voice", "CA2")).text
    assert (await gateway.post("/twilio/status", "CA1", CallStatus="ringing")).status_code == 204
    assert "<Say>" in (await gateway.post("/twilio/voice", "CA2")).text
    assert (await gateway.post("/twilio/status", "CA1", CallStatus=status)).status_code == 204
    assert stream_of((await gateway.post("/twilio/voice", "CA2")).text)[0]
    start = {"callSid": "CA1", "accountSid": "AC1", "customParameters": parameters}
    assert await close_code(url, start) == 4003


async def test_a_stream_that_comes_too_late_is_told_so(start_gateway: Callable[..., Any]) -> None:
    gateway = await start_gateway()
    url, parameters = stream_of((await gateway.post("/twilio/voice")).text)
    gateway.running.live_calls.draining = True
    start = {"callSid": "CA1", "accountSid": "AC1", "customParameters": parameters}
    assert await close_code(url, start) == 1013
    assert "<Say>" in (await gateway.post("/twilio/stream-ended")).text


async def test_an_unknown_campaign_is_not_another_one(start_gateway: Callable[..., Any]) -> None:
    gateway = await start_gateway()
    assert "<Say>" in (await gateway.post("/twilio/voice?campaign=nobody")).text
    assert stream_of((await gateway.post("/twilio/voice?campaign=sunline-solar")).text)[0]
