"""What a caller told of himself is kept with his booking when it changes, and again until the calendar takes it."""

from datetime import UTC, datetime

from prometheus_client import CollectorRegistry

from agent_orchestrator.agents.appointments import Appointments
from agent_orchestrator.metrics import OrchestratorMetrics
from dialogue import CalendarChange, DialogueState, Fact, initial_state
from fakes.appointment_book import FakeAppointmentBook
from fakes.clock import ManualClock
from fakes.spoken_calls import SOLAR
from vocabulary.turns import Contact, Slot


def telling(name: str) -> DialogueState:
    return initial_state("call-1").model_copy(update={"facts": {"caller_name": Fact(name="caller_name", value=name)}})


async def test_a_contact_is_kept_once_it_is_known_and_again_once_it_changed() -> None:
    book, clock = FakeAppointmentBook(), ManualClock()
    appointments = Appointments(book, book.kept_later.append, clock, OrchestratorMetrics(CollectorRegistry()))
    start = datetime(2026, 11, 24, 17, tzinfo=UTC)
    change = CalendarChange(kind="book", slot=Slot("2026112417", SOLAR.id, start, start), turn_id="turn-1")
    booking = await appointments.book("call-1", change, attempt=1)
    assert await appointments.with_contact(SOLAR, initial_state("call-1"), booking) == booking
    assert await appointments.with_contact(SOLAR, telling("Pell Kim"), None) is None
    book.unavailable = True
    assert await appointments.with_contact(SOLAR, telling("Pell Kim"), booking) == booking
    book.unavailable = False
    for name in ("Pell Kim", "Bell Kim"):
        kept = await appointments.with_contact(SOLAR, telling(name), booking)
        assert kept is not None
        assert kept.contact == Contact(name)
        assert book.bookings[booking.booking_id] == kept
    book.unavailable = True
    assert await appointments.with_contact(SOLAR, telling("Bell Kim"), kept) == kept
    assert book.kept_later == []
    assert await appointments.with_contact(SOLAR, telling("Dell Kim"), kept, is_last=True) == kept
    assert [one.contact for one in book.kept_later] == [Contact("Dell Kim")]


async def test_what_the_caller_took_out_again_is_taken_out_of_the_record() -> None:
    book = FakeAppointmentBook()
    clock, metrics = ManualClock(), OrchestratorMetrics(CollectorRegistry())
    appointments = Appointments(book, book.kept_later.append, clock, metrics)
    start = datetime(2026, 11, 24, 17, tzinfo=UTC)
    change = CalendarChange(kind="book", slot=Slot("2026112417", SOLAR.id, start, start), turn_id="turn-1")
    booking = await appointments.book("call-1", change, attempt=1)
    kept = await appointments.with_contact(SOLAR, telling("Pell Kim"), booking)
    emptied = await appointments.with_contact(SOLAR, initial_state("call-1"), kept)
    assert emptied is not None
    assert emptied.contact == Contact()
    assert book.bookings[booking.booking_id].contact == Contact()
