"""Writes batches of call events: the log and the rows that follow from it, in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from psycopg import errors

from callwright_common.clock import Clock
from callwright_common.database.postgres import Connection, Database, fetch
from callwright_common.errors import AbortedError, ServiceError
from persistence.calls.admission import Admission, AppendResult, Batch, LogEntry, call_ids
from persistence.calls.projection import fold
from persistence.tables import call_rows, event_rows
from persistence.tables.columns import Row, arrays
from persistence.tables.erasure import erase_call, erased_before_they_arrived
from vocabulary.call_events import CallEvent

AppendOutcome = AppendResult | ServiceError

_ATTEMPTS = 4
WRITES = (
    call_rows.LOCK_CALLS,
    call_rows.INSERT_CALLS.insertion,
    call_rows.UPDATE_CALLS,
    call_rows.RESET_CALLS,
    event_rows.INSERT_EVENTS,
    event_rows.REPLACE_LOST_EVENTS,
    *(following.table.insertion for following in event_rows.FOLLOWING),
    *(following.table.removal for following in event_rows.FOLLOWING),
)


class _LostRaceError(Exception):
    """Another writer stored the same call or event first; what was read is out of date."""


@dataclass(frozen=True)
class EventStore:
    """Stores batches of events, several of them in one transaction.

    Attributes:
        database: Where the tables are.
        clock: Tells when events were received.
        decode: Returns the event of an encoded one.
    """

    database: Database
    clock: Clock
    decode: Callable[[bytes], CallEvent]

    async def append(self, batches: Sequence[Batch]) -> list[AppendOutcome]:
        """Returns what became of each batch; once it returns, what it calls stored is on the disk.

        A batch that cannot be stored is answered with its error and stores nothing.

        Raises:
            UnavailableError: if the database is down or late; batches may be stored or not.
            AbortedError: if other writers were faster again and again.
        """
        for _ in range(_ATTEMPTS):
            try:
                return await self.database.transaction(lambda connection: self._write(connection, batches))
            except (_LostRaceError, errors.UniqueViolation):
                continue
        raise AbortedError("APPEND_CONTENTION", "other writers store events of the same calls")

    async def _write(self, connection: Connection, batches: Sequence[Batch]) -> list[AppendOutcome]:
        wanted = call_ids(batches)
        async with connection.pipeline():
            calls = await connection.execute(call_rows.LOCK_CALLS, [wanted], prepare=True)
            event_ids = [entry.event.event_id for batch in batches for entry in batch]
            found = await connection.execute(event_rows.FIND_EVENTS, [event_ids, wanted], prepare=True)
            calls_found, events_found = await calls.fetchall(), await found.fetchall()
        places = {row["event_id"]: (row["call_id"], row["sequence"]) for row in events_found}
        lost = [places[row["event_id"]] for row in events_found if row["lost"]]
        admission = Admission({row["call_id"]: row["last_sequence"] for row in calls_found}, places, lost)
        outcomes = [_admit(admission, batch) for batch in batches]
        erased = frozenset(row["call_id"] for row in calls_found if row["erased"])
        appended, replacing = (
            [entry.without_personal_data() if entry.event.call_id in erased else entry for entry in entries]
            for entries in (admission.appended, admission.found)
        )
        if appended or replacing:
            ended = frozenset(row["call_id"] for row in calls_found if row["ended"])
            known = frozenset(row["call_id"] for row in calls_found)
            await self._store(connection, appended, replacing, known, ended)
            arrived = [entry.event for entry in (*appended, *replacing)]
            for call_id in await erased_before_they_arrived(connection, arrived):
                await erase_call(connection, call_id, self.clock.now(), self.decode)
        return outcomes

    async def _store(
        self,
        connection: Connection,
        appended: Sequence[LogEntry],
        replacing: Sequence[LogEntry],
        known: frozenset[str],
        ended: frozenset[str],
    ) -> None:
        now = self.clock.now()
        events = [entry.event for entry in appended]
        changes = fold(events, ended)
        started = sorted(call_rows.call_row(change, now) for change in changes if change.call_id not in known)
        if started:
            inserted = await connection.execute(call_rows.INSERT_CALLS.insertion, arrays(started), prepare=True)
            if inserted.rowcount != len(started):
                raise _LostRaceError
        async with connection.pipeline():
            if appended:
                rows = [event_rows.event_row(entry, now) for entry in appended]
                await connection.execute(event_rows.INSERT_EVENTS, arrays(rows), prepare=True)
            if replacing:
                whole = await self._replace(connection, [event_rows.event_row(entry, now) for entry in replacing])
                again = {event.call_id for event in whole}
                events = [*(event for event in events if event.call_id not in again), *whole]
                changes = fold(events, ended - again)
                reset = [call_rows.call_row(change, now) for change in changes if change.call_id in again]
                await connection.execute(call_rows.RESET_CALLS, arrays(reset))
            for following in event_rows.FOLLOWING:
                if rows := following.rows(events):
                    await connection.execute(following.table.insertion, arrays(rows), prepare=True)
            values = arrays(call_rows.change_row(change) for change in changes)
            await connection.execute(call_rows.UPDATE_CALLS, [now, *values], prepare=True)

    async def _replace(self, connection: Connection, rows: Sequence[Row]) -> list[CallEvent]:
        """Puts events into the places that were kept for them and returns all events of their calls.

        These events are older than what follows in the tables from others, so that all that follows from their calls is
        made again.
        """
        calls = sorted({row[0] for row in rows})
        replaced = await connection.execute(event_rows.REPLACE_LOST_EVENTS, arrays(rows))
        for following in event_rows.FOLLOWING:
            await connection.execute(following.table.removal, [calls])
        log = await fetch(connection, event_rows.READ_EVENTS, [calls])
        if replaced.rowcount != len(rows):
            raise _LostRaceError
        return [self.decode(row["encoded"]) for row in log]


def _admit(admission: Admission, batch: Batch) -> AppendOutcome:
    try:
        return admission.admit(batch)
    except ServiceError as error:
        return error
