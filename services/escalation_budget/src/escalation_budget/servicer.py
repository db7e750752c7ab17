"""The service's RPCs: parse, ask the ledger, convert."""

from dataclasses import dataclass

from callwright.escalation_budget.v1 import escalation_budget_pb2 as pb
from callwright.escalation_budget.v1.escalation_budget_pb2_grpc import EscalationBudgetServiceServicer
from callwright_common.errors import NotFoundError
from callwright_common.logs import get_logger
from callwright_common.money import from_money
from callwright_common.rpc.paging import Page
from callwright_common.rpc.request_handling import Context
from callwright_common.rpc.validation import require_id
from escalation_budget.ledger.reservations import Denial
from escalation_budget.ledger.scopes import Scope, ScopeKind
from escalation_budget.metrics import BudgetMetrics
from escalation_budget.tables.postgres_ledger import PostgresLedger
from escalation_budget.wire import (
    extend_order,
    optional_kind,
    reserve_order,
    scope_of,
    to_budget,
    to_denial,
    to_reservation,
)

_logger = get_logger(__name__)


@dataclass(frozen=True)
class EscalationBudgetServicer(EscalationBudgetServiceServicer):
    """Answers requests for money from a ledger in one currency."""

    ledger: PostgresLedger
    currency: str
    metrics: BudgetMetrics

    async def ReserveBudget(self, request: pb.ReserveBudgetRequest, context: Context) -> pb.ReserveBudgetResponse:
        """Holds money for a lease of premium speech or denies it."""
        order = reserve_order(request, self.currency)
        decision = await self.ledger.reserve(order)
        self.metrics.decided("reserve", decision)
        if isinstance(decision, Denial):
            _logger.info("budget denied", reservation_id=order.reservation_id, scope=decision.budget.scope.kind)
            return pb.ReserveBudgetResponse(denial=to_denial(decision, self.currency))
        _logger.info("budget reserved", reservation_id=order.reservation_id, micros=decision.amount)
        return pb.ReserveBudgetResponse(reservation=to_reservation(decision, self.currency))

    async def ExtendReservation(
        self, request: pb.ExtendReservationRequest, context: Context
    ) -> pb.ExtendReservationResponse:
        """Gives a live reservation a new lease and more money, or denies both."""
        order = extend_order(request, self.currency)
        decision = await self.ledger.extend(order)
        self.metrics.decided("extend", decision)
        if isinstance(decision, Denial):
            _logger.info("extension denied", reservation_id=order.reservation_id, scope=decision.budget.scope.kind)
            return pb.ExtendReservationResponse(denial=to_denial(decision, self.currency))
        return pb.ExtendReservationResponse(reservation=to_reservation(decision, self.currency))

    async def SettleReservation(
        self, request: pb.SettleReservationRequest, context: Context
    ) -> pb.SettleReservationResponse:
        """Books what was really spent and frees the rest."""
        reservation_id = require_id("reservation_id", request.reservation_id)
        actual_cost = from_money(request.actual_cost, self.currency, "actual_cost")
        settled = await self.ledger.settle(reservation_id, actual_cost)
        self.metrics.settled(settled)
        about = {"corrected": settled.corrected, "exceeded": settled.exceeded}
        _logger.info("reservation settled", reservation_id=reservation_id, micros=settled.settled, **about)
        return pb.SettleReservationResponse(reservation=to_reservation(settled, self.currency), **about)

    async def ReleaseReservation(
        self, request: pb.ReleaseReservationRequest, context: Context
    ) -> pb.ReleaseReservationResponse:
        """Frees a reservation of which nothing was spent."""
        reservation_id = require_id("reservation_id", request.reservation_id)
        reservation = await self.ledger.release(reservation_id)
        return pb.ReleaseReservationResponse(reservation=to_reservation(reservation, self.currency))

    async def GetBudget(self, request: pb.GetBudgetRequest, context: Context) -> pb.GetBudgetResponse:
        """Returns a scope's limit and what is taken of it."""
        scope = scope_of(request.scope_kind, request.scope_id)
        budget = await self.ledger.budget(scope)
        if budget is None:
            raise NotFoundError("BUDGET_NOT_FOUND", "nothing was reserved for this call and no limit was set")
        return pb.GetBudgetResponse(budget=to_budget(budget, self.currency))

    async def ListBudgets(self, request: pb.ListBudgetsRequest, context: Context) -> pb.ListBudgetsResponse:
        """Returns a page of budgets, by kind and id."""
        kind = optional_kind(request.scope_kind)
        page = Page(request, f"budgets {kind or ''}", (ScopeKind, str))
        found = await self.ledger.budgets(kind, Scope(*page.after) if page.after else None, page.size + 1)
        budgets, token = page.fill(
            found, lambda budget: to_budget(budget, self.currency), lambda budget: (budget.scope.kind, budget.scope.id)
        )
        return pb.ListBudgetsResponse(budgets=budgets, next_page_token=token)

    async def SetBudget(self, request: pb.SetBudgetRequest, context: Context) -> pb.SetBudgetResponse:
        """Sets a scope's limit."""
        scope = scope_of(request.scope_kind, request.scope_id)
        limit = from_money(request.limit, self.currency, "limit")
        budget = await self.ledger.set_limit(scope, limit)
        _logger.info("limit set", scope=scope.kind, micros=limit)
        return pb.SetBudgetResponse(budget=to_budget(budget, self.currency))
