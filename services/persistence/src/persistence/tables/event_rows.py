"""The statements that write call events, and events as the rows that these statements take."""

from datetime import datetime

from persistence.calls.admission import LogEntry
from persistence.tables.inserts import Insert, Row, amount_columns
from vocabulary.call_events import LATENCY_STEPS, AgentTransitioned, CallEvent, TierEscalation, TurnRecorded

# Each event is looked up for itself, see `persistence.tables.call_rows`.
FIND_EVENTS = """
    SELECT e.event_id, e.call_id, e.sequence, e.kind FROM unnest(%s::text[]) AS wanted (event_id) CROSS JOIN LATERAL (
        SELECT * FROM persistence.call_events WHERE event_id = wanted.event_id LIMIT 1
    ) AS e
    UNION ALL
    SELECT event_id, call_id, sequence, kind FROM persistence.call_events
    WHERE kind = 'event_lost' AND call_id = ANY (%s)
"""
READ_EVENTS = "SELECT encoded FROM persistence.call_events WHERE call_id = ANY (%s) ORDER BY call_id, sequence"
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
        *amount_columns(escalation.cost_impact),
        escalation.budget_check_passed,
        escalation.outcome,
        escalation.reservation_id or None,
    )


FOLLOWING = ((_TURNS, _turn_row), (_TRANSITIONS, _transition_row), (_ESCALATIONS, _escalation_row))


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000
