"""The gateway's client of the escalation budget service."""

import grpc

from callwright.escalation_budget.v1 import escalation_budget_pb2 as pb
from callwright.escalation_budget.v1 import escalation_budget_pb2_grpc as pb_grpc
from callwright_common.money import Amount
from callwright_common.rpc.client import service_errors
from callwright_common.rpc.enum_codec import EnumCodec
from callwright_common.rpc.wire import seconds, to_duration
from vocabulary.enums import EscalationOutcome
from voice_gateway.premium_voice.budget import Denied, Granted

_SERVICE = "callwright.escalation_budget.v1.EscalationBudgetService"
IDEMPOTENT_METHODS = tuple(
    (_SERVICE, method) for method in ("ReserveBudget", "ExtendReservation", "SettleReservation", "ReleaseReservation")
)

_TIMEOUT_SECONDS = 2.0
_DENIALS = EnumCodec(EscalationOutcome, pb.DenialReason, "DENIAL_REASON_", "DENIED_{}".format)


class BudgetClient:
    """Calls the budget service over one channel."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = pb_grpc.EscalationBudgetServiceStub(channel)

    async def reserve(
        self, reservation_id: str, call_id: str, campaign_id: str, amount: Amount, lease_seconds: float
    ) -> Granted | Denied:
        """Asks for money for a lease of premium speech; the same id gets the same answer."""
        request = pb.ReserveBudgetRequest(
            reservation_id=reservation_id,
            call_id=call_id,
            campaign_id=campaign_id,
            amount=amount.to_proto(),
            lease=to_duration(lease_seconds),
        )
        async with service_errors():
            return _decision(await self._stub.ReserveBudget(request, timeout=_TIMEOUT_SECONDS))

    async def extend(
        self, reservation_id: str, extension_id: str, amount: Amount, lease_seconds: float
    ) -> Granted | Denied:
        """Asks for a longer lease and more money for it."""
        request = pb.ExtendReservationRequest(
            reservation_id=reservation_id,
            extension_id=extension_id,
            additional_amount=amount.to_proto(),
            lease=to_duration(lease_seconds),
        )
        async with service_errors():
            return _decision(await self._stub.ExtendReservation(request, timeout=_TIMEOUT_SECONDS))

    async def settle(self, reservation_id: str, spent: Amount) -> None:
        """Books what was really spent and frees the rest; a reservation of which nothing was spent is released."""
        async with service_errors():
            if spent.micros == 0:
                release = pb.ReleaseReservationRequest(reservation_id=reservation_id)
                await self._stub.ReleaseReservation(release, timeout=_TIMEOUT_SECONDS)
                return
            request = pb.SettleReservationRequest(reservation_id=reservation_id, actual_cost=spent.to_proto())
            await self._stub.SettleReservation(request, timeout=_TIMEOUT_SECONDS)


def _decision(response: pb.ReserveBudgetResponse | pb.ExtendReservationResponse) -> Granted | Denied:
    if response.WhichOneof("decision") == "reservation":
        return Granted(seconds(response.reservation.lease))
    return Denied(_DENIALS.required(response.denial.reason))
