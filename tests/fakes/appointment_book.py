"""An appointment book in memory that can be told to fail."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agent_orchestrator.agents.appointments import (
    AppointmentsUnavailableError,
    LastContact,
    OutcomeUnknownError,
    SlotTakenError,
)
from vocabulary.turns import Booking, Contact, Slot


class FakeAppointmentBook:
    """Offers one slot an hour in working hours.

    Attributes:
        unavailable: Whether it fails.
        taken: The slots that others have.
        bookings: What was booked, by booking id, without what was replaced.
        replaced: What was replaced by a later booking of the call.
        last_contacts: Whom calls that are over booked with, to be kept when the calendar answers.
        lookups: How often free slots were asked for.
        gate: While it is closed, nothing is answered.
        answers_lost: So many of the next changes are made, and nobody is told.
        requests_lost: So many of the next changes are not made, and nobody is told.
        late: Changes that were sent and have not arrived yet; `arrive` lets them.
    """

    def __init__(self) -> None:
        self.unavailable = False
        self.taken: set[str] = set()
        self.bookings: dict[str, Booking] = {}
        self.replaced: list[Booking] = []
        self.last_contacts: list[LastContact] = []
        self.lookups = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.answers_lost = 0
        self.requests_lost = 0
        self.late: list[Callable[[], Booking]] = []
        self._settled: dict[str, int] = {}
        self._versions: dict[str, int] = {}

    async def free_slots(
        self, campaign_id: str, from_time: datetime, to_time: datetime, limit: int
    ) -> tuple[Slot, ...]:
        self.lookups += 1
        await self._answer()
        first = from_time.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        starts = (first + timedelta(hours=hour) for hour in range(int((to_time - first).total_seconds() // 3600)))
        slots = (Slot(f"{start:%Y%m%d%H}", campaign_id, start, start) for start in starts if 16 <= start.hour < 22)
        return tuple(slot for slot in slots if slot.slot_id not in self.taken)[:limit]

    async def book(
        self, booking_id: str, slot_id: str, call_id: str, *, contact: Contact | None, attempt: int
    ) -> Booking:
        await self._answer()
        return self._change(lambda: self._booked(booking_id, slot_id, call_id, contact, attempt))

    def _booked(self, booking_id: str, slot_id: str, call_id: str, contact: Contact | None, attempt: int) -> Booking:
        if booking_id in self.bookings:
            return self.bookings[booking_id]
        if slot_id in self.taken or attempt <= self._settled.get(call_id, 0):
            raise SlotTakenError
        start = datetime.strptime(slot_id, "%Y%m%d%H").replace(tzinfo=UTC)
        booking = Booking(
            booking_id=booking_id,
            slot_id=slot_id,
            call_id=call_id,
            campaign_id="sunline-solar",
            start_time=start,
            end_time=start + timedelta(hours=1),
            create_time=start,
            contact=contact,
        )
        for earlier in [one for one in self.bookings.values() if one.call_id == call_id and one.cancel_time is None]:
            self.replaced.append(self.bookings.pop(earlier.booking_id))
        self.bookings[booking_id] = booking
        return booking

    async def cancel(self, booking_id: str, call_id: str, *, attempt: int) -> Booking:
        await self._answer()
        return self._change(lambda: self._cancelled(booking_id, call_id, attempt))

    def _cancelled(self, booking_id: str, call_id: str, attempt: int) -> Booking:
        booking = self.bookings[booking_id]
        if booking.call_id != call_id or attempt <= self._settled.get(call_id, 0):
            raise AppointmentsUnavailableError
        self.bookings[booking_id] = replace(booking, cancel_time=booking.create_time)
        return self.bookings[booking_id]

    async def settle(self, call_id: str, campaign_id: str, attempt: int) -> tuple[Booking, ...]:
        await self._answer()
        self._settled[call_id] = max(attempt, self._settled.get(call_id, 0))
        return self.of_call(call_id)

    def of_call(self, call_id: str) -> tuple[Booking, ...]:
        """Returns what the table holds for a call."""
        return tuple(booking for booking in self.bookings.values() if booking.call_id == call_id)

    def recover(self) -> None:
        """Answers changes again."""
        self.answers_lost = self.requests_lost = 0

    def arrive(self) -> None:
        """Lets what is late arrive."""
        while self.late:
            with suppress(SlotTakenError, AppointmentsUnavailableError):
                self.late.pop(0)()

    def _change(self, change: Callable[[], Booking]) -> Booking:
        if self.requests_lost:
            self.requests_lost -= 1
            self.late.append(change)
            raise OutcomeUnknownError
        changed = change()
        if self.answers_lost:
            self.answers_lost -= 1
            raise OutcomeUnknownError
        return changed

    async def set_contact(self, booking_id: str, call_id: str, contact: Contact, *, version: int) -> Booking:
        await self._answer()
        if version >= self._versions.get(booking_id, 0):
            self.bookings[booking_id] = replace(self.bookings[booking_id], contact=contact)
            self._versions[booking_id] = version
        return self.bookings[booking_id]

    async def _answer(self) -> None:
        await self.gate.wait()
        if self.unavailable:
            raise AppointmentsUnavailableError
