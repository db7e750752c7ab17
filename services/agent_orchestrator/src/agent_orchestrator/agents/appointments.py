"""Appointments: the port to the calendar, the free times that agents may offer, and booking one."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from agent_orchestrator.metrics import OrchestratorMetrics
from callwright_common.campaign import Campaign
from callwright_common.clock import Clock
from dialogue import ANY_TIME, CalendarChange, DialogueState, Moment
from dialogue.contact import contact
from vocabulary.turns import Booking, Contact, Slot

_FRESH_SECONDS = 30.0
"""How long fetched times may be offered: a call books within that time, and booking finds out if one is gone."""
_MAX_SLOTS = 200
_MAX_WISHED_SLOTS = 500
_MAX_WISHED_DAYS = 5
_A_DAY = timedelta(days=1)


class AppointmentsUnavailableError(Exception):
    """The calendar does not answer in time."""


class OutcomeUnknownError(Exception):
    """The calendar may have done what it was asked for, or do it still."""


class SlotTakenError(Exception):
    """Another call was faster."""


class AppointmentBook(Protocol):
    """Knows the free slots of a campaign and books them.

    All methods raise `AppointmentsUnavailableError` within the book's own time limit. Those that change the calendar
    raise it where nothing was changed and nothing will be, and `OutcomeUnknownError` where that is not known.
    """

    async def free_slots(
        self, campaign_id: str, from_time: datetime, to_time: datetime, limit: int
    ) -> tuple[Slot, ...]:
        """Returns the earliest free slots that begin in the span, soonest first."""
        ...

    async def book(
        self, booking_id: str, slot_id: str, call_id: str, *, contact: Contact | None, attempt: int
    ) -> Booking:
        """Books a slot for a call instead of what the call booked before; the same booking again answers the same.

        Args:
            booking_id: The booking.
            slot_id: The slot.
            call_id: The call.
            contact: Whom it is with, as far as that is known.
            attempt: Numbers the changes that a call wants; see `settle`.

        Raises:
            SlotTakenError: if another call has it.
        """
        ...

    async def cancel(self, booking_id: str, call_id: str, *, attempt: int) -> Booking:
        """Cancels a booking of a call; the same one again answers the same."""
        ...

    async def settle(self, call_id: str, campaign_id: str, attempt: int) -> tuple[Booking, ...]:
        """Returns the call's bookings, oldest first; no attempt up to this one changes them any more."""
        ...

    async def set_contact(self, booking_id: str, call_id: str, contact: Contact, *, version: int) -> Booking:
        """Keeps whom a booking of a call is with, unless a higher version of that is known."""
        ...


@dataclass(frozen=True)
class LastContact:
    """Whom a call that is over booked with, to be kept as soon as the calendar answers.

    Attributes:
        version: Of what was told; no attempt up to it changes the calendar any more.
    """

    call_id: str
    campaign_id: str
    contact: Contact
    version: int


