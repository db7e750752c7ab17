"""What happens on a call, as it is recorded: one event after the other, numbered without a gap."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.money import Amount
from callwright_common.wire import from_timestamp, seconds, to_duration, to_timestamp
from vocabulary.enums import (
    AGENTS,
    CALL_DIRECTIONS,
    END_REASONS,
    ESCALATION_OUTCOMES,
    LOSS_REASONS,
    OUTCOMES,
    TIERS,
    Agent,
    CallDirection,
    EndReason,
    EscalationOutcome,
    LossReason,
    Outcome,
    Tier,
)
from vocabulary.qualification import QualificationScore
from vocabulary.turns import AgentTransition, TurnRecord

LATENCY_STEPS = ("end_of_turn", "transcription", "first_text", "synthesis", "first_audio", "reply_audio")
"""The steps from the end of the caller's speech to the reply's audio, the fields of `TurnLatency`."""


@dataclass(frozen=True, slots=True)
class CallStarted:
    """The call's first event; what is not known of the call is empty."""

    campaign_id: str
    direction: CallDirection
    twilio_call_sid: str
    caller_number: str
    called_number: str
    gateway_id: str
    integration_enabled: bool

    @classmethod
    def from_proto(cls, message: pb.CallStarted) -> "CallStarted":
        """Returns the value of a message."""
        return cls(
            campaign_id=message.campaign_id,
            direction=CALL_DIRECTIONS.required(message.direction),
            twilio_call_sid=message.twilio_call_sid,
            caller_number=message.caller_number,
            called_number=message.called_number,
            gateway_id=message.gateway_id,
            integration_enabled=message.integration_enabled,
        )

    def to_proto(self) -> pb.CallStarted:
        """Returns the message."""
        return pb.CallStarted(
            campaign_id=self.campaign_id,
            direction=CALL_DIRECTIONS.to_proto(self.direction),
            twilio_call_sid=self.twilio_call_sid,
            caller_number=self.caller_number,
            called_number=self.called_number,
            gateway_id=self.gateway_id,
            integration_enabled=self.integration_enabled,
        )


@dataclass(frozen=True, slots=True)
class TurnLatency:
    """Seconds of each step from the end of the caller's speech to the reply's audio; None where it did not happen."""

    end_of_turn: float | None = None
    transcription: float | None = None
    first_text: float | None = None
    synthesis: float | None = None
    first_audio: float | None = None
    reply_audio: float | None = None

    def steps(self) -> dict[str, float]:
        """Returns the seconds of the steps that happened, in their order."""
        values = {step: getattr(self, step) for step in LATENCY_STEPS}
        return {step: value for step, value in values.items() if value is not None}

    @classmethod
    def from_proto(cls, message: pb.TurnLatency) -> "TurnLatency":
        """Returns the value of a message."""
        return cls(**{field.name: seconds(value) for field, value in message.ListFields()})

    def to_proto(self) -> pb.TurnLatency:
        """Returns the message."""
        return pb.TurnLatency(**{step: to_duration(max(0.0, value)) for step, value in self.steps().items()})


@dataclass(frozen=True, slots=True)
class TurnRecorded:
    """A turn came to its end on the line.

    Attributes:
        turn: What was said and heard.
        agent: Who answered; None without one.
        tier: The voice tier of the reply.
        latency: The steps to its first audio.
        heard_seconds: How much of the reply's audio was heard.
        reply_seconds: How much audio the reply had.
        filler_played: A filler was heard before the reply.
        partial: The reply ended before its last sentence because its stream failed.
    """

    turn: TurnRecord
    agent: Agent | None
    tier: Tier
    latency: TurnLatency
    heard_seconds: float
    reply_seconds: float
    filler_played: bool
    partial: bool

    @classmethod
    def from_proto(cls, message: pb.TurnRecorded) -> "TurnRecorded":
        """Returns the value of a message."""
        return cls(
            turn=TurnRecord.from_proto(message.turn),
            agent=AGENTS.from_proto(message.agent),
            tier=TIERS.required(message.tier),
            latency=TurnLatency.from_proto(message.latency),
            heard_seconds=seconds(message.heard),
            reply_seconds=seconds(message.reply_length),
            filler_played=message.filler_played,
            partial=message.partial,
        )

    def to_proto(self) -> pb.TurnRecorded:
        """Returns the message."""
        return pb.TurnRecorded(
            turn=self.turn.to_proto(),
            agent=AGENTS.to_proto(self.agent),
            tier=TIERS.to_proto(self.tier),
            latency=self.latency.to_proto(),
            heard=to_duration(self.heard_seconds),
            reply_length=to_duration(self.reply_seconds),
            filler_played=self.filler_played,
            partial=self.partial,
        )


