"""The ledger's rules on any amounts."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from escalation_budget.ledger import rules
from escalation_budget.ledger.reservations import Budget, Reservation, ReservationState, ReserveOrder
from escalation_budget.ledger.scopes import Scope, ScopeKind, scopes_of

AMOUNT = st.integers(0, 2**53)
DAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SCOPES = scopes_of("call-1", "solar", DAY)
BUDGETS = st.tuples(*(st.builds(Budget, st.just(scope), AMOUNT, AMOUNT, AMOUNT) for scope in SCOPES))


def reservation(
    state: ReservationState, amount: int, *, lease_left: float = 10, actual: int | None = None
) -> Reservation:
    return Reservation(
        order=ReserveOrder("res-1", "call-1", "solar", amount, timedelta(seconds=60)),
        day=DAY,
        state=state,
        amount=amount,
        settled=actual,
        actual=actual,
        expires_at=NOW + timedelta(seconds=lease_left),
        expired_at=None,
        denial=None,
        observed_at=NOW,
    )


@given(BUDGETS, AMOUNT)
def test_money_is_denied_exactly_when_some_limit_would_be_passed(budgets: tuple[Budget, ...], amount: int) -> None:
    denial = rules.deny(budgets, amount)
    passed = [budget for budget in budgets if budget.spent + budget.reserved + amount > budget.limit]
    if denial is None:
        assert not passed
    else:
        assert denial.budget == passed[0]


@given(BUDGETS, AMOUNT, AMOUNT)
def test_a_cost_is_booked_within_what_is_held_or_what_the_limits_leave(
    budgets: tuple[Budget, ...], held: int, actual: int
) -> None:
    booked = rules.chargeable(held, actual, budgets)
    assert min(held, actual) <= booked <= actual
    for budget in budgets:
        assert booked <= held or budget.spent + budget.reserved + booked - held <= budget.limit
    if booked < actual:
        assert any(budget.room <= booked - held for budget in budgets)


@given(AMOUNT, AMOUNT)
def test_closing_takes_what_was_held_and_leaves_what_it_cost(amount: int, cost: int) -> None:
    live = rules.close(reservation(ReservationState.RESERVED, amount), cost)
    assert (live.reserved, live.spent) == (-amount, cost)
    expired = rules.close(reservation(ReservationState.EXPIRED, amount), cost)
    assert (expired.reserved, amount + expired.spent) == (0, cost)


def test_a_lease_ends_at_its_last_moment() -> None:
    assert reservation(ReservationState.RESERVED, 1, lease_left=0.001).state_now is ReservationState.RESERVED
    ended = reservation(ReservationState.RESERVED, 1, lease_left=0)
    assert ended.state_now is ReservationState.EXPIRED
    assert ended.lease_left == timedelta(0)
    assert reservation(ReservationState.SETTLED, 1, lease_left=-5, actual=1).state_now is ReservationState.SETTLED


def test_budgets_are_checked_from_the_narrowest_scope_to_the_widest() -> None:
    assert (
        Scope(ScopeKind.CALL, "call-1"),
        Scope(ScopeKind.CAMPAIGN_DAY, "solar/2026-03-01"),
        Scope(ScopeKind.GLOBAL_DAY, "2026-03-01"),
    ) == SCOPES
    assert [scope.kind for scope in SCOPES] == list(ScopeKind)
