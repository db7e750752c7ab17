"""A finished call as the JSON document `call.json`."""

import json
from dataclasses import asdict
from datetime import datetime
from operator import attrgetter
from pathlib import Path

from callwright_common.money import Amount, format_micros
from vocabulary.call_events import TierEscalation, TurnLatency
from vocabulary.call_record import CallHistory
from vocabulary.enums import Agent, Tier

_TURN = "turn.turn_id turn.caller_text turn.reply_text turn.heard_text agent turn.source turn.interrupted joined_into"
_TRANSITION = "from_agent to_agent trigger turn_id context_preserved"
_ESCALATION = (
    "escalation_id turn_id trigger_agent qualification_score from_tier to_tier outcome "
    "budget_check_passed reservation_id"
)
_OBJECTION = "turn.turn_id turn.caller_text turn.heard_text"
_BOOKING = "booking_id slot_id"


def call_document(record: CallHistory, *, persona: str, seed: int) -> dict[str, object]:
    """Returns the document of a call: plain values and times."""
    call = record.call
    score = call.score
    return {
        "call_id": call.call_id,
        "campaign": call.campaign_id,
        "persona": persona,
        "seed": seed,
        "started_at": call.start_time,
        "ended_at": call.end_time,
        "end_reason": call.end_reason,
        "outcome": call.outcome,
        "disposition": call.disposition,
        "call_back": call.call_back,
        "summary": call.summary,
        "premium_voice_cost": money(call.premium_cost),
        "score": score and {"overall": score.overall, "factors": {one.factor: one.value for one in score.factors}},
        "objections": [_entry(one, _OBJECTION) for one in record.turns if one.agent is Agent.OBJECTION_HANDLER],
        "turn_count": record.turn_count,
        "turns": [_entry(one, _TURN) | {"latency_ms": milliseconds(one.latency)} for one in record.turns],
        "transitions": [_entry(one, _TRANSITION, occurred_at="occur_time") for one in record.transitions],
        "escalations": [
            _entry(one, _ESCALATION, occurred_at="occur_time") | {_cost_name(one): money(one.cost_impact)}
            for one in record.escalations
        ],
        "bookings": [
            _entry(one, _BOOKING, starts_at="start_time", ends_at="end_time", cancelled_at="cancel_time")
            | {"contact": one.contact and asdict(one.contact)}
            for one in record.bookings
        ],
    }


def write_call_document(path: Path, document: dict[str, object]) -> None:
    """Writes the document as indented JSON."""
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False, default=datetime.isoformat)
    path.write_text(text + "\n", encoding="utf-8")


def money(amount: Amount | None) -> str:
    """Returns an amount as text, for example `0.1017 USD`; empty for none."""
    return "" if amount is None else f"{format_micros(amount.micros)} {amount.currency}"


def milliseconds(latency: TurnLatency) -> dict[str, float]:
    """Returns the steps that happened, in milliseconds."""
    return {step: round(seconds * 1000, 1) for step, seconds in latency.steps().items()}


def _cost_name(escalation: TierEscalation) -> str:
    """Returns what the money of a change of the voice is: a lease's limit, what was wanted in vain, or a real cost."""
    if escalation.from_tier is Tier.PREMIUM:
        return "spent"
    return "reserved" if escalation.budget_check_passed else "refused"


def _entry(value: object, paths: str, **renamed: str) -> dict[str, object]:
    """Returns the attributes at some paths, each under its own name, and those with another name in the document."""
    keys = {path.rpartition(".")[2]: path for path in paths.split()} | renamed
    return {key: attrgetter(path)(value) for key, path in keys.items()}
