"""Reads calls, their history and their events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import dict_row

from callwright_common.errors import FailedPreconditionError, NotFoundError
from persistence.booking_store import bookings_of_call
from persistence.call_events import AgentTransitioned, Amount, TierEscalated, TurnLatency, TurnRecorded
from persistence.columns import amount, duration, score
from persistence.database import Connection, Database
from persistence.records import Call, CallHistory, CampaignReport

Row = dict[str, Any]

_CALL_COLUMNS = """
    call_id, status, campaign_id, direction, twilio_call_sid, caller_number, called_number, start_time, end_time,
    end_reason, outcome, summary, qualification_score, qualification_threshold, score_factors, current_agent,
    current_tier, agent_transition_count, tier_escalation_trigger, workflow_context_id, premium_cost_micros,
    premium_cost_currency, integration_enabled
"""
_GET_CALL = f"SELECT {_CALL_COLUMNS} FROM persistence.calls WHERE call_id = %s"  # noqa: S608 - constants
_LIST_CALLS = f"""
    SELECT {_CALL_COLUMNS} FROM persistence.calls
    WHERE (%(campaign_id)s::text IS NULL OR campaign_id = %(campaign_id)s)
      AND (%(start_time)s::timestamptz IS NULL OR (start_time, call_id) < (%(start_time)s, %(call_id)s::text))
    ORDER BY start_time DESC, call_id DESC LIMIT %(limit)s
"""  # noqa: S608 - constants
_TURNS = "SELECT * FROM persistence.turns WHERE call_id = %s ORDER BY sequence"
_TRANSITIONS = "SELECT * FROM persistence.agent_transitions WHERE call_id = %s ORDER BY sequence"
_ESCALATIONS = "SELECT * FROM persistence.tier_escalation_events WHERE call_id = %s ORDER BY sequence"
_EVENTS = """
    SELECT sequence, encoded FROM persistence.call_events WHERE call_id = %s AND sequence > %s
    ORDER BY sequence LIMIT %s
"""
_EXISTS = "SELECT 1 FROM persistence.calls WHERE call_id = %s"
_REPORT = """
    WITH chosen AS (
        SELECT * FROM persistence.calls
        WHERE campaign_id = %(campaign_id)s
          AND (%(from_time)s::timestamptz IS NULL OR start_time >= %(from_time)s)
          AND (%(to_time)s::timestamptz IS NULL OR start_time < %(to_time)s)
    )
    SELECT
        (SELECT count(*) FROM chosen),
        (SELECT count(*) FROM chosen WHERE qualification_score >= qualification_threshold),
        (SELECT count(*) FROM chosen JOIN persistence.bookings USING (call_id) WHERE state = 'confirmed'),
        (SELECT count(*) FROM chosen JOIN persistence.tier_escalation_events AS e USING (call_id)
         WHERE e.outcome = 'switched' AND e.to_tier = 'premium'),
        (SELECT sum(premium_cost_micros)::bigint FROM chosen),
        (SELECT array_agg(DISTINCT premium_cost_currency::text) FROM chosen WHERE premium_cost_currency IS NOT NULL)
