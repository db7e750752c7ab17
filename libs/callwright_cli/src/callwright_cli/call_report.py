"""A finished call as the JSON document `call.json`."""

import json
from datetime import datetime
from pathlib import Path

from callwright_common.money import Amount, format_micros
from vocabulary.call_events import TierEscalation, TurnLatency, TurnRecorded
from vocabulary.call_record import CallHistory
from vocabulary.turns import AgentTransition, Booking


def call_document(record: CallHistory, *, persona: str, seed: int) -> dict[str, object]:
    """Returns the document of a call, as plain values."""
    call = record.call
    score = call.score
    return {
        "call_id": call.call_id,
        "campaign": call.campaign_id,
        "persona": persona,
        "seed": seed,
        "started_at": _time(call.start_time),
        "ended_at": _time(call.end_time),
        "end_reason": call.end_reason,
        "outcome": call.outcome,
        "score": score and {"overall": score.overall, "factors": {one.factor: one.value for one in score.factors}},
        "turns": [_turn(turn) for turn in record.turns],
        "transitions": [_transition(transition) for transition in record.transitions],
        "escalations": [_escalation(escalation) for escalation in record.escalations],
        "bookings": [_booking(booking) for booking in record.bookings],
    }


def write_call_document(path: Path, document: dict[str, object]) -> None:
    """Writes the document as indented JSON."""
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def money(amount: Amount | None) -> str:
    """Returns an amount as text, for example `0.1017 USD`; empty for none."""
    return "" if amount is None else f"{format_micros(amount.micros)} {amount.currency}"


def milliseconds(latency: TurnLatency) -> dict[str, float]:
    """Returns the steps that happened, in milliseconds."""
    return {step: round(seconds * 1000, 1) for step, seconds in latency.steps().items()}


def _turn(recorded: TurnRecorded) -> dict[str, object]:
    turn = recorded.turn
    return {
        "turn_id": turn.turn_id,
        "caller_text": turn.caller_text,
        "reply_text": turn.reply_text,
        "heard_text": turn.heard_text,
        "agent": recorded.agent,
        "source": turn.source,
        "interrupted": turn.interrupted,
        "latency_ms": milliseconds(recorded.latency),
    }


def _transition(transition: AgentTransition) -> dict[str, object]:
    return {
        "from_agent": transition.from_agent,
        "to_agent": transition.to_agent,
        "trigger": transition.trigger,
        "turn_id": transition.turn_id,
        "context_preserved": transition.context_preserved,
        "occurred_at": _time(transition.occur_time),
    }


def _escalation(escalation: TierEscalation) -> dict[str, object]:
    return {
        "escalation_id": escalation.escalation_id,
        "turn_id": escalation.turn_id,
        "trigger_agent": escalation.trigger_agent,
        "qualification_score": escalation.qualification_score,
        "from_tier": escalation.from_tier,
        "to_tier": escalation.to_tier,
        "outcome": escalation.outcome,
        "budget_check_passed": escalation.budget_check_passed,
        "cost_impact": money(escalation.cost_impact),
        "reservation_id": escalation.reservation_id,
        "occurred_at": _time(escalation.occur_time),
    }


def _booking(booking: Booking) -> dict[str, object]:
    return {
        "booking_id": booking.booking_id,
        "slot_id": booking.slot_id,
        "starts_at": _time(booking.start_time),
        "ends_at": _time(booking.end_time),
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
