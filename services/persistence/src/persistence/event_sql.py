"""The statements that write call events, and events as the rows that these statements take."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from persistence.call_events import AgentTransitioned, CallEvent, CallStarted, TierEscalated, TurnRecorded
from persistence.columns import factors_json, milliseconds
from persistence.projection import CallChange

LOCK_CALLS = """
    SELECT call_id, last_sequence, end_time IS NOT NULL AND NOT end_presumed, erased_at IS NOT NULL
    FROM persistence.calls WHERE call_id = ANY(%s) ORDER BY call_id FOR NO KEY UPDATE
"""
FIND_EVENTS = "SELECT event_id, call_id, sequence FROM persistence.call_events WHERE event_id = ANY(%s)"
UPDATE_CALLS = """
    UPDATE persistence.calls AS c SET
        last_sequence = n.last_sequence,
        last_event_time = n.last_event_time,
        last_received_at = %s,
        agent_transition_count = c.agent_transition_count + n.transitions,
        current_agent = coalesce(n.current_agent, c.current_agent),
        current_tier = coalesce(n.current_tier, c.current_tier),
        tier_escalation_trigger = coalesce(c.tier_escalation_trigger, n.escalation_trigger),
        qualification_score = coalesce(n.score, c.qualification_score),
        qualification_threshold = coalesce(n.threshold, c.qualification_threshold),
        score_factors = coalesce(n.factors::jsonb, c.score_factors),
        status = CASE WHEN n.end_time IS NOT NULL OR (c.end_time IS NOT NULL AND NOT c.end_presumed)
                      THEN 'ended' ELSE 'in_progress' END,
        end_time = CASE WHEN c.end_presumed THEN n.end_time ELSE coalesce(c.end_time, n.end_time) END,
        end_reason = CASE WHEN c.end_presumed THEN n.end_reason ELSE coalesce(c.end_reason, n.end_reason) END,
        end_presumed = false,
        outcome = coalesce(c.outcome, n.outcome),
        summary = coalesce(c.summary, n.summary),
        premium_cost_micros = coalesce(c.premium_cost_micros, n.cost_micros),
        premium_cost_currency = coalesce(c.premium_cost_currency, n.cost_currency),
        workflow_context_id = coalesce(c.workflow_context_id, n.workflow_context_id)
    FROM unnest(
        %s::text[], %s::bigint[], %s::timestamptz[], %s::integer[], %s::text[], %s::text[], %s::text[],
        %s::float8[], %s::float8[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[],
        %s::bigint[], %s::text[], %s::text[]
    ) AS n (
        call_id, last_sequence, last_event_time, transitions, current_agent, current_tier, escalation_trigger,
        score, threshold, factors, end_time, end_reason, outcome, summary,
        cost_micros, cost_currency, workflow_context_id
    )
    WHERE c.call_id = n.call_id
"""


@dataclass(frozen=True, slots=True)
class Insert:
    """A table, the columns that are written and their types."""

    table: str
    types: Mapping[str, str]

    @property
    def statement(self) -> str:
        """The insertion of any number of rows, given column by column; a row that is there already stays."""
        names = ", ".join(self.types)
        arrays = ", ".join(f"%s::{kind}[]" for kind in self.types.values())
        return (
            f"INSERT INTO persistence.{self.table} ({names}) SELECT * FROM unnest({arrays}) "  # noqa: S608 - constants
            "ON CONFLICT DO NOTHING"
        )


INSERT_CALLS = Insert(
    "calls",
    {
        "call_id": "text",
        "campaign_id": "text",
        "direction": "text",
        "twilio_call_sid": "text",
        "caller_number": "text",
        "called_number": "text",
        "gateway_id": "text",
        "integration_enabled": "boolean",
        "start_time": "timestamptz",
        "last_event_time": "timestamptz",
        "last_received_at": "timestamptz",
    },
)
INSERT_EVENTS = """
    INSERT INTO persistence.call_events (call_id, sequence, event_id, kind, occur_time, encoded, received_at)
    SELECT n.*, %s FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::bytea[]) AS n
