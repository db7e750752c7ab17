"""The premium voice of a call on an injected clock: leases, money, refusals, settlement."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright_common.breaker import CircuitBreaker
from callwright_common.campaign import Campaign
from callwright_common.money import Amount
from fakes.budget import FakeBudget
from fakes.clock import ManualClock
from vocabulary.call_events import TierEscalation
from vocabulary.enums import Agent, EscalationOutcome, Tier
from vocabulary.exchange import EscalationRecommendation
from voice_gateway.premium_voice.premium_voice import PremiumVoice

WORTH_IT = EscalationRecommendation(True, 0.8, Agent.QUALIFICATION)


@dataclass
class Case:
    premium_voice: PremiumVoice
    budget: FakeBudget
    clock: ManualClock
    events: list[TierEscalation]

    def outcomes(self) -> list[EscalationOutcome]:
        return [event.outcome for event in self.events]


def new_case(campaign: Campaign, *, lease_seconds: float = 60.0, enabled: bool = True) -> Case:
    clock, budget = ManualClock(), FakeBudget(lease_seconds)
    events: list[TierEscalation] = []
    breaker = CircuitBreaker("escalation_budget", clock)
    premium_voice = PremiumVoice(
        call_id="call-1",
        campaign=campaign,
        budget=budget,
        breaker=breaker,
        settle=budget.settle,
        record=events.append,
        clock=clock,
        enabled=enabled,
    )
    return Case(premium_voice, budget, clock, events)


@pytest.fixture
async def case(campaign: Campaign) -> AsyncIterator[Case]:
    case = new_case(campaign)
    yield case
    await case.premium_voice.close()


async def test_a_grant_switches_the_next_reply_and_is_recorded_once(case: Case) -> None:
    assert case.premium_voice.tier() is Tier.STANDARD
    assert await case.premium_voice.consider(WORTH_IT, "turn-1")
    assert await case.premium_voice.consider(WORTH_IT, "turn-2")
    assert case.premium_voice.tier() is Tier.PREMIUM
    assert case.outcomes() == [EscalationOutcome.SWITCHED]
    assert case.events[0].trigger_agent is Agent.QUALIFICATION
    assert list(case.budget.reserved.values()) == [162_000]
    assert case.events[0].cost_impact == Amount(162_000, "USD")


async def test_only_a_recommendation_asks_the_budget(case: Case) -> None:
    warm = EscalationRecommendation(False, 0.6, None)
    assert not await case.premium_voice.consider(warm, "turn-1")
    assert not case.budget.reserved


async def test_a_denial_is_recorded_and_final(case: Case) -> None:
    case.budget.denial = EscalationOutcome.DENIED_CALL_LIMIT
    assert not await case.premium_voice.consider(WORTH_IT, "turn-1")
    assert not await case.premium_voice.consider(WORTH_IT, "turn-2")
    assert case.outcomes() == [EscalationOutcome.DENIED_CALL_LIMIT]
    assert not case.events[0].budget_check_passed
    assert case.premium_voice.tier() is Tier.STANDARD


async def test_an_absent_budget_service_costs_nothing_and_may_be_asked_again(case: Case) -> None:
    case.budget.down = True
    assert not await case.premium_voice.consider(WORTH_IT, "turn-1")
    assert case.outcomes() == [EscalationOutcome.BUDGET_UNAVAILABLE]
    assert [micros for _, micros in case.budget.settled] == [0]
    case.budget.down = False
    assert await case.premium_voice.consider(WORTH_IT, "turn-2")


async def test_the_voice_steps_down_when_the_lease_is_over(case: Case) -> None:
    await case.premium_voice.consider(WORTH_IT, "turn-1")
    assert case.premium_voice.charge("x" * 100) is Tier.PREMIUM
    case.clock.advance(59.5)
    assert case.premium_voice.tier() is Tier.STANDARD
    assert case.premium_voice.charge("more") is Tier.STANDARD
    assert case.outcomes() == [EscalationOutcome.SWITCHED, EscalationOutcome.LEASE_ENDED]
    assert [micros for _, micros in case.budget.settled] == [18_000]
    assert case.premium_voice.spent == Amount(18_000, "USD")


async def test_the_wall_clock_moves_no_lease(case: Case) -> None:
    await case.premium_voice.consider(WORTH_IT, "turn-1")
    case.clock.jump_wall_clock(7200)
    assert case.premium_voice.tier() is Tier.PREMIUM


async def test_no_character_is_spoken_beyond_the_reserved_money(case: Case) -> None:
    await case.premium_voice.consider(WORTH_IT, "turn-1")
    assert case.premium_voice.charge("x" * 900) is Tier.PREMIUM
    assert case.premium_voice.charge("x") is Tier.STANDARD
    assert case.budget.settled[0][1] == 162_000


async def test_a_failed_voice_is_not_tried_again_in_the_call(case: Case) -> None:
    await case.premium_voice.consider(WORTH_IT, "turn-1")
    case.premium_voice.step_down(EscalationOutcome.VOICE_FAILED)
    case.premium_voice.step_down(EscalationOutcome.VOICE_FAILED)
    assert case.outcomes() == [EscalationOutcome.SWITCHED, EscalationOutcome.VOICE_FAILED]
    assert not await case.premium_voice.consider(WORTH_IT, "turn-2")


async def test_the_end_of_the_call_settles_what_was_spoken(case: Case) -> None:
    await case.premium_voice.consider(WORTH_IT, "turn-1")
    case.premium_voice.charge("x" * 10)
    await case.premium_voice.close()
    await case.premium_voice.close()
    assert [micros for _, micros in case.budget.settled] == [1_800]
    assert not await case.premium_voice.consider(WORTH_IT, "turn-2")


async def test_a_switched_off_escalation_asks_nobody(campaign: Campaign) -> None:
    case = new_case(campaign, enabled=False)
    assert not await case.premium_voice.consider(WORTH_IT, "turn-1")
    assert not case.budget.reserved


@settings(max_examples=50, deadline=None)
@given(lengths=st.lists(st.integers(1, 400), max_size=30))
async def test_what_is_settled_is_what_was_spoken_and_never_more_than_reserved(
    campaign: Campaign, lengths: list[int]
) -> None:
    case = new_case(campaign)
    await case.premium_voice.consider(WORTH_IT, "turn-1")
    spoken = sum(length for length in lengths if case.premium_voice.charge("x" * length) is Tier.PREMIUM)
    await case.premium_voice.close()
    settled = sum(micros for _, micros in case.budget.settled)
    assert settled >= spoken * 180
    assert settled <= sum(case.budget.reserved.values())


async def test_a_lease_is_renewed_ahead_of_its_end(campaign: Campaign) -> None:
    case = new_case(campaign, lease_seconds=5.0)
    await case.premium_voice.consider(WORTH_IT, "turn-1")
    case.premium_voice.charge("x" * 100)
    case.clock.advance(3.5)
    async with asyncio.timeout(5):
        await case.budget.was_extended.wait()
    case.clock.advance(3.0)
    assert case.premium_voice.tier() is Tier.PREMIUM
    assert [micros for _, micros in case.budget.extended] == [18_000]
    await case.premium_voice.close()


async def test_a_denied_renewal_lets_the_lease_run_out(campaign: Campaign) -> None:
    case = new_case(campaign, lease_seconds=5.0)
    await case.premium_voice.consider(WORTH_IT, "turn-1")
    case.budget.denial = EscalationOutcome.DENIED_CALL_LIMIT
    case.clock.advance(3.5)
    async with asyncio.timeout(5):
        await case.budget.was_extended.wait()
    assert case.premium_voice.tier() is Tier.PREMIUM
    case.clock.advance(1.0)
    assert case.premium_voice.tier() is Tier.STANDARD
    assert case.outcomes() == [EscalationOutcome.SWITCHED, EscalationOutcome.LEASE_ENDED]
    await case.premium_voice.close()
