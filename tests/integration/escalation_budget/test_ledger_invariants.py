"""Any sequence of operations keeps the ledger's invariants, in PostgreSQL, against a model of who holds what."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from prometheus_client import CollectorRegistry

from callwright_common.database.postgres import Connection, Database, DatabaseLimits, open_database
from callwright_common.errors import ServiceError
from escalation_budget.ledger.errors import IdempotencyConflictError, ReservationNotLiveError
from escalation_budget.ledger.limits import StartingLimits
from escalation_budget.ledger.reservations import Denial, ExtendOrder, Reservation, ReservationState, ReserveOrder
from escalation_budget.ledger.scopes import Scope, ScopeKind
from escalation_budget.tables.postgres_ledger import PostgresLedger
from fakes.ledger_time import LedgerTime

LIMITS = StartingLimits(call=100, campaign_day=150, global_day=220)
PATIENCE = DatabaseLimits(connections=10, wait_seconds=10, lock_seconds=10, statement_seconds=10)
AMOUNTS = st.integers(0, 80)
LEASES = st.integers(1, 100)
IDS = st.integers(0, 5).map("res-{}".format)
Answer = TypeVar("Answer")


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    async with open_database(url, PATIENCE, CollectorRegistry(), application="test") as database:
        database.failure = None
        yield database


class Books:
    """The ledger under test, its clock and its tables, for a test that is no coroutine."""

    def __init__(self, url: str, time: LedgerTime) -> None:
        self.url = url
        self.time = time
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._database = self.run(self._stack.enter_async_context(opened(url)))
        self.ledger = PostgresLedger(self._database, LIMITS)

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return self._runner.run(work)

    def close(self) -> None:
        self.run(self._stack.aclose())
        self._runner.close()

    def clear(self) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute("TRUNCATE escalation_budget.budgets, escalation_budget.reservations CASCADE")

    def reservations(self) -> dict[str, Reservation]:
        """Returns what is stored, read through the ledger's own conversions."""

        async def read(connection: Connection) -> dict[str, Reservation]:
            from escalation_budget.tables.reservation_rows import lock_reservation  # noqa: PLC0415

            rows = await (
                await connection.execute("SELECT reservation_id FROM escalation_budget.reservations")
            ).fetchall()
            return {row["reservation_id"]: await lock_reservation(connection, row["reservation_id"]) for row in rows}

        return self.run(self._database.transaction(read))


class LedgerMachine(RuleBasedStateMachine):
    """Random requests with few ids, so that they repeat, conflict and compete."""

    books: Books

    @initialize()
    def begin(self) -> None:
        self.books.clear()
        self.answers: dict[tuple[str, object], object] = {}
        self.left: set[str] = set()
        self.lowered: set[Scope] = set()

    def ask(self, call: Callable[[], Awaitable[Answer]], *expected: type[ServiceError]) -> Answer | None:
        async def work() -> Answer:
            return await call()

        try:
            return self.books.run(work())
        except expected:
            return None

    @rule(number=IDS, call=st.integers(0, 2), campaign=st.integers(0, 1), amount=AMOUNTS, lease=LEASES)
    def reserve(self, number: str, call: int, campaign: int, amount: int, lease: int) -> None:
        order = ReserveOrder(number, f"call-{call}", f"campaign-{campaign}", amount, timedelta(seconds=lease))
        self.remember("reserve", order, self.ask(lambda: self.books.ledger.reserve(order), IdempotencyConflictError))

    @rule(number=IDS, extension=st.integers(0, 5), amount=AMOUNTS, lease=LEASES)
    def extend(self, number: str, extension: int, amount: int, lease: int) -> None:
        order = ExtendOrder(number, f"ext-{extension}", amount, timedelta(seconds=lease))
        self.remember("extend", order, self.ask(lambda: self.books.ledger.extend(order), ServiceError))

    @rule(number=IDS, cost=st.integers(0, 120))
    def settle(self, number: str, cost: int) -> None:
        before = self.books.reservations().get(number)
        settlement = self.ask(lambda: self.books.ledger.settle(number, cost), ServiceError)
        if settlement is None:
            return
        assert before is not None
        if before.state is ReservationState.SETTLED:
            assert settlement.settled == before.settled
        else:
            assert settlement.corrected == (before.state_now is ReservationState.EXPIRED)
        assert settlement.exceeded == (cost > before.amount)
        assert settlement.settled is not None
        assert min(cost, before.amount) <= settlement.settled <= cost

    @rule(number=IDS)
    def release(self, number: str) -> None:
        self.ask(lambda: self.books.ledger.release(number), ServiceError)

    @rule(seconds=st.integers(-30, 90))
    def pass_time(self, seconds: int) -> None:
        self.books.time.advance(seconds)

    @rule()
    def sweep(self) -> None:
        while self.books.run(self.books.ledger.expire_one()) is not None:
            pass
        assert not any(
            one.state is ReservationState.RESERVED and one.state_now is not one.state
            for one in self.books.reservations().values()
        )

    @rule(call=st.integers(0, 2), limit=st.integers(0, 200))
    def set_limit(self, call: int, limit: int) -> None:
        scope = Scope(ScopeKind.CALL, f"call-{call}")
        budget = self.books.run(self.books.ledger.set_limit(scope, limit))
        assert budget.limit == limit
        if budget.room < 0:
            self.lowered.add(scope)
        else:
            self.lowered.discard(scope)

    def remember(self, kind: str, order: object, answer: Reservation | Denial | None) -> None:
        """Compares an answer with the one that the same request got before."""
        if answer is None:
            return
        decision = answer if isinstance(answer, Denial) else "granted"
        assert self.answers.setdefault((kind, order), decision) == decision

    @invariant()
    def the_budgets_are_the_sums_of_the_reservations(self) -> None:
        reserved: Counter[Scope] = Counter()
        spent: Counter[Scope] = Counter()
        for one in self.books.reservations().values():
            for scope in one.scopes:
                if one.state is ReservationState.RESERVED:
                    reserved[scope] += one.amount
                elif one.state is ReservationState.EXPIRED:
                    spent[scope] += one.amount
                elif one.state is ReservationState.SETTLED:
                    assert one.settled is not None
                    spent[scope] += one.settled
        for budget in self.books.run(self.books.ledger.budgets(None, None, 500)):
            assert (budget.spent, budget.reserved) == (spent[budget.scope], reserved[budget.scope])
            assert budget.room >= 0 or budget.scope in self.lowered

    @invariant()
    def a_reservation_leaves_reserved_once(self) -> None:
        now = self.books.reservations()
        for number in self.left:
            assert now[number].state is not ReservationState.RESERVED
        self.left = {number for number, one in now.items() if one.state is not ReservationState.RESERVED}


