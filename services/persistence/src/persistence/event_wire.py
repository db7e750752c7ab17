"""Reads call events from the wire and checks them; every failure names the field by its path."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money

from callwright.conversation.v1 import conversation_pb2
from callwright.persistence.v1 import persistence_pb2
from callwright_common.errors import InvalidArgumentError
from callwright_common.money import from_money
from callwright_common.validation import (
    require_duration,
    require_fraction,
    require_id,
    require_text,
    require_timestamp,
)
from callwright_common.wire import from_timestamp
from persistence import call_events as domain
from persistence.enum_words import AGENTS, DIRECTIONS, FACTORS, SOURCES, TIERS

MAX_EVENTS = 500
MAX_EVENT_BYTES = 64 * 1024
_MAX_TEXT = 16_000
_MAX_SUMMARY = 4_000
_MAX_QUOTE = 1_000
_MAX_EVIDENCE = 20
_MAX_SEQUENCE = 2**53
_MAX_DURATION = timedelta(days=1)
_CURRENCY = re.compile(r"[A-Z]{3}")


def read_batch(request: persistence_pb2.AppendCallEventsRequest) -> list[domain.CallEvent]:
    """Returns the events of a request."""
    if not 1 <= len(request.events) <= MAX_EVENTS:
        raise InvalidArgumentError("events", f"must be 1 to {MAX_EVENTS}")
    return [_read_event(f"events[{index}]", event) for index, event in enumerate(request.events)]


def _read_event(path: str, event: persistence_pb2.CallEvent) -> domain.CallEvent:
    encoded = event.SerializeToString()
    if len(encoded) > MAX_EVENT_BYTES:
        raise InvalidArgumentError(path, f"must have at most {MAX_EVENT_BYTES} bytes")
    event_id = require_id(f"{path}.event_id", event.event_id)
    call_id = require_id(f"{path}.call_id", event.call_id)
    if not 1 <= event.sequence <= _MAX_SEQUENCE:
        raise InvalidArgumentError(f"{path}.sequence", f"must be between 1 and {_MAX_SEQUENCE}")
    time = _required_time(f"{path}.occur_time", event, "occur_time")
    kind = event.WhichOneof("event")
    if kind is None:
        raise InvalidArgumentError(f"{path}.event", "must be specified")
    if (kind == "call_started") != (event.sequence == 1):
        raise InvalidArgumentError(f"{path}.call_started", "must be the call's first event and no other")
    detail = _read_detail(f"{path}.{kind}", event, kind, time)
    return domain.CallEvent(event_id, call_id, event.sequence, time, kind, detail, encoded)


def _read_detail(path: str, event: persistence_pb2.CallEvent, kind: str, time: datetime) -> domain.Detail:
    match kind:
        case "call_started":
            return _read_start(path, event.call_started)
        case "turn_recorded":
            return _read_turn(path, event.turn_recorded, time)
        case "agent_transitioned":
            return _read_transition(f"{path}.transition", event.agent_transitioned.transition, time)
        case "score_changed":
            changed = event.score_changed
            if not changed.HasField("score"):
                raise InvalidArgumentError(f"{path}.score", "must be set")
            score = _read_score(f"{path}.score", changed.score)
            return domain.ScoreChanged(score, _optional_id(f"{path}.turn_id", changed.turn_id))
        case "tier_escalation":
            return _read_escalation(path, event.tier_escalation, time)
        case "call_ended":
            return _read_end(path, event.call_ended)
        case _:
            return domain.CallAlive()


def _read_start(path: str, start: persistence_pb2.CallStarted) -> domain.CallStarted:
    return domain.CallStarted(
        campaign_id=require_id(f"{path}.campaign_id", start.campaign_id),
        direction=DIRECTIONS.required(f"{path}.direction", start.direction),
        twilio_call_sid=_optional_id(f"{path}.twilio_call_sid", start.twilio_call_sid),
        caller_number=_optional_text(f"{path}.caller_number", start.caller_number, 128),
        called_number=_optional_text(f"{path}.called_number", start.called_number, 128),
        gateway_id=_optional_text(f"{path}.gateway_id", start.gateway_id, 128),
        integration_enabled=start.integration_enabled,
    )


def _read_turn(path: str, recorded: persistence_pb2.TurnRecorded, time: datetime) -> domain.TurnRecorded:
    turn, latency = recorded.turn, recorded.latency
    steps = domain.TurnLatency(
        end_of_turn=_optional_duration(f"{path}.latency.end_of_turn", latency, "end_of_turn"),
        transcription=_optional_duration(f"{path}.latency.transcription", latency, "transcription"),
        first_text=_optional_duration(f"{path}.latency.first_text", latency, "first_text"),
        synthesis=_optional_duration(f"{path}.latency.synthesis", latency, "synthesis"),
        first_audio=_optional_duration(f"{path}.latency.first_audio", latency, "first_audio"),
        reply_audio=_optional_duration(f"{path}.latency.reply_audio", latency, "reply_audio"),
    )
    return domain.TurnRecorded(
        turn_id=require_id(f"{path}.turn.turn_id", turn.turn_id),
        occurred_at=_time_or(f"{path}.turn.occur_time", turn, time),
        caller_text=_text(f"{path}.turn.caller_text", turn.caller_text),
        reply_text=_text(f"{path}.turn.reply_text", turn.reply_text),
        heard_text=_text(f"{path}.turn.heard_text", turn.heard_text),
        source=_source(f"{path}.turn.source", turn),
        agent=AGENTS.optional(f"{path}.agent", recorded.agent),
        tier=TIERS.required(f"{path}.tier", recorded.tier),
        interrupted=turn.interrupted,
        filler_played=recorded.filler_played,
        partial=recorded.partial,
        heard=_optional_duration(f"{path}.heard", recorded, "heard"),
        reply_length=_optional_duration(f"{path}.reply_length", recorded, "reply_length"),
        latency=steps,
    )


def _source(field: str, turn: conversation_pb2.TurnRecord) -> str | None:
    """Returns who made the reply, None only where there is no reply."""
    if not turn.reply_text:
        return SOURCES.optional(field, turn.source)
    return SOURCES.required(field, turn.source)


def _read_transition(
    path: str, transition: conversation_pb2.AgentTransition, time: datetime
) -> domain.AgentTransitioned:
    return domain.AgentTransitioned(
        from_agent=AGENTS.optional(f"{path}.from_agent", transition.from_agent),
        to_agent=AGENTS.required(f"{path}.to_agent", transition.to_agent),
        occurred_at=_time_or(f"{path}.occur_time", transition, time),
        trigger=_optional_text(f"{path}.trigger", transition.trigger, 255),
        context_preserved=transition.context_preserved,
        duration=_optional_duration(f"{path}.duration", transition, "duration"),
        turn_id=_optional_id(f"{path}.turn_id", transition.turn_id),
    )


def _read_escalation(path: str, escalation: persistence_pb2.TierEscalation, time: datetime) -> domain.TierEscalated:
    return domain.TierEscalated(
        escalation_id=require_id(f"{path}.escalation_id", escalation.escalation_id),
        turn_id=_optional_id(f"{path}.turn_id", escalation.turn_id),
        trigger_agent=AGENTS.optional(f"{path}.trigger_agent", escalation.trigger_agent),
        qualification_score=require_fraction(f"{path}.qualification_score", escalation.qualification_score),
        from_tier=TIERS.required(f"{path}.from_tier", escalation.from_tier),
        to_tier=TIERS.required(f"{path}.to_tier", escalation.to_tier),
        occurred_at=_time_or(f"{path}.occur_time", escalation, time),
        cost_impact=_optional_amount(f"{path}.cost_impact", escalation, "cost_impact"),
        budget_check_passed=escalation.budget_check_passed,
        outcome=_word(f"{path}.outcome", escalation.outcome, domain.ESCALATION_OUTCOMES),
        reservation_id=_optional_id(f"{path}.reservation_id", escalation.reservation_id),
    )


def _read_end(path: str, ended: persistence_pb2.CallEnded) -> domain.CallEnded:
    return domain.CallEnded(
        end_reason=_word(f"{path}.end_reason", ended.end_reason, domain.END_REASONS),
        outcome=_optional_text(f"{path}.outcome", ended.outcome, 200),
        score=_read_score(f"{path}.score", ended.score) if ended.HasField("score") else None,
        premium_cost=_optional_amount(f"{path}.premium_cost", ended, "premium_cost"),
        summary=_optional_text(f"{path}.summary", ended.summary, _MAX_SUMMARY),
        workflow_context_id=_optional_id(f"{path}.workflow_context_id", ended.workflow_context_id),
    )


def _read_score(path: str, score: conversation_pb2.QualificationScore) -> domain.Score:
    factors = tuple(_read_factor(f"{path}.factors[{index}]", factor) for index, factor in enumerate(score.factors))
    if len({factor.factor for factor in factors}) != len(factors):
        raise InvalidArgumentError(f"{path}.factors", "must name each factor once")
    return domain.Score(
        require_fraction(f"{path}.overall", score.overall),
        require_fraction(f"{path}.threshold", score.threshold),
        factors,
    )


def _read_factor(path: str, factor: conversation_pb2.FactorScore) -> domain.FactorScore:
    if len(factor.evidence) > _MAX_EVIDENCE:
        raise InvalidArgumentError(f"{path}.evidence", f"must be at most {_MAX_EVIDENCE}")
    return domain.FactorScore(
        factor=FACTORS.required(f"{path}.factor", factor.factor),
        value=require_fraction(f"{path}.value", factor.value),
        confidence=require_fraction(f"{path}.confidence", factor.confidence),
        weight=require_fraction(f"{path}.weight", factor.weight),
        evidence=tuple(
            domain.Evidence(
                _optional_id(f"{path}.evidence[{index}].turn_id", one.turn_id) or "",
                require_text(f"{path}.evidence[{index}].quote", one.quote, max_length=_MAX_QUOTE, allow_empty=True),
            )
            for index, one in enumerate(factor.evidence)
        ),
    )


def _text(field: str, value: str) -> str:
    return require_text(field, value, max_length=_MAX_TEXT, allow_empty=True)


def _optional_text(field: str, value: str, max_length: int) -> str | None:
    return require_text(field, value, max_length=max_length) if value else None


def _optional_id(field: str, value: str) -> str | None:
    return require_id(field, value) if value else None


def _word(field: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise InvalidArgumentError(field, "must be one of " + ", ".join(known))
    return value


def _required_time(field: str, message: Message, name: str) -> datetime:
    if not message.HasField(name):
        raise InvalidArgumentError(field, "must be set")
    value: Timestamp = getattr(message, name)
    return from_timestamp(require_timestamp(field, value))


def _time_or(field: str, message: Message, otherwise: datetime) -> datetime:
    """Returns the message's `occur_time`, which may be left to that of its event."""
    return _required_time(field, message, "occur_time") if message.HasField("occur_time") else otherwise


