"""Requests to the budget service with everything filled in, and amounts in dollars."""

from collections.abc import Awaitable
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.type.money_pb2 import Money

from callwright.escalation_budget.v1 import escalation_budget_pb2 as pb
from callwright_common.errors import ServiceError
from callwright_common.money import format_micros, parse_micros, to_money
from callwright_common.rpc.client import to_service_error


def usd(amount: str) -> Money:
    return to_money(parse_micros(amount), "USD")


def dollars(money: Money) -> str:
    assert money.currency_code == "USD"
    return format_micros(money.units * 1_000_000 + money.nanos // 1000)


def reserve(reservation_id: str = "res-1", **changes: Any) -> pb.ReserveBudgetRequest:
    fields: dict[str, Any] = {
        "call_id": "call-1",
        "campaign_id": "solar",
        "amount": usd("0.25"),
        "lease": Duration(seconds=60),
    }
    return pb.ReserveBudgetRequest(reservation_id=reservation_id, **(fields | changes))


def extend(extension_id: str = "ext-1", **changes: Any) -> pb.ExtendReservationRequest:
    fields: dict[str, Any] = {
        "reservation_id": "res-1",
        "additional_amount": usd("0.10"),
        "lease": Duration(seconds=60),
    }
    return pb.ExtendReservationRequest(extension_id=extension_id, **(fields | changes))


def settle(cost: str, reservation_id: str = "res-1") -> pb.SettleReservationRequest:
    return pb.SettleReservationRequest(reservation_id=reservation_id, actual_cost=usd(cost))


def release(reservation_id: str = "res-1") -> pb.ReleaseReservationRequest:
    return pb.ReleaseReservationRequest(reservation_id=reservation_id)


async def refused(call: Awaitable[Any]) -> ServiceError:
    """Returns the error that a call is answered with."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return to_service_error(caught.value)
