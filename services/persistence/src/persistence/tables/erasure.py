"""Erases what is stored about a caller: numbers, Twilio's id of the call, whom bookings are with, all that was said.

What stays is that a call took place and what it cost. An erased call is marked, so that events of it that arrive later
are stored without personal data too. A call whose first event has not arrived yet, because it waits in a gateway's
spool, is erased when it does: for that the digest of the number, and the ids of calls that are known by their bookings
alone, are kept for as long as spools are drained.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from callwright_common.clock import Clock
from callwright_common.database.postgres import Connection, Database, fetch
from persistence.calls.admission import LogEntry
from vocabulary.call_events import CallEvent, CallStarted
from vocabulary.callers import national_number, numbers_in, regions_of
from vocabulary.enums import CallDirection
from vocabulary.turns import Contact

_CALLS_OF_CALLER = f"""
    SELECT call_id FROM persistence.calls WHERE caller_number = %(number)s
    UNION
    SELECT call_id FROM persistence.calls WHERE called_number = %(number)s AND direction = '{CallDirection.OUTBOUND}'
    ORDER BY call_id LIMIT 200
"""  # noqa: S608 - constants
_CONTACTS = """
    SELECT b.booking_id, b.call_id, b.contact_phone, c.caller_number, c.called_number
    FROM persistence.bookings AS b LEFT JOIN persistence.calls AS c USING (call_id)
    WHERE b.contact_phone_digits LIKE %(digits)s AND b.booking_id > %(after)s
    ORDER BY b.booking_id LIMIT 200
"""
_CONTACTS_OF_CALLS = """
    SELECT call_id, contact_phone FROM persistence.bookings WHERE call_id = ANY (%s) AND contact_phone IS NOT NULL
"""
_IS_ERASED = """
    WITH erased AS (SELECT 1 FROM persistence.calls WHERE call_id = %(call_id)s AND erased_at IS NOT NULL FOR SHARE)
    SELECT 1 FROM erased UNION ALL SELECT 1 FROM persistence.erasures WHERE subject = %(call_id)s
"""
_GET_NUMBERS = "SELECT start_time, caller_number, called_number FROM persistence.calls WHERE call_id = %s"
_LOCK = "SELECT 1 FROM persistence.calls WHERE call_id = %s AND erased_at IS NULL FOR NO KEY UPDATE"
_IS_STORED = "SELECT 1 FROM persistence.calls WHERE call_id = %s"
_ERASE_CALL = """
    UPDATE persistence.calls SET
        erased_at = %s, caller_number = NULL, called_number = NULL, twilio_call_sid = NULL,
        summary = NULL, call_back = NULL,
        score_factors = CASE WHEN score_factors IS NOT NULL THEN (
            SELECT coalesce(jsonb_agg(factor || '{"evidence": []}' ORDER BY place), '[]')
            FROM jsonb_array_elements(score_factors) WITH ORDINALITY AS f (factor, place)
        ) END
    WHERE call_id = %s
"""
_ERASE_TURNS = "UPDATE persistence.turns SET caller_text = '', reply_text = '', heard_text = '' WHERE call_id = %s"
_ERASE_CONTACTS = """
    UPDATE persistence.bookings SET
        contact_name = NULL, contact_company = NULL, contact_phone = NULL, contact_email = NULL, contact_address = NULL,
        contact_confirmed = NULL
    WHERE call_id = %s
"""
_EVENTS = "SELECT sequence, encoded FROM persistence.call_events WHERE call_id = %s"
_ERASE_EVENT = "UPDATE persistence.call_events SET encoded = %s WHERE call_id = %s AND sequence = %s"
_REMEMBER = """
    INSERT INTO persistence.erasures (subject, erased_at) VALUES (%s, %s)
    ON CONFLICT (subject) DO UPDATE SET erased_at = greatest(erasures.erased_at, excluded.erased_at)
