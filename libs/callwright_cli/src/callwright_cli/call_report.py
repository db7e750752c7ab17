"""A finished call as the JSON document `call.json`."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from callwright_cli.call_record import RecordedCall, RecordedTurn


def call_document(record: RecordedCall, *, persona: str, seed: int) -> dict[str, object]:
    """Returns the document of a call, as plain values."""
    return {
        "call_id": record.call_id,
        "campaign": record.campaign,
        "persona": persona,
        "seed": seed,
        "started_at": record.started_at.isoformat(),
        "ended_at": record.ended_at.isoformat(),
        "end_reason": record.end_reason,
        "outcome": record.outcome,
        "score": {"overall": record.score.overall, "factors": record.score.factors},
        "turns": [_turn(turn) for turn in record.turns],
        "transitions": [_plain(asdict(transition)) for transition in record.transitions],
        "escalations": [_plain(asdict(escalation)) for escalation in record.escalations],
        "bookings": [_plain(asdict(booking)) for booking in record.bookings],
    }


def write_call_document(path: Path, document: dict[str, object]) -> None:
    """Writes the document as indented JSON."""
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def _turn(turn: RecordedTurn) -> dict[str, object]:
    return {
        "turn_id": turn.turn_id,
        "caller_text": turn.caller_text,
        "reply_text": turn.reply_text,
        "heard_text": turn.heard_text,
        "agent": turn.agent,
        "source": turn.source,
        "interrupted": turn.interrupted,
        "latency_ms": turn.latency_ms,
    }


def _plain(fields: dict[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in fields.items()}
