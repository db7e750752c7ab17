"""Faults inside one turn, in virtual time: what the caller hears, when, and what the records say.

Rows of the fault catalogue:

* A1  the orchestrator dies between two sentences: whole sentences only, none twice, the rest by the direct model, the
      turn is marked, no transition of it counts, the next turn is the orchestrator's again and it knows what was heard.
* A2  the orchestrator hangs: a filler at 650 ms, the fallback at 1.5 s, from the fourth turn on at once; one probe
      takes it back into use.
* B4  the stream stalls after some sentences: what was begun is ended at a sentence.
* B5  the reply is late and the turn is stored all the same: the late words are not heard, the next turn is coherent.
* C10 the caller hangs up during an escalation or a reply: nothing is spent after the end, what was held is settled.
* C11 the caller speaks over a fallback, over an apology, over the first reply in the premium voice.
* D1  first words after 3 s, or never: a filler within a second, the fallback by 1.5 s.
* D2  the orchestrator's model stops after a sentence: the reply is led on to a question.
* E5  the orchestrator lost the context: it is rebuilt from the gateway's copy within the turn.
* F1  two wishes to escalate at once: one reservation.
* F2  the money runs out: the standard voice, within the reply.
* F3  the lease runs out while the budget service is away: the standard voice by the gateway's own clock.
"""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from callwright.conversation.v1 import conversation_pb2 as wire
from callwright_common.breaker import BreakerSettings, BreakerState
from callwright_common.campaign import Campaign
from callwright_common.errors import UnavailableError
from fakes.budget import FakeBudget
from fakes.gateway_calls import CallPlan, SilentCall, silent_call
from fakes.scripted_turns import Script, ScriptedOrchestrator
from fakes.timed_line import TimedLine
from fakes.virtual_time import LoopClock, virtual_time
from vocabulary.enums import Agent, EscalationOutcome, Tier
from vocabulary.exchange import EscalationRecommendation

DIED = UnavailableError("UNAVAILABLE", "the server is gone")
PLAN = CallPlan(first_text=1.5, idle=3.0, filler_delay=0.65, breaker=BreakerSettings())
NEVER = 3600.0
WORTH_IT = EscalationRecommendation(True, 0.8, Agent.QUALIFICATION)


def call_on(campaign: Campaign, *scripts: Script, **more: Any) -> Any:
    orchestrator = ScriptedOrchestrator([*scripts, Script()])
    context = silent_call(campaign, orchestrator, more.pop("plan", PLAN), line=TimedLine(), clock=LoopClock(), **more)
    return context, orchestrator


QUESTIONS = (
    "Is there a warranty?", "Do you offer financing?", "How long does it take to install?", "Does it work in winter?",
    "What does a system cost?", "Where are you located?", "How does it work?", "Is there a tax credit?",
    "How much can I save?", "What happens at the visit?", "Are you licensed?", "What does a battery cost?",
    "When are you open?", "Can you mount it on a tile roof?",
)  # fmt: skip


async def ask(call: SilentCall, text: str = "") -> tuple[float, str]:
    """Says something and waits until the answer was heard; returns the dead air before it and its words."""
    line, now = call.line, asyncio.get_running_loop().time()
    assert isinstance(line, TimedLine)
    begun, answers = len(line.begins), len(line.answers)
    await call.say(text or QUESTIONS[answers % len(QUESTIONS)])
    await line.until(lambda: len(line.answers) > answers and line.answers[answers].ended, within=60)
    await line.over(line.answers[answers])
    # The turn is stored behind its words.
    await asyncio.sleep(0.5)
    return line.begins[begun] - now, line.answers[answers].text


def sources(call: SilentCall) -> list[str]:
    return [wire.ReplySource.Name(turn.turn.source).removeprefix("REPLY_SOURCE_") for turn in call.turns()]


