"""Reads calls, their history and their events, and closes those that are lost."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import dict_row

from callwright_common.errors import FailedPreconditionError, NotFoundError
from callwright_common.money import Amount
from persistence.tables.booking_store import bookings_of_call
from persistence.tables.database import Connection, Database
from vocabulary.call_events import LATENCY_STEPS, TierEscalation, TurnLatency, TurnRecorded
from vocabulary.call_record import Call, CallHistory, CampaignReport
from vocabulary.enums import (
    AGENTS,
    CALL_DIRECTIONS,
    CALL_STATUSES,
    END_REASONS,
    ESCALATION_OUTCOMES,
    EXPECTATIONS,
    FACTORS,
    OUTCOMES,
    REPLY_SOURCES,
    TIERS,
    TRANSITION_TRIGGERS,
)
from vocabulary.qualification import Evidence, FactorScore, QualificationScore
from vocabulary.turns import AgentTransition, Question, TurnRecord

Row = dict[str, Any]

_GET_CALL = "SELECT * FROM persistence.calls WHERE call_id = %s"
_LIST_CALLS = """
    SELECT * FROM persistence.calls
    WHERE (%(campaign_id)s::text IS NULL OR campaign_id = %(campaign_id)s)
      AND (%(start_time)s::timestamptz IS NULL OR (start_time, call_id) < (%(start_time)s, %(call_id)s::text))
    ORDER BY start_time DESC, call_id DESC LIMIT %(limit)s
"""
_TURNS = "SELECT * FROM persistence.turns WHERE call_id = %s ORDER BY sequence"
_TRANSITIONS = "SELECT * FROM persistence.agent_transitions WHERE call_id = %s ORDER BY sequence"
_ESCALATIONS = "SELECT * FROM persistence.tier_escalation_events WHERE call_id = %s ORDER BY sequence"
_EVENTS = """
    SELECT sequence, encoded FROM persistence.call_events WHERE call_id = %s AND sequence > %s
    ORDER BY sequence LIMIT %s
"""
_EXISTS = "SELECT 1 FROM persistence.calls WHERE call_id = %s"
_CLOSE_LOST = """
    UPDATE persistence.calls SET
        status = 'ended', end_time = last_event_time, end_reason = 'gateway_lost', end_presumed = true
    WHERE call_id IN (
        SELECT call_id FROM persistence.calls WHERE status = 'in_progress' AND last_received_at < %s
        ORDER BY last_received_at LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED
    )
    RETURNING call_id
"""
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

    @property
    def available(self) -> bool:
        """Whether the database takes events now."""
        return self._database.available

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
        return CampaignReport(calls, qualified, bookings, escalations, _amount(micros, (currencies or [None])[0]))

    async def close_lost(self, silent_since: datetime) -> list[str]:
        """Closes the calls that go on and of which nothing came since, and returns their ids."""

        async def close(connection: Connection) -> list[str]:
            return [row[0] for row in await (await connection.execute(_CLOSE_LOST, [silent_since])).fetchall()]

        return await self._database.transaction(close)


def _call_not_found() -> NotFoundError:
    return NotFoundError("CALL_NOT_FOUND", "there is no call with this id")


async def _rows(connection: Connection, statement: str, values: Any) -> list[Row]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, values)
        return await cursor.fetchall()


def _call(row: Row) -> Call:
    return Call(
        call_id=row["call_id"],
        status=CALL_STATUSES.required_word(row["status"]),
        campaign_id=row["campaign_id"] or "",
        direction=CALL_DIRECTIONS.required_word(row["direction"]),
        twilio_call_sid=row["twilio_call_sid"] or "",
        caller_number=row["caller_number"] or "",
        called_number=row["called_number"] or "",
        start_time=row["start_time"],
        end_time=row["end_time"],
        end_reason=END_REASONS.from_word(row["end_reason"]),
        outcome=OUTCOMES.from_word(row["outcome"]),
        summary=row["summary"] or "",
        score=_score(row),
        current_agent=AGENTS.from_word(row["current_agent"]),
        current_tier=TIERS.required_word(row["current_tier"]),
        agent_transition_count=row["agent_transition_count"],
        tier_escalation_trigger=AGENTS.from_word(row["tier_escalation_trigger"]),
        workflow_context_id=row["workflow_context_id"] or "",
        premium_cost=_amount(row["premium_cost_micros"], row["premium_cost_currency"]),
        integration_enabled=row["integration_enabled"],
    )


def _turn(row: Row) -> TurnRecorded:
    expectation = EXPECTATIONS.from_word(row["asked"])
    return TurnRecorded(
        turn=TurnRecord(
            turn_id=row["turn_id"],
            caller_text=row["caller_text"],
            reply_text=row["reply_text"],
            heard_text=row["heard_text"],
            source=REPLY_SOURCES.required_word(row["source"]),
            occur_time=row["occur_time"],
            interrupted=row["interrupted"],
            asked=Question(expectation, row["asked_question_id"] or "") if expectation else None,
        ),
        agent=AGENTS.from_word(row["agent"]),
        tier=TIERS.required_word(row["tier"]),
        latency=TurnLatency(**{step: _seconds(row[f"{step}_ms"]) for step in LATENCY_STEPS}),
        heard_seconds=row["heard_ms"] / 1000,
        reply_seconds=row["reply_length_ms"] / 1000,
        filler_played=row["filler_played"],
        partial=row["partial"],
    )


def _transition(row: Row) -> AgentTransition:
    return AgentTransition(
        from_agent=AGENTS.from_word(row["from_agent"]),
        to_agent=AGENTS.required_word(row["to_agent"]),
        occur_time=row["transition_timestamp"],
        trigger=TRANSITION_TRIGGERS.required_word(row["trigger_reason"]),
        duration_seconds=row["transition_duration_ms"] / 1000,
        turn_id=row["turn_id"] or "",
        context_preserved=row["context_preserved"],
    )


def _escalation(row: Row) -> TierEscalation:
    return TierEscalation(
        escalation_id=row["escalation_id"],
        turn_id=row["turn_id"] or "",
        trigger_agent=AGENTS.from_word(row["trigger_agent"]),
        qualification_score=row["qualification_score"],
        from_tier=TIERS.required_word(row["from_tier"]),
        to_tier=TIERS.required_word(row["to_tier"]),
        occur_time=row["escalation_timestamp"],
        cost_impact=_amount(row["cost_impact_micros"], row["cost_impact_currency"]),
        budget_check_passed=row["budget_check_passed"],
        outcome=ESCALATION_OUTCOMES.required_word(row["outcome"]),
        reservation_id=row["reservation_id"] or "",
    )


def _score(row: Row) -> QualificationScore | None:
    if row["qualification_score"] is None:
        return None
    factors = tuple(
        FactorScore(
            factor,
            one["value"],
            one["confidence"],
            one["weight"],
            tuple(Evidence(quote["turn_id"], quote["quote"]) for quote in one["evidence"]),
        )
        for one in row["score_factors"]
        if (factor := FACTORS.from_word(one["factor"])) is not None
    )
    return QualificationScore(row["qualification_score"], row["qualification_threshold"], factors)


def _amount(micros: int | None, currency: str | None) -> Amount | None:
    return None if micros is None or currency is None else Amount(micros, currency)


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000
