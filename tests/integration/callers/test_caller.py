"""A caller of the simulated telephone holds whole conversations, on a stepping clock."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from callers.caller import Caller, Speak
from callers.lines import lines_for
from callers.personas import find_persona
from callers.policy import CallerPolicy
from callers.spoken_times import SpokenTime
from callwright_common.campaign import load_campaign
from fakes.line_clock import SteppingLineClock
from fakes.scripted_agent import ScriptedAgent, serve, tone
from phone_simulator.endpoint import CallParty, Endpoint
from phone_simulator.media_stream import MediaStream
from phone_simulator.pacer import Pacer
from phone_simulator.phone_call import PhoneCall
from phone_simulator.telephone_audio import SAMPLE_RATE, Samples

CAMPAIGN = load_campaign(Path(__file__).parents[3] / "campaigns" / "sunline-solar.yaml")
QUALIFIED = find_persona("qualified")
LINES = lines_for(QUALIFIED, CAMPAIGN)
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


async def speak_a_tone(text: str) -> bytes:
    """Says every line as a tone."""
    return tone(0.6)


def _lengths() -> Iterator[tuple[str, float]]:
    return ((text, 1.0 + 0.3 * number) for number, text in enumerate(SCRIPT))


def _caller(speak: Speak = speak_a_tone) -> Caller:
    return Caller(CallerPolicy(QUALIFIED, CAMPAIGN, 1), speak, ScriptReader().transcribe)


async def _call(agent: ScriptedAgent, caller: Caller) -> MediaStream:
    endpoint = Endpoint(agent.base_url + "/twilio/voice", "token")
    party = CallParty("+12025550123", "+12025550199")
    stream = await PhoneCall(endpoint, party, pacer=Pacer(SteppingLineClock())).run(caller)
    await caller.after()
    return stream


async def test_a_caller_holds_the_whole_conversation() -> None:
    lengths = dict(_lengths())
    caller = _caller()
    async with serve(ScriptedAgent(SCRIPT, lambda text: tone(lengths[text]))) as agent:
        stream = await _call(agent, caller)

    assert [spoken.start for spoken in caller.transcript] == sorted(spoken.start for spoken in caller.transcript)
    assert caller.transcript[-1].text == SCRIPT[-1]
    said = [spoken for spoken in caller.transcript if spoken.by_caller]
    assert [spoken.text in LINES.objections for spoken in said].count(True) == 1
    (interruption,) = [spoken for spoken in said if spoken.interrupting]
    assert interruption.text in LINES.interruptions
    assert agent.interruptions == 1
    assert caller.policy.agreed in (SpokenTime(1, None, 10, 0), SpokenTime(2, None, 14, 0))
    assert "bye" in said[-1].text.lower()
    assert stream.closed
    assert len(stream.playout.line) < 60 * SAMPLE_RATE


async def test_a_caller_hangs_up_on_an_agent_that_says_nothing() -> None:
    caller = _caller()
    async with serve(ScriptedAgent([""] * 9, lambda _: b"", hang_up_at_end=False)) as agent:
        stream = await _call(agent, caller)

    assert [spoken.text for spoken in caller.transcript] == ["Hello?", "Hello, are you still there?"]
    assert len(stream.playout.line) < 60 * SAMPLE_RATE


async def test_a_caller_ends_a_conversation_that_leads_nowhere() -> None:
    caller = _caller()
    async with serve(ScriptedAgent([SCRIPT[1]] * 99, lambda _: tone(1.3))) as agent:
        stream = await _call(agent, caller)

    assert "have to go" in caller.transcript[-2].text + caller.transcript[-1].text
    assert 140 * SAMPLE_RATE < len(stream.playout.line) < 175 * SAMPLE_RATE


async def test_a_failing_voice_ends_the_call_and_is_reported() -> None:
    async def fail(text: str) -> bytes:
        raise OSError("no voice")

    caller = _caller(fail)
    async with serve(ScriptedAgent(SCRIPT, lambda _: tone(1.0))) as agent:
        with pytest.raises(OSError, match="no voice"):
            await _call(agent, caller)
    assert agent.received[-1]["event"] == "stop"