@virtual_time
async def test_a1_death_between_two_sentences(campaign: Campaign) -> None:
    context, orchestrator = call_on(campaign, Script([(0.2, "The panels last.")], error=DIED))
    async with context as call:
        dead_air, text = await ask(call)
        assert dead_air < 0.3
        assert text.startswith("The panels last. ")
        assert text.endswith((".", "?"))
        assert len(set(call.line.answers[0].sentences)) == len(call.line.answers[0].sentences) == 2
        turn = call.turns()[0]
        assert turn.partial
        assert turn.turn.heard_text == text
        [took_over] = call.spool.events("agent_transitioned")
        assert took_over.agent_transitioned.transition.turn_id == turn.turn.turn_id
        assert (await ask(call))[1] == "All right. What else?"
        assert [entry.heard_text for entry in orchestrator.requests[1].unsynced_entries] == [text]
        assert orchestrator.requests[1].base_revision == 0
        assert sources(call) == ["ORCHESTRATOR", "ORCHESTRATOR"]


@pytest.mark.parametrize("sentences", [0, 1, 2, 3])
@virtual_time
async def test_a1_after_any_sentence_none_is_repeated(campaign: Campaign, sentences: int) -> None:
    whole = [(0.05, "I see, lower bills."), (0.05, "That is worth it."), (0.05, "Roughly how much is it?")]
    context, _ = call_on(campaign, Script(whole[:sentences], error=DIED))
    async with context as call:
        dead_air, text = await ask(call, "I want to lower my electric bill.")
        assert dead_air <= 1.0
        said = call.line.answers[0].sentences
        assert len(set(said)) == len(said)
        assert said[-1].endswith("?")
        assert call.turns()[0].turn.heard_text == text
        assert sources(call) == ["ORCHESTRATOR" if sentences else "RULES"]


@virtual_time
async def test_a2_a_hung_orchestrator_costs_one_and_a_half_seconds_and_then_nothing(campaign: Campaign) -> None:
    plan = replace(PLAN, breaker=BreakerSettings(first_pause=120.0))
    context, orchestrator = call_on(campaign, *[Script()] * 10, plan=plan)
    async with context as call:
        for _ in range(10):
            await ask(call)
        orchestrator.scripts = [Script([(NEVER, "")])]
        for _ in range(3):
            asked_at = asyncio.get_running_loop().time()
            dead_air, _ = await ask(call)
            assert dead_air == pytest.approx(0.65)
            # The answer may wait for the end of the filler.
            assert 1.5 <= call.line.begins[-1] - asked_at < 2.0
        assert call.breaker.state is BreakerState.OPEN
        dead_air, _ = await ask(call)
        assert dead_air < 0.01
        assert len(orchestrator.requests) == 13
        assert sources(call)[10:] == ["RULES"] * 4


@virtual_time
async def test_a2_taken_back_into_use_by_one_probe(campaign: Campaign) -> None:
    context, orchestrator = call_on(campaign, *[Script([(NEVER, "")])] * 3)
    async with context as call:
        for _ in range(3):
            await ask(call)
        assert call.breaker.state is not BreakerState.CLOSED
        await asyncio.sleep(5)
        await ask(call)
        assert call.breaker.state is BreakerState.CLOSED
        assert sources(call)[-1] == "ORCHESTRATOR"
        assert len(orchestrator.requests[-1].unsynced_entries) == 3


@virtual_time
async def test_b4_a_stalled_reply_ends_at_a_sentence(campaign: Campaign) -> None:
    script = Script([(0.1, "It is covered."), (NEVER, "And the battery too.")])
    context, _ = call_on(campaign, script)
    async with context as call:
        _, text = await ask(call)
        assert text.startswith("It is covered. ")
        assert "And the battery" not in text
        assert call.turns()[0].partial


@pytest.mark.parametrize("stored", [True, False])
@virtual_time
async def test_b5_late_words_are_dropped_and_the_next_turn_is_coherent(campaign: Campaign, stored: bool) -> None:
    context, orchestrator = call_on(campaign, Script([(1.6, "Too late.")], stores_when_left=stored))
    async with context as call:
        _, text = await ask(call)
        assert "Too late" not in text
        assert (await ask(call))[1] == "All right. What else?"
        # What the caller heard amends the stored turn, so there is nothing to sync.
        assert not orchestrator.syncs
        assert [entry.heard_text for entry in orchestrator.requests[1].unsynced_entries] == [text]
        assert sources(call) == ["RULES", "ORCHESTRATOR"]


