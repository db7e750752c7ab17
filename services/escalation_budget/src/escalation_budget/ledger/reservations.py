"""Budgets, reservations and the answers about them, as immutable values; amounts are integer micros."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from escalation_budget.ledger.scopes import Scope, scopes_of


class ReservationState(StrEnum):
    """Where a reservation stands; it leaves `RESERVED` once and for all."""

    RESERVED = "reserved"
    SETTLED = "settled"
    RELEASED = "released"
    EXPIRED = "expired"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Budget:
    """A scope's limit and what is taken of it.

    Attributes:
        spent: What settled reservations cost and what expired ones hold.
        reserved: What live reservations hold.
    """

    scope: Scope
    limit: int
    spent: int = 0
    reserved: int = 0

    @property
    def room(self) -> int:
        """What can still be taken; negative where the limit was lowered below what is taken."""
        return self.limit - self.spent - self.reserved


@dataclass(frozen=True, slots=True)
class Denial:
    """There is too little money; `budget` is the first scope that had too little left, as it stood then."""

    budget: Budget


@dataclass(frozen=True, slots=True)
class ReserveOrder:
    """What a client asks to reserve."""

    reservation_id: str
    call_id: str
    campaign_id: str
    amount: int
    lease: timedelta


@dataclass(frozen=True, slots=True)
class ExtendOrder:
    """What a client asks to add to a live reservation; the new lease counts from now."""

    reservation_id: str
    extension_id: str
    additional_amount: int
    lease: timedelta


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money that is held for a lease of premium speech, as it stands at `observed_at`.

    Attributes:
        order: The first request, by which a repeated one is recognised.
        day: The UTC day whose budgets hold the money, whenever it is settled.
        state: As it is stored; a lease that is over may not have been swept yet, see `state_now`.
        amount: What is held, extensions included.
        settled: What was booked as spent, once settled.
        actual: What the client said it cost; more than `settled` only where the limits had no room.
        expired_at: Set if the lease ended before the reservation was settled or released.
        denial: Why it was denied, if it was.
        observed_at: The ledger's time when this was read.
    """

    order: ReserveOrder
    day: date
    state: ReservationState
    amount: int
    settled: int | None
    actual: int | None
    expires_at: datetime
    expired_at: datetime | None
    denial: Denial | None
    observed_at: datetime

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The scopes that it counts in, in locking order."""
        return scopes_of(self.order.call_id, self.order.campaign_id, self.day)

    @property
    def state_now(self) -> ReservationState:
        """The state, with a lease that is over counting as expired."""
        if self.state is ReservationState.RESERVED and self.expires_at <= self.observed_at:
            return ReservationState.EXPIRED
        return self.state

    @property
    def lease_left(self) -> timedelta:
        """What remains of the lease; zero unless it is live."""
        if self.state_now is not ReservationState.RESERVED:
            return timedelta(0)
        return self.expires_at - self.observed_at

    @property
    def corrected(self) -> bool:
        """Whether its lease had ended before it was settled."""
        return self.state is ReservationState.SETTLED and self.expired_at is not None

    @property
    def exceeded(self) -> bool:
        """Whether it cost more than was held."""
        return self.actual is not None and self.actual > self.amount