def test_every_sequence_of_operations_keeps_the_books(ledger_url: str, ledger_time: LedgerTime) -> None:
    books = Books(ledger_url, ledger_time)

    class Machine(LedgerMachine):
        pass

    Machine.books = books
    try:
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=30,
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        books.close()


async def test_concurrent_operations_keep_the_books(ledger_url: str) -> None:
    """Fifty calls reserve, extend, settle, release and repeat at once; two sweepers run beside them."""
    limits = StartingLimits(call=100, campaign_day=900, global_day=1000)
    async with opened(ledger_url) as database:
        ledger = PostgresLedger(database, limits)

        async def call(number: int) -> None:
            order = ReserveOrder(
                f"res-{number}", f"call-{number % 20}", f"campaign-{number % 2}", 40, timedelta(minutes=1)
            )
            answers = await asyncio.gather(ledger.reserve(order), ledger.reserve(order))
            assert answers[0] == answers[1] or not isinstance(answers[0], Denial)
            if isinstance(answers[0], Denial):
                return
            await ledger.extend(ExtendOrder(order.reservation_id, f"ext-{number}", 10, timedelta(minutes=1)))
            if number % 3 == 0:
                await ledger.release(order.reservation_id)
            elif number % 3 == 1:
                settled = await asyncio.gather(*(ledger.settle(order.reservation_id, 60) for _ in range(3)))
                assert len({one.settled for one in settled}) == 1

        async with asyncio.timeout(60):
            await asyncio.gather(*(call(number) for number in range(50)), ledger.expire_one(), ledger.expire_one())
        [day] = await ledger.budgets(ScopeKind.GLOBAL_DAY, None, 10)
        assert day.room >= 0
    with psycopg.connect(ledger_url) as connection:
        row = connection.execute(
            "SELECT sum(amount_micros) FILTER (WHERE state = 'reserved'), sum(settled_micros)"
            " FROM escalation_budget.reservations"
        ).fetchone()
    assert row == (day.reserved, day.spent)


async def test_a_settled_reservation_cannot_be_released_by_a_racing_request(ledger_url: str) -> None:
    async with opened(ledger_url) as database:
        ledger = PostgresLedger(database, LIMITS)
        await ledger.reserve(ReserveOrder("res-1", "call-1", "campaign", 50, timedelta(minutes=1)))
        outcomes = await asyncio.gather(ledger.settle("res-1", 20), ledger.release("res-1"), return_exceptions=True)
        assert sum(isinstance(outcome, ReservationNotLiveError) for outcome in outcomes) == 1
        [budget] = await ledger.budgets(ScopeKind.CALL, None, 10)
        assert budget.reserved == 0
        assert budget.spent in (0, 20)
        assert (budget.spent == 0) == isinstance(outcomes[0], ReservationNotLiveError)
        with pytest.raises(IdempotencyConflictError if budget.spent else ReservationNotLiveError):
            await ledger.settle("res-1", 21)
