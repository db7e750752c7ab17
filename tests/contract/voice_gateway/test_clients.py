"""What the gateway asks of the other services, over a real channel."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import grpc
import pytest

from callwright.escalation_budget.v1 import escalation_budget_pb2 as budget
from callwright.escalation_budget.v1 import escalation_budget_pb2_grpc as budget_grpc
from callwright.persistence.v1 import persistence_pb2 as persistence
from callwright.persistence.v1 import persistence_pb2_grpc as persistence_grpc
from callwright_common.errors import ServiceError, UnavailableError
from callwright_common.metrics import new_registry
from callwright_common.money import Amount
from callwright_common.rpc.client import open_channel
from callwright_common.rpc.server import serve
from fakes.call_event_messages import CallScript
from vocabulary.enums import EscalationOutcome
from voice_gateway.budget_client import BudgetClient
from voice_gateway.persistence_client import PersistenceClient
from voice_gateway.premium_voice.budget import Denied


class Ledger(budget_grpc.EscalationBudgetServiceServicer):
    """Denies for a reason, and notes how reservations end."""

    def __init__(self, reason: budget.DenialReason.ValueType = budget.DENIAL_REASON_UNSPECIFIED) -> None:
        self.reason = reason
        self.ends: list[tuple[str, str]] = []

    async def ReserveBudget(self, request: budget.ReserveBudgetRequest, context: Any) -> budget.ReserveBudgetResponse:
        return budget.ReserveBudgetResponse(denial=budget.Denial(reason=self.reason))

    async def SettleReservation(
        self, request: budget.SettleReservationRequest, context: Any
    ) -> budget.SettleReservationResponse:
        self.ends.append((request.reservation_id, "settled"))
        return budget.SettleReservationResponse()

    async def ReleaseReservation(
        self, request: budget.ReleaseReservationRequest, context: Any
    ) -> budget.ReleaseReservationResponse:
        self.ends.append((request.reservation_id, "released"))
        return budget.ReleaseReservationResponse()


class Events(persistence_grpc.PersistenceServiceServicer):
    """Says of each call that its events are durable up to a sequence."""

    def __init__(self, durable: int) -> None:
        self.durable = durable

    async def AppendCallEvents(
        self, request: persistence.AppendCallEventsRequest, context: Any
    ) -> persistence.AppendCallEventsResponse:
        calls = {event.call_id for event in request.events}
        sequences = [persistence.DurableSequence(call_id=call_id, sequence=self.durable) for call_id in calls]
        return persistence.AppendCallEventsResponse(durable_sequences=sequences)


@asynccontextmanager
async def channel_to(add: Callable[[Any, grpc.aio.Server], None], servicer: object) -> AsyncIterator[grpc.aio.Channel]:
    async with (
        serve("127.0.0.1:0", new_registry(), lambda server: add(servicer, server), [], grace_seconds=1) as server,
        open_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        yield channel


async def test_a_reservation_of_which_nothing_was_spent_is_released() -> None:
    ledger = Ledger()  # type: ignore[abstract]
    async with channel_to(budget_grpc.add_EscalationBudgetServiceServicer_to_server, ledger) as channel:
        client = BudgetClient(channel)
        await client.settle("res-1", Amount(0, "USD"))
        await client.settle("res-2", Amount(1, "USD"))
    assert ledger.ends == [("res-1", "released"), ("res-2", "settled")]


@pytest.mark.parametrize("reason", budget.DenialReason.values())
async def test_every_denial_has_an_outcome(reason: budget.DenialReason.ValueType) -> None:
    ledger = Ledger(reason)  # type: ignore[abstract]
    async with channel_to(budget_grpc.add_EscalationBudgetServiceServicer_to_server, ledger) as channel:
        answer = await BudgetClient(channel).reserve("res-1", "call-1", "solar", Amount(1, "USD"), 60)
    expected = budget.DenialReason.Name(reason).replace("DENIAL_REASON_", "denied_").lower() if reason else "unknown"
    assert answer == Denied(EscalationOutcome(expected))


class Proxy(persistence_grpc.PersistenceServiceServicer):
    """Answers every request with one status, as a proxy does that knows nothing of the house's errors."""

    def __init__(self, code: grpc.StatusCode) -> None:
        self.code = code

    async def AppendCallEvents(
        self, request: persistence.AppendCallEventsRequest, context: Any
    ) -> persistence.AppendCallEventsResponse:
        await context.abort(self.code, "no")
        raise AssertionError


@pytest.mark.parametrize("status", ["UNIMPLEMENTED", "PERMISSION_DENIED", "UNAUTHENTICATED"])
async def test_what_answers_in_the_services_place_is_known_by_its_status(status: str) -> None:
    servicer = Proxy(grpc.StatusCode[status])  # type: ignore[abstract]
    async with channel_to(persistence_grpc.add_PersistenceServiceServicer_to_server, servicer) as channel:
        with pytest.raises(ServiceError) as caught:
            await PersistenceClient(channel).append([CallScript().started().SerializeToString()])
    assert caught.value.reason == status


@pytest.mark.parametrize(("durable", "stored"), [(1, False), (2, True), (9, True)])
async def test_events_count_as_stored_once_they_are_durable(durable: int, *, stored: bool) -> None:
    script = CallScript()
    events = [event.SerializeToString() for event in (script.started(), script.alive())]
    servicer = Events(durable)  # type: ignore[abstract]
    async with channel_to(persistence_grpc.add_PersistenceServiceServicer_to_server, servicer) as channel:
        client = PersistenceClient(channel)
        if stored:
            await client.append(events)
        else:
            with pytest.raises(UnavailableError):
                await client.append(events)
