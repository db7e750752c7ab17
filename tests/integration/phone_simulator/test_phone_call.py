"""A simulated call against a real web server and a real WebSocket, on a stepping clock."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from callers.caller import Caller, Speaker
from callers.personas import QUALIFIED
from callers.policy import CallerPolicy
from callers.spoken_times import SpokenTime
from fakes.line_clock import SteppingLineClock
from fakes.scripted_agent import ScriptedAgent, serve
from phone_simulator.media_stream import MediaStream
from phone_simulator.phone_call import PhoneCall, PhoneCallSettings
from phone_simulator.telephone_audio import SAMPLE_RATE, Samples, samples_to_mulaw
from phone_simulator.webhook import CallParty, TwimlAnswer, TwimlError

PARTY = CallParty("+12025550123", "+12025550199")


def tone(seconds: float) -> bytes:
    """Returns audible µ-law audio."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return samples_to_mulaw(np.asarray(8000 * np.sin(2 * np.pi * 200 * time), dtype=np.int16))


def _call(agent: ScriptedAgent, *, token: str = "token") -> PhoneCall:  # noqa: S107
    settings = PhoneCallSettings(agent.base_url + "/twilio/voice", token)
    return PhoneCall(settings, PARTY, clock=SteppingLineClock())


def _events(agent: ScriptedAgent, name: str) -> list[dict[str, Any]]:
    return [message for message in agent.received if message["event"] == name]


async def _listen(stream: MediaStream, *, until: float) -> None:
    clock = stream._clock
    start = clock.monotonic()
    while clock.monotonic() < start + until:
        await clock.wait_until(clock.monotonic())


async def test_the_webhook_is_signed_and_its_parameters_reach_the_stream() -> None:
    async with serve(ScriptedAgent(["hello"], lambda _: tone(0.2))) as agent:
        call = _call(agent)
        await call.run(lambda stream: _listen(stream, until=0.5))

    assert agent.refused == 0
    assert agent.forms[0]["CallSid"] == PARTY.call_sid
    assert agent.forms[0]["From"] == "+12025550123"
    (start,) = _events(agent, "start")
    assert start["start"]["customParameters"] == {"token": "t-1"}
    assert start["start"]["callSid"] == PARTY.call_sid
    assert agent.received[0]["event"] == "connected"
    assert call.followed == TwimlAnswer()


async def test_a_refused_webhook_places_no_call() -> None:
    async with serve(ScriptedAgent(["hello"], lambda _: tone(0.2))) as agent:
        with pytest.raises(TwimlError, match="403"):
            await _call(agent, token="another").run(lambda stream: _listen(stream, until=0.5))
    assert agent.received == []


async def test_frames_of_twenty_milliseconds_follow_the_clock_and_stop_ends_the_stream() -> None:
    async with serve(ScriptedAgent([], lambda _: b"", hang_up_at_end=False)) as agent:
        stream = await _call(agent).run(lambda stream: _listen(stream, until=1.0))

    media = _events(agent, "media")
    assert 48 <= len(media) <= 54
    assert [int(frame["media"]["timestamp"]) for frame in media] == [20 * number for number in range(len(media))]
    assert agent.received[-1]["event"] == "stop"
    numbers = [int(message["sequenceNumber"]) for message in agent.received if message["event"] != "connected"]
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers))
    assert len(stream.caller_line) == 160 * len(media)
    assert abs(len(stream.playout.line) - len(stream.caller_line)) <= 320


async def test_a_mark_is_echoed_once_the_audio_before_it_was_played() -> None:
    async with serve(ScriptedAgent(["hello"], lambda _: tone(0.8), hang_up_at_end=False)) as agent:
        stream = await _call(agent).run(lambda stream: _listen(stream, until=1.2))

    names = [message["event"] for message in agent.received]
    frames_before_echo = sum(name == "media" for name in names[: names.index("mark")])
    assert 40 <= frames_before_echo <= 43
    (mark,) = stream.playout.marks
    (span,) = stream.playout.spans
    assert mark.returned_at == span.line_start + span.length
    assert span.length == int(0.8 * SAMPLE_RATE)


async def test_clear_stops_the_sound_and_returns_the_pending_mark_at_once() -> None:
    async def interrupt(stream: MediaStream) -> None:
        await _listen(stream, until=0.5)
        stream.speak(tone(0.5))
        await _listen(stream, until=0.6)

    script = ["long", "short"]
    async with serve(
        ScriptedAgent(script, lambda text: tone(3.0 if text == "long" else 0.3), hang_up_at_end=False)
    ) as agent:
        stream = await _call(agent).run(interrupt)

    assert agent.interruptions == 1
    (clear,) = stream.playout.clears
    (first, *_) = stream.playout.marks
    assert first.cleared
    assert first.returned_at == clear.line_position
    played = sum(span.length for span in stream.playout.spans)
    assert 0.55 * SAMPLE_RATE <= played <= 0.75 * SAMPLE_RATE
    assert len(_events(agent, "mark")) == 1


