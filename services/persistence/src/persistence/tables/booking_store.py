"""Holds, books and frees slots so that no two calls get the same time.

Whoever changes a calendar locks its row first, so that what was read stays true until the end of the transaction. The
tables' own constraints would refuse a double booking even without that.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from psycopg import errors

from callwright_common.clock import Clock
from callwright_common.database.postgres import Connection, Database, fetch
from callwright_common.errors import AlreadyExistsError, NotFoundError
from persistence.tables import booking_rows as rows
from persistence.tables.erasure import Decode, erase_if_asked
from vocabulary.turns import Booking, Contact, Slot

_ADD_CALENDAR = "INSERT INTO persistence.calendars (campaign_id) VALUES (%s) ON CONFLICT DO NOTHING"
_LOCK_CALENDAR = "SELECT calendar_id FROM persistence.calendars WHERE campaign_id = %s FOR NO KEY UPDATE"
_RELEASE_OTHERS = """
    UPDATE persistence.slots SET held_by_call_id = NULL, hold_expire_time = NULL
    WHERE held_by_call_id = %s AND calendar_id = %s AND slot_id <> %s
"""
_HOLD = """
    INSERT INTO persistence.slots (slot_id, calendar_id, start_time, end_time, held_by_call_id, hold_expire_time)
    VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (slot_id) DO UPDATE
    SET held_by_call_id = excluded.held_by_call_id, hold_expire_time = excluded.hold_expire_time
