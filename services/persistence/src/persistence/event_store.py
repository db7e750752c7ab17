"""Writes batches of call events: the log and the rows that follow from it, in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from psycopg import errors

from callwright_common.clock import Clock
from callwright_common.errors import AbortedError, ServiceError
from persistence import event_sql as sql
from persistence.admission import Admission, AppendResult, call_ids
from persistence.call_events import CallEvent, without_personal_data
from persistence.database import Connection, Database
from persistence.projection import fold

Batch = Sequence[CallEvent]
Outcome = AppendResult | ServiceError

_ATTEMPTS = 4


class _LostRaceError(Exception):
    """Another writer stored the same call or event first; what was read is out of date."""


class EventStore:
    """Stores batches of events, several of them in one transaction.

    Args:
        database: Where the tables are.
        clock: Tells when events were received.
        redact: Returns an encoded event without personal data, for calls whose caller was erased.
    """

    def __init__(self, database: Database, clock: Clock, redact: Callable[[bytes], bytes]) -> None:
        self._database = database
        self._clock = clock
        self._redact = redact

    async def append(self, batches: Sequence[Batch]) -> list[Outcome]:
        """Returns what became of each batch; once it returns, what it calls stored is on the disk.

        A batch that cannot be stored is answered with its error and stores nothing.

        Raises:
            UnavailableError: if the database is down or late; batches may be stored or not.
            AbortedError: if other writers were faster again and again.
        """
        for _ in range(_ATTEMPTS):
            try:
                return await self._database.transaction(lambda connection: self._write(connection, batches))
            except (_LostRaceError, errors.UniqueViolation):
                continue
        raise AbortedError("APPEND_CONTENTION", "other writers store events of the same calls")

    async def _write(self, connection: Connection, batches: Sequence[Batch]) -> list[Outcome]:
        async with connection.pipeline():
            calls = await connection.execute(sql.LOCK_CALLS, [call_ids(batches)], prepare=True)
            found = await connection.execute(
                sql.FIND_EVENTS, [[event.event_id for batch in batches for event in batch]], prepare=True
            )
            call_rows, event_rows = await calls.fetchall(), await found.fetchall()
        admission = Admission(
            {row[0]: row[1] for row in call_rows}, {event_id: (call_id, seq) for event_id, call_id, seq in event_rows}
        )
        outcomes = [_admit(admission, batch) for batch in batches]
        if admission.admitted:
            ended = frozenset(row[0] for row in call_rows if row[2])
            erased = frozenset(row[0] for row in call_rows if row[3])
            await self._insert(connection, [self._kept(event, erased) for event in admission.admitted], ended)
        return outcomes

    def _kept(self, event: CallEvent, erased: frozenset[str]) -> CallEvent:
        if event.call_id not in erased:
            return event
        return replace(event, detail=without_personal_data(event.detail), encoded=self._redact(event.encoded))

    async def _insert(self, connection: Connection, events: Sequence[CallEvent], ended: frozenset[str]) -> None:
        now = self._clock.now()
        started = sorted(row for event in events if (row := sql.call_row(event, now)))
        if started:
            inserted = await connection.execute(sql.INSERT_CALLS.statement, sql.arrays(started), prepare=True)
            if inserted.rowcount != len(started):
                raise _LostRaceError
        async with connection.pipeline():
            rows = [(e.call_id, e.sequence, e.event_id, e.kind, e.occurred_at, e.encoded) for e in events]
            await connection.execute(sql.INSERT_EVENTS, [now, *sql.arrays(rows)], prepare=True)
            for insert, make in sql.FOLLOWING:
                following = [row for event in events if (row := make(event))]
                if following:
                    await connection.execute(insert.statement, sql.arrays(following), prepare=True)
            changes = [sql.change_row(change) for change in fold(events, ended)]
            await connection.execute(sql.UPDATE_CALLS, [now, *sql.arrays(changes)], prepare=True)


def _admit(admission: Admission, batch: Batch) -> Outcome:
    try:
        return admission.admit(batch)
    except ServiceError as error:
        return error