async def test_the_caller_follows_the_twiml_after_the_stream() -> None:
    agent = ScriptedAgent(["hello"], lambda _: tone(0.2), after_stream="<Response><Dial>+13035550142</Dial></Response>")
    async with serve(agent):
        call = _call(agent)
        await call.run(lambda stream: _listen(stream, until=0.4))
    assert call.followed == TwimlAnswer(dialled="+13035550142")


SCRIPT = [
    "Thanks for calling. What made you think about solar?",
    "Roughly how much is your electric bill each month?",
    "Do you own the home, and does anybody else decide with you?",
    "I understand. With nothing down, it is usually less than the bill it replaces. Do you own the home?",
    "There is a warranty. Do you own the home, and does anybody else decide with you?",
    "I have Tuesday at 10 in the morning, or Wednesday at 2 in the afternoon. Which one suits you?",
    "You are booked. Is there anything else I can do for you?",
    "Thank you for calling. Goodbye.",
]


@dataclass
class ScriptReader:
    """A transcriber that knows what each reply of the script sounds like: its length in tenths of a second."""

    heard: list[str] = field(default_factory=list)

    async def transcribe(self, samples: Samples) -> str:
        loud = np.abs(samples.astype(np.int32)) > 300
        seconds = np.count_nonzero(loud.reshape(-1, 40).any(axis=1)) * 40 / SAMPLE_RATE
        number = round((seconds - 1.0) / 0.3)
        self.heard.append(SCRIPT[number] if 0 <= number < len(SCRIPT) else "")
        return self.heard[-1]


class ToneVoice:
    """Says every line as a tone."""

    async def speak(self, text: str) -> bytes:
        return tone(0.6)


def _lengths() -> Iterator[tuple[str, float]]:
    return ((text, 1.0 + 0.3 * number) for number, text in enumerate(SCRIPT))


async def test_a_caller_holds_the_whole_conversation() -> None:
    lengths = dict(_lengths())
    policy = CallerPolicy(QUALIFIED, 1)
    caller = Caller(policy, ToneVoice(), ScriptReader(), 1)
    async with serve(ScriptedAgent(SCRIPT, lambda text: tone(lengths[text]))) as agent:
        stream = await _call(agent).run(caller.talk)
        await caller.after(stream)

    assert [spoken.start for spoken in caller.transcript] == sorted(spoken.start for spoken in caller.transcript)
    assert caller.transcript[-1].text == SCRIPT[-1]
    said = [spoken for spoken in caller.transcript if spoken.speaker is Speaker.CALLER]
    assert [spoken.text in QUALIFIED.objections for spoken in said].count(True) == 1
    (interruption,) = [spoken for spoken in said if spoken.interrupting]
    assert interruption.text in QUALIFIED.interruptions
    assert agent.interruptions == 1
    assert policy.agreed in (SpokenTime(1, None, 10, 0), SpokenTime(2, None, 14, 0))
    assert "bye" in said[-1].text.lower()
    assert stream.closed
    assert len(stream.playout.line) < 60 * SAMPLE_RATE


async def test_a_caller_hangs_up_on_an_agent_that_says_nothing() -> None:
    caller = Caller(CallerPolicy(QUALIFIED, 1), ToneVoice(), ScriptReader(), 1)
    async with serve(ScriptedAgent([""] * 9, lambda _: b"", hang_up_at_end=False)) as agent:
        stream = await _call(agent).run(caller.talk)

    assert [spoken.text for spoken in caller.transcript] == ["Hello?", "Hello, are you still there?"]
    assert len(stream.playout.line) < 60 * SAMPLE_RATE


async def test_a_caller_ends_a_conversation_that_leads_nowhere() -> None:
    caller = Caller(CallerPolicy(QUALIFIED, 1), ToneVoice(), ScriptReader(), 1)
    async with serve(ScriptedAgent([SCRIPT[1]] * 99, lambda _: tone(1.3))) as agent:
        stream = await _call(agent).run(caller.talk)

    assert "have to go" in caller.transcript[-2].text + caller.transcript[-1].text
    assert 140 * SAMPLE_RATE < len(stream.playout.line) < 175 * SAMPLE_RATE


async def test_a_failing_voice_ends_the_call_and_is_reported() -> None:
    class BrokenVoice:
        async def speak(self, text: str) -> bytes:
            raise OSError("no voice")

    caller = Caller(CallerPolicy(QUALIFIED, 1), BrokenVoice(), ScriptReader(), 1)
    async with serve(ScriptedAgent(SCRIPT, lambda _: tone(1.0))) as agent:
        with pytest.raises(OSError, match="no voice"):
            await _call(agent).run(caller.talk)
    assert agent.received[-1]["event"] == "stop"
