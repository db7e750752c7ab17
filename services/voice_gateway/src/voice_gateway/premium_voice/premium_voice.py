"""The premium voice of one call: asked for, paid for, given back.

Premium speech is synthesised only under a live lease, by the monotonic clock counted from when the lease was asked for,
and only as far as the reserved money goes. In doubt the voice stays standard.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from callwright_common.breaker import CircuitBreaker
from callwright_common.campaign import Campaign
from callwright_common.clock import Clock
from callwright_common.errors import ServiceError
from callwright_common.ids import new_id
from callwright_common.logs import get_logger
from callwright_common.money import Amount
from callwright_common.supervision import end_tasks, start_task
from vocabulary.call_events import TierEscalation
from vocabulary.enums import EscalationOutcome, Tier
from vocabulary.exchange import EscalationRecommendation
from voice_gateway.premium_voice.budget import BudgetService, Denied, Granted

_logger = get_logger(__name__)

_CHARACTERS_PER_SECOND = 15
"""How fast an agent that speaks without a pause uses up text."""
_RENEW_SHARE = 0.35
_RESERVE_RETRY_SECONDS = 1.0
_MIN_LEASE_SECONDS = 1.0
_NO_RECOMMENDATION = EscalationRecommendation(False, 0.0, None)


@dataclass(slots=True)
class Lease:
    """Money that is reserved, and until when, in monotonic seconds."""

    reservation_id: str
    ends_at: float
    length: float
    reserved_micros: int
    spent_micros: int = 0
    renewal_open: bool = True


@dataclass(slots=True)
class PremiumVoice:
    """Decides the voice tier of one call."""

    call_id: str
    campaign: Campaign
    budget: BudgetService
    breaker: CircuitBreaker
    settle: Callable[[str, Amount], None]
    record: Callable[[TierEscalation], None]
    clock: Clock
    enabled: bool
    _lease: Lease | None = None
    _asking: bool = False
    _refused: bool = False
    _closed: bool = False
    _recommendation: EscalationRecommendation = _NO_RECOMMENDATION
    _turn_id: str = ""
    _settled_micros: int = 0
    _renewing: "asyncio.Task[None] | None" = None

    @property
    def spent(self) -> Amount:
        """What the premium voice of this call cost so far."""
        return self._amount(self._settled_micros + (self._lease.spent_micros if self._lease else 0))

    def tier(self) -> Tier:
        """Returns the tier for a reply that begins now; a lease that is over is given back."""
        lease = self._lease
        if lease is None:
            return Tier.STANDARD
        if self.clock.monotonic() >= lease.ends_at - _MIN_LEASE_SECONDS:
            self.step_down(EscalationOutcome.LEASE_ENDED)
            return Tier.STANDARD
        return Tier.PREMIUM

    def charge(self, text: str) -> Tier:
        """Returns the tier that may speak a sentence, and books its cost if that is the premium one."""
        if self.tier() is Tier.STANDARD or self._lease is None:
            return Tier.STANDARD
        cost = self._cost(len(text))
        if self._lease.spent_micros + cost > self._lease.reserved_micros:
            self.step_down(EscalationOutcome.LEASE_ENDED)
            return Tier.STANDARD
        self._lease.spent_micros += cost
        return Tier.PREMIUM

    async def consider(
        self, recommendation: EscalationRecommendation, turn_id: str, *, by_operator: bool = False
    ) -> bool:
        """Follows the orchestrator's recommendation, or an operator's wish; returns whether the premium voice is on."""
        self._recommendation, self._turn_id = recommendation, turn_id
        if self._lease is not None:
            return True
        if not self.enabled or self._asking or self._closed or not recommendation.recommended:
            return False
        if self._refused and not by_operator:
            return False
        self._asking = True
        try:
            return await self._ask()
        finally:
            self._asking = False

    def step_down(self, outcome: EscalationOutcome) -> None:
        """Goes back to the standard voice before the next sentence and books the cost."""
        lease, self._lease = self._lease, None
        if lease is None:
            return
        if outcome is EscalationOutcome.VOICE_FAILED:
            self._refused = True
        self._settled_micros += lease.spent_micros
        self.settle(lease.reservation_id, self._amount(lease.spent_micros))
        self._note(outcome, lease.reservation_id, lease.spent_micros, from_tier=Tier.PREMIUM)
        if self._renewing is not None and self._renewing is not asyncio.current_task():
            self._renewing.cancel()
        self._renewing = None

    async def close(self) -> None:
        """Books the cost at the end of the call. No voice changes after it."""
        self._closed = True
        lease, self._lease = self._lease, None
        renewing, self._renewing = self._renewing, None
        if renewing is not None:
            await end_tasks(renewing)
        if lease is not None:
            self._settled_micros += lease.spent_micros
            self.settle(lease.reservation_id, self._amount(lease.spent_micros))

    async def _ask(self) -> bool:
        budget = self.campaign.budget
        reservation_id, micros, sent_at = new_id(), self._lease_micros(), self.clock.monotonic()
        answer: Granted | Denied | None = None
        asked = False
        try:
            async with self.breaker.attempt():
                asked = True
                answer = await self.budget.reserve(
                    reservation_id, self.call_id, self.campaign.id, self._amount(micros), budget.lease_seconds
                )
        except ServiceError as error:
            _logger.warning("no premium voice, the budget did not answer", reason=error.reason)
            self._note(EscalationOutcome.BUDGET_UNAVAILABLE, reservation_id, micros, passed=False)
            return False
        finally:
            if asked and answer is None:
                # It failed, or the call ended meanwhile. Money may be reserved all the same: nothing was spent of it.
                self.settle(reservation_id, self._amount(0))
        if isinstance(answer, Denied):
            self._refused = True
            self._note(answer.outcome, reservation_id, micros, passed=False)
            return False
        if self._closed:
            self.settle(reservation_id, self._amount(0))
            return False
        self._lease = Lease(reservation_id, sent_at + answer.lease_seconds, answer.lease_seconds, micros)
        self._note(EscalationOutcome.SWITCHED, reservation_id, micros)
        self._renewing = start_task(self._renew(self._lease), "lease renewal")
        return True

    async def _renew(self, lease: Lease) -> None:
        """Renews a lease ahead of its end until the budget says no."""
        budget = self.campaign.budget
        while self._lease is lease and lease.renewal_open:
            await asyncio.sleep(min(_RESERVE_RETRY_SECONDS, lease.length * _RENEW_SHARE / 4))
            now = self.clock.monotonic()
            if now >= lease.ends_at:
                return
            rest = lease.reserved_micros - lease.spent_micros
            ends_soon = now >= lease.ends_at - lease.length * _RENEW_SHARE
            if not ends_soon and rest >= lease.reserved_micros * _RENEW_SHARE:
                continue
            more = max(0, self._lease_micros() - rest)
            try:
                async with self.breaker.attempt():
                    answer = await self.budget.extend(
                        lease.reservation_id, new_id(), self._amount(more), budget.lease_seconds
                    )
            except ServiceError as error:
                _logger.warning("lease not renewed", reason=error.reason)
                continue
            if isinstance(answer, Denied):
                lease.renewal_open = False
                return
            lease.ends_at, lease.length = now + answer.lease_seconds, answer.lease_seconds
            lease.reserved_micros += more

    def _lease_micros(self) -> int:
        """Returns what a lease of premium speech costs at most."""
        budget = self.campaign.budget
        return max(1, min(self._cost(_CHARACTERS_PER_SECOND * budget.lease_seconds), budget.per_call))

    def _amount(self, micros: int) -> Amount:
        return Amount(micros, self.campaign.budget.currency)

    def _cost(self, characters: int) -> int:
        """Returns the price of synthesised characters in micros, rounded up."""
        return -(-characters * self.campaign.voices.premium.price_per_1000_characters // 1000)

    def _note(
        self,
        outcome: EscalationOutcome,
        reservation_id: str,
        micros: int,
        *,
        from_tier: Tier = Tier.STANDARD,
        passed: bool = True,
    ) -> None:
        self.record(
            TierEscalation(
                escalation_id=new_id(),
                turn_id=self._turn_id,
                trigger_agent=self._recommendation.trigger_agent,
                qualification_score=self._recommendation.score,
                from_tier=from_tier,
                to_tier=Tier.PREMIUM if from_tier is Tier.STANDARD else Tier.STANDARD,
                occur_time=self.clock.now(),
                cost_impact=self._amount(micros),
                budget_check_passed=passed,
                outcome=outcome,
                reservation_id=reservation_id,
            )
        )