"""
_TURNS = Insert(
    "turns",
    {
        "call_id": "text",
        "sequence": "bigint",
        "turn_id": "text",
        "occur_time": "timestamptz",
        "caller_text": "text",
        "reply_text": "text",
        "heard_text": "text",
        "source": "text",
        "agent": "text",
        "tier": "text",
        "interrupted": "boolean",
        "filler_played": "boolean",
        "partial": "boolean",
        "heard_ms": "float8",
        "reply_length_ms": "float8",
        "end_of_turn_ms": "float8",
        "transcription_ms": "float8",
        "first_text_ms": "float8",
        "synthesis_ms": "float8",
        "first_audio_ms": "float8",
        "reply_audio_ms": "float8",
    },
)
_TRANSITIONS = Insert(
    "agent_transitions",
    {
        "call_id": "text",
        "sequence": "bigint",
        "turn_id": "text",
        "from_agent": "text",
        "to_agent": "text",
        "transition_timestamp": "timestamptz",
        "trigger_reason": "text",
        "context_preserved": "boolean",
        "transition_duration_ms": "float8",
    },
)
_ESCALATIONS = Insert(
    "tier_escalation_events",
    {
        "call_id": "text",
        "sequence": "bigint",
        "escalation_id": "text",
        "turn_id": "text",
        "trigger_agent": "text",
        "qualification_score": "float8",
        "from_tier": "text",
        "to_tier": "text",
        "escalation_timestamp": "timestamptz",
        "cost_impact_micros": "bigint",
        "cost_impact_currency": "text",
        "budget_check_passed": "boolean",
        "outcome": "text",
        "reservation_id": "text",
    },
)


def arrays(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Returns rows turned into columns, one array each."""
    return [list(column) for column in zip(*rows, strict=True)]


def call_row(event: CallEvent, now: datetime) -> tuple[Any, ...] | None:
    """Returns the row of `INSERT_CALLS` that a call starts with, None for another event."""
    start = event.detail
    if not isinstance(start, CallStarted):
        return None
    return (
        event.call_id,
        start.campaign_id,
        start.direction,
        start.twilio_call_sid,
        start.caller_number,
        start.called_number,
        start.gateway_id,
        start.integration_enabled,
        event.occurred_at,
        event.occurred_at,
        now,
    )


def _turn_row(event: CallEvent) -> tuple[Any, ...] | None:
    turn = event.detail
    if not isinstance(turn, TurnRecorded):
        return None
    latency = turn.latency
    return (
        event.call_id,
        event.sequence,
        turn.turn_id,
        turn.occurred_at,
        turn.caller_text,
        turn.reply_text,
        turn.heard_text,
        turn.source,
        turn.agent,
        turn.tier,
        turn.interrupted,
        turn.filler_played,
        turn.partial,
        milliseconds(turn.heard),
        milliseconds(turn.reply_length),
        milliseconds(latency.end_of_turn),
        milliseconds(latency.transcription),
        milliseconds(latency.first_text),
        milliseconds(latency.synthesis),
        milliseconds(latency.first_audio),
        milliseconds(latency.reply_audio),
    )


def _transition_row(event: CallEvent) -> tuple[Any, ...] | None:
    transition = event.detail
    if not isinstance(transition, AgentTransitioned):
        return None
    return (
        event.call_id,
        event.sequence,
        transition.turn_id,
        transition.from_agent,
        transition.to_agent,
        transition.occurred_at,
        transition.trigger,
        transition.context_preserved,
        milliseconds(transition.duration),
    )


def _escalation_row(event: CallEvent) -> tuple[Any, ...] | None:
    escalation = event.detail
    if not isinstance(escalation, TierEscalated):
        return None
    cost = escalation.cost_impact
    return (
        event.call_id,
        event.sequence,
        escalation.escalation_id,
        escalation.turn_id,
        escalation.trigger_agent,
        escalation.qualification_score,
        escalation.from_tier,
        escalation.to_tier,
        escalation.occurred_at,
        cost.micros if cost else None,
        cost.currency if cost else None,
        escalation.budget_check_passed,
        escalation.outcome,
        escalation.reservation_id,
    )


def change_row(change: CallChange) -> tuple[Any, ...]:
    """Returns the row of `UPDATE_CALLS` of a change."""
    score, ended = change.score, change.ended
    cost = ended.premium_cost if ended else None
    return (
        change.call_id,
        change.last_sequence,
        change.last_event_time,
        change.transitions,
        change.current_agent,
        change.current_tier,
        change.escalation_trigger,
        score.overall if score else None,
        score.threshold if score else None,
        factors_json(score),
        change.end_time,
        ended.end_reason if ended else None,
        ended.outcome if ended else None,
        ended.summary if ended else None,
        cost.micros if cost else None,
        cost.currency if cost else None,
        ended.workflow_context_id if ended else None,
    )


FOLLOWING = ((_TURNS, _turn_row), (_TRANSITIONS, _transition_row), (_ESCALATIONS, _escalation_row))
