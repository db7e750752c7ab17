"""Conversions between the contract's messages and the ledger's values, with the checks of requests."""

from datetime import timedelta

from google.protobuf.duration_pb2 import Duration

from callwright.escalation_budget.v1 import escalation_budget_pb2 as pb
from callwright_common.errors import InvalidArgumentError
from callwright_common.money import from_money, to_money
from callwright_common.rpc.enum_codec import EnumCodec
from callwright_common.rpc.validation import require_duration, require_id, require_ids
from callwright_common.rpc.wire import to_duration
from escalation_budget.ledger.reservations import (
    Budget,
    Denial,
    ExtendOrder,
    Reservation,
    ReservationState,
    ReserveOrder,
)
from escalation_budget.ledger.scopes import Scope, ScopeError, ScopeKind, require_well_formed

_SHORTEST_LEASE = timedelta(seconds=1)
_LONGEST_LEASE = timedelta(minutes=15)

_KINDS = EnumCodec(ScopeKind, pb.ScopeKind, "SCOPE_KIND_")
_STATES = EnumCodec(ReservationState, pb.ReservationState, "RESERVATION_STATE_")
_LIMITED = {"CALL_LIMIT": "CALL", "CAMPAIGN_LIMIT": "CAMPAIGN_DAY", "GLOBAL_LIMIT": "GLOBAL_DAY"}
_REASONS = EnumCodec(ScopeKind, pb.DenialReason, "DENIAL_REASON_", _LIMITED.__getitem__)


def reserve_order(request: pb.ReserveBudgetRequest, currency: str) -> ReserveOrder:
    """Returns what a request asks to reserve."""
    require_ids(request, "reservation_id", "call_id", "campaign_id")
    amount = from_money(request.amount, currency, "amount")
    return ReserveOrder(request.reservation_id, request.call_id, request.campaign_id, amount, _lease(request.lease))


def extend_order(request: pb.ExtendReservationRequest, currency: str) -> ExtendOrder:
    """Returns what a request asks to extend; an absent amount is zero."""
    require_ids(request, "reservation_id", "extension_id")
    amount = 0
    if request.HasField("additional_amount"):
        amount = from_money(request.additional_amount, currency, "additional_amount")
    return ExtendOrder(request.reservation_id, request.extension_id, amount, _lease(request.lease))


def scope_of(kind: int, scope_id: str) -> Scope:
    """Returns the scope that a request names."""
    try:
        return require_well_formed(Scope(_KINDS.requested("scope_kind", kind), _scope_id(kind, scope_id)))
    except ScopeError as error:
        raise InvalidArgumentError("scope_id", str(error)) from None


def optional_kind(kind: int) -> ScopeKind | None:
    """Returns the kind that a request filters by, if it does."""
    return _KINDS.requested("scope_kind", kind) if kind else None


def to_reservation(reservation: Reservation, currency: str) -> pb.Reservation:
    """Returns the message of a reservation."""
    message = pb.Reservation(
        reservation_id=reservation.order.reservation_id,
        call_id=reservation.order.call_id,
        campaign_id=reservation.order.campaign_id,
        state=_STATES.to_proto(reservation.state_now),
        amount=to_money(reservation.amount, currency),
        lease=to_duration(reservation.lease_left),
    )
    if reservation.settled is not None:
        message.settled.CopyFrom(to_money(reservation.settled, currency))
    return message


def to_denial(denial: Denial, currency: str) -> pb.Denial:
    """Returns the message of a denial."""
    return pb.Denial(reason=_REASONS.to_proto(denial.budget.scope.kind), budget=to_budget(denial.budget, currency))


def to_budget(budget: Budget, currency: str) -> pb.Budget:
    """Returns the message of a budget."""
    return pb.Budget(
        scope_kind=_KINDS.to_proto(budget.scope.kind),
        scope_id=budget.scope.id,
        limit=to_money(budget.limit, currency),
        spent=to_money(budget.spent, currency),
        reserved=to_money(budget.reserved, currency),
    )


def _lease(value: Duration) -> timedelta:
    return require_duration("lease", value, minimum=_SHORTEST_LEASE, maximum=_LONGEST_LEASE)


def _scope_id(kind: int, value: str) -> str:
    """Returns a scope's id; that of a campaign-day is a campaign's id and a date."""
    if kind == pb.SCOPE_KIND_CAMPAIGN_DAY and "/" in value:
        require_id("scope_id", value.rpartition("/")[0])
        require_id("scope_id", value.rpartition("/")[2])
        return value
    return require_id("scope_id", value)
