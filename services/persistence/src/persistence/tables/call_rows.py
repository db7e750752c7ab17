"""The statements that write calls, and what events change in a call as the rows that these statements take."""

from datetime import datetime

from callwright_common.money import Amount
from persistence.calls.projection import CallChange
from persistence.tables.columns import Columns, Row, Table
from vocabulary.call_events import CallStarted
from vocabulary.call_record import Call
from vocabulary.enums import CallStatus
from vocabulary.qualification import QualificationScore

CALL = Columns(
    Call,
    {
        "overall": "qualification_score",
        "threshold": "qualification_threshold",
        "factors": "score_factors",
        "erase_time": "erased_at",
    },
)
_STARTED, _SCORE, _AMOUNT = Columns(CallStarted), Columns(QualificationScore), Columns(Amount)

# Each key is looked up for itself. `= ANY (…)`, prepared while a table is empty, goes on reading the whole table when
# it has grown, until it is analysed.
LOCK_CALLS = """
    SELECT c.* FROM unnest(%s::text[]) AS wanted (call_id) CROSS JOIN LATERAL (
        SELECT call_id, last_sequence,
            end_time IS NOT NULL AND NOT end_presumed AS ended, erased_at IS NOT NULL AS erased
        FROM persistence.calls WHERE call_id = wanted.call_id FOR NO KEY UPDATE
    ) AS c
"""
UPDATE_CALLS = f"""
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
                      THEN '{CallStatus.ENDED}' ELSE '{CallStatus.IN_PROGRESS}' END,
        end_time = CASE WHEN c.end_presumed THEN n.end_time ELSE coalesce(c.end_time, n.end_time) END,
        end_reason = CASE WHEN c.end_presumed THEN n.end_reason ELSE coalesce(c.end_reason, n.end_reason) END,
        end_presumed = false,
        outcome = coalesce(c.outcome, n.outcome),
        summary = coalesce(c.summary, n.summary),
        premium_cost_micros = coalesce(c.premium_cost_micros, n.cost_micros),
        premium_cost_currency = coalesce(c.premium_cost_currency, n.cost_currency),
        workflow_context_id = coalesce(c.workflow_context_id, n.workflow_context_id),
        disposition = coalesce(c.disposition, n.disposition),
        call_back = coalesce(c.call_back, n.call_back)
    FROM unnest(
        %s::text[], %s::bigint[], %s::timestamptz[], %s::integer[], %s::text[], %s::text[], %s::text[],
        %s::float8[], %s::float8[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[],
        %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]
    ) AS n (
        call_id, last_sequence, last_event_time, transitions, current_agent, current_tier, escalation_trigger,
        score, threshold, factors, end_time, end_reason, outcome, summary,
        cost_micros, cost_currency, workflow_context_id, disposition, call_back
    )
    WHERE c.call_id = n.call_id
"""  # noqa: S608 - constants

INSERT_CALLS = Table(
    "calls",
    {
        "call_id": "text",
        **_STARTED.types,
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
        agent_transition_count = 0, current_agent = NULL, current_tier = DEFAULT, tier_escalation_trigger = NULL,
        qualification_score = NULL, qualification_threshold = NULL, score_factors = NULL,
        status = DEFAULT, end_time = NULL, end_reason = NULL, end_presumed = false, outcome = NULL,
        summary = NULL, premium_cost_micros = NULL, premium_cost_currency = NULL, workflow_context_id = NULL,
        disposition = NULL, call_back = NULL
    FROM {INSERT_CALLS.rows} WHERE c.call_id = n.call_id
"""  # noqa: S608 - constants


def call_row(change: CallChange, now: datetime) -> Row:
    """Returns the row of `INSERT_CALLS` and `RESET_CALLS` of a call's first events."""
    started = _STARTED.write(change.started)
    return (change.call_id, *started, change.first_event_time, change.last_event_time, now)


def change_row(change: CallChange) -> Row:
    """Returns the row of `UPDATE_CALLS` of a change."""
    ended = change.ended
    return (
        change.call_id,
        change.last_sequence,
        change.last_event_time,
        change.transitions,
        change.current_agent,
        change.current_tier,
        change.escalation_trigger,
        *_SCORE.write(change.score),
        change.end_time,
        ended.end_reason if ended else None,
        ended.outcome if ended else None,
        (ended.summary or None) if ended else None,
        *_AMOUNT.write(ended.premium_cost if ended else None),
        (ended.workflow_context_id or None) if ended else None,
        (ended.disposition or None) if ended else None,
        (ended.call_back or None) if ended else None,
    )