@dataclass(frozen=True, slots=True)
class AgentTransitioned:
    """One agent handed the caller to another."""

    transition: AgentTransition

    @classmethod
    def from_proto(cls, message: pb.AgentTransitioned) -> "AgentTransitioned":
        """Returns the value of a message."""
        return cls(AgentTransition.from_proto(message.transition))

    def to_proto(self) -> pb.AgentTransitioned:
        """Returns the message."""
        return pb.AgentTransitioned(transition=self.transition.to_proto())


@dataclass(frozen=True, slots=True)
class ScoreChanged:
    """The qualification changed with a turn."""

    score: QualificationScore
    turn_id: str

    @classmethod
    def from_proto(cls, message: pb.ScoreChanged) -> "ScoreChanged":
        """Returns the value of a message."""
        return cls(QualificationScore.from_proto(message.score), message.turn_id)

    def to_proto(self) -> pb.ScoreChanged:
        """Returns the message."""
        return pb.ScoreChanged(score=self.score.to_proto(), turn_id=self.turn_id)


@dataclass(frozen=True, slots=True)
class TierEscalation:
    """A change of the voice tier was decided, or refused.

    Attributes:
        escalation_id: The decision.
        turn_id: The turn that led to it.
        trigger_agent: Whose turn that was; None where an operator asked.
        qualification_score: 0 to 1.
        from_tier: The tier before.
        to_tier: The tier that was wanted.
        occur_time: When.
        cost_impact: The reserved money, or what was spent of it at the end of a lease.
        budget_check_passed: Whether the budget agreed.
        outcome: What came of it.
        reservation_id: The budget's reservation.
    """

    escalation_id: str
    turn_id: str
    trigger_agent: Agent | None
    qualification_score: float
    from_tier: Tier
    to_tier: Tier
    occur_time: datetime
    cost_impact: Amount | None
    budget_check_passed: bool
    outcome: EscalationOutcome
    reservation_id: str

    @property
    def tier_afterwards(self) -> Tier | None:
        """The tier in which the call goes on; None where it stays as it was."""
        match self.outcome:
            case EscalationOutcome.VOICE_FAILED:
                return Tier.STANDARD
            case EscalationOutcome.SWITCHED | EscalationOutcome.LEASE_ENDED:
                return self.to_tier
            case _:
                return None

    @classmethod
    def from_proto(cls, message: pb.TierEscalation) -> "TierEscalation":
        """Returns the value of a message that tells its time."""
        return cls(
            escalation_id=message.escalation_id,
            turn_id=message.turn_id,
            trigger_agent=AGENTS.from_proto(message.trigger_agent),
            qualification_score=message.qualification_score,
            from_tier=TIERS.required(message.from_tier),
            to_tier=TIERS.required(message.to_tier),
            occur_time=from_timestamp(message.occur_time),
            cost_impact=Amount.from_proto(message.cost_impact) if message.HasField("cost_impact") else None,
            budget_check_passed=message.budget_check_passed,
            outcome=ESCALATION_OUTCOMES.required(message.outcome),
            reservation_id=message.reservation_id,
        )

    def to_proto(self) -> pb.TierEscalation:
        """Returns the message."""
        return pb.TierEscalation(
            escalation_id=self.escalation_id,
            turn_id=self.turn_id,
            trigger_agent=AGENTS.to_proto(self.trigger_agent),
            qualification_score=self.qualification_score,
            from_tier=TIERS.to_proto(self.from_tier),
            to_tier=TIERS.to_proto(self.to_tier),
            occur_time=to_timestamp(self.occur_time),
            cost_impact=self.cost_impact.to_proto() if self.cost_impact else None,
            budget_check_passed=self.budget_check_passed,
            outcome=ESCALATION_OUTCOMES.to_proto(self.outcome),
            reservation_id=self.reservation_id,
        )


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The call is over; `outcome` is None where nothing is known of it."""

    end_reason: EndReason
    outcome: Outcome | None
    score: QualificationScore | None
    premium_cost: Amount | None
    summary: str
    workflow_context_id: str

    @classmethod
    def from_proto(cls, message: pb.CallEnded) -> "CallEnded":
        """Returns the value of a message."""
        return cls(
            end_reason=END_REASONS.required(message.end_reason),
            outcome=OUTCOMES.from_proto(message.outcome),
            score=QualificationScore.from_proto(message.score) if message.HasField("score") else None,
            premium_cost=Amount.from_proto(message.premium_cost) if message.HasField("premium_cost") else None,
            summary=message.summary,
            workflow_context_id=message.workflow_context_id,
        )

    def to_proto(self) -> pb.CallEnded:
        """Returns the message."""
        return pb.CallEnded(
            end_reason=END_REASONS.to_proto(self.end_reason),
            outcome=OUTCOMES.to_proto(self.outcome),
            score=self.score.to_proto() if self.score else None,
            premium_cost=self.premium_cost.to_proto() if self.premium_cost else None,
            summary=self.summary,
            workflow_context_id=self.workflow_context_id,
        )


@dataclass(frozen=True, slots=True)
class CallAlive:
    """The call goes on."""

    @classmethod
    def from_proto(cls, message: pb.CallAlive) -> "CallAlive":
        """Returns the value of a message."""
        return cls()

    def to_proto(self) -> pb.CallAlive:
        """Returns the message."""
        return pb.CallAlive()


@dataclass(frozen=True, slots=True)
class EventLost:
    """Stands in the place of an event that could not be delivered, until that comes."""

    reason: LossReason

    @classmethod
    def from_proto(cls, message: pb.EventLost) -> "EventLost":
        """Returns the value of a message."""
        return cls(LOSS_REASONS.required(message.reason))

    def to_proto(self) -> pb.EventLost:
        """Returns the message."""
        return pb.EventLost(reason=LOSS_REASONS.to_proto(self.reason))


Event = (
    CallStarted | TurnRecorded | AgentTransitioned | ScoreChanged | TierEscalation | CallEnded | CallAlive | EventLost
)

_KINDS: dict[str, type[Event]] = {
    "call_started": CallStarted,
    "turn_recorded": TurnRecorded,
    "agent_transitioned": AgentTransitioned,
    "score_changed": ScoreChanged,
    "tier_escalation": TierEscalation,
    "call_ended": CallEnded,
    "call_alive": CallAlive,
    "event_lost": EventLost,
}
"""The values by the name of their field in the contract."""
_NAMES = {kind: name for name, kind in _KINDS.items()}
EVENT_KINDS = tuple(_KINDS)


def kind_of(event: Event) -> str:
    """Returns an event's kind, the name of its field in the contract."""
    return _NAMES[type(event)]


