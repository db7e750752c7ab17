"""Erasing a caller: nothing that was said or dialled stays, in no table."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg import sql

from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.errors import InvalidArgumentError
from fakes.call_event_messages import CALLER, CAMPAIGN, CallScript
from fakes.clock import ManualClock
from fixtures.persistence import PersistenceClient, RunPersistence, refusal

PERSONAL = ("12025550123", "12025550199", "How much is it", "your roof", "wants panels", "forty people", "CA-call-1")


async def erase(client: PersistenceClient, number: str = CALLER) -> int:
    response = await client.stub.EraseCaller(pb.EraseCallerRequest(caller_number=number))
    return response.erased_call_count


def stored(url: str) -> str:
    """Returns all that the tables hold, as text; bytes too."""
    found: list[Any] = []
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'persistence'").fetchall()
        for (table,) in tables:
            found += connection.execute(sql.SQL("SELECT * FROM persistence.{}").format(sql.Identifier(table)))
    return repr(found)


async def test_an_erased_caller_leaves_no_trace(persistence: PersistenceClient, persistence_url: str) -> None:
    script = CallScript("call-1")
    events = script.whole()
    await persistence.append(*events[:7])
    assert all(text in stored(persistence_url) for text in PERSONAL if text != "wants panels")
    assert await erase(persistence) == 1
    await persistence.append(events[7], script.turn("turn-9"), script.score_changed())
    left = stored(persistence_url)
    assert [text for text in PERSONAL if text in left] == []
    assert await erase(persistence) == 0


async def test_an_erased_call_can_still_be_read(persistence: PersistenceClient) -> None:
    events = CallScript("call-1").whole()
    await persistence.append(*events)
    before = await persistence.call()
    await erase(persistence)
    after = await persistence.call()
    assert (after.call.end_reason, after.call.premium_cost) == (
        conversation.END_REASON_AGENT_GOODBYE,
        before.call.premium_cost,
    )
    assert after.call.score.overall == before.call.score.overall
    assert (after.call.disposition, after.call.call_back) == ("booked", "")
    assert [factor.value for factor in after.call.score.factors] == [0.5] * 5
    assert [turn.turn.turn_id for turn in after.turns] == ["turn-1", "turn-2"]
    assert after.call.HasField("erase_time")
    assert not before.call.HasField("erase_time")
    assert list(after.transitions) == list(before.transitions)
    assert list(after.escalations) == list(before.escalations)
    assert (await persistence.append(*events)).skipped_count == len(events)


async def test_other_callers_stay(persistence: PersistenceClient) -> None:
    await persistence.append(*CallScript("call-1").whole())
    await persistence.append(*CallScript("call-2", caller="+12025550124").whole())
    before = await persistence.call("call-2")
    assert await erase(persistence) == 1
    assert await persistence.call("call-2") == before


async def test_a_number_must_be_one(persistence: PersistenceClient) -> None:
    for number in ("", "12025550123", "hello"):
        error = await refusal(erase(persistence, number))
        assert isinstance(error, InvalidArgumentError)
        assert error.metadata["field"] == "caller_number"


async def booked_with(
    client: PersistenceClient, call_id: str, phone: str, place: int = 0, *, booking_id: str = ""
) -> conversation.Booking:
    """Returns a booking of a call with Dana, who gave a number."""
    booking_id = booking_id or f"b-{call_id}"
    free = (await client.stub.ListFreeSlots(pb.ListFreeSlotsRequest(campaign_id=CAMPAIGN, page_size=500))).slots
    slot = free[place].slot_id
    await client.stub.HoldSlot(pb.HoldSlotRequest(slot_id=slot, call_id=call_id))
    contact = conversation.Contact(name="Dana Whitfield", phone=phone)
    request = pb.ConfirmBookingRequest(booking_id=booking_id, slot_id=slot, call_id=call_id, contact=contact)
    return (await client.stub.ConfirmBooking(request)).booking


def in_digits_from(zero: str) -> str:
    """Returns a number in the digits of another script."""
    return "".join(chr(ord(zero) + int(digit)) for digit in "2025550123")


AMERICAN = (
    "+12025550123", "+1 202 555 0123", "+1-202-555-0123", "1 (202) 555-0123", "(202) 555-0123", "202.555.0123",
    "2025550123", "011 1 202 555 0123", "202-555-0123 ext. 12", "202 555 0123 x9", " 202 555 0123 ", "tel:+12025550123",
    "call 202 555 0123", "Tel. 2025550123", "home: (202)555-0123 (evenings)", "001 202 555 0123", "+12025550123,,12",
    "+1 202 555 0123 / 0199", "2025550123x9", "+1 202 555 0177 or 202 555 0123", "2 0 2 5 5 5 0 1 2 3",
    in_digits_from("\u0660"), in_digits_from("\uff10"), "+1\u00a0202\u00a0555\u00a00123",
)  # fmt: skip
BRITISH = ("+44 20 7946 0018", "020 7946 0018", "+44 (0)20 7946 0018", "0044 20 7946 0018", "2079460018")
OTHERS = (
    "+1 303 555 0123", "5550123", "202 555 0124", "+52 202 555 0123", "+44 2025550123", "+7 2025550123", "", "none",
    "two oh two",
)  # fmt: skip


@pytest.mark.parametrize(("number", "phones"), [("+12025550123", AMERICAN), ("+44 20 7946 0018", BRITISH)])
async def test_a_contact_is_found_however_its_number_is_written(
    persistence: PersistenceClient, persistence_url: str, number: str, phones: tuple[str, ...]
) -> None:
    for place, phone in enumerate((*phones, *OTHERS)):
        caller = "+12025550177" if number.startswith("+1") else "+442079460999"
        await persistence.append(CallScript(f"call-{place}", caller=caller).started())
        await booked_with(persistence, f"call-{place}", phone, place)
    assert await erase(persistence, number) == len(phones)
    with psycopg.connect(persistence_url) as connection:
        left = connection.execute("SELECT call_id FROM persistence.bookings WHERE contact_name IS NOT NULL").fetchall()
    assert sorted(left) == sorted((f"call-{len(phones) + index}",) for index in range(len(OTHERS)))


async def test_a_call_that_arrives_after_its_caller_was_erased_is_erased_too(
    persistence: PersistenceClient, persistence_url: str
) -> None:
    booking = await booked_with(persistence, "call-1", "")
    assert await erase(persistence) == 0
    events = CallScript("call-1").whole()
    await persistence.append(*events[:3])
    contact = conversation.Contact(name="Dana Whitfield")
    request = pb.SetBookingContactRequest(booking_id=booking.booking_id, call_id="call-1", contact=contact)
    await persistence.stub.SetBookingContact(request)
    await persistence.append(*events[3:])
    left = stored(persistence_url)
    assert [text for text in (*PERSONAL, "Dana") if text in left] == []
    assert (await persistence.call()).bookings[0].booking_id == booking.booking_id
    assert await erase(persistence) == 0


async def test_a_call_known_by_its_booking_alone_is_erased_when_it_arrives(
    persistence: PersistenceClient, persistence_url: str
) -> None:
    booking = await booked_with(persistence, "call-1", "202 555 0111")
    await erase(persistence, "+12025550111")
    contact = conversation.Contact(name="Dana Whitfield", phone="202 555 0111", confirmed=True)
    request = pb.SetBookingContactRequest(booking_id=booking.booking_id, call_id="call-1", contact=contact)
    assert not (await persistence.stub.SetBookingContact(request)).booking.HasField("contact")
    await persistence.append(*CallScript("call-1").whole())
    left = stored(persistence_url)
    assert [text for text in (*PERSONAL, "Dana", "5550111") if text in left] == []


async def test_a_first_event_that_was_lost_is_erased_with_its_whole_call(
    persistence: PersistenceClient, persistence_url: str
) -> None:
    events = CallScript("call-1").whole()
    lost = pb.CallEvent(event_id="lost", call_id="call-1", sequence=1, occur_time=events[0].occur_time)
    lost.event_lost.reason = pb.LOSS_REASON_DAMAGED
    await persistence.append(lost, *events[1:])
    assert await erase(persistence) == 0
    await persistence.append(events[0])
    left = stored(persistence_url)
    assert [text for text in PERSONAL if text in left] == []


async def test_a_call_after_the_erasure_is_another_matter(run_persistence: RunPersistence) -> None:
    clock = ManualClock(datetime(2020, 1, 1, tzinfo=UTC))
    async with run_persistence(clock) as client:
        await erase(client)
        await client.append(*CallScript("call-1").whole())
        assert (await client.call()).call.caller_number == CALLER


async def test_what_is_kept_for_late_records_is_forgotten_after_thirty_days(
    run_persistence: RunPersistence, persistence_url: str
) -> None:
    clock = ManualClock(datetime(2020, 1, 1, tzinfo=UTC))

    def kept() -> tuple[int, ...]:
        with psycopg.connect(persistence_url) as connection:
            erased = connection.execute("SELECT * FROM persistence.erasures").fetchall()
            settled = connection.execute("SELECT * FROM persistence.settled_attempts").fetchall()
        return len(erased), len(settled)

    async with run_persistence(clock) as client:
        await erase(client)
        await client.stub.SettleBookings(pb.SettleBookingsRequest(call_id="call-1", campaign_id=CAMPAIGN, attempt=3))
        clock.advance(29 * 86_400)
        await client.service.retention.forget()
        assert kept() == (1, 1)
        clock.advance(2 * 86_400)
        await client.service.retention.forget()
        assert kept() == (0, 0)


async def test_a_service_of_the_build_before_erases_a_wish_to_be_called_back_too(
    persistence: PersistenceClient, persistence_url: str
) -> None:
    await persistence.append(*CallScript("call-1").whole())
    with psycopg.connect(persistence_url) as connection:
        connection.execute("UPDATE persistence.calls SET call_back = 'tomorrow at nine'")
        connection.execute(
            "UPDATE persistence.calls SET erased_at = now(), caller_number = NULL, called_number = NULL,"
            " twilio_call_sid = NULL, summary = NULL"
        )
    assert (await persistence.call()).call.call_back == ""


async def test_a_stranger_whose_number_looks_alike_in_his_own_country_stays(
    persistence: PersistenceClient, persistence_url: str
) -> None:
    for place, phone in enumerate(("202 555 0123", "2025550123", "(202) 555-0123", "+1 202 555 0123")):
        await persistence.append(CallScript(f"call-{place}", caller="+12025550177").started())
        await booked_with(persistence, f"call-{place}", phone, place)
    for number in ("+522025550123", "+442025550123", "+72025550123"):
        assert await erase(persistence, number) == 0
    assert stored(persistence_url).count("Dana Whitfield") == 4


async def test_a_number_without_a_country_is_found_where_nothing_is_known_of_the_call(
    persistence: PersistenceClient, persistence_url: str
) -> None:
    await booked_with(persistence, "call-1", "202 555 0123")
    await erase(persistence, "+12025550123")
    assert "Dana" not in stored(persistence_url)


@pytest.mark.parametrize("phone", ["+12025550111", "call 202 555 0111"])
@pytest.mark.parametrize("arrives", ["before", "after"])
async def test_a_contact_that_is_kept_after_its_erasure_takes_its_call_with_it(
    persistence: PersistenceClient, persistence_url: str, phone: str, arrives: str
) -> None:
    """As it is where the contact waited in a backlog, and the call was made from another number."""
    events = CallScript("call-1").whole()
    booking = await booked_with(persistence, "call-1", "")
    if arrives == "before":
        await persistence.append(*events)
    await erase(persistence, "+12025550111")
    contact = conversation.Contact(name="Erin Novak", phone=phone, confirmed=True)
    request = pb.SetBookingContactRequest(booking_id=booking.booking_id, call_id="call-1", contact=contact, version=9)
    await persistence.stub.SetBookingContact(request)
    if arrives == "after":
        await persistence.append(*events)
    await persistence.stub.SetBookingContact(request)
    left = stored(persistence_url)
    assert [text for text in (*PERSONAL, "Erin", "0111") if text in left] == []


@pytest.mark.parametrize("phones", [("202 555 0111", "202 555 0122"), ("202 555 0122", "202 555 0111")])
async def test_a_call_that_was_booked_anew_is_found_by_each_of_its_contacts(
    persistence: PersistenceClient, persistence_url: str, phones: tuple[str, str]
) -> None:
    await erase(persistence, "+12025550111")
    for place, phone in enumerate(phones):
        await booked_with(persistence, "call-1", phone, place, booking_id=f"b-{place}")
    await persistence.append(*CallScript("call-1").whole())
    left = stored(persistence_url)
    assert [text for text in (*PERSONAL, "Dana", "0111", "0122") if text in left] == []


@pytest.mark.parametrize("how", ["with the booking", "afterwards"])
async def test_whoever_was_erased_may_book_in_a_later_call(run_persistence: RunPersistence, how: str) -> None:
    clock = ManualClock(datetime(2020, 1, 1, tzinfo=UTC))
    async with run_persistence(clock) as client:
        await erase(client, "+12025550111")
        await client.append(*CallScript("call-1").whole())
        booking = await booked_with(client, "call-1", "+12025550111" if how == "with the booking" else "")
        contact = conversation.Contact(name="Dana Whitfield", phone="+12025550111")
        request = pb.SetBookingContactRequest(booking_id=booking.booking_id, call_id="call-1", contact=contact)
        if how == "afterwards":
            await client.stub.SetBookingContact(request)
        assert (await client.call()).bookings[0].contact.phone == "+12025550111"
