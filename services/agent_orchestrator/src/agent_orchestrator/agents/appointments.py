"""Appointments: the port to the calendar, the free times that agents may offer, and booking one."""

import uuid
from datetime import datetime, timedelta
from typing import Protocol

from agent_orchestrator.metrics import OrchestratorMetrics
from callwright_common.campaign import Campaign
from callwright_common.clock import Clock
from vocabulary.turns import Booking, Slot

_FRESH_SECONDS = 30.0
"""How long fetched times may be offered: a call books within that time, and booking finds out if one is gone."""
_MAX_SLOTS = 200


class AppointmentsUnavailableError(Exception):
    """The calendar does not answer in time."""


class SlotTakenError(Exception):
    """Another call was faster."""


class AppointmentBook(Protocol):
    """Knows the free slots of a campaign and books them.

    All methods raise `AppointmentsUnavailableError` within the book's own time limit.
    """

    async def free_slots(
        self, campaign_id: str, from_time: datetime, to_time: datetime, limit: int
    ) -> tuple[Slot, ...]:
        """Returns the earliest free slots that begin in the span, soonest first."""
        ...

    async def book(self, booking_id: str, slot_id: str, call_id: str) -> Booking:
        """Books a slot for a call instead of what the call booked before; the same booking again answers the same.

        Raises:
            SlotTakenError: if another call has it.
        """
        ...

    async def cancel(self, booking_id: str, call_id: str) -> Booking:
        """Cancels a booking of a call; the same one again answers the same."""
        ...


class Appointments:
    """What agents ask of the calendar; free times are fetched ahead and kept for a moment per campaign."""

    def __init__(self, book: AppointmentBook, clock: Clock, metrics: OrchestratorMetrics) -> None:
        self._book = book
        self._clock = clock
        self._metrics = metrics
        self._fetched: dict[str, tuple[float, tuple[Slot, ...]]] = {}

    async def free_slots(self, campaign: Campaign, *, fresh: bool = False) -> tuple[Slot, ...] | None:
        """Returns the times that can be offered, soonest first, or None while the calendar does not answer.

        Args:
            campaign: Its calendar tells the notice and how many days ahead.
            fresh: Times fetched before are not good enough.
        """
        now = self._clock.monotonic()
        fetched = self._fetched.get(campaign.id)
        if not fresh and fetched is not None and now - fetched[0] < _FRESH_SECONDS:
            return fetched[1]
        today = self._clock.now()
        try:
            slots = await self._book.free_slots(
                campaign.id,
                today + timedelta(hours=campaign.calendar.notice_hours),
                today + timedelta(days=campaign.calendar.days_ahead),
                _MAX_SLOTS,
            )
        except AppointmentsUnavailableError:
            return None
        self._fetched[campaign.id] = (now, slots)
        return slots

    async def book(self, call_id: str, turn_id: str, slot_id: str) -> Booking:
        """Books a slot for a call; what the call booked before is given up in the same step.

        The booking's id follows from the turn and the slot, so that a turn that is sent again books once, and a time
        that was given up can be booked again in a later turn.

        Raises:
            SlotTakenError: if another call has it.
            AppointmentsUnavailableError: if the calendar does not answer in time.
        """
        booking_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{call_id}\n{turn_id}\n{slot_id}"))
        outcome = "unavailable"
        try:
            booking = await self._book.book(booking_id, slot_id, call_id)
            outcome = "booked"
        except SlotTakenError:
            outcome = "taken"
            raise
        finally:
            self._metrics.bookings.labels(outcome=outcome).inc()
        return booking

    async def cancel(self, booking: Booking) -> Booking:
        """Cancels what a call booked.

        Raises:
            AppointmentsUnavailableError: if the calendar does not answer in time, or knows of no such booking.
        """
        outcome = "not_cancelled"
        try:
            cancelled = await self._book.cancel(booking.booking_id, booking.call_id)
            outcome = "cancelled"
        finally:
            self._metrics.bookings.labels(outcome=outcome).inc()
        self._fetched.pop(booking.campaign_id, None)
        return cancelled
