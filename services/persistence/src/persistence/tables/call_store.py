"""Reads calls, their history and their events, and closes those that are lost."""

from datetime import datetime
from typing import TypeVar

from callwright_common.database.postgres import Connection, Database, fetch
from callwright_common.errors import FailedPreconditionError, NotFoundError
from persistence.tables.booking_rows import bookings_of_call
from persistence.tables.call_rows import CALL
from persistence.tables.columns import Columns
from persistence.tables.event_rows import ESCALATIONS, TRANSITIONS, TURNS, FollowingTable
from vocabulary.call_record import Call, CallHistory, CampaignReport
from vocabulary.enums import CallStatus, EndReason, EscalationOutcome, Tier

Detail = TypeVar("Detail")

_GET_CALL = "SELECT * FROM persistence.calls WHERE call_id = %s"
_LIST_CALLS = """
    SELECT * FROM persistence.calls
    WHERE (%(campaign_id)s::text IS NULL OR campaign_id = %(campaign_id)s)
      AND (%(start_time)s::timestamptz IS NULL OR (start_time, call_id) < (%(start_time)s, %(call_id)s::text))
    ORDER BY start_time DESC, call_id DESC LIMIT %(limit)s
"""
_EVENTS = """
    SELECT encoded FROM persistence.call_events WHERE call_id = %s AND sequence > %s
    ORDER BY sequence LIMIT %s
"""
_EXISTS = "SELECT 1 FROM persistence.calls WHERE call_id = %s"
_CLOSE_LOST = f"""
    UPDATE persistence.calls SET
        status = '{CallStatus.ENDED}', end_time = last_event_time, end_reason = '{EndReason.GATEWAY_LOST}',
        end_presumed = true
    WHERE call_id IN (
        SELECT call_id FROM persistence.calls WHERE status = '{CallStatus.IN_PROGRESS}' AND last_received_at < %s
        ORDER BY last_received_at LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED
    )
    RETURNING call_id
"""  # noqa: S608 - constants
_REPORT = f"""
    WITH chosen AS (
        SELECT * FROM persistence.calls
        WHERE campaign_id = %(campaign_id)s
          AND (%(from_time)s::timestamptz IS NULL OR start_time >= %(from_time)s)
          AND (%(to_time)s::timestamptz IS NULL OR start_time < %(to_time)s)
    )
    SELECT
        count(*) AS call_count,
        count(*) FILTER (WHERE qualification_score >= qualification_threshold) AS qualified_count,
        (SELECT count(*) FROM chosen JOIN persistence.bookings USING (call_id) WHERE state = 'confirmed')
            AS booking_count,
        (SELECT count(*) FROM chosen JOIN persistence.tier_escalation_events AS e USING (call_id)
         WHERE e.outcome = '{EscalationOutcome.SWITCHED}' AND e.to_tier = '{Tier.PREMIUM}') AS escalation_count,
        sum(premium_cost_micros)::bigint AS premium_cost_micros,
        max(premium_cost_currency::text) AS premium_cost_currency,
        count(DISTINCT premium_cost_currency) AS currency_count,
        (SELECT jsonb_agg(to_jsonb(d) ORDER BY d.call_count DESC, d.disposition)
         FROM (SELECT disposition, count(*) AS call_count FROM chosen WHERE disposition IS NOT NULL
               GROUP BY disposition) AS d) AS dispositions
    FROM chosen
"""  # noqa: S608 - constants
_REPORT_COLUMNS = Columns(CampaignReport)


class CallStore:
    """What is known about calls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def available(self) -> bool:
        """Whether the database takes events now."""
        return self._database.failure is None

    async def history(self, call_id: str) -> CallHistory:
        """Returns a call with its turns, transitions, escalations and bookings.

        Raises:
            NotFoundError: CALL_NOT_FOUND.
        """

        async def read(connection: Connection) -> CallHistory:
            # One snapshot for all parts, so that they fit together while events arrive.
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            calls = await fetch(connection, _GET_CALL, [call_id])
            if not calls:
                raise _call_not_found()
            return CallHistory(
                CALL.read(calls[0]),
                await _following(connection, TURNS, call_id),
                tuple(one.transition for one in await _following(connection, TRANSITIONS, call_id)),
                await _following(connection, ESCALATIONS, call_id),
                await bookings_of_call(connection, call_id),
            )

        return await self._database.transaction(read)

    async def list_calls(self, campaign_id: str | None, after: tuple[datetime, str] | None, limit: int) -> list[Call]:
        """Returns calls, newest first.

        Args:
            campaign_id: None for all campaigns.
            after: Start time and id of the call before the first one.
            limit: At most so many.
        """
        start_time, call_id = after or (None, None)
        values = {"campaign_id": campaign_id, "start_time": start_time, "call_id": call_id, "limit": limit}
        return [CALL.read(row) for row in await self._database.fetch(_LIST_CALLS, values)]

    async def list_events(self, call_id: str, after: int, limit: int) -> list[bytes]:
        """Returns the call's events after a sequence as they were sent, in order.

        Raises:
            NotFoundError: CALL_NOT_FOUND.
        """

        async def read(connection: Connection) -> list[bytes]:
            rows = await fetch(connection, _EVENTS, [call_id, after, limit])
            if not rows and not await fetch(connection, _EXISTS, [call_id]):
                raise _call_not_found()
            return [row["encoded"] for row in rows]

        return await self._database.transaction(read)

    async def report(self, campaign_id: str, from_time: datetime | None, to_time: datetime | None) -> CampaignReport:
        """Returns the sums of the campaign's calls that started in a span of time, open where None.

        Raises:
            FailedPreconditionError: MIXED_CURRENCIES, if the calls' costs cannot be summed up.
        """
        values = {"campaign_id": campaign_id, "from_time": from_time, "to_time": to_time}
        [row] = await self._database.fetch(_REPORT, values)
        if row["currency_count"] > 1:
            raise FailedPreconditionError("MIXED_CURRENCIES", "the calls' costs are in several currencies")
        return _REPORT_COLUMNS.read(row)

    async def close_lost(self, silent_since: datetime) -> list[str]:
        """Closes the calls that go on and of which nothing came since, and returns their ids."""
        return [row["call_id"] for row in await self._database.fetch(_CLOSE_LOST, [silent_since])]


def _call_not_found() -> NotFoundError:
    return NotFoundError("CALL_NOT_FOUND", "there is no call with this id")


async def _following(connection: Connection, table: FollowingTable[Detail], call_id: str) -> tuple[Detail, ...]:
    """Returns what follows from the events of one kind, in their order."""
    return tuple(table.columns.read(row) for row in await fetch(connection, table.table.reading, [call_id]))
