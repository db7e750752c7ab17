"""An appointment book in memory that can be told to fail."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agent_orchestrator.agents.appointments import AppointmentsUnavailableError, SlotTakenError
from vocabulary.turns import Booking, Contact, Slot


class FakeAppointmentBook:
    """Offers one slot an hour in working hours.

    Attributes:
        unavailable: Whether it fails.
        taken: The slots that others have.
        bookings: What was booked, by booking id.
        lookups: How often free slots were asked for.
        gate: While it is closed, nothing is answered.
    """

    def __init__(self) -> None:
        self.unavailable = False
        self.taken: set[str] = set()
        self.bookings: dict[str, Booking] = {}
        self.lookups = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def free_slots(
        self, campaign_id: str, from_time: datetime, to_time: datetime, limit: int
    ) -> tuple[Slot, ...]:
        self.lookups += 1
        await self._answer()
        first = from_time.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        starts = (first + timedelta(hours=hour) for hour in range(int((to_time - first).total_seconds() // 3600)))
        slots = (Slot(f"{start:%Y%m%d%H}", campaign_id, start, start) for start in starts if 16 <= start.hour < 22)
        return tuple(slot for slot in slots if slot.slot_id not in self.taken)[:limit]

    async def book(self, booking_id: str, slot_id: str, call_id: str) -> Booking:
        await self._answer()
        if slot_id in self.taken:
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
        )
        return self.bookings.setdefault(booking_id, booking)

    async def cancel(self, booking_id: str, call_id: str) -> Booking:
        await self._answer()
        booking = self.bookings[booking_id]
        if booking.call_id != call_id:
            raise AppointmentsUnavailableError
        self.bookings[booking_id] = replace(booking, cancel_time=booking.create_time)
        return self.bookings[booking_id]

    async def set_contact(self, booking_id: str, call_id: str, contact: Contact) -> Booking:
        await self._answer()
        self.bookings[booking_id] = replace(self.bookings[booking_id], contact=contact)
        return self.bookings[booking_id]

    async def _answer(self) -> None:
        await self.gate.wait()
        if self.unavailable:
            raise AppointmentsUnavailableError