@pytest.mark.parametrize("stored", [True, False])
@virtual_time
async def test_b5_a_turn_that_the_caller_went_on_with_counts_once(campaign: Campaign, stored: bool) -> None:
    context, orchestrator = call_on(campaign, Script([(1.0, "Fine.")], stores_when_left=stored))
    async with context as call:
        await call.say("I own the house")
        await asyncio.sleep(0.4)
        call.conversation.interrupted()
        await ask(call, "with my wife.")
        assert not orchestrator.syncs
        assert orchestrator.history[orchestrator.requests[0].turn_id].caller_text == ""
        own = [turn.turn.caller_text for turn in call.turns() if not turn.joined_into]
        assert own == ["I own the house with my wife."]


class SlowBudget(FakeBudget):
    """Grants after ten seconds."""

    async def reserve(self, *request: Any) -> Any:
        await asyncio.sleep(10)
        return await super().reserve(*request)


@pytest.mark.parametrize("after", [0.0, 0.5, 1.0, 2.0, 3.0])
@virtual_time
async def test_c10_a_hang_up_at_any_time_settles_what_is_held(campaign: Campaign, after: float) -> None:
    budget = SlowBudget()
    context, _ = call_on(campaign, Script(recommended=True), budget=budget)
    async with context as call:
        await call.say("Two hundred dollars.")
        await asyncio.sleep(after)
        began = asyncio.get_running_loop().time()
        await call.conversation.close()
        await call.premium_voice.close()
        assert asyncio.get_running_loop().time() - began < 1.0
        assert call.premium_voice.tier() is Tier.STANDARD
    await asyncio.sleep(60)
    assert not budget.reserved
    assert [micros for _, micros in budget.settled] in ([], [0])
    assert len(call.turns()) == 1


@virtual_time
async def test_c10_a_hang_up_during_premium_speech_settles_what_was_spoken(campaign: Campaign) -> None:
    budget = FakeBudget()
    context, _ = call_on(campaign, Script(recommended=True), budget=budget)
    async with context as call:
        await ask(call)
        await call.say("Yes.")
        await call.line.until(lambda: call.line.replies[-1].tier is Tier.PREMIUM)
        await call.conversation.close()
        await call.premium_voice.close()
    spoken = sum(len(sentence) for sentence in call.line.replies[-1].sentences)
    price = campaign.voices.premium.price_per_1000_characters
    assert 0 <= budget.settled[0][1] - spoken * price / 1000 < 2
    assert len(budget.settled) == 1


@virtual_time
async def test_c11_over_a_fallback_an_apology_and_the_first_premium_reply(campaign: Campaign) -> None:
    context, orchestrator = call_on(
        campaign,
        Script([], error=DIED),
        Script([(0, "Go on.")]),
        Script(recommended=True),
        Script([(0, "Premium words.")]),
    )
    async with context as call:
        line = call.line
        assert isinstance(line, TimedLine)

        async def cut_after_three_words(number: int) -> str:
            await line.until(lambda: len(line.answers) > number and line.answers[number].ended)
            await asyncio.sleep(0.3)
            heard = " ".join(line.answers[number].text.split()[:3])
            call.conversation.interrupted()
            line.cut(line.answers[number], heard)
            return heard

        await call.say("Is there a warranty?")
        heard = await cut_after_three_words(0)
        call.conversation.speech_failed(Tier.STANDARD, "Go on.", unheard=True)
        apology = await cut_after_three_words(1)
        await ask(call, "Yes.")
        told = {entry.heard_text for entry in orchestrator.requests[1].unsynced_entries}
        assert told == {heard, apology}
        await ask(call, "Two hundred.")
        await asyncio.sleep(1)
        await call.say("And?")
        premium = await cut_after_three_words(4)
        assert line.answers[4].tier is Tier.PREMIUM
        assert call.turns()[-1].turn.heard_text == premium
        assert call.turns()[-1].tier == wire.TIER_PREMIUM