def _optional_duration(field: str, message: Message, name: str) -> timedelta | None:
    if not message.HasField(name):
        return None
    value: Duration = getattr(message, name)
    return require_duration(field, value, minimum=timedelta(), maximum=_MAX_DURATION)


def _optional_amount(field: str, message: Message, name: str) -> domain.Amount | None:
    if not message.HasField(name):
        return None
    money: Money = getattr(message, name)
    if not _CURRENCY.fullmatch(money.currency_code):
        raise InvalidArgumentError(f"{field}.currency_code", "must be an ISO 4217 code of three capital letters")
    return domain.Amount(from_money(money, money.currency_code, field), money.currency_code)


def without_personal_data(encoded: bytes) -> bytes:
    """Returns an encoded event without numbers and words of the caller and without fields unknown to this build."""
    event = persistence_pb2.CallEvent.FromString(encoded)
    event.DiscardUnknownFields()
    match event.WhichOneof("event"):
        case "call_started":
            start = event.call_started
            start.twilio_call_sid = start.caller_number = start.called_number = ""
        case "turn_recorded":
            turn = event.turn_recorded.turn
            turn.caller_text = turn.reply_text = turn.heard_text = ""
        case "score_changed":
            _clear_quotes(event.score_changed.score)
        case "call_ended":
            event.call_ended.summary = ""
            _clear_quotes(event.call_ended.score)
        case _:
            pass
    return event.SerializeToString()


def _clear_quotes(score: conversation_pb2.QualificationScore) -> None:
    for factor in score.factors:
        factor.ClearField("evidence")