def without_personal_data(event: Event) -> Event:
    """Returns an event without numbers and words of the caller, as it is kept of an erased caller's calls."""
    match event:
        case CallStarted():
            return replace(event, twilio_call_sid="", caller_number="", called_number="")
        case TurnRecorded():
            return replace(event, turn=event.turn.without_words())
        case ScoreChanged():
            return replace(event, score=event.score.without_quotes())
        case CallEnded():
            return replace(event, summary="", score=event.score.without_quotes() if event.score else None)
        case _:
            return event


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One event of a call.

    Attributes:
        event_id: Made by the client; the same id is stored once.
        sequence: 1 for the call's first event, then without gaps.
        occur_time: When it happened.
        event: What happened; None for a kind that is unknown here.
    """

    event_id: str
    call_id: str
    sequence: int
    occur_time: datetime
    event: Event | None

    @classmethod
    def from_proto(cls, message: pb.CallEvent) -> "CallEvent":
        """Returns the value of a message; times that its details leave out are the event's."""
        name = message.WhichOneof("event")
        event: Event | None = None
        if name is not None and name in _KINDS:
            event = _KINDS[name].from_proto(_dated(message, getattr(message, name)))
        return cls(message.event_id, message.call_id, message.sequence, from_timestamp(message.occur_time), event)

    def to_proto(self) -> pb.CallEvent:
        """Returns the message."""
        message = pb.CallEvent(
            event_id=self.event_id,
            call_id=self.call_id,
            sequence=self.sequence,
            occur_time=to_timestamp(self.occur_time),
        )
        if self.event is not None:
            field = getattr(message, kind_of(self.event))
            field.SetInParent()
            field.MergeFrom(self.event.to_proto())
        return message


def _dated(message: pb.CallEvent, detail: Any) -> Any:
    """Returns the details of an event; those that leave their own time out get the event's."""
    holder = {"turn_recorded": "turn", "agent_transitioned": "transition"}.get(message.WhichOneof("event") or "")
    dated = getattr(detail, holder) if holder else detail
    if "occur_time" not in dated.DESCRIPTOR.fields_by_name or dated.HasField("occur_time"):
        return detail
    copy = type(detail)()
    copy.CopyFrom(detail)
    (getattr(copy, holder) if holder else copy).occur_time.CopyFrom(message.occur_time)
    return copy