class Appointments:
    """What agents ask of the calendar; free times are fetched ahead and kept for a moment per campaign."""

    def __init__(
        self, book: AppointmentBook, keep: Callable[[LastContact], None], clock: Clock, metrics: OrchestratorMetrics
    ) -> None:
        """Takes what it asks.

        Args:
            book: The calendar.
            keep: Keeps whom a call booked with once the call is over, as soon as the calendar answers.
            clock: Tells what is out of date.
            metrics: Counts.
        """
        self._book = book
        self._keep = keep
        self._clock = clock
        self._metrics = metrics
        self._fetched: dict[str, tuple[float, tuple[Slot, ...]]] = {}

    async def free_slots(
        self, campaign: Campaign, wish: Moment = ANY_TIME, *, fresh: bool = False
    ) -> tuple[Slot, ...] | None:
        """Returns the times that can be offered, soonest first, or None while the calendar does not answer.

        Args:
            campaign: Its calendar tells the notice and how many days ahead.
            wish: When the caller wants to be met; the times of these days are among those that are returned.
            fresh: Times fetched before are not good enough.
        """
        soonest = await self._soonest(campaign, fresh=fresh)
        days = [] if soonest is None or len(soonest) < _MAX_SLOTS else self._wished_days(campaign, wish)
        zone = ZoneInfo(campaign.calendar.timezone)
        if soonest is None or not days or soonest[-1].start_time.astimezone(zone).date() > days[-1]:
            return soonest
        begin, end = (datetime.combine(day, time(), zone) for day in (days[0], days[-1] + _A_DAY))
        beside = _A_DAY if wish.zone else timedelta()
        wished = await self._fetch(campaign, begin - beside, end + beside, _MAX_WISHED_SLOTS)
        return None if wished is None else tuple({slot.slot_id: slot for slot in (*soonest, *wished)}.values())

    async def _soonest(self, campaign: Campaign, *, fresh: bool) -> tuple[Slot, ...] | None:
        now = self._clock.monotonic()
        fetched = self._fetched.get(campaign.id)
        if not fresh and fetched is not None and now - fetched[0] < _FRESH_SECONDS:
            return fetched[1]
        today = self._clock.now()
        slots = await self._fetch(campaign, today, today + timedelta(days=campaign.calendar.days_ahead), _MAX_SLOTS)
        if slots is not None:
            self._fetched[campaign.id] = (now, slots)
        return slots

    async def _fetch(
        self, campaign: Campaign, from_time: datetime, to_time: datetime, limit: int
    ) -> tuple[Slot, ...] | None:
        earliest = self._clock.now() + timedelta(hours=campaign.calendar.notice_hours)
        if to_time <= earliest:
            return ()
        try:
            return await self._book.free_slots(campaign.id, max(from_time, earliest), to_time, limit)
        except AppointmentsUnavailableError:
            return None

    def _wished_days(self, campaign: Campaign, wish: Moment) -> list[date]:
        """Returns the next few days of the calendar that a wish fits; the last ones where all of them lie beyond it."""
        today = self._clock.now().astimezone(ZoneInfo(campaign.calendar.timezone)).date()
        ahead = [today + timedelta(days=count) for count in range(campaign.calendar.days_ahead + 1)]
        if wish.begins is not None and wish.begins > ahead[-1]:
            return ahead[-_MAX_WISHED_DAYS:]
        return [] if wish.is_open else [day for day in ahead if wish.fits_day(day)][:_MAX_WISHED_DAYS]

    async def book(
        self, call_id: str, change: CalendarChange, *, contact: Contact | None = None, attempt: int
    ) -> Booking:
        """Books a slot for a call; what the call booked before is given up in the same step.

        The booking's id follows from the turn and the slot, so that a turn that is sent again books once, and a time
        that was given up can be booked again in a later turn.

        Raises:
            SlotTakenError: if another call has it.
            AppointmentsUnavailableError: if the calendar does not answer in time, and has booked nothing.
            OutcomeUnknownError: if that is not known.
        """
        slot_id = change.slot.slot_id
        booking_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{call_id}\n{change.turn_id}\n{slot_id}"))
        with self._counted("booked", "unavailable"):
            booking = await self._book.book(booking_id, slot_id, call_id, contact=contact, attempt=attempt)
        self._fetched.pop(booking.campaign_id, None)
        return booking

    async def cancel(self, booking: Booking, *, attempt: int) -> Booking:
        """Cancels what a call booked.

        Raises:
            AppointmentsUnavailableError: if the calendar does not answer in time, or knows of no such booking.
            OutcomeUnknownError: if it may have been cancelled.
        """
        with self._counted("cancelled", "not_cancelled"):
            cancelled = await self._book.cancel(booking.booking_id, booking.call_id, attempt=attempt)
        self._fetched.pop(booking.campaign_id, None)
        return cancelled

    async def settle(self, call_id: str, campaign_id: str, attempt: int) -> tuple[Booking, ...] | None:
        """Returns a call's bookings for good, oldest first, or None while the calendar does not answer."""
        try:
            bookings = await self._book.settle(call_id, campaign_id, attempt)
        except AppointmentsUnavailableError:
            return None
        self._fetched.pop(campaign_id, None)
        return bookings

    @contextmanager
    def _counted(self, done: str, not_done: str) -> Iterator[None]:
        """Counts what becomes of a try; one that is left is in doubt as well."""
        outcome = "unknown"
        try:
            yield
            outcome = done
        except SlotTakenError:
            outcome = "taken"
            raise
        except AppointmentsUnavailableError:
            outcome = not_done
            raise
        finally:
            self._metrics.bookings.labels(outcome=outcome).inc()

    async def with_contact(self, booking: Booking, known: Contact, version: int) -> Booking | None:
        """Returns a call's booking with what the caller has told of himself by now, which is kept with it.

        None where the calendar does not answer: then either may be kept, and the next turn tries again.
        """
        try:
            kept = await self._book.set_contact(booking.booking_id, booking.call_id, known, version=version)
        except AppointmentsUnavailableError:
            return None
        return replace(kept, contact=known)  # what was erased meanwhile is not sent again

    def keep_last(self, last: LastContact) -> None:
        """Sees to it that whom a call booked with is kept, however long the calendar does not answer."""
        self._keep(last)


def untold_contact(
    campaign: Campaign, dialogue: DialogueState, booking: Booking | None, *, in_doubt: bool
) -> Contact | None:
    """Returns what is known of a caller who booked, or may have, as far as it may not be kept with the booking.

    Args:
        campaign: Tells what of it is wanted.
        dialogue: Holds what is known.
        booking: What the call booked last.
        in_doubt: Whether it is not known which contact is kept with it.
    """
    known = contact(campaign, dialogue) or Contact()
    if dialogue.is_in_doubt:
        return known
    if booking is None or booking.cancel_time is not None:
        return None
    return known if in_doubt or known != (booking.contact or Contact()) else None
