"""Reserving, extending, settling and releasing over gRPC against PostgreSQL."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.duration_pb2 import Duration

from callwright.escalation_budget.v1 import escalation_budget_pb2 as pb
from callwright_common.errors import AlreadyExistsError, FailedPreconditionError, NotFoundError
from fakes.budget_requests import dollars, extend, refused, release, reserve, settle, usd
from fakes.ledger_time import LedgerTime
from fixtures.escalation_budget import RunBudgetService

if TYPE_CHECKING:  # the stub for asyncio exists for type checkers only
    from callwright.escalation_budget.v1.escalation_budget_pb2_grpc import (
        EscalationBudgetServiceAsyncStub as BudgetStub,
    )

DAY = "2026-03-01"
CALL = (pb.SCOPE_KIND_CALL, "call-1")
CAMPAIGN = (pb.SCOPE_KIND_CAMPAIGN_DAY, f"solar/{DAY}")
GLOBAL = (pb.SCOPE_KIND_GLOBAL_DAY, DAY)
CAMPAIGNS = Path(__file__).parents[3] / "campaigns"


async def taken(stub: "BudgetStub", scope: tuple[pb.ScopeKind.ValueType, str]) -> tuple[str, str]:
    """Returns what is spent and reserved in a scope."""
    answer = await stub.GetBudget(pb.GetBudgetRequest(scope_kind=scope[0], scope_id=scope[1]))
    return dollars(answer.budget.spent), dollars(answer.budget.reserved)


async def all_taken(stub: "BudgetStub") -> set[tuple[str, str]]:
    return {await taken(stub, scope) for scope in (CALL, CAMPAIGN, GLOBAL)}


async def until_expired(stub: "BudgetStub") -> None:
    """Waits until the sweeper has booked everything that is reserved."""
    async with asyncio.timeout(20):
        while (await taken(stub, GLOBAL))[1] != "0.00":
            pass


async def test_money_is_held_in_every_scope_and_settled_at_what_it_cost(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service() as stub:
        held = (await stub.ReserveBudget(reserve())).reservation
        assert held.state == pb.RESERVATION_STATE_RESERVED
        assert (held.reservation_id, held.call_id, held.campaign_id) == ("res-1", "call-1", "solar")
        assert dollars(held.amount) == "0.25"
        assert held.lease.ToTimedelta() == timedelta(seconds=60)
        assert await all_taken(stub) == {("0.00", "0.25")}

        settled = await stub.SettleReservation(settle("0.17"))
        assert settled.reservation.state == pb.RESERVATION_STATE_SETTLED
        assert dollars(settled.reservation.settled) == "0.17"
        assert (settled.corrected, settled.exceeded) == (False, False)
        assert settled.reservation.lease.ToTimedelta() == timedelta(0)
        assert await all_taken(stub) == {("0.17", "0.00")}


async def test_a_repeated_request_gets_its_first_answer(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service() as stub:
        first = await stub.ReserveBudget(reserve())
        assert await stub.ReserveBudget(reserve()) == first
        extended = await stub.ExtendReservation(extend())
        assert await stub.ExtendReservation(extend()) == extended
        settled = await stub.SettleReservation(settle("0.30"))
        assert await stub.SettleReservation(settle("0.30")) == settled
        assert await all_taken(stub) == {("0.30", "0.00")}
        again = await stub.ReserveBudget(reserve())
        assert again.reservation.state == pb.RESERVATION_STATE_SETTLED


@pytest.mark.parametrize(
    "changed",
    [
        {"call_id": "call-2"},
        {"campaign_id": "wind"},
        {"amount": usd("0.26")},
        {"lease": Duration(seconds=61)},
    ],
    ids=lambda changed: next(iter(changed)),
)
async def test_an_id_with_another_content_is_a_conflict(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime, changed: dict[str, Any]
) -> None:
    async with run_budget_service() as stub:
        await stub.ReserveBudget(reserve())
        error = await refused(stub.ReserveBudget(reserve(**changed)))
        assert isinstance(error, AlreadyExistsError)
        assert error.reason == "IDEMPOTENCY_CONFLICT"
        assert await all_taken(stub) == {("0.00", "0.25")}


async def test_conflicts_of_extensions_and_settlements(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service() as stub:
        await stub.ReserveBudget(reserve())
        await stub.ReserveBudget(reserve("res-2"))
        await stub.ExtendReservation(extend())
        for changed in ({"reservation_id": "res-2"}, {"additional_amount": usd("0")}, {"lease": Duration(seconds=9)}):
            assert (await refused(stub.ExtendReservation(extend(**changed)))).reason == "IDEMPOTENCY_CONFLICT"
        await stub.SettleReservation(settle("0.10"))
        assert (await refused(stub.SettleReservation(settle("0.11")))).reason == "IDEMPOTENCY_CONFLICT"
        assert await taken(stub, CALL) == ("0.10", "0.25")


@pytest.mark.parametrize(
    ("limits", "reason", "kind"),
    [
        ({"default_call_limit": 200_000}, pb.DENIAL_REASON_CALL_LIMIT, pb.SCOPE_KIND_CALL),
        ({"default_campaign_day_limit": 200_000}, pb.DENIAL_REASON_CAMPAIGN_LIMIT, pb.SCOPE_KIND_CAMPAIGN_DAY),
        ({"default_global_day_limit": 200_000}, pb.DENIAL_REASON_GLOBAL_LIMIT, pb.SCOPE_KIND_GLOBAL_DAY),
    ],
    ids=["call", "campaign", "global"],
)
async def test_a_denial_names_the_scope_and_takes_nothing_from_any(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime, limits: dict[str, int], reason: int, kind: int
) -> None:
    async with run_budget_service(**limits) as stub:
        denial = (await stub.ReserveBudget(reserve())).denial
        assert denial.reason == reason
        assert denial.budget.scope_kind == kind
        assert dollars(denial.budget.limit) == "0.20"
        assert await all_taken(stub) == {("0.00", "0.00")}


async def test_a_denial_is_remembered_when_there_is_money_again(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service(default_call_limit=300_000) as stub:
        await stub.ReserveBudget(reserve())
        denied = await stub.ReserveBudget(reserve("res-2"))
        assert denied.WhichOneof("decision") == "denial"
        await stub.ReleaseReservation(release())
        assert await stub.ReserveBudget(reserve("res-2")) == denied
        assert (await stub.ReserveBudget(reserve("res-3"))).WhichOneof("decision") == "reservation"
        for call in (stub.SettleReservation(settle("0", "res-2")), stub.ReleaseReservation(release("res-2"))):
            assert (await refused(call)).reason == "RESERVATION_NOT_LIVE"


async def test_an_extension_adds_money_and_a_new_lease(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service() as stub:
        await stub.ReserveBudget(reserve())
        ledger_time.advance(45)
        extended = (await stub.ExtendReservation(extend(lease=Duration(seconds=30)))).reservation
        assert dollars(extended.amount) == "0.35"
        assert extended.lease.ToTimedelta() == timedelta(seconds=30)
        ledger_time.advance(29)
        longer = (await stub.ExtendReservation(extend("ext-2", additional_amount=None))).reservation
        assert dollars(longer.amount) == "0.35"
        assert longer.lease.ToTimedelta() == timedelta(seconds=60)
        assert await all_taken(stub) == {("0.00", "0.35")}


async def test_a_denied_extension_leaves_amount_and_lease(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service(default_call_limit=300_000) as stub:
        await stub.ReserveBudget(reserve())
        ledger_time.advance(10)
        denied = await stub.ExtendReservation(extend())
        assert denied.denial.reason == pb.DENIAL_REASON_CALL_LIMIT
        assert await stub.ExtendReservation(extend()) == denied
        unchanged = (await stub.ReserveBudget(reserve())).reservation
        assert dollars(unchanged.amount) == "0.25"
        assert unchanged.lease.ToTimedelta() == timedelta(seconds=50)


async def test_released_money_can_be_reserved_again(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service(default_call_limit=300_000) as stub:
        await stub.ReserveBudget(reserve())
        released = await stub.ReleaseReservation(release())
        assert released.reservation.state == pb.RESERVATION_STATE_RELEASED
        assert await stub.ReleaseReservation(release()) == released
        assert await all_taken(stub) == {("0.00", "0.00")}
        for call in (stub.SettleReservation(settle("0.10")), stub.ExtendReservation(extend())):
            error = await refused(call)
            assert isinstance(error, FailedPreconditionError)
            assert error.reason == "RESERVATION_NOT_LIVE"
        assert (await stub.ReserveBudget(reserve("res-2"))).WhichOneof("decision") == "reservation"
        await stub.SettleReservation(settle("0.10", "res-2"))
        assert (await refused(stub.ReleaseReservation(release("res-2")))).reason == "RESERVATION_NOT_LIVE"


async def test_an_ended_lease_counts_as_spent_until_it_is_corrected(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service() as stub:
        await stub.ReserveBudget(reserve())
        ledger_time.advance(60)
        await until_expired(stub)
        assert await all_taken(stub) == {("0.25", "0.00")}
        assert (await stub.ReserveBudget(reserve())).reservation.state == pb.RESERVATION_STATE_EXPIRED
        assert (await refused(stub.ExtendReservation(extend()))).reason == "RESERVATION_NOT_LIVE"
        corrected = await stub.SettleReservation(settle("0.04"))
        assert (corrected.corrected, corrected.exceeded) == (True, False)
        assert await stub.SettleReservation(settle("0.04")) == corrected
        assert await all_taken(stub) == {("0.04", "0.00")}


async def test_an_ended_lease_is_dead_before_it_is_swept(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service(sweep_interval_seconds=60) as stub:
        await stub.ReserveBudget(reserve())
        ledger_time.advance(60)
        assert (await stub.ReserveBudget(reserve())).reservation.state == pb.RESERVATION_STATE_EXPIRED
        assert (await refused(stub.ExtendReservation(extend()))).reason == "RESERVATION_NOT_LIVE"
        assert await taken(stub, CALL) == ("0.00", "0.25")
        assert (await stub.SettleReservation(settle("0.25"))).corrected
        assert await all_taken(stub) == {("0.25", "0.00")}


async def test_what_an_expired_reservation_did_not_spend_can_be_released(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service() as stub:
        await stub.ReserveBudget(reserve())
        ledger_time.advance(60)
        await until_expired(stub)
        await stub.ReleaseReservation(release())
        assert await all_taken(stub) == {("0.00", "0.00")}


@pytest.mark.parametrize(("limit", "booked"), [("1.00", "0.40"), ("0.30", "0.30"), ("0.25", "0.25")])
async def test_a_cost_above_the_reservation_is_booked_as_far_as_the_limits_allow(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime, limit: str, booked: str
) -> None:
    async with run_budget_service(default_global_day_limit=limit) as stub:
        await stub.ReserveBudget(reserve())
        settled = await stub.SettleReservation(settle("0.40"))
        assert settled.exceeded
        assert dollars(settled.reservation.settled) == booked
        assert await all_taken(stub) == {(booked, "0.00")}
        assert await stub.SettleReservation(settle("0.40")) == settled


async def test_unknown_reservations_are_not_found(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service() as stub:
        for call in (
            stub.SettleReservation(settle("0.10")),
            stub.ReleaseReservation(release()),
            stub.ExtendReservation(extend()),
        ):
            error = await refused(call)
            assert isinstance(error, NotFoundError)
            assert error.reason == "RESERVATION_NOT_FOUND"


async def test_money_stays_in_the_budgets_of_the_day_on_which_it_was_reserved(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service() as stub:
        ledger_time.move_to(datetime(2026, 3, 1, 23, 59, 50, tzinfo=UTC))
        await stub.ReserveBudget(reserve())
        ledger_time.advance(20)
        await stub.ExtendReservation(extend())
        await stub.ReserveBudget(reserve("res-2"))
        await stub.SettleReservation(settle("0.30"))
        assert await taken(stub, GLOBAL) == ("0.30", "0.00")
        assert await taken(stub, (pb.SCOPE_KIND_GLOBAL_DAY, "2026-03-02")) == ("0.00", "0.25")
        assert await taken(stub, CALL) == ("0.30", "0.25")


async def test_a_server_clock_that_goes_back_neither_ends_nor_breaks_a_lease(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service() as stub:
        await stub.ReserveBudget(reserve())
        ledger_time.advance(-3600)
        extended = (await stub.ExtendReservation(extend())).reservation
        assert extended.lease.ToTimedelta() == timedelta(seconds=60)
        assert dollars((await stub.SettleReservation(settle("0.35"))).reservation.settled) == "0.35"


async def test_campaign_files_set_the_limits_of_their_calls_and_days(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service(campaigns_dir=CAMPAIGNS, default_call_limit=1) as stub:
        order = reserve(campaign_id="sunline-solar")
        assert (await stub.ReserveBudget(order)).WhichOneof("decision") == "reservation"
        budget = await stub.GetBudget(pb.GetBudgetRequest(scope_kind=pb.SCOPE_KIND_CALL, scope_id="call-1"))
        assert dollars(budget.budget.limit) == "0.60"
        other = await stub.ReserveBudget(reserve("res-2", call_id="call-2", campaign_id="another"))
        assert other.denial.reason == pb.DENIAL_REASON_CALL_LIMIT


async def test_fifty_callers_at_once_and_money_for_seven(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service(default_global_day_limit="1.75") as stub:
        answers = await asyncio.gather(
            *(
                stub.ReserveBudget(reserve(f"res-{number}", call_id=f"call-{number}"), timeout=60)
                for number in range(50)
            )
        )
        granted = [answer for answer in answers if answer.WhichOneof("decision") == "reservation"]
        assert len(granted) == 7
        assert await taken(stub, GLOBAL) == ("0.00", "1.75")


async def test_one_reservation_sent_twenty_times_at_once_is_held_once(
    run_budget_service: RunBudgetService, ledger_time: LedgerTime
) -> None:
    async with run_budget_service() as stub:
        answers = await asyncio.gather(*(stub.ReserveBudget(reserve(), timeout=60) for _ in range(20)))
        assert all(answer == answers[0] for answer in answers)
        assert await all_taken(stub) == {("0.00", "0.25")}