"""
_AWAIT_ERASURES = "LOCK TABLE persistence.erasures IN SHARE MODE"
_ERASURES = "SELECT subject, erased_at FROM persistence.erasures WHERE subject = ANY (%s)"
WRITES = (_LOCK, _ERASE_CALL, _ERASE_TURNS, _ERASE_CONTACTS, _ERASE_EVENT, _REMEMBER)

Decode = Callable[[bytes], CallEvent]
"""Returns the event of an encoded one."""


@dataclass(frozen=True)
class CallerErasure:
    """Erases callers.

    Attributes:
        database: Where the calls are.
        clock: Tells when a call was erased.
        decode: Returns the event of an encoded one.
    """

    database: Database
    clock: Clock
    decode: Decode

    async def erase(self, number: str) -> int:
        """Erases the calls from a number, placed to it and that booked with it; returns how many there were.

        Each call is a transaction of its own, so a repeated request goes on where one was interrupted.

        Args:
            number: E.164. Contacts are found however they are written: with spaces, with words around it, or as in the
                country of the call; where that gives no number, as in the country of this one.

        Raises:
            UnavailableError: if the database is down.
        """
        await self._remember(_digest(number))
        count = 0
        while calls := await self.database.fetch(_CALLS_OF_CALLER, {"number": number}):
            for call in calls:
                count += await self._erase_call(call["call_id"])
        values = {"digits": f"%{national_number(number)}%", "after": ""}
        while contacts := await self.database.fetch(_CONTACTS, values):
            values["after"] = contacts[-1]["booking_id"]
            for one in contacts:
                if _tells(one["contact_phone"], number, regions_of(one["caller_number"], one["called_number"])):
                    count += await self._erase_call(one["call_id"])
        return count

    async def _remember(self, subject: str) -> None:
        async def write(connection: Connection) -> None:
            await connection.execute(_REMEMBER, [subject, self.clock.now()])

        await self.database.transaction(write)

    async def _erase_call(self, call_id: str) -> int:
        async def write(connection: Connection) -> int:
            now = self.clock.now()
            if not await fetch(connection, _IS_STORED, [call_id]):
                await connection.execute(_REMEMBER, [call_id, now])
            return await erase_call(connection, call_id, now, self.decode)

        return await self.database.transaction(write)


async def erase_call(connection: Connection, call_id: str, now: datetime, decode: Decode) -> bool:
    """Erases what is stored of a call; returns whether it is stored and was not erased before."""
    is_stored = await fetch(connection, _LOCK, [call_id])
    await connection.execute(_ERASE_CONTACTS, [call_id])
    if not is_stored:
        return False
    await connection.execute(_ERASE_CALL, [now, call_id])
    await connection.execute(_ERASE_TURNS, [call_id])
    events = await fetch(connection, _EVENTS, [call_id])
    async with connection.cursor() as cursor:
        erased = [(_without_personal_data(event["encoded"], decode), call_id, event["sequence"]) for event in events]
        await cursor.executemany(_ERASE_EVENT, erased)
    return True


async def erase_if_asked(connection: Connection, call_id: str, contact: Contact, now: datetime, decode: Decode) -> bool:
    """Erases a call whose contact was erased after it had begun; returns whether it is erased, then or before."""
    if await fetch(connection, _IS_ERASED, {"call_id": call_id}):
        return True
    await connection.execute(_AWAIT_ERASURES)
    for call in await fetch(connection, _GET_NUMBERS, [call_id]):
        numbers = numbers_in(contact.phone, regions_of(call["caller_number"], call["called_number"]))
        erased = await fetch(connection, _ERASURES, [[*map(_digest, numbers)]])
        if any(call["start_time"] < one["erased_at"] for one in erased):
            await erase_call(connection, call_id, now, decode)
            return True
    return False


async def erased_before_they_arrived(connection: Connection, events: Iterable[CallEvent]) -> list[str]:
    """Returns the calls that begin with some of these events and whose caller was erased after they had begun.

    An erasure that is under way is waited for, and a later one finds the calls.
    """
    begun = [(event, event.event) for event in events if isinstance(event.event, CallStarted)]
    if not begun:
        return []
    await connection.execute(_AWAIT_ERASURES)
    contacts = await fetch(connection, _CONTACTS_OF_CALLS, [[event.call_id for event, _ in begun]])
    told: dict[str, list[str]] = {}
    for row in contacts:
        told.setdefault(row["call_id"], []).append(row["contact_phone"])
    subjects = [_subjects(event, started, told.get(event.call_id, [])) for event, started in begun]
    rows = await fetch(connection, _ERASURES, [[one for found in subjects for one in found]])
    erased = {row["subject"]: row["erased_at"] for row in rows}
    return [
        event.call_id
        for (event, _), found in zip(begun, subjects, strict=True)
        if any(one in erased and event.occur_time < erased[one] for one in found)
    ]


def _subjects(event: CallEvent, started: CallStarted, contact_phones: Iterable[str]) -> list[str]:
    """Returns by what a call is found among what was erased."""
    regions = regions_of(started.caller_number, started.called_number)
    numbers = {started.caller_number, *(number for phone in contact_phones for number in numbers_in(phone, regions))}
    if started.direction is CallDirection.OUTBOUND:
        numbers.add(started.called_number)
    return [event.call_id, *(_digest(number) for number in numbers if number)]


def _tells(phone: str, number: str, regions: list[str]) -> bool:
    """Whether a contact's phone is a number; what is none in its call's countries is read as in that of the number."""
    found = numbers_in(phone, regions)
    return number in (found or numbers_in(phone, regions_of(number)))


def _without_personal_data(encoded: bytes, decode: Decode) -> bytes:
    return LogEntry(decode(encoded), encoded).without_personal_data().encoded


def _digest(number: str) -> str:
    return hashlib.blake2b(number.encode(), digest_size=32).hexdigest()
