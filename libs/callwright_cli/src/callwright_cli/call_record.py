"""A call as the persistence service keeps it, read back over gRPC."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import grpc
from google.protobuf.duration_pb2 import Duration
from google.type.money_pb2 import Money

from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright.persistence.v1 import persistence_pb2 as persistence
from callwright.persistence.v1.persistence_pb2_grpc import PersistenceServiceStub
from callwright_common.wire import from_timestamp, seconds

if TYPE_CHECKING:
    from callwright.persistence.v1.persistence_pb2_grpc import PersistenceServiceAsyncStub

READ_EVERY_SECONDS = 0.25
LATENCY_STEPS = ("end_of_turn", "transcription", "first_text", "synthesis", "first_audio", "reply_audio")


class RecordMissingError(Exception):
    """The call's records could not be read or did not become complete in time."""


@dataclass(frozen=True, slots=True)
class RecordedTurn:
    """One turn of the record; `latency_ms` holds the steps that happened."""

    turn_id: str
    caller_text: str
    reply_text: str
    heard_text: str
    agent: str
    source: str
    tier: str
    interrupted: bool
    partial: bool
    filler_played: bool
    heard_ms: int
    reply_ms: int
    latency_ms: dict[str, float]


@dataclass(frozen=True, slots=True)
class RecordedTransition:
    """A change of the agent that speaks; `from_agent` is empty for the first one."""

    from_agent: str
    to_agent: str
    trigger: str
    turn_id: str
    context_preserved: bool
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class RecordedEscalation:
    """A decision about the voice tier."""

    escalation_id: str
    turn_id: str
    trigger_agent: str
    qualification_score: float
    from_tier: str
    to_tier: str
    outcome: str
    budget_check_passed: bool
    cost_impact: str
    reservation_id: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class RecordedBooking:
    """An appointment."""

    booking_id: str
    slot_id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class RecordedScore:
    """How well the lead qualifies: overall and by factor, 0 to 1; a factor nothing is known of has confidence 0."""

    overall: float
    threshold: float
    factors: dict[str, float]


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """Everything that is stored about one call."""

    call_id: str
    campaign: str
    started_at: datetime
    ended_at: datetime
    end_reason: str
    outcome: str
    summary: str
    premium_cost: str
    score: RecordedScore
    turns: tuple[RecordedTurn, ...]
    transitions: tuple[RecordedTransition, ...]
    escalations: tuple[RecordedEscalation, ...]
    bookings: tuple[RecordedBooking, ...]


async def read_finished_call(
    channel: grpc.aio.Channel, call_id: str, *, timeout: float, poll_seconds: float = READ_EVERY_SECONDS
) -> RecordedCall:
    """Reads a call once its end is stored, looking every `poll_seconds`.

    Raises:
        RecordMissingError: if that takes longer than `timeout` seconds, or the service refuses it.
    """
    stub = PersistenceServiceStub(channel)
    try:
        async with asyncio.timeout(timeout):
            while True:
                answer = await _get_call(stub, call_id)
                if answer is not None and answer.call.status == persistence.CALL_STATUS_ENDED:
                    return to_record(answer)
                await asyncio.sleep(poll_seconds)
    except TimeoutError as error:
        raise RecordMissingError("the end of the call was not stored in time") from error