"""


class CallStore:
    """What is known about calls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def history(self, call_id: str) -> CallHistory:
        """Returns a call with its turns, transitions, escalations and bookings.

        Raises:
            NotFoundError: CALL_NOT_FOUND.
        """

        async def read(connection: Connection) -> CallHistory:
            # One snapshot for all parts, so that they fit together while events arrive.
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            calls = await _rows(connection, _GET_CALL, [call_id])
            if not calls:
                raise _call_not_found()
            return CallHistory(
                _call(calls[0]),
                tuple(_turn(row) for row in await _rows(connection, _TURNS, [call_id])),
                tuple(_transition(row) for row in await _rows(connection, _TRANSITIONS, [call_id])),
                tuple(_escalation(row) for row in await _rows(connection, _ESCALATIONS, [call_id])),
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
        return [_call(row) for row in await self._database.transaction(lambda found: _rows(found, _LIST_CALLS, values))]

    async def list_events(self, call_id: str, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Returns the sequence and the encoded form of the call's events after a sequence, in order.

        Raises:
            NotFoundError: CALL_NOT_FOUND.
        """

        async def read(connection: Connection) -> list[tuple[int, bytes]]:
            rows = await (await connection.execute(_EVENTS, [call_id, after, limit])).fetchall()
            if not rows and not await (await connection.execute(_EXISTS, [call_id])).fetchall():
                raise _call_not_found()
            return [(row[0], row[1]) for row in rows]

        return await self._database.transaction(read)

    async def report(self, campaign_id: str, from_time: datetime | None, to_time: datetime | None) -> CampaignReport:
        """Returns the sums of the campaign's calls that started in a span of time, open where None.

        Raises:
            FailedPreconditionError: MIXED_CURRENCIES, if the calls' costs cannot be summed up.
        """

        async def read(connection: Connection) -> Sequence[Any]:
            values = {"campaign_id": campaign_id, "from_time": from_time, "to_time": to_time}
            return (await (await connection.execute(_REPORT, values)).fetchall())[0]

        calls, qualified, bookings, escalations, micros, currencies = await self._database.transaction(read)
        if len(currencies or ()) > 1:
            raise FailedPreconditionError("MIXED_CURRENCIES", "the calls' costs are in several currencies")
        cost = Amount(micros, currencies[0]) if currencies else None
        return CampaignReport(calls, qualified, bookings, escalations, cost)


def _call_not_found() -> NotFoundError:
    return NotFoundError("CALL_NOT_FOUND", "there is no call with this id")


async def _rows(connection: Connection, statement: str, values: Any) -> list[Row]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, values)
        return await cursor.fetchall()


def _call(row: Row) -> Call:
    known_score = score(row.pop("qualification_score"), row.pop("qualification_threshold"), row.pop("score_factors"))
    cost = amount(row.pop("premium_cost_micros"), row.pop("premium_cost_currency"))
    return Call(**row, score=known_score, premium_cost=cost)


def _turn(row: Row) -> TurnRecorded:
    return TurnRecorded(
        turn_id=row["turn_id"],
        occurred_at=row["occur_time"],
        caller_text=row["caller_text"],
        reply_text=row["reply_text"],
        heard_text=row["heard_text"],
        source=row["source"],
        agent=row["agent"],
        tier=row["tier"],
        interrupted=row["interrupted"],
        filler_played=row["filler_played"],
        partial=row["partial"],
        heard=duration(row["heard_ms"]),
        reply_length=duration(row["reply_length_ms"]),
        latency=TurnLatency(
            end_of_turn=duration(row["end_of_turn_ms"]),
            transcription=duration(row["transcription_ms"]),
            first_text=duration(row["first_text_ms"]),
            synthesis=duration(row["synthesis_ms"]),
            first_audio=duration(row["first_audio_ms"]),
            reply_audio=duration(row["reply_audio_ms"]),
        ),
    )


def _transition(row: Row) -> AgentTransitioned:
    return AgentTransitioned(
        from_agent=row["from_agent"],
        to_agent=row["to_agent"],
        occurred_at=row["transition_timestamp"],
        trigger=row["trigger_reason"],
        context_preserved=row["context_preserved"],
        duration=duration(row["transition_duration_ms"]),
        turn_id=row["turn_id"],
    )


def _escalation(row: Row) -> TierEscalated:
    return TierEscalated(
        escalation_id=row["escalation_id"],
        turn_id=row["turn_id"],
        trigger_agent=row["trigger_agent"],
        qualification_score=row["qualification_score"],
        from_tier=row["from_tier"],
        to_tier=row["to_tier"],
        occurred_at=row["escalation_timestamp"],
        cost_impact=amount(row["cost_impact_micros"], row["cost_impact_currency"]),
        budget_check_passed=row["budget_check_passed"],
        outcome=row["outcome"],
        reservation_id=row["reservation_id"],
    )
