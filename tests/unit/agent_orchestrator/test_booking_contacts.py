"""What a caller told of himself is kept with his booking when it changes, and again until the calendar takes it."""

from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry

from agent_orchestrator.agents.appointments import Appointments, untold_contact
from agent_orchestrator.metrics import OrchestratorMetrics
from dialogue import CalendarChange, DialogueState, Fact, initial_state
from dialogue.calendar_changes import in_doubt
from fakes.appointment_book import FakeAppointmentBook
from fakes.clock import ManualClock
from fakes.spoken_calls import SOLAR
from vocabulary.turns import Booking, Contact, Slot

START = datetime(2026, 11, 24, 17, tzinfo=UTC)
CHANGE = CalendarChange(kind="book", slot=Slot("2026112417", SOLAR.id, START, START), turn_id="turn-1")


def telling(name: str) -> DialogueState:
    return initial_state("call-1").model_copy(update={"facts": {"caller_name": Fact(name="caller_name", value=name)}})


@pytest.fixture
def book() -> FakeAppointmentBook:
    return FakeAppointmentBook()


@pytest.fixture
def appointments(book: FakeAppointmentBook) -> Appointments:
    return Appointments(book, book.last_contacts.append, ManualClock(), OrchestratorMetrics(CollectorRegistry()))


def untold(dialogue: DialogueState, booking: Booking | None, *, in_doubt: bool = False) -> Contact | None:
    return untold_contact(SOLAR, dialogue, booking, in_doubt=in_doubt)


async def keep(appointments: Appointments, dialogue: DialogueState, booking: Booking, version: int) -> Booking | None:
    told = untold(dialogue, booking)
    assert told is not None
    return await appointments.with_contact(booking, told, version)


async def test_a_contact_is_kept_once_it_is_known_and_again_once_it_changed(
    appointments: Appointments, book: FakeAppointmentBook
) -> None:
    booking = await appointments.book("call-1", CHANGE, attempt=1)
    assert untold(initial_state("call-1"), booking) is None
    assert untold(telling("Pell Kim"), None) is None
    book.unavailable = True
    assert await keep(appointments, telling("Pell Kim"), booking, 2) is None
    book.unavailable = False
    for version, name in enumerate(("Pell Kim", "Bell Kim"), 3):
        kept = await keep(appointments, telling(name), booking, version)
        assert kept is not None
        assert kept.contact == Contact(name)
        assert book.bookings[booking.booking_id] == kept
    assert untold(telling("Bell Kim"), kept) is None


async def test_what_the_caller_took_out_again_is_taken_out_of_the_record(
    appointments: Appointments, book: FakeAppointmentBook
) -> None:
    booking = await appointments.book("call-1", CHANGE, attempt=1)
    kept = await keep(appointments, telling("Pell Kim"), booking, 2)
    assert kept is not None
    emptied = await keep(appointments, initial_state("call-1"), kept, 3)
    assert emptied is not None
    assert emptied.contact == Contact()
    assert book.bookings[booking.booking_id].contact == Contact()


@pytest.mark.parametrize("is_known", [False, True])
def test_while_a_booking_is_in_doubt_all_that_is_known_is_still_to_be_told(is_known: bool) -> None:
    dialogue = in_doubt(telling("Pell Kim") if is_known else initial_state("call-1"), CHANGE)
    assert untold(dialogue, None) == (Contact("Pell Kim") if is_known else Contact())


async def test_what_may_be_kept_or_not_is_told_again(appointments: Appointments) -> None:
    booking = await appointments.book("call-1", CHANGE, attempt=1)
    assert untold(initial_state("call-1"), booking, in_doubt=True) == Contact()
    assert untold(initial_state("call-1"), None, in_doubt=True) is None
