"""The rules of the ledger: when money is denied, and how a reservation moves it from reserved to spent."""

from collections.abc import Sequence
from dataclasses import dataclass

from escalation_budget.ledger.reservations import Budget, Denial, Reservation, ReservationState


@dataclass(frozen=True, slots=True)
class BudgetChange:
    """A change of each budget that a reservation counts in."""

    spent: int
    reserved: int


def deny(budgets: Sequence[Budget], amount: int) -> Denial | None:
    """Returns the denial by the first budget that has too little room, or None if all have enough."""
    return next((Denial(budget) for budget in budgets if budget.room < amount), None)


def chargeable(held: int, actual: int, budgets: Sequence[Budget]) -> int:
    """Returns how much of an actual cost is booked: what was held, and beyond that what all budgets have room for."""
    room = max(0, min(budget.room for budget in budgets))
    return min(actual, held + room)


def close(reservation: Reservation, cost: int) -> BudgetChange:
    """Returns the booking that closes a reservation at a cost.

    An expired one counts as spent already, so that its cost replaces its amount.
    """
    if reservation.state is ReservationState.EXPIRED:
        return BudgetChange(spent=cost - reservation.amount, reserved=0)
    return BudgetChange(spent=cost, reserved=-reservation.amount)
