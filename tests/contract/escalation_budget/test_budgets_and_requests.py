"""Limits, pages of budgets, and what is refused at the edge."""

from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from google.type.money_pb2 import Money

from callwright.escalation_budget.v1 import escalation_budget_pb2 as pb
from callwright_common.errors import InvalidArgumentError, NotFoundError
from fakes.budget_requests import dollars, extend, refused, release, reserve, settle, usd
from fakes.ledger_time import LedgerTime
from fixtures.escalation_budget import RunBudgetService

GLOBAL: dict[str, Any] = {"scope_kind": pb.SCOPE_KIND_GLOBAL_DAY, "scope_id": "2026-03-01"}


def call_budget(call_id: str, limit: str) -> pb.SetBudgetRequest:
    return pb.SetBudgetRequest(scope_kind=pb.SCOPE_KIND_CALL, scope_id=call_id, limit=usd(limit))


async def test_a_limit_below_what_is_taken_stops_new_reservations_and_takes_nothing_back(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service() as stub:
        await stub.ReserveBudget(reserve())
        lowered = (await stub.SetBudget(pb.SetBudgetRequest(limit=usd("0.10"), **GLOBAL))).budget
        assert (dollars(lowered.limit), dollars(lowered.reserved)) == ("0.10", "0.25")
        for order in (reserve("res-2"), reserve("res-3", amount=usd("0"))):
            assert (await stub.ReserveBudget(order)).denial.reason == pb.DENIAL_REASON_GLOBAL_LIMIT
        assert (await stub.ExtendReservation(extend())).denial.reason == pb.DENIAL_REASON_GLOBAL_LIMIT
        settled = await stub.SettleReservation(settle("0.30"))
        assert (dollars(settled.reservation.settled), settled.exceeded) == ("0.25", True)
        raised = (await stub.SetBudget(pb.SetBudgetRequest(limit=usd("9"), **GLOBAL))).budget
        assert (dollars(raised.limit), dollars(raised.spent)) == ("9.00", "0.25")
        assert (await stub.ReserveBudget(reserve("res-4"))).WhichOneof("decision") == "reservation"


async def test_a_limit_set_before_the_call_is_kept(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service() as stub:
        await stub.SetBudget(call_budget("call-1", "0.20"))
        assert (await stub.ReserveBudget(reserve())).denial.reason == pb.DENIAL_REASON_CALL_LIMIT


async def test_a_day_without_reservations_has_its_default(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service(default_global_day_limit="3") as stub:
        assert dollars((await stub.GetBudget(pb.GetBudgetRequest(**GLOBAL))).budget.limit) == "3.00"
        error = await refused(stub.GetBudget(pb.GetBudgetRequest(scope_kind=pb.SCOPE_KIND_CALL, scope_id="call-9")))
        assert isinstance(error, NotFoundError)
        assert error.reason == "BUDGET_NOT_FOUND"


async def test_budgets_are_listed_in_pages(run_budget_service: RunBudgetService, ledger_time: LedgerTime) -> None:
    async with run_budget_service() as stub:
        for number in range(5):
            await stub.SetBudget(call_budget(f"call-{number}", "1"))
        await stub.SetBudget(pb.SetBudgetRequest(limit=usd("1"), **GLOBAL))
        seen, token = [], ""
        while True:
            page = await stub.ListBudgets(pb.ListBudgetsRequest(page_size=2, page_token=token))
            assert len(page.budgets) <= 2
            seen += [budget.scope_id for budget in page.budgets]
            token = page.next_page_token
            if not token:
                break
        assert seen == ["call-0", "call-1", "call-2", "call-3", "call-4", "2026-03-01"]
        days = await stub.ListBudgets(pb.ListBudgetsRequest(scope_kind=pb.SCOPE_KIND_GLOBAL_DAY))
        assert [budget.scope_id for budget in days.budgets] == ["2026-03-01"]


UNKNOWN_KIND = pb.ScopeKind.ValueType(77)
USD_NEGATIVE = Money(currency_code="USD", units=-1)
BAD_REQUESTS = {
    "reservation_id": ("ReserveBudget", reserve("")),
    "call_id": ("ReserveBudget", reserve(call_id="")),
    "campaign_id": ("ReserveBudget", reserve(campaign_id="no spaces")),
    "amount.currency_code": ("ReserveBudget", reserve(amount=Money(currency_code="EUR", units=1))),
    "amount.nanos": ("ReserveBudget", reserve(amount=Money(currency_code="USD", nanos=999))),
    "amount": ("ReserveBudget", reserve(amount=USD_NEGATIVE)),
    "lease": ("ReserveBudget", reserve(lease=Duration(nanos=999_999_999))),
    "extension_id": ("ExtendReservation", extend("")),
    "additional_amount": ("ExtendReservation", extend(additional_amount=USD_NEGATIVE)),
    "actual_cost": ("SettleReservation", pb.SettleReservationRequest(reservation_id="r", actual_cost=USD_NEGATIVE)),
    "scope_kind": ("GetBudget", pb.GetBudgetRequest(scope_id="call-1")),
    "scope_id": ("GetBudget", pb.GetBudgetRequest(scope_kind=pb.SCOPE_KIND_GLOBAL_DAY, scope_id="2026-3-1")),
    "limit": ("SetBudget", pb.SetBudgetRequest(limit=USD_NEGATIVE, **GLOBAL)),
    "page_size": ("ListBudgets", pb.ListBudgetsRequest(page_size=501)),
    "page_token": ("ListBudgets", pb.ListBudgetsRequest(page_token="made-up")),
}
MORE_BAD_REQUESTS = [
    ("ReserveBudget", reserve("x" * 129), "reservation_id"),
    ("ReserveBudget", reserve("nul\0"), "reservation_id"),
    ("ReserveBudget", reserve(amount=None), "amount.currency_code"),
    ("ReserveBudget", reserve(amount=Money(currency_code="USD", units=2**62)), "amount"),
    ("ReserveBudget", reserve(lease=Duration(seconds=901)), "lease"),
    ("ReserveBudget", reserve(lease=Duration(seconds=-5)), "lease"),
    ("ReserveBudget", reserve(lease=Duration(seconds=2**60)), "lease"),
    ("ExtendReservation", extend(reservation_id=""), "reservation_id"),
    ("ExtendReservation", extend(lease=None), "lease"),
    ("ReleaseReservation", release(""), "reservation_id"),
    ("GetBudget", pb.GetBudgetRequest(scope_kind=UNKNOWN_KIND, scope_id="call-1"), "scope_kind"),
    ("GetBudget", pb.GetBudgetRequest(scope_kind=pb.SCOPE_KIND_CALL), "scope_id"),
    ("GetBudget", pb.GetBudgetRequest(scope_kind=pb.SCOPE_KIND_CAMPAIGN_DAY, scope_id="2026-03-01"), "scope_id"),
    ("GetBudget", pb.GetBudgetRequest(scope_kind=pb.SCOPE_KIND_CAMPAIGN_DAY, scope_id="solar/today"), "scope_id"),
    ("ListBudgets", pb.ListBudgetsRequest(scope_kind=UNKNOWN_KIND), "scope_kind"),
    ("ListBudgets", pb.ListBudgetsRequest(page_size=-1), "page_size"),
    ("ListBudgets", pb.ListBudgetsRequest(page_token="Y2FsbDo="), "page_token"),
]


async def test_a_request_that_cannot_be_right_is_refused_by_the_name_of_its_field(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    cases = [(method, request, field) for field, (method, request) in BAD_REQUESTS.items()] + MORE_BAD_REQUESTS
    async with run_budget_service() as stub:
        for method, request, field in cases:
            error = await refused(getattr(stub, method)(request))
            assert isinstance(error, InvalidArgumentError), (method, field)
            assert error.metadata["field"] == field, method
        assert not (await stub.ListBudgets(pb.ListBudgetsRequest())).budgets


@pytest.mark.parametrize("lease", [1, 900])
async def test_the_bounds_of_a_lease_are_allowed(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime, lease: int
) -> None:
    async with run_budget_service() as stub:
        held = await stub.ReserveBudget(reserve(lease=Duration(seconds=lease)))
        assert held.reservation.lease.seconds == lease
