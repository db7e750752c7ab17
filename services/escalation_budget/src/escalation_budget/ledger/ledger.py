"""The ledger as the service sees it, and what can go wrong with it."""

from collections.abc import Sequence
from typing import Protocol

from callwright_common.errors import AlreadyExistsError, FailedPreconditionError, NotFoundError
from escalation_budget.ledger.reservations import Budget, Denial, ExtendOrder, Reservation, ReserveOrder, Settlement
from escalation_budget.ledger.scopes import Scope, ScopeKind


class ReservationNotFoundError(NotFoundError):
    """No reservation has this id."""

    def __init__(self) -> None:
        super().__init__("RESERVATION_NOT_FOUND", "there is no such reservation")


class IdempotencyConflictError(AlreadyExistsError):
    """The id was used before with another content."""

    def __init__(self) -> None:
        super().__init__("IDEMPOTENCY_CONFLICT", "the id was used before with another content")


class ReservationNotLiveError(FailedPreconditionError):
    """The reservation was denied, settled or released, or its lease is over."""

    def __init__(self) -> None:
        super().__init__("RESERVATION_NOT_LIVE", "the reservation holds no money any more")


class Ledger(Protocol):
    """Two-phase reservations of money; every method is one transaction.

    Each raises `UnavailableError` when the database is away or busy: then the same request may be sent again.
    """

    async def reserve(self, order: ReserveOrder) -> Reservation | Denial:
        """Holds money in all scopes or denies it; the same order gets the same answer.

        Raises:
            IdempotencyConflictError: The id was used with another content.
        """
        ...

    async def extend(self, order: ExtendOrder) -> Reservation | Denial:
        """Gives a live reservation a new lease and more money; denied, it stays as it is. Repeatable like `reserve`.

        Raises:
            ReservationNotFoundError: There is no such reservation.
            ReservationNotLiveError: It holds no money any more.
            IdempotencyConflictError: The extension's id was used with another content.
        """
        ...

    async def settle(self, reservation_id: str, actual_cost: int) -> Settlement:
        """Books what was really spent, once; corrects an expired reservation. Repeatable with the same cost.

        Raises:
            ReservationNotFoundError: There is no such reservation.
            ReservationNotLiveError: It was denied or released.
            IdempotencyConflictError: It was settled at another cost.
        """
        ...

    async def release(self, reservation_id: str) -> Reservation:
        """Gives back what is held, or what an expired reservation counts as spent. Repeatable.

        Raises:
            ReservationNotFoundError: There is no such reservation.
            ReservationNotLiveError: It was denied or settled.
        """
        ...

    async def expire_one(self) -> Reservation | None:
        """Books one reservation whose lease is over as spent and returns it; None if there is none."""
        ...

    async def budget(self, scope: Scope) -> Budget | None:
        """Returns a scope's budget; for a day without reservations its default, for an unknown call None."""
        ...

    async def budgets(self, kind: ScopeKind | None, after: Scope | None, count: int) -> Sequence[Budget]:
        """Returns the next budgets, by kind and id, of one kind or of all."""
        ...

    async def set_limit(self, scope: Scope, limit: int) -> Budget:
        """Sets a scope's limit; what is spent or reserved stays."""
        ...
