"""The statements that write call events, and events as the rows that these statements take."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from callwright_common.money import Amount
from persistence.calls.admission import LogEntry
from persistence.calls.projection import CallChange
from vocabulary.call_events import LATENCY_STEPS, AgentTransitioned, CallEvent, TierEscalation, TurnRecorded
from vocabulary.qualification import QualificationScore

Row = tuple[Any, ...]

# Both look each key up for itself. `= ANY (…)`, prepared while a table is empty, goes on reading the whole table when
# it has grown, until it is analysed.
LOCK_CALLS = """
    SELECT c.* FROM unnest(%s::text[]) AS wanted (call_id) CROSS JOIN LATERAL (
        SELECT call_id, last_sequence, end_time IS NOT NULL AND NOT end_presumed, erased_at IS NOT NULL
        FROM persistence.calls WHERE call_id = wanted.call_id FOR NO KEY UPDATE
    ) AS c
"""
FIND_EVENTS = """
    SELECT e.event_id, e.call_id, e.sequence, e.kind FROM unnest(%s::text[]) AS wanted (event_id) CROSS JOIN LATERAL (
        SELECT * FROM persistence.call_events WHERE event_id = wanted.event_id LIMIT 1
    ) AS e
    UNION ALL
    SELECT event_id, call_id, sequence, kind FROM persistence.call_events
    WHERE kind = 'event_lost' AND call_id = ANY (%s)
"""
READ_EVENTS = "SELECT encoded FROM persistence.call_events WHERE call_id = ANY (%s) ORDER BY call_id, sequence"
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
    def rows(self) -> str:
        """Any number of rows, given column by column."""
        arrays = ", ".join(f"%s::{kind}[]" for kind in self.types.values())
        return f"unnest({arrays}) AS n ({', '.join(self.types)})"

    @property
    def statement(self) -> str:
        """The insertion of any number of rows; a row that is there already stays."""
        names = ", ".join(self.types)
        return (
            f"INSERT INTO persistence.{self.table} ({names}) SELECT * FROM {self.rows} "  # noqa: S608 - constants
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
RESET_CALLS = f"""
    UPDATE persistence.calls AS c SET
        campaign_id = n.campaign_id, direction = n.direction, twilio_call_sid = n.twilio_call_sid,
        caller_number = n.caller_number, called_number = n.called_number, gateway_id = n.gateway_id,
        integration_enabled = n.integration_enabled, start_time = n.start_time,
        agent_transition_count = 0, current_agent = NULL, current_tier = 'standard', tier_escalation_trigger = NULL,
        qualification_score = NULL, qualification_threshold = NULL, score_factors = NULL,
        status = 'in_progress', end_time = NULL, end_reason = NULL, end_presumed = false, outcome = NULL,
        summary = NULL, premium_cost_micros = NULL, premium_cost_currency = NULL, workflow_context_id = NULL
    FROM {INSERT_CALLS.rows} WHERE c.call_id = n.call_id
"""  # noqa: S608 - constants
_EVENTS = Insert(
    "call_events",
    {
        "call_id": "text",
        "sequence": "bigint",
        "event_id": "text",
        "kind": "text",
        "occur_time": "timestamptz",
        "encoded": "bytea",
        "received_at": "timestamptz",
    },
)
INSERT_EVENTS = _EVENTS.statement.removesuffix("ON CONFLICT DO NOTHING")
REPLACE_LOST_EVENTS = f"""
    UPDATE persistence.call_events AS e SET
        event_id = n.event_id, kind = n.kind, occur_time = n.occur_time, encoded = n.encoded,
        received_at = n.received_at
    FROM {_EVENTS.rows} WHERE e.call_id = n.call_id AND e.sequence = n.sequence AND e.kind = 'event_lost'