@pytest.mark.parametrize("delay", [3.0, 30.0, NEVER])
@virtual_time
async def test_d1_slow_first_words(campaign: Campaign, delay: float) -> None:
    context, _ = call_on(campaign, Script([(delay, "Late.")]))
    async with context as call:
        asked_at = asyncio.get_running_loop().time()
        dead_air, text = await ask(call)
        assert dead_air <= 0.65 + 1e-6
        assert call.line.begins[1] - asked_at <= 1.7
        assert "Late" not in text
        assert len(call.line.fillers) == 1
        assert call.turns()[0].filler_played


@virtual_time
async def test_d2_a_model_that_stops_after_a_sentence(campaign: Campaign) -> None:
    context, _ = call_on(campaign, Script([(0.1, "Yes, for twenty-five years.")], error=DIED))
    async with context as call:
        _, text = await ask(call)
        assert not text.startswith("Yes, for twenty-five years. The panels")
        assert call.line.answers[0].sentences[0] == "Yes, for twenty-five years."
        assert text.endswith("?")


@virtual_time
async def test_e5_a_lost_context_is_rebuilt_within_the_turn(campaign: Campaign) -> None:
    context, orchestrator = call_on(campaign)
    async with context as call:
        await ask(call)
        orchestrator.revision, orchestrator.stored = 5, {}
        dead_air, text = await ask(call)
        assert (text, len(orchestrator.syncs)) == ("All right. What else?", 1)
        assert dead_air < 0.5
        assert sources(call) == ["ORCHESTRATOR", "ORCHESTRATOR"]


@virtual_time
async def test_f1_two_wishes_at_once_hold_money_once(campaign: Campaign) -> None:
    budget = SlowBudget()
    context, _ = call_on(campaign, budget=budget)
    async with context as call:
        wishes = [call.premium_voice.consider(WORTH_IT, f"turn-{n}", by_operator=n == 1) for n in range(2)]
        assert sorted(await asyncio.gather(*wishes)) == [False, True]
        assert len(budget.reserved) == 1
        assert len(call.spool.events("tier_escalation")) == 1


@virtual_time
async def test_f2_money_that_runs_out_ends_the_premium_voice_within_the_reply(campaign: Campaign) -> None:
    budget = FakeBudget()
    long = Script([(0, f"Sentence {number} goes on and on and on and on.") for number in range(26)])
    context, _ = call_on(campaign, Script(recommended=True), long, budget=budget)
    async with context as call:
        await ask(call)
        budget.denial = EscalationOutcome.DENIED_CALL_LIMIT
        await ask(call)
        tiers = call.line.answers[1].tiers
        assert (tiers[0], tiers[-1]) == (Tier.PREMIUM, Tier.STANDARD)
        assert tiers == sorted(tiers, key=[Tier.PREMIUM, Tier.STANDARD].index)
        await ask(call)
        assert set(call.line.answers[2].tiers) == {Tier.STANDARD}
        (_, settled), (held,) = budget.settled[0], budget.reserved.values()
        assert settled <= held
        outcomes = [event.tier_escalation.outcome for event in call.spool.events("tier_escalation")]
        assert outcomes == [wire.ESCALATION_OUTCOME_SWITCHED, wire.ESCALATION_OUTCOME_LEASE_ENDED]


@virtual_time
async def test_f3_no_premium_word_behind_the_end_of_a_lease(campaign: Campaign) -> None:
    budget = FakeBudget(lease_seconds=20)
    context, _ = call_on(campaign, Script(recommended=True), budget=budget)
    async with context as call:
        await ask(call)
        leased_at = asyncio.get_running_loop().time()
        budget.down = True
        while asyncio.get_running_loop().time() < leased_at + 30:
            began = asyncio.get_running_loop().time()
            await ask(call)
            if began >= leased_at + 20:
                assert set(call.line.answers[-1].tiers) == {Tier.STANDARD}
            await asyncio.sleep(2)
        assert Tier.PREMIUM in {tier for reply in call.line.answers for tier in reply.tiers}
        assert len(budget.settled) == 1
