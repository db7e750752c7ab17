"""Whom a call booked with is kept once it is over, by what then stands in a calendar that was silent to its end."""

from collections.abc import AsyncIterator

import grpc
import pytest

from agent_orchestrator.agents.appointments import LastContact, SlotTakenError
from agent_orchestrator.persistence_client import PersistenceAppointmentBook
from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.breaker import CircuitBreaker
from fakes.call_event_messages import CAMPAIGN, CallScript
from fakes.clock import ManualClock
from fixtures.persistence import PersistenceClient
from vocabulary.turns import Contact

TOLD = Contact("Erin Novak", phone="+12025550187")


@pytest.fixture
async def book(persistence: PersistenceClient) -> AsyncIterator[PersistenceAppointmentBook]:
    await persistence.append(CallScript().started())
    async with grpc.aio.insecure_channel(f"127.0.0.1:{persistence.service.grpc_port}") as channel:
        yield PersistenceAppointmentBook(channel, CircuitBreaker("persistence", ManualClock()), 5.0)


async def slots(persistence: PersistenceClient) -> list[str]:
    request = pb.ListFreeSlotsRequest(campaign_id=CAMPAIGN, page_size=9)
    return [slot.slot_id for slot in (await persistence.stub.ListFreeSlots(request)).slots]


async def kept(persistence: PersistenceClient) -> list[str]:
    return [one.contact.name for one in (await persistence.call()).bookings]


async def test_a_booking_and_a_move_that_went_through_unheard_get_what_was_told_meanwhile(
    book: PersistenceAppointmentBook, persistence: PersistenceClient
) -> None:
    first, second = (await slots(persistence))[:2]
    await book.book("booking-1", first, "call-1", contact=Contact("Dana Whitfield"), attempt=4)
    await book.keep_last("call-1", LastContact("call-1", CAMPAIGN, TOLD, 6))
    assert await kept(persistence) == ["Erin Novak"]
    await book.book("booking-2", second, "call-1", contact=Contact("Dana Whitfield"), attempt=8)
    await book.keep_last("call-1", LastContact("call-1", CAMPAIGN, Contact(), 9))
    assert await kept(persistence) == [""]


async def test_what_arrives_after_the_last_contact_changes_nothing(
    book: PersistenceAppointmentBook, persistence: PersistenceClient
) -> None:
    first, second = (await slots(persistence))[:2]
    await book.book("booking-1", first, "call-1", contact=None, attempt=4)
    await book.keep_last("call-1", LastContact("call-1", CAMPAIGN, TOLD, 9))
    await book.set_contact("booking-1", "call-1", Contact("Dana Whitfield"), version=8)
    with pytest.raises(SlotTakenError):
        await book.book("booking-2", second, "call-1", contact=Contact("Dana Whitfield"), attempt=7)
    assert await kept(persistence) == ["Erin Novak"]


async def test_without_a_booking_there_is_nobody_to_keep(
    book: PersistenceAppointmentBook, persistence: PersistenceClient
) -> None:
    await book.keep_last("call-1", LastContact("call-1", CAMPAIGN, TOLD, 9))
    assert await kept(persistence) == []
