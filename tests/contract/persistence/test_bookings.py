"""Slots and bookings over real gRPC: one time, one caller."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import psycopg
import pytest

from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.errors import InvalidArgumentError
from callwright_common.rpc.wire import from_timestamp, to_duration, to_timestamp
from fakes.call_event_messages import CAMPAIGN, CallScript
from fakes.clock import ManualClock
from fixtures.persistence import PersistenceClient, RunPersistence, refusal


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 3, 2, 15, 0, tzinfo=UTC))


@pytest.fixture
async def booking(run_persistence: RunPersistence, clock: ManualClock) -> AsyncIterator[PersistenceClient]:
    async with run_persistence(clock) as client:
        yield client


async def free(client: PersistenceClient, **request: object) -> list[conversation.Slot]:
    fields = {"campaign_id": CAMPAIGN, "page_size": 500, **request}
    return list((await client.stub.ListFreeSlots(pb.ListFreeSlotsRequest(**fields))).slots)  # type: ignore[arg-type]


async def hold(
    client: PersistenceClient, slot: conversation.Slot, call_id: str, seconds: float = 60
) -> pb.HoldSlotResponse:
    request = pb.HoldSlotRequest(slot_id=slot.slot_id, call_id=call_id, hold=to_duration(seconds))
    return await client.stub.HoldSlot(request)


async def confirm(
    client: PersistenceClient, booking_id: str, slot: conversation.Slot, call_id: str, **fields: Any
) -> conversation.Booking:
    request = pb.ConfirmBookingRequest(booking_id=booking_id, slot_id=slot.slot_id, call_id=call_id, **fields)
    return (await client.stub.ConfirmBooking(request)).booking


async def test_a_slot_is_held_booked_and_read_back_with_the_call(
    booking: PersistenceClient, clock: ManualClock
) -> None:
    slot = (await free(booking))[0]
    held = await hold(booking, slot, "call-1")
    assert held.slot == slot
    assert from_timestamp(held.hold_expire_time) == clock.now() + timedelta(seconds=60)
    assert slot not in await free(booking)
    made = await confirm(booking, "booking-1", slot, "call-1")
    assert made == conversation.Booking(
        booking_id="booking-1",
        slot_id=slot.slot_id,
        call_id="call-1",
        campaign_id=CAMPAIGN,
        start_time=slot.start_time,
        end_time=slot.end_time,
        create_time=to_timestamp(clock.now()),
    )
    clock.advance(3600)
    assert await confirm(booking, "booking-1", slot, "call-1") == made
    assert slot not in await free(booking)
    await booking.append(*CallScript().whole())
    assert list((await booking.call()).bookings) == [made]


async def cancel(client: PersistenceClient, booking_id: str, call_id: str, attempt: int = 0) -> conversation.Booking:
    request = pb.CancelBookingRequest(booking_id=booking_id, call_id=call_id, attempt=attempt)
    return (await client.stub.CancelBooking(request)).booking


async def test_of_twenty_calls_one_gets_the_slot(booking: PersistenceClient) -> None:
    slot = (await free(booking))[0]

    async def attempt(call_id: str) -> str | None:
        try:
            await hold(booking, slot, call_id)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.ABORTED:
                raise
            return None
        return call_id

    winners = [won for won in await asyncio.gather(*(attempt(f"call-{number}") for number in range(20))) if won]
    assert len(winners) == 1
    confirmations = [confirm(booking, f"booking-{number}", slot, f"call-{number}") for number in range(20)]
    results = await asyncio.gather(*confirmations, return_exceptions=True)
    booked = [result for result in results if isinstance(result, conversation.Booking)]
    assert [result.call_id for result in booked] == winners


async def test_a_hold_ends_by_the_services_clock(booking: PersistenceClient, clock: ManualClock) -> None:
    slot = (await free(booking))[0]
    await hold(booking, slot, "call-1", 60)
    assert (await refusal(hold(booking, slot, "call-2"))).reason == "SLOT_TAKEN"
    clock.advance(50)
    again = await hold(booking, slot, "call-1", 60)
    assert from_timestamp(again.hold_expire_time) == clock.now() + timedelta(seconds=60)
    clock.advance(61)
    assert slot in await free(booking)
    await hold(booking, slot, "call-2")
    assert (await refusal(confirm(booking, "booking-1", slot, "call-1"))).reason == "SLOT_TAKEN"


async def test_a_hold_that_is_over_still_books_what_nobody_took(booking: PersistenceClient, clock: ManualClock) -> None:
    slot = (await free(booking))[0]
    await hold(booking, slot, "call-1", 60)
    clock.advance(120)
    assert (await confirm(booking, "booking-1", slot, "call-1")).slot_id == slot.slot_id


async def test_a_call_holds_one_slot_at_a_time(booking: PersistenceClient) -> None:
    first, second, *_ = await free(booking)
    await hold(booking, first, "call-1")
    await hold(booking, second, "call-1")
    assert first in await free(booking)
    assert (await refusal(confirm(booking, "booking-1", first, "call-1"))).reason == "SLOT_NOT_HELD"


async def test_a_second_booking_of_a_call_replaces_the_first(booking: PersistenceClient) -> None:
    first, second, *_ = await free(booking)
    await hold(booking, first, "call-1")
    await confirm(booking, "booking-1", first, "call-1")
    await hold(booking, second, "call-1")
    moved = await confirm(booking, "booking-2", second, "call-1")
    slots = await free(booking)
    assert first in slots
    assert second not in slots
    assert (await refusal(confirm(booking, "booking-1", first, "call-1"))).reason == "BOOKING_REPLACED"
    await booking.append(CallScript().started())
    assert list((await booking.call()).bookings) == [moved]
    await hold(booking, first, "call-2")
    assert (await confirm(booking, "booking-3", first, "call-2")).slot_id == first.slot_id


async def test_a_cancelled_booking_frees_its_time_and_stays_on_the_record(
    booking: PersistenceClient, clock: ManualClock
) -> None:
    slot = (await free(booking))[0]
    await hold(booking, slot, "call-1")
    made = await confirm(booking, "booking-1", slot, "call-1")
    await booking.append(*CallScript().whole())
    clock.advance(60)
    cancelled = await cancel(booking, "booking-1", "call-1")
    assert from_timestamp(cancelled.cancel_time) == clock.now()
    cancelled_at = cancelled.cancel_time
    clock.advance(60)
    assert (await cancel(booking, "booking-1", "call-1")).cancel_time == cancelled_at
    assert slot in await free(booking)
    made.cancel_time.CopyFrom(cancelled_at)
    assert list((await booking.call()).bookings) == [made]
    report = await booking.stub.GetCampaignReport(pb.GetCampaignReportRequest(campaign_id=CAMPAIGN))
    assert report.booking_count == 0


async def test_a_cancelled_time_can_be_booked_again(booking: PersistenceClient) -> None:
    slot = (await free(booking))[0]
    await hold(booking, slot, "call-1")
    await confirm(booking, "booking-1", slot, "call-1")
    await cancel(booking, "booking-1", "call-1")
    await hold(booking, slot, "call-1")
    assert (await refusal(confirm(booking, "booking-1", slot, "call-1"))).reason == "BOOKING_CANCELLED"
    again = await confirm(booking, "booking-2", slot, "call-1")
    await cancel(booking, "booking-1", "call-1")
    await booking.append(CallScript().started())
    assert [one.booking_id for one in (await booking.call()).bookings] == ["booking-1", "booking-2"]
    assert not again.HasField("cancel_time")
    assert slot not in await free(booking)


async def test_a_call_cancels_what_it_booked_and_what_still_stands(booking: PersistenceClient) -> None:
    first, second, *_ = await free(booking)
    assert (await refusal(cancel(booking, "booking-1", "call-1"))).reason == "BOOKING_NOT_FOUND"
    await hold(booking, first, "call-1")
    await confirm(booking, "booking-1", first, "call-1")
    assert (await refusal(cancel(booking, "booking-1", "call-2"))).reason == "BOOKING_OF_ANOTHER_CALL"
    await hold(booking, second, "call-1")
    await confirm(booking, "booking-2", second, "call-1")
    assert (await refusal(cancel(booking, "booking-1", "call-1"))).reason == "BOOKING_REPLACED"
    assert second not in await free(booking)


async def test_of_those_who_cancel_at_once_all_are_told_the_same(booking: PersistenceClient) -> None:
    slot = (await free(booking))[0]
    await hold(booking, slot, "call-1")
    await confirm(booking, "booking-1", slot, "call-1")
    told = await asyncio.gather(*(cancel(booking, "booking-1", "call-1") for _ in range(10)))
    assert all(one == told[0] for one in told)


async def test_a_booking_id_belongs_to_one_booking(booking: PersistenceClient) -> None:
    first, second, *_ = await free(booking)
    await hold(booking, first, "call-1")
    await confirm(booking, "booking-1", first, "call-1")
    await hold(booking, second, "call-2")
    assert (await refusal(confirm(booking, "booking-1", second, "call-2"))).reason == "BOOKING_ID_USED"
    again = await confirm(booking, "booking-9", first, "call-1")
    assert again.booking_id == "booking-1"


async def test_what_the_calendar_does_not_offer_is_not_held(booking: PersistenceClient, clock: ManualClock) -> None:
    slot = (await free(booking))[0]
    wrong = ["nowhere/20260303T160000Z/60", f"{CAMPAIGN}/20260308T160000Z/60", f"{CAMPAIGN}/x/60", slot.slot_id + "0"]
    for slot_id in wrong:
        error = await refusal(booking.stub.HoldSlot(pb.HoldSlotRequest(slot_id=slot_id, call_id="call-1")))
        assert error.reason == "SLOT_NOT_FOUND"
    unheld = confirm(booking, "booking-1", slot, "call-1")
    assert (await refusal(unheld)).reason == "SLOT_NOT_FOUND"
    await hold(booking, slot, "call-1", 60)
    clock.advance(40 * 3600)
    assert (await refusal(hold(booking, slot, "call-1"))).reason == "SLOT_NOT_FOUND"
    assert (await refusal(confirm(booking, "booking-1", slot, "call-1"))).reason == "SLOT_IS_OVER"


async def test_pages_of_slots_are_complete_and_without_doubles(booking: PersistenceClient) -> None:
    everything = await free(booking)
    assert len(everything) > 50
    await hold(booking, everything[3], "call-1")
    seen: list[conversation.Slot] = []
    token = ""
    while True:
        request = pb.ListFreeSlotsRequest(campaign_id=CAMPAIGN, page_size=7, page_token=token)
        response = await booking.stub.ListFreeSlots(request)
        seen += response.slots
        token = response.next_page_token
        if not token:
            break
    assert seen == everything[:3] + everything[4:]


async def test_slots_of_a_span_of_time(booking: PersistenceClient) -> None:
    everything = await free(booking)
    start, end = everything[4].start_time, everything[9].start_time
    assert await free(booking, from_time=start, to_time=end) == everything[4:9]
    assert await free(booking, from_time=start, to_time=start) == []
    error = await refusal(free(booking, from_time=end, to_time=start))
    assert isinstance(error, InvalidArgumentError)
    assert error.metadata["field"] == "to_time"
    assert (await refusal(free(booking, campaign_id="nobody"))).reason == "CAMPAIGN_NOT_FOUND"


async def test_a_hold_has_bounds(booking: PersistenceClient) -> None:
    slot = (await free(booking))[0]
    for seconds in (9, 1801, -1):
        error = await refusal(hold(booking, slot, "call-1", seconds))
        assert isinstance(error, InvalidArgumentError)
        assert error.metadata["field"] == "hold"


async def test_a_report_sums_up_a_campaign(booking: PersistenceClient) -> None:
    for number in range(3):
        await booking.append(*CallScript(f"call-{number}").whole())
    weak = CallScript("weak")
    await booking.append(weak.started(), weak.score_changed(0.3))
    await booking.append(CallScript("elsewhere").started("another"))
    slot = (await free(booking))[0]
    await hold(booking, slot, "call-1")
    await confirm(booking, "booking-1", slot, "call-1")
    report = await booking.stub.GetCampaignReport(pb.GetCampaignReportRequest(campaign_id=CAMPAIGN))
    assert (report.call_count, report.qualified_count, report.booking_count, report.escalation_count) == (4, 3, 1, 3)
    assert (report.premium_cost.currency_code, report.premium_cost.units, report.premium_cost.nanos) == (
        "USD",
        1,
        237_035_000,
    )
    assert [(one.disposition, one.call_count) for one in report.dispositions] == [("booked", 3)]
    later = to_timestamp(datetime(2027, 1, 1, tzinfo=UTC))
    empty = await booking.stub.GetCampaignReport(pb.GetCampaignReportRequest(campaign_id=CAMPAIGN, from_time=later))
    assert (empty.call_count, len(empty.dispositions)) == (0, 0)
    assert not empty.HasField("premium_cost")


async def test_whom_a_booking_is_with_is_kept_and_replaced(booking: PersistenceClient) -> None:
    slot = (await free(booking))[0]
    await hold(booking, slot, "call-1")
    await confirm(booking, "booking-1", slot, "call-1")
    for contact in (
        conversation.Contact(name="Dana O'Brien", phone="+12025550144"),
        conversation.Contact(name="Dana O'Brien", phone="+12025550145", email="dana@example.org", confirmed=True),
    ):
        for _ in range(2):
            request = pb.SetBookingContactRequest(booking_id="booking-1", call_id="call-1", contact=contact)
            assert (await booking.stub.SetBookingContact(request)).booking.contact == contact
    await booking.append(*CallScript().whole())
    assert [one.contact for one in (await booking.call()).bookings] == [contact]


async def test_a_contact_is_kept_with_a_booking_of_the_call_alone(booking: PersistenceClient) -> None:
    slot = (await free(booking))[0]
    await hold(booking, slot, "call-1")
    await confirm(booking, "booking-1", slot, "call-1")
    contact = conversation.Contact(name="Dana O'Brien")
    for booking_id, call_id, reason in (
        ("booking-2", "call-1", "BOOKING_NOT_FOUND"),
        ("booking-1", "call-2", "BOOKING_OF_ANOTHER_CALL"),
    ):
        request = pb.SetBookingContactRequest(booking_id=booking_id, call_id=call_id, contact=contact)
        error = await refusal(booking.stub.SetBookingContact(request))
        assert error.reason == reason
        assert "Dana" not in str(error)


@pytest.mark.parametrize("number", ["+12025550123", "+12025550177"])
async def test_whom_a_booking_is_with_is_erased(booking: PersistenceClient, number: str) -> None:
    """Be it by the number of the call or by the one that was told, and nothing is kept afterwards."""
    slot = (await free(booking))[0]
    await booking.append(*CallScript().whole())
    await hold(booking, slot, "call-1")
    await confirm(booking, "booking-1", slot, "call-1")
    contact = conversation.Contact(
        name="Dana O'Brien", company="Acme Roofs", phone="+12025550177", email="d@example.org", address="12 Oak Street"
    )
    request = pb.SetBookingContactRequest(booking_id="booking-1", call_id="call-1", contact=contact)
    await booking.stub.SetBookingContact(request)
    await booking.stub.EraseCaller(pb.EraseCallerRequest(caller_number=number))
    await booking.stub.SetBookingContact(request)
    [left] = (await booking.call()).bookings
    assert not left.HasField("contact")
    assert left.slot_id == slot.slot_id


async def test_a_contact_of_a_call_that_is_not_recorded_yet_is_erased(booking: PersistenceClient) -> None:
    slot = (await free(booking))[0]
    await hold(booking, slot, "call-9")
    await confirm(booking, "booking-9", slot, "call-9")
    contact = conversation.Contact(phone="+12025550177")
    request = pb.SetBookingContactRequest(booking_id="booking-9", call_id="call-9", contact=contact)
    await booking.stub.SetBookingContact(request)
    for _ in range(2):
        response = await booking.stub.EraseCaller(pb.EraseCallerRequest(caller_number="+12025550177"))
        assert response.erased_call_count == 0


async def settle(client: PersistenceClient, attempt: int, call_id: str = "call-1") -> list[conversation.Booking]:
    request = pb.SettleBookingsRequest(call_id=call_id, campaign_id=CAMPAIGN, attempt=attempt)
    return list((await client.stub.SettleBookings(request)).bookings)


async def test_what_arrives_after_the_call_was_settled_changes_nothing(booking: PersistenceClient) -> None:
    first, second, *_ = await free(booking)
    await hold(booking, first, "call-1")
    assert first not in await free(booking)
    assert await settle(booking, 3) == []
    assert first in await free(booking)
    assert (await refusal(confirm(booking, "booking-1", first, "call-1", attempt=3))).reason == "ATTEMPT_SETTLED"
    await hold(booking, first, "call-1")
    made = await confirm(booking, "booking-2", first, "call-1", attempt=4)
    assert await settle(booking, 4) == await settle(booking, 2) == [made]
    assert (await refusal(cancel(booking, "booking-2", "call-1", 4))).reason == "ATTEMPT_SETTLED"
    await hold(booking, second, "call-1")
    moving = confirm(booking, "booking-3", second, "call-1", attempt=3)
    assert (await refusal(moving)).reason == "ATTEMPT_SETTLED"
    assert await confirm(booking, "booking-2", first, "call-1", attempt=1) == made
    cancelled = await cancel(booking, "booking-2", "call-1", 5)
    assert await settle(booking, 5) == [cancelled] == [await cancel(booking, "booking-2", "call-1", 5)]
    await hold(booking, first, "call-2")
    assert await confirm(booking, "booking-4", first, "call-2", attempt=1)


async def test_calls_are_settled_in_calendars_that_there_are(booking: PersistenceClient) -> None:
    request = pb.SettleBookingsRequest(call_id="call-1", campaign_id="nobodys", attempt=1)
    assert (await refusal(booking.stub.SettleBookings(request))).reason == "CAMPAIGN_NOT_FOUND"
    request = pb.SettleBookingsRequest(call_id="call-1", campaign_id=CAMPAIGN, attempt=-1)
    assert isinstance(await refusal(booking.stub.SettleBookings(request)), InvalidArgumentError)


async def test_settling_waits_for_what_is_under_way(booking: PersistenceClient, persistence_url: str) -> None:
    slot = (await free(booking))[0]
    await hold(booking, slot, "call-1")
    async with await psycopg.AsyncConnection.connect(persistence_url) as elsewhere:
        await elsewhere.execute("SELECT 1 FROM persistence.calendars FOR UPDATE")
        booked = asyncio.ensure_future(confirm(booking, "booking-1", slot, "call-1", attempt=1))
        await waiting_for_locks(elsewhere, 1)
        settled = asyncio.ensure_future(settle(booking, 1))
        await waiting_for_locks(elsewhere, 2)
    assert await settled == [await booked]


async def waiting_for_locks(connection: psycopg.AsyncConnection[Any], count: int) -> None:
    """Returns once so many transactions wait for a lock."""
    async with asyncio.timeout(30):
        while True:
            found = await connection.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            [[waiting]] = await found.fetchall()
            if waiting >= count:
                return


async def test_a_booking_is_made_with_whom_it_is(booking: PersistenceClient) -> None:
    slot = (await free(booking))[0]
    contact = conversation.Contact(name="Dana Whitfield", phone="+12025550123")
    await hold(booking, slot, "call-1")
    made = await confirm(booking, "booking-1", slot, "call-1", contact=contact)
    assert made.contact == contact
    assert await settle(booking, 1) == [made]


@pytest.mark.parametrize("seed", range(12))
async def test_the_highest_version_of_a_contact_stays_in_whatever_order_they_arrive(
    booking: PersistenceClient, seed: int
) -> None:
    """Each several times, some at once, and one with the booking itself."""
    slot, orders = (await free(booking))[0], random.Random(seed)  # noqa: S311
    await hold(booking, slot, "call-1")
    versions = orders.sample(range(1, 40), 6)
    booked = await confirm(booking, "booking-1", slot, "call-1", contact=conversation.Contact(name="v20"), attempt=20)
    arriving = [*versions, *orders.choices(versions, k=4)]
    orders.shuffle(arriving)

    async def arrives(version: int) -> None:
        contact = conversation.Contact(name=f"v{version}") if version % 3 else conversation.Contact()
        request = pb.SetBookingContactRequest(
            booking_id=booked.booking_id, call_id="call-1", contact=contact, version=version
        )
        await booking.stub.SetBookingContact(request)

    for begin in range(0, len(arriving), 3):
        await asyncio.gather(*map(arrives, arriving[begin : begin + 3]))
    await booking.append(*CallScript().whole())
    [left] = (await booking.call()).bookings
    last = max(20, *versions)
    assert left.contact.name == (f"v{last}" if last % 3 else "")


async def test_a_contact_without_a_version_replaces_any_and_an_impossible_one_is_refused(
    booking: PersistenceClient,
) -> None:
    slot = (await free(booking))[0]
    await hold(booking, slot, "call-1")
    await confirm(booking, "booking-1", slot, "call-1", contact=conversation.Contact(name="Dana"), attempt=7)
    contact = conversation.Contact(name="Erin")
    request = pb.SetBookingContactRequest(booking_id="booking-1", call_id="call-1", contact=contact)
    assert (await booking.stub.SetBookingContact(request)).booking.contact.name == "Erin"
    request.version, request.contact.name = 6, "Dana"
    assert (await booking.stub.SetBookingContact(request)).booking.contact.name == "Erin"
    request.version = -1
    assert (await refusal(booking.stub.SetBookingContact(request))).metadata["field"] == "version"
