"""What is read of slots and bookings, and what must be true of them before one is written."""

from dataclasses import fields
from datetime import datetime

from psycopg.rows import DictRow

from callwright_common.database.postgres import Connection, fetch
from callwright_common.errors import AbortedError, AlreadyExistsError, FailedPreconditionError, NotFoundError
from persistence.tables.columns import Columns
from vocabulary.turns import Booking, Contact, Slot

BUSY = """
    SELECT b.start_time, b.end_time FROM persistence.bookings AS b JOIN persistence.calendars USING (calendar_id)
    WHERE campaign_id = %(campaign_id)s AND b.state = 'confirmed' AND b.call_id IS DISTINCT FROM %(call_id)s::text
      AND tstzrange(b.start_time, b.end_time) && tstzrange(%(start)s, %(end)s)
    UNION ALL
    SELECT s.start_time, s.end_time FROM persistence.slots AS s JOIN persistence.calendars USING (calendar_id)
    WHERE campaign_id = %(campaign_id)s AND s.hold_expire_time > %(now)s
      AND s.held_by_call_id IS DISTINCT FROM %(call_id)s::text
      AND tstzrange(s.start_time, s.end_time) && tstzrange(%(start)s, %(end)s)
"""
GET_SLOT = """
    SELECT slot_id, campaign_id, start_time, end_time, held_by_call_id
    FROM persistence.slots JOIN persistence.calendars USING (calendar_id) WHERE slot_id = %s
"""
_BOOKINGS = """
    SELECT * FROM persistence.bookings JOIN persistence.calendars USING (calendar_id)
"""
GET_BOOKING = _BOOKINGS + "WHERE booking_id = %s"
LOCK_BOOKING = GET_BOOKING + " FOR NO KEY UPDATE OF bookings"
BOOKING_OF_CALL = _BOOKINGS + "WHERE call_id = %s AND calendar_id = %s AND state = 'confirmed'"
_BOOKINGS_OF_CALL = _BOOKINGS + "WHERE call_id = %s AND state <> 'replaced' ORDER BY created_at, booking_id"
_IS_SETTLED = "SELECT 1 FROM persistence.settled_attempts WHERE call_id = %s AND calendar_id = %s AND attempt >= %s"
_CONTACT_COLUMNS = {one.name: f"contact_{one.name}" for one in fields(Contact)}
SLOT, CONTACT = Columns(Slot), Columns(Contact, _CONTACT_COLUMNS)
BOOKING = Columns(Booking, {"create_time": "created_at", "cancel_time": "cancelled_at"} | _CONTACT_COLUMNS)


async def bookings_of_call(connection: Connection, call_id: str) -> tuple[Booking, ...]:
    """Returns the call's bookings that stand or were cancelled, oldest first."""
    return tuple(BOOKING.read(row) for row in await fetch(connection, _BOOKINGS_OF_CALL, [call_id]))


async def require_free(connection: Connection, slot: Slot, call_id: str, now: datetime) -> None:
    """Raises SLOT_TAKEN unless a slot is free for a call."""
    span = {"start": slot.start_time, "end": slot.end_time, "now": now}
    if await fetch(connection, BUSY, span | {"campaign_id": slot.campaign_id, "call_id": call_id}):
        raise slot_taken()


async def require_bookable(connection: Connection, slot: Slot, slot_id: str, call_id: str, now: datetime) -> None:
    """Raises unless a call holds a slot that has not begun: SLOT_TAKEN, SLOT_NOT_HELD or SLOT_IS_OVER."""
    await require_free(connection, slot, call_id, now)
    [row] = await fetch(connection, GET_SLOT, [slot_id])
    if row["held_by_call_id"] != call_id:
        raise FailedPreconditionError("SLOT_NOT_HELD", "the call does not hold the slot")
    if slot.start_time <= now:
        raise FailedPreconditionError("SLOT_IS_OVER", "the slot has begun already")


async def require_open(connection: Connection, call_id: str, calendar: int, attempt: int) -> None:
    """Raises ATTEMPT_SETTLED if an attempt of a call counts as failed."""
    if attempt and await fetch(connection, _IS_SETTLED, [call_id, calendar, attempt]):
        raise FailedPreconditionError("ATTEMPT_SETTLED", "the attempt comes too late, it counts as failed")


def repeated(row: DictRow, slot_id: str, call_id: str) -> Booking:
    """Returns the booking of a row, which must be the same one, made before and standing."""
    booking = BOOKING.read(row)
    if (booking.slot_id, booking.call_id) != (slot_id, call_id):
        raise AlreadyExistsError("BOOKING_ID_USED", "the booking id belongs to another booking")
    if row["state"] == "cancelled":
        raise FailedPreconditionError("BOOKING_CANCELLED", "the booking was cancelled")
    if row["state"] != "confirmed":
        raise _booking_replaced()
    return booking


def own(found: list[DictRow], call_id: str) -> Booking:
    """Returns the booking of a row, which must be there and the call's, and replaced by no later one."""
    if not found:
        raise NotFoundError("BOOKING_NOT_FOUND", "there is no such booking")
    booking = BOOKING.read(found[0])
    if booking.call_id != call_id:
        raise FailedPreconditionError("BOOKING_OF_ANOTHER_CALL", "another call made the booking")
    if found[0]["state"] == "replaced":
        raise _booking_replaced()
    return booking


def _booking_replaced() -> FailedPreconditionError:
    return FailedPreconditionError("BOOKING_REPLACED", "a later booking of the call replaced this one")


def slot_taken() -> AbortedError:
    """Returns the error of whoever comes too late for a slot."""
    return AbortedError("SLOT_TAKEN", "another call holds or booked this time")