"""
_RELEASE = "UPDATE persistence.slots SET held_by_call_id = NULL, hold_expire_time = NULL WHERE slot_id = %s"
_REPLACE = "UPDATE persistence.bookings SET state = 'replaced' WHERE booking_id = %s"
_CANCEL = "UPDATE persistence.bookings SET state = 'cancelled', cancelled_at = %s WHERE booking_id = %s"
_SETTLE = """
    INSERT INTO persistence.settled_attempts (call_id, calendar_id, attempt, settled_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (call_id, calendar_id) DO UPDATE SET
        attempt = greatest(settled_attempts.attempt, excluded.attempt), settled_at = excluded.settled_at
"""
_SET_CONTACT = """
    UPDATE persistence.bookings SET
        contact_name = %s, contact_company = %s, contact_phone = %s, contact_email = %s, contact_address = %s,
        contact_confirmed = %s, contact_version = greatest(contact_version, %s)
    WHERE booking_id = %s
"""
_BOOK = """
    INSERT INTO persistence.bookings
        (booking_id, slot_id, calendar_id, call_id, start_time, end_time, state, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, 'confirmed', %s)
"""
WRITES = (_ADD_CALENDAR, _LOCK_CALENDAR, _RELEASE_OTHERS, _HOLD, _REPLACE, _CANCEL, _SETTLE, _SET_CONTACT, _BOOK)


@dataclass(frozen=True)
class BookingStore:
    """What is held and booked in the campaigns' calendars.

    Attributes:
        database: Where the tables are.
        clock: Tells what is over.
        decode: Returns the event of an encoded one.
    """

    database: Database
    clock: Clock
    decode: Decode

    async def busy(self, campaign_id: str, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """Returns the start and end of all that is held or booked within a span of time."""
        values = {"campaign_id": campaign_id, "call_id": None, "start": start, "end": end, "now": self.clock.now()}
        return [(row["start_time"], row["end_time"]) for row in await self.database.fetch(rows.BUSY, values)]

    async def hold(self, slot: Slot, call_id: str, length: timedelta) -> datetime:
        """Holds a slot for a call, which gives up any other that it held in this calendar; returns the end of the hold.

        Raises:
            AbortedError: SLOT_TAKEN, if another call was faster.
        """

        async def write(connection: Connection) -> datetime:
            calendar = await _lock(connection, slot.campaign_id)
            now = self.clock.now()
            await rows.require_free(connection, slot, call_id, now)
            await connection.execute(_RELEASE_OTHERS, [call_id, calendar, slot.slot_id])
            expires = now + length
            await connection.execute(_HOLD, [slot.slot_id, calendar, slot.start_time, slot.end_time, call_id, expires])
            return expires

        return await self.database.transaction(write)

    async def confirm(
        self, booking_id: str, slot_id: str, call_id: str, contact: Contact | None = None, attempt: int = 0
    ) -> tuple[Booking, bool]:
        """Books a slot that the call held; the hold may be over as long as nobody else took the slot.

        A call's earlier booking in the same calendar is replaced.

        Args:
            booking_id: Made by the client.
            slot_id: The slot.
            call_id: The call.
            contact: Whom it is with; of an erased call nothing is kept.
            attempt: Refused once the call's attempts are settled up to it; 0 never is.

        Returns:
            The booking, and whether it is a new one.

        Raises:
            NotFoundError: SLOT_NOT_FOUND, if the slot was never held.
            FailedPreconditionError: SLOT_NOT_HELD, SLOT_IS_OVER, BOOKING_REPLACED by a later one of the call,
                BOOKING_CANCELLED, or ATTEMPT_SETTLED.
            AbortedError: SLOT_TAKEN, if another call was faster.
            AlreadyExistsError: BOOKING_ID_USED, if the id belongs to another booking.
        """

        async def write(connection: Connection) -> tuple[Booking, bool]:
            return await self._confirm(connection, booking_id, slot_id, call_id, contact, attempt)

        try:
            return await self.database.transaction(write)
        except errors.UniqueViolation:
            raise AlreadyExistsError("BOOKING_ID_USED", "the booking id belongs to another booking") from None
        except errors.ExclusionViolation:
            raise rows.slot_taken() from None

    async def _confirm(
        self, connection: Connection, booking_id: str, slot_id: str, call_id: str, contact: Contact | None, attempt: int
    ) -> tuple[Booking, bool]:
        slots = await fetch(connection, rows.GET_SLOT, [slot_id])
        if not slots:
            raise NotFoundError("SLOT_NOT_FOUND", "there is no such slot, or it was never held")
        slot = rows.SLOT.read(slots[0])
        calendar = await _lock(connection, slot.campaign_id)
        if contact is not None and await erase_if_asked(connection, call_id, contact, self.clock.now(), self.decode):
            contact = None
        found = await fetch(connection, rows.GET_BOOKING, [booking_id])
        if found:
            return rows.repeated(found[0], slot_id, call_id), False
        await rows.require_open(connection, call_id, calendar, attempt)
        earlier = [rows.BOOKING.read(row) for row in await fetch(connection, rows.BOOKING_OF_CALL, [call_id, calendar])]
        if earlier and earlier[0].slot_id == slot_id:
            return earlier[0], False
        now = self.clock.now()
        await rows.require_bookable(connection, slot, slot_id, call_id, now)
        for one in earlier:
            await connection.execute(_REPLACE, [one.booking_id])
        times = (slot.start_time, slot.end_time, now)
        await connection.execute(_BOOK, [booking_id, slot_id, calendar, call_id, *times])
        await connection.execute(_RELEASE, [slot_id])
        if contact is not None:
            await connection.execute(_SET_CONTACT, [*rows.CONTACT.write(contact), attempt, booking_id])
        return Booking(booking_id, slot_id, call_id, slot.campaign_id, *times, contact=contact), True

    async def cancel(self, booking_id: str, call_id: str, attempt: int = 0) -> tuple[Booking, bool]:
        """Cancels a booking of a call, which frees its time; one that was cancelled before stays as it is.

        Args:
            booking_id: The booking.
            call_id: The call that made it.
            attempt: As in `confirm`.

        Returns:
            The booking with its cancel time, and whether it stood until now.

        Raises:
            NotFoundError: BOOKING_NOT_FOUND.
            FailedPreconditionError: BOOKING_OF_ANOTHER_CALL, BOOKING_REPLACED by a later one of the call, or
                ATTEMPT_SETTLED.
        """

        async def write(connection: Connection) -> tuple[Booking, bool]:
            calendar = 0
            for row in await fetch(connection, rows.GET_BOOKING, [booking_id]):
                calendar = await _lock(connection, row["campaign_id"])
            found = await fetch(connection, rows.GET_BOOKING, [booking_id])
            booking = rows.own(found, call_id)
            if booking.cancel_time is not None:
                return booking, False
            await rows.require_open(connection, call_id, calendar, attempt)
            now = self.clock.now()
            await connection.execute(_CANCEL, [now, booking_id])
            return replace(booking, cancel_time=now), True

        return await self.database.transaction(write)

    async def settle(self, call_id: str, campaign_id: str, attempt: int) -> tuple[Booking, ...]:
        """Returns the call's bookings in a calendar, which no attempt up to this one changes any more; oldest first.

        What the call held in it is free again.
        """

        async def write(connection: Connection) -> tuple[Booking, ...]:
            calendar = await _lock(connection, campaign_id)
            await connection.execute(_SETTLE, [call_id, calendar, attempt, self.clock.now()])
            await connection.execute(_RELEASE_OTHERS, [call_id, calendar, ""])
            made = await rows.bookings_of_call(connection, call_id)
            return tuple(one for one in made if one.campaign_id == campaign_id)

        return await self.database.transaction(write)

    async def set_contact(self, booking_id: str, call_id: str, contact: Contact, version: int = 0) -> Booking:
        """Keeps whom a booking is with, instead of what was known before; of an erased call nothing is kept.

        Args:
            booking_id: The booking.
            call_id: The call that made it.
            contact: Whom it is with.
            version: Changes nothing once a higher one is kept; 0 always counts.

        Raises:
            NotFoundError: BOOKING_NOT_FOUND.
            FailedPreconditionError: BOOKING_OF_ANOTHER_CALL, or BOOKING_REPLACED by a later one of the call.
        """

        async def write(connection: Connection) -> Booking:
            is_erased = await erase_if_asked(connection, call_id, contact, self.clock.now(), self.decode)
            found = await fetch(connection, rows.LOCK_BOOKING, [booking_id])
            booking = rows.own(found, call_id)
            if is_erased or 0 < version < found[0]["contact_version"]:
                return booking
            await connection.execute(_SET_CONTACT, [*rows.CONTACT.write(contact), version, booking_id])
            return replace(booking, contact=contact)

        return await self.database.transaction(write)


async def _lock(connection: Connection, campaign_id: str) -> int:
    await connection.execute(_ADD_CALENDAR, [campaign_id])
    [row] = await fetch(connection, _LOCK_CALENDAR, [campaign_id])
    calendar: int = row["calendar_id"]
    return calendar