"""  # noqa: S608 - constants
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
        "asked": "text",
        "asked_question_id": "text",
        "agent": "text",
        "tier": "text",
        "interrupted": "boolean",
        "filler_played": "boolean",
        "partial": "boolean",
        "heard_ms": "float8",
        "reply_length_ms": "float8",
        **{f"{step}_ms": "float8" for step in LATENCY_STEPS},
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


def arrays(rows: Iterable[Row]) -> list[list[Any]]:
    """Returns rows turned into columns, one array each."""
    return [list(column) for column in zip(*rows, strict=True)]


def call_row(change: CallChange, now: datetime) -> Row:
    """Returns the row of `INSERT_CALLS` and `RESET_CALLS` of a call's first events."""
    start = change.started
    return (
        change.call_id,
        start.campaign_id or None,
        start.direction,
        start.twilio_call_sid or None,
        start.caller_number or None,
        start.called_number or None,
        start.gateway_id or None,
        start.integration_enabled,
        change.first_event_time,
        change.last_event_time,
        now,
    )


def event_row(entry: LogEntry, now: datetime) -> Row:
    """Returns the row of `INSERT_EVENTS` and `REPLACE_LOST_EVENTS` of an entry."""
    event = entry.event
    return (event.call_id, event.sequence, event.event_id, entry.kind, event.occur_time, entry.encoded, now)


def _turn_row(event: CallEvent) -> Row | None:
    recorded = event.event
    if not isinstance(recorded, TurnRecorded):
        return None
    turn, asked = recorded.turn, recorded.turn.asked
    return (
        event.call_id,
        event.sequence,
        turn.turn_id or event.event_id,
        turn.occur_time,
        turn.caller_text,
        turn.reply_text,
        turn.heard_text,
        turn.source,
        asked.expectation if asked else None,
        asked.question_id or None if asked else None,
        recorded.agent,
        recorded.tier,
        turn.interrupted,
        recorded.filler_played,
        recorded.partial,
        recorded.heard_seconds * 1000,
        recorded.reply_seconds * 1000,
        *(_milliseconds(getattr(recorded.latency, step)) for step in LATENCY_STEPS),
    )


def _transition_row(event: CallEvent) -> Row | None:
    if not isinstance(event.event, AgentTransitioned):
        return None
    transition = event.event.transition
    return (
        event.call_id,
        event.sequence,
        transition.turn_id or None,
        transition.from_agent,
        transition.to_agent,
        transition.occur_time,
        transition.trigger,
        transition.context_preserved,
        transition.duration_seconds * 1000,
    )


def _escalation_row(event: CallEvent) -> Row | None:
    escalation = event.event
    if not isinstance(escalation, TierEscalation):
        return None
    return (
        event.call_id,
        event.sequence,
        escalation.escalation_id or event.event_id,
        escalation.turn_id or None,
        escalation.trigger_agent,
        escalation.qualification_score,
        escalation.from_tier,
        escalation.to_tier,
        escalation.occur_time,
        *_amount(escalation.cost_impact),
        escalation.budget_check_passed,
        escalation.outcome,
        escalation.reservation_id or None,
    )


FOLLOWING = ((_TURNS, _turn_row), (_TRANSITIONS, _transition_row), (_ESCALATIONS, _escalation_row))


def change_row(change: CallChange) -> Row:
    """Returns the row of `UPDATE_CALLS` of a change."""
    score, ended = change.score, change.ended
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
        _factors(score) if score else None,
        change.end_time,
        ended.end_reason if ended else None,
        ended.outcome if ended else None,
        (ended.summary or None) if ended else None,
        *_amount(ended.premium_cost if ended else None),
        (ended.workflow_context_id or None) if ended else None,
    )


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000


def _amount(amount: Amount | None) -> tuple[int | None, str | None]:
    return (amount.micros, amount.currency) if amount else (None, None)


def _factors(score: QualificationScore) -> str:
    """Returns the factors of a score as JSON text."""
    return json.dumps(
        [
            {
                "factor": factor.factor,
                "value": factor.value,
                "confidence": factor.confidence,
                "weight": factor.weight,
                "evidence": [{"turn_id": one.turn_id, "quote": one.quote} for one in factor.evidence],
            }
            for factor in score.factors
        ]
    )
