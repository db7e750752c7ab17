"""A call's clock and the gateway's end, in virtual time: silence, the longest duration, SIGTERM once and twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest

from callwright_common.campaign import Campaign
from fakes.gateway_calls import CallPlan, SilentCall, silent_call
from fakes.scripted_turns import Script, ScriptedOrchestrator
from fakes.timed_line import TimedLine
from fakes.virtual_time import LoopClock, virtual_time
from vocabulary.enums import EndReason
from vocabulary.turns import KeyPresses, Silence
from voice_gateway.calls.call_watch import CallWatch
from voice_gateway.calls.draining import drain
from voice_gateway.calls.live_calls import LiveCalls, NotCarriedError


@dataclass
class Watched:
    call: SilentCall
    orchestrator: ScriptedOrchestrator
    line: TimedLine
    calls: LiveCalls
    ended: ExitStack

    async def over(self, within: float) -> float:
        """Waits until the line was hung up and takes the call off the list; returns when that was."""
        async with asyncio.timeout(within):
            await self.line.hung_up.wait()
        hung_up_at = asyncio.get_running_loop().time()
        self.ended.close()
        return hung_up_at


@asynccontextmanager
async def watched(campaign: Campaign, *scripts: Script) -> AsyncIterator[Watched]:
    orchestrator, line = ScriptedOrchestrator(list(scripts) or [Script([(0, "Hello there.")])]), TimedLine()
    async with silent_call(campaign, orchestrator, CallPlan(), line=line, clock=LoopClock()) as call:
        calls = LiveCalls(1)
        ended = ExitStack()
        ended.enter_context(calls.place())
        ended.enter_context(calls.listed(call.live()))
        watching = asyncio.create_task(CallWatch(call.conversation, line, call.recorder).run())
        await call.conversation.open()
        try:
            yield Watched(call, orchestrator, line, calls, ended)
        finally:
            ended.close()
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


@virtual_time
async def test_silence_is_counted_from_the_end_of_the_speech(campaign: Campaign) -> None:
    async with watched(campaign) as one:
        await one.line.until(lambda: len(one.line.answers) == 2, within=30)
        heard_at = len("Hello there.") * 0.06
        prompted_at = one.line.begins[1]
        assert 0 <= prompted_at - heard_at - campaign.limits.silence_prompt_seconds <= 0.5
        assert isinstance(one.orchestrator.requests[1].input, Silence)
        await one.over(60)
        assert one.call.conversation.end_reason == "silence"
        assert one.line.answers[-1].text == campaign.prompts.goodbye_silence
        # Two prompts, then the goodbye.
        assert [
            request.input.count for request in one.orchestrator.requests[1:] if isinstance(request.input, Silence)
        ] == [1, 2]
        assert 0 <= one.line.begins[-1] - heard_at - campaign.limits.silence_hangup_seconds <= 0.5


@virtual_time
async def test_a_key_ends_a_silence(campaign: Campaign) -> None:
    async with watched(campaign) as one:
        await one.line.until(lambda: len(one.line.answers) == 2, within=30)
        one.call.conversation.key_pressed("1")
        await one.line.answer(3)
        assert one.orchestrator.requests[-1].input == KeyPresses("1")
        await one.line.until(lambda: len(one.line.answers) == 4, within=30)
        assert isinstance(one.orchestrator.requests[-1].input, Silence)
        assert one.orchestrator.requests[-1].input.count == 1


@virtual_time
async def test_the_longest_duration_ends_with_a_goodbye(campaign: Campaign) -> None:
    limits = campaign.limits.model_copy(update={"max_call_seconds": 60})
    short = campaign.model_copy(update={"limits": limits})
    async with watched(short, Script([(0, f"This is sentence number {number}.") for number in range(30)])) as one:
        await one.over(120)
        assert one.call.conversation.end_reason == "max_duration"
        assert one.line.answers[-1].text == campaign.prompts.time_limit
        assert one.line.was_heard(one.line.answers[-1])


@virtual_time
async def test_a_draining_gateway_lets_its_call_finish(campaign: Campaign) -> None:
    async with watched(campaign) as one:
        draining = asyncio.create_task(drain(one.calls, 300.0, asyncio.Event()))
        await asyncio.sleep(5)
        with pytest.raises(NotCarriedError):
            one.calls.check_room()
        assert not draining.done()
        await one.call.say("Yes.")
        await one.line.until(lambda: len(one.line.answers) == 2)
        one.ended.close()
        await draining
        assert one.call.conversation.end_reason is None


@pytest.mark.parametrize(("grace", "hurries"), [(300.0, True), (10.0, False)])
@virtual_time
async def test_haste_and_the_end_of_the_grace_say_goodbye(campaign: Campaign, grace: float, hurries: bool) -> None:
    async with watched(campaign) as one:
        hurry = asyncio.Event()
        draining = asyncio.create_task(drain(one.calls, grace, hurry))
        await asyncio.sleep(5)
        if hurries:
            hurry.set()
        hung_up_at = await one.over(30)
        await draining
        assert one.call.conversation.end_reason == "drain_timeout"
        assert one.line.answers[-1].text == campaign.prompts.cut_short
        assert one.line.was_heard(one.line.answers[-1])
        assert 0 <= hung_up_at - (5 if hurries else grace) < 6


async def cut_goodbye(one: Watched) -> None:
    """The caller speaks over the goodbye that is being said."""
    goodbye = one.line.answers[-1]
    one.call.conversation.interrupted()
    one.line.cut(goodbye, " ".join(goodbye.text.split()[:2]))
    await one.call.say("Wait, one more thing.")


@virtual_time
async def test_a_goodbye_that_is_spoken_over_is_said_once_more(campaign: Campaign) -> None:
    async with watched(campaign) as one:
        await asyncio.sleep(2)
        await one.call.conversation.end_with(EndReason.OPERATOR, "Goodbye then, and thank you.")
        await one.line.answer(2)
        await cut_goodbye(one)
        await one.over(10)
        assert [reply.text for reply in one.line.answers[1:]] == ["Goodbye then, and thank you."] * 2
        assert one.line.was_heard(one.line.answers[-1])
        assert len(one.orchestrator.requests) == 1


@virtual_time
async def test_a_goodbye_that_is_spoken_over_twice_ends_the_call(campaign: Campaign) -> None:
    async with watched(campaign) as one:
        await asyncio.sleep(2)
        await one.call.conversation.end_with(EndReason.OPERATOR, "Goodbye then, and thank you.")
        for number in (2, 3):
            await one.line.answer(number)
            await cut_goodbye(one)
        await one.over(10)
        assert len(one.line.answers) == 3


@virtual_time
async def test_a_caller_who_speaks_up_at_last_goes_on(campaign: Campaign) -> None:
    async with watched(campaign) as one:
        await one.line.until(
            lambda: any(said.ended and said.text == campaign.prompts.goodbye_silence for said in one.line.answers), 60
        )
        await cut_goodbye(one)
        await one.line.until(lambda: len(one.orchestrator.requests) == 4, 10)
        assert not one.line.hung_up.is_set()
        assert one.call.conversation.end_reason is None
