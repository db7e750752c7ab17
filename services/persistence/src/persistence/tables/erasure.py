"""Erases what is stored about a caller: numbers, Twilio's id of the call, whom bookings are with, all that was said.

What stays is that a call took place and what it cost. An erased call is marked, so that events of it that arrive later
are stored without personal data too.
"""

from collections.abc import Callable
from dataclasses import dataclass

from callwright_common.clock import Clock
from callwright_common.database.postgres import Connection, Database, fetch
from persistence.calls.admission import LogEntry
from vocabulary.call_events import CallEvent
from vocabulary.enums import CallDirection

_CALLS_OF_CALLER = f"""
    SELECT call_id FROM persistence.calls WHERE caller_number = %(number)s
    UNION
    SELECT call_id FROM persistence.calls WHERE called_number = %(number)s AND direction = '{CallDirection.OUTBOUND}'
    UNION
    SELECT call_id FROM persistence.bookings WHERE contact_phone = %(number)s
    ORDER BY call_id LIMIT 200
"""  # noqa: S608 - constants
_LOCK = "SELECT 1 FROM persistence.calls WHERE call_id = %s AND erased_at IS NULL FOR NO KEY UPDATE"
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
    decode: Callable[[bytes], CallEvent]

    async def erase(self, number: str) -> int:
        """Erases the calls from a number, placed to it and that booked with it; returns how many there were.

        Each call is a transaction of its own, so a repeated request goes on where one was interrupted.

        Raises:
            UnavailableError: if the database is down.
        """
        count = 0
        while calls := await self.database.fetch(_CALLS_OF_CALLER, {"number": number}):
            for call in calls:
                count += await self._erase_call(call["call_id"])
        return count

    async def _erase_call(self, call_id: str) -> int:
        now = self.clock.now()

        async def write(connection: Connection) -> int:
            is_stored = await fetch(connection, _LOCK, [call_id])
            await connection.execute(_ERASE_CONTACTS, [call_id])
            if not is_stored:
                return 0
            await connection.execute(_ERASE_CALL, [now, call_id])
            await connection.execute(_ERASE_TURNS, [call_id])
            events = await fetch(connection, _EVENTS, [call_id])
            async with connection.cursor() as cursor:
                erased = [
                    (self._without_personal_data(event["encoded"]), call_id, event["sequence"]) for event in events
                ]
                await cursor.executemany(_ERASE_EVENT, erased)
            return 1

        return await self.database.transaction(write)

    def _without_personal_data(self, encoded: bytes) -> bytes:
        return LogEntry(self.decode(encoded), encoded).without_personal_data().encoded