async def _get_call(stub: "PersistenceServiceAsyncStub", call_id: str) -> persistence.GetCallResponse | None:
    try:
        return await stub.GetCall(persistence.GetCallRequest(call_id=call_id))
    except grpc.aio.AioRpcError as error:
        if error.code() in (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
            return None
        raise RecordMissingError(f"the persistence service: {error.code().name}: {error.details()}") from error


def to_record(answer: persistence.GetCallResponse) -> RecordedCall:
    """Returns the plain form of a stored call."""
    call = answer.call
    return RecordedCall(
        call_id=call.call_id,
        campaign=call.campaign_id,
        started_at=from_timestamp(call.start_time),
        ended_at=from_timestamp(call.end_time),
        end_reason=call.end_reason,
        outcome=call.outcome,
        summary=call.summary,
        premium_cost=_money(call.premium_cost),
        score=to_score(call.score),
        turns=tuple(_turn(turn) for turn in answer.turns),
        transitions=tuple(_transition(transition) for transition in answer.transitions),
        escalations=tuple(_escalation(escalation) for escalation in answer.escalations),
        bookings=tuple(_booking(booking) for booking in answer.bookings),
    )


def to_score(score: conversation.QualificationScore) -> RecordedScore:
    """Returns the plain form of a score."""
    return RecordedScore(
        overall=score.overall,
        threshold=score.threshold,
        factors={factor_name(factor.factor): factor.value for factor in score.factors},
    )


def agent_name(value: conversation.Agent.ValueType) -> str:
    """Returns an agent's short name, for example `objection_handler`; empty if it is not set."""
    return "" if not value else conversation.Agent.Name(value).removeprefix("AGENT_").lower()


def factor_name(value: conversation.Factor.ValueType) -> str:
    """Returns a factor's short name, for example `budget`."""
    return conversation.Factor.Name(value).removeprefix("FACTOR_").lower()


def tier_name(value: conversation.Tier.ValueType) -> str:
    """Returns a tier's short name; empty if it is not set."""
    return "" if not value else conversation.Tier.Name(value).removeprefix("TIER_").lower()


def source_name(value: conversation.ReplySource.ValueType) -> str:
    """Returns the short name of what made a reply; empty if it is not set."""
    return "" if not value else conversation.ReplySource.Name(value).removeprefix("REPLY_SOURCE_").lower()


def _turn(recorded: persistence.TurnRecorded) -> RecordedTurn:
    turn = recorded.turn
    return RecordedTurn(
        turn_id=turn.turn_id,
        caller_text=turn.caller_text,
        reply_text=turn.reply_text,
        heard_text=turn.heard_text,
        agent=agent_name(recorded.agent),
        source=source_name(turn.source),
        tier=tier_name(recorded.tier),
        interrupted=turn.interrupted,
        partial=recorded.partial,
        filler_played=recorded.filler_played,
        heard_ms=_milliseconds(recorded.heard),
        reply_ms=_milliseconds(recorded.reply_length),
        latency_ms={
            step: round(seconds(getattr(recorded.latency, step)) * 1000, 1)
            for step in LATENCY_STEPS
            if recorded.latency.HasField(step)  # type: ignore[arg-type]
        },
    )


def _transition(transition: conversation.AgentTransition) -> RecordedTransition:
    return RecordedTransition(
        from_agent=agent_name(transition.from_agent),
        to_agent=agent_name(transition.to_agent),
        trigger=transition.trigger,
        turn_id=transition.turn_id,
        context_preserved=transition.context_preserved,
        occurred_at=from_timestamp(transition.occur_time),
    )


def _escalation(escalation: persistence.TierEscalation) -> RecordedEscalation:
    return RecordedEscalation(
        escalation_id=escalation.escalation_id,
        turn_id=escalation.turn_id,
        trigger_agent=agent_name(escalation.trigger_agent),
        qualification_score=escalation.qualification_score,
        from_tier=tier_name(escalation.from_tier),
        to_tier=tier_name(escalation.to_tier),
        outcome=escalation.outcome,
        budget_check_passed=escalation.budget_check_passed,
        cost_impact=_money(escalation.cost_impact),
        reservation_id=escalation.reservation_id,
        occurred_at=from_timestamp(escalation.occur_time),
    )


def _booking(booking: conversation.Booking) -> RecordedBooking:
    return RecordedBooking(
        booking_id=booking.booking_id,
        slot_id=booking.slot_id,
        starts_at=from_timestamp(booking.start_time),
        ends_at=from_timestamp(booking.end_time),
    )


def _milliseconds(duration: Duration) -> int:
    return round(seconds(duration) * 1000)


def _money(money: Money) -> str:
    amount = money.units + money.nanos / 1e9
    return f"{amount:.4f} {money.currency_code}".strip()
