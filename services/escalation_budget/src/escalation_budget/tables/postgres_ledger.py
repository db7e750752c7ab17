"""The ledger in PostgreSQL.

Every transaction locks the reservation first and then its budgets in the order of their kinds, so that none waits for
another in a circle. The budgets' CHECK constraints refuse whatever this code might get wrong.
"""

from collections.abc import Sequence

from callwright_common.database.postgres import Connection, Database
from escalation_budget.ledger import rules
from escalation_budget.ledger.errors import IdempotencyConflictError, ReservationNotLiveError
from escalation_budget.ledger.limits import StartingLimits
from escalation_budget.ledger.reservations import (
    Budget,
    Denial,
    ExtendOrder,
    Reservation,
    ReservationState,
    ReserveOrder,
)
from escalation_budget.ledger.rules import BudgetChange
from escalation_budget.ledger.scopes import Scope, ScopeKind
from escalation_budget.tables.budget_rows import change_budgets, lock_budgets, read_budget, read_budgets, write_limit
from escalation_budget.tables.reservation_rows import (
    close_reservation,
    deny_reservation,
    expire_reservation,
    extend_reservation,
    insert_extension,
    insert_reservation,
    lock_overdue_reservation,
    lock_reservation,
    read_extension,
)


class PostgresLedger:
    """Two-phase reservations of money; every method is one transaction.

    Each raises `UnavailableError` when the database is away or busy: then the same request may be sent again.
    """

    def __init__(self, database: Database, limits: StartingLimits) -> None:
        self._database = database
        self._limits = limits

    async def reserve(self, order: ReserveOrder) -> Reservation | Denial:
        """Holds money in all scopes or denies it; the same order gets the same answer.

        Raises:
            IdempotencyConflictError: The id was used with another content.
        """

        async def work(connection: Connection) -> Reservation | Denial:
            reservation = await insert_reservation(connection, order)
            if reservation is None:
                return _repeated(await lock_reservation(connection, order.reservation_id), order)
            denial = await self._hold(connection, reservation, order.amount)
            if denial is not None:
                await deny_reservation(connection, order.reservation_id, denial)
            return denial or reservation

        return await self._database.transaction(work)

    async def extend(self, order: ExtendOrder) -> Reservation | Denial:
        """Gives a live reservation a new lease and more money; denied, it stays as it is. Repeatable like `reserve`.

        Raises:
            ReservationNotFoundError: There is no such reservation.
            ReservationNotLiveError: It holds no money any more.
            IdempotencyConflictError: The extension's id was used with another content.
        """

        async def work(connection: Connection) -> Reservation | Denial:
            reservation = await lock_reservation(connection, order.reservation_id)
            earlier = await read_extension(connection, order.extension_id)
            if earlier is not None:
                if earlier.order != order:
                    raise IdempotencyConflictError
                return earlier.denial or reservation
            if reservation.state_now is not ReservationState.RESERVED:
                raise ReservationNotLiveError
            denial = await self._hold(connection, reservation, order.additional_amount)
            await insert_extension(connection, order, denial)
            return denial or await extend_reservation(connection, order)

        return await self._database.transaction(work)

    async def settle(self, reservation_id: str, actual_cost: int) -> Reservation:
        """Books what was really spent, once; corrects an expired reservation. Repeatable with the same cost.

        Raises:
            ReservationNotFoundError: There is no such reservation.
            ReservationNotLiveError: It was denied or released.
            IdempotencyConflictError: It was settled at another cost.
        """

        async def work(connection: Connection) -> Reservation:
            reservation = await lock_reservation(connection, reservation_id)
            if reservation.state is ReservationState.SETTLED:
                if reservation.actual != actual_cost:
                    raise IdempotencyConflictError
                return reservation
            if reservation.state not in (ReservationState.RESERVED, ReservationState.EXPIRED):
                raise ReservationNotLiveError
            budgets = await self._lock_budgets(connection, reservation)
            cost = rules.chargeable(reservation.amount, actual_cost, budgets)
            await change_budgets(connection, reservation.scopes, rules.close(reservation, cost))
            return await close_reservation(connection, reservation_id, cost, actual_cost)

        return await self._database.transaction(work)

    async def release(self, reservation_id: str) -> Reservation:
        """Gives back what is held, or what an expired reservation counts as spent. Repeatable.

        Raises:
            ReservationNotFoundError: There is no such reservation.
            ReservationNotLiveError: It was denied or settled.
        """

        async def work(connection: Connection) -> Reservation:
            reservation = await lock_reservation(connection, reservation_id)
            if reservation.state is ReservationState.RELEASED:
                return reservation
            if reservation.state not in (ReservationState.RESERVED, ReservationState.EXPIRED):
                raise ReservationNotLiveError
            await self._lock_budgets(connection, reservation)
            await change_budgets(connection, reservation.scopes, rules.close(reservation, 0))
            return await close_reservation(connection, reservation_id, None, None)

        return await self._database.transaction(work)

    async def expire_one(self) -> Reservation | None:
        """Books one reservation whose lease is over as spent and returns it; None if there is none.

        Those that another transaction holds are left to it.
        """

        async def work(connection: Connection) -> Reservation | None:
            reservation = await lock_overdue_reservation(connection)
            if reservation is None:
                return None
            await self._lock_budgets(connection, reservation)
            await change_budgets(connection, reservation.scopes, rules.close(reservation, reservation.amount))
            return await expire_reservation(connection, reservation.order.reservation_id)

        return await self._database.transaction(work)

    async def budget(self, scope: Scope) -> Budget | None:
        """Returns a scope's budget; for a day without reservations its default, for an unknown call None."""
        stored = await self._database.transaction(lambda connection: read_budget(connection, scope))
        if stored is None and scope.kind is not ScopeKind.CALL:
            return Budget(scope, self._limits.of(scope, scope.campaign_id or ""))
        return stored

    async def budgets(self, kind: ScopeKind | None, after: Scope | None, count: int) -> Sequence[Budget]:
        """Returns the next budgets, by kind and id, of one kind or of all."""
        return await self._database.transaction(lambda connection: read_budgets(connection, kind, after, count))

    async def set_limit(self, scope: Scope, limit: int) -> Budget:
        """Sets a scope's limit; what is spent or reserved stays."""
        return await self._database.transaction(lambda connection: write_limit(connection, scope, limit))

    async def _hold(self, connection: Connection, reservation: Reservation, amount: int) -> Denial | None:
        """Takes money from all budgets of a reservation or returns why not."""
        budgets = await self._lock_budgets(connection, reservation)
        denial = rules.deny(budgets, amount)
        if denial is None:
            await change_budgets(connection, reservation.scopes, BudgetChange(spent=0, reserved=amount))
        return denial

    async def _lock_budgets(self, connection: Connection, reservation: Reservation) -> Sequence[Budget]:
        starting = [
            Budget(scope, self._limits.of(scope, reservation.order.campaign_id)) for scope in reservation.scopes
        ]
        return await lock_budgets(connection, starting)


def _repeated(reservation: Reservation, order: ReserveOrder) -> Reservation | Denial:
    if reservation.order != order:
        raise IdempotencyConflictError
    return reservation.denial or reservation
