"""Keys pressed one after the other, in virtual time: which of them are one input, and what an input means."""

import asyncio
from collections.abc import Sequence

import pytest

from callwright_common.campaign import Campaign
from dialogue import decode_state
from fakes.gateway_calls import CallPlan, SilentCall, silent_call
from fakes.scripted_turns import Script, ScriptedOrchestrator
from fakes.timed_line import TimedLine
from fakes.virtual_time import LoopClock, virtual_time
from vocabulary.enums import Expectation
from vocabulary.turns import KeyPresses, Question

BILL = Question(Expectation.ANSWER, "monthly_bill")
BILL_ASKED = Script([(0, "How much is your bill?")], asks=BILL)
OPEN_ASKED = Script([(0, "How can I help you?")])
ANSWERED = Script([(0, "Thank you, that is noted."), (0, "How many people live there?")])


async def pressed(campaign: Campaign, opening: Script, keys: Sequence[tuple[float, str]]) -> list[str]:
    """Returns the inputs that keys become, each pressed some seconds after the one before it."""
    orchestrator, line = ScriptedOrchestrator([opening, *[ANSWERED] * 9]), TimedLine()
    async with silent_call(campaign, orchestrator, CallPlan(), line=line, clock=LoopClock()) as call:
        await call.conversation.open()
        await line.over(await line.answer(1))
        for seconds, key in keys:
            await asyncio.sleep(seconds)
            call.conversation.key_pressed(key)
        await asyncio.sleep(20)
        return [request.input.keys for request in orchestrator.requests if isinstance(request.input, KeyPresses)]


@pytest.mark.parametrize("seconds", [0.1, 0.7, 1.5, 2.2, 2.9])
@pytest.mark.parametrize("number", ["180", "1050", "007", "90210"])
@virtual_time
async def test_digits_of_a_number_that_is_asked_for_belong_together(
    campaign: Campaign, number: str, seconds: float
) -> None:
    assert await pressed(campaign, BILL_ASKED, [(seconds, key) for key in number]) == [number]


@virtual_time
async def test_a_pound_key_ends_an_input_at_once(campaign: Campaign) -> None:
    keys = [(0.2, "1"), (1.5, "8"), (1.5, "0"), (0.1, "#"), (0.1, "7")]
    assert await pressed(campaign, BILL_ASKED, keys) == ["180#", "7"]


@virtual_time
async def test_a_choice_is_taken_after_a_short_pause(campaign: Campaign) -> None:
    assert await pressed(campaign, OPEN_ASKED, [(0.2, "1"), (1.5, "2"), (0.9, "3")]) == ["1", "23"]


@pytest.mark.parametrize("seconds", [3.3, 4.0, 5.0])
@virtual_time
async def test_digits_pressed_over_the_answer_to_the_first_go_on_with_them(campaign: Campaign, seconds: float) -> None:
    keys = [(0.5, "1"), (0.5, "8"), (seconds, "0")]
    assert await pressed(campaign, BILL_ASKED, keys) == ["18", "180"]


@virtual_time
async def test_whoever_wants_a_human_presses_zero_alone(campaign: Campaign) -> None:
    assert await pressed(campaign, BILL_ASKED, [(0.5, "0")]) == ["0"]
    assert await pressed(campaign, BILL_ASKED, [(0.5, "0"), (4.0, "0")]) == ["0", "0"]


@virtual_time
async def test_a_number_that_went_on_is_told_as_one(campaign: Campaign) -> None:
    line = TimedLine()
    orchestrator = ScriptedOrchestrator([])
    async with silent_call(campaign, orchestrator, CallPlan(integrated=False), line=line, clock=LoopClock()) as call:
        await call.conversation.open()
        await line.over(await line.answer(1))
        await asked_for_the_bill(call, line)
        call.conversation.key_pressed("1")
        await asyncio.sleep(0.5)
        call.conversation.key_pressed("8")
        await line.until(lambda: len(line.answers) == 3, within=10)
        call.conversation.key_pressed("0")
        await line.until(lambda: len(line.answers) == 4, within=30)
        await line.over(line.answers[-1])
        state = decode_state(call.session.dialogue_state, "call-1")
        assert state.facts["monthly_bill"].number == 180
        records = call.turns()
    assert [one.turn.caller_text for one in records if one.turn.keys_pressed] == ["18", "180"]
    assert [bool(one.joined_into) for one in records if one.turn.keys_pressed] == [True, False]


async def asked_for_the_bill(call: SilentCall, line: TimedLine) -> None:
    """Talks until the agent has asked for the monthly bill."""
    await call.say("I want to pay less for power.")
    await line.over(await line.answer(2))
    assert call.session.open_question == BILL
