"""What is known of a call once it is recorded."""

from dataclasses import dataclass
from datetime import datetime

from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.money import Amount
from callwright_common.wire import from_timestamp, to_timestamp
from vocabulary.call_events import TierEscalation, TurnRecorded
from vocabulary.enums import (
    AGENTS,
    CALL_DIRECTIONS,
    CALL_STATUSES,
    END_REASONS,
    OUTCOMES,
    TIERS,
    Agent,
    CallDirection,
    CallStatus,
    EndReason,
    Outcome,
    Tier,
)
from vocabulary.qualification import QualificationScore
from vocabulary.turns import AgentTransition, Booking


@dataclass(frozen=True, slots=True)
class Call:
    """One call without its turns; texts that are not known are empty, and an end is None while the call goes on."""

    call_id: str
    status: CallStatus
    campaign_id: str
    direction: CallDirection
    twilio_call_sid: str
    caller_number: str
    called_number: str
    start_time: datetime
    end_time: datetime | None
    end_reason: EndReason | None
    outcome: Outcome | None
    summary: str
    score: QualificationScore | None
    current_agent: Agent | None
    current_tier: Tier
    agent_transition_count: int
    tier_escalation_trigger: Agent | None
    workflow_context_id: str
    premium_cost: Amount | None
    integration_enabled: bool

    @classmethod
    def from_proto(cls, message: pb.Call) -> "Call":
        """Returns the value of a message."""
        return cls(
            call_id=message.call_id,
            status=CALL_STATUSES.required(message.status),
            campaign_id=message.campaign_id,
            direction=CALL_DIRECTIONS.required(message.direction),
            twilio_call_sid=message.twilio_call_sid,
            caller_number=message.caller_number,
            called_number=message.called_number,
            start_time=from_timestamp(message.start_time),
            end_time=from_timestamp(message.end_time) if message.HasField("end_time") else None,
            end_reason=END_REASONS.from_proto(message.end_reason),
            outcome=OUTCOMES.from_proto(message.outcome),
            summary=message.summary,
            score=QualificationScore.from_proto(message.score) if message.HasField("score") else None,
            current_agent=AGENTS.from_proto(message.current_agent),
            current_tier=TIERS.required(message.current_tier),
            agent_transition_count=message.agent_transition_count,
            tier_escalation_trigger=AGENTS.from_proto(message.tier_escalation_trigger),
            workflow_context_id=message.workflow_context_id,
            premium_cost=Amount.from_proto(message.premium_cost) if message.HasField("premium_cost") else None,
            integration_enabled=message.integration_enabled,
        )

    def to_proto(self) -> pb.Call:
        """Returns the message."""
        return pb.Call(
            call_id=self.call_id,
            status=CALL_STATUSES.to_proto(self.status),
            campaign_id=self.campaign_id,
            direction=CALL_DIRECTIONS.to_proto(self.direction),
            twilio_call_sid=self.twilio_call_sid,
            caller_number=self.caller_number,
            called_number=self.called_number,
            start_time=to_timestamp(self.start_time),
            end_time=to_timestamp(self.end_time) if self.end_time else None,
            end_reason=END_REASONS.to_proto(self.end_reason),
            outcome=OUTCOMES.to_proto(self.outcome),
            summary=self.summary,
            score=self.score.to_proto() if self.score else None,
            current_agent=AGENTS.to_proto(self.current_agent),
            current_tier=TIERS.to_proto(self.current_tier),
            agent_transition_count=self.agent_transition_count,
            tier_escalation_trigger=AGENTS.to_proto(self.tier_escalation_trigger),
            workflow_context_id=self.workflow_context_id,
            premium_cost=self.premium_cost.to_proto() if self.premium_cost else None,
            integration_enabled=self.integration_enabled,
        )


@dataclass(frozen=True, slots=True)
class CallHistory:
    """One call with all that follows from its events, each in the order in which it happened."""

    call: Call
    turns: tuple[TurnRecorded, ...] = ()
    transitions: tuple[AgentTransition, ...] = ()
    escalations: tuple[TierEscalation, ...] = ()
    bookings: tuple[Booking, ...] = ()

    @classmethod
    def from_proto(cls, message: pb.GetCallResponse) -> "CallHistory":
        """Returns the value of a message."""
        return cls(
            call=Call.from_proto(message.call),
            turns=tuple(map(TurnRecorded.from_proto, message.turns)),
            transitions=tuple(map(AgentTransition.from_proto, message.transitions)),
            escalations=tuple(map(TierEscalation.from_proto, message.escalations)),
            bookings=tuple(map(Booking.from_proto, message.bookings)),
        )

    def to_proto(self) -> pb.GetCallResponse:
        """Returns the message."""
        return pb.GetCallResponse(
            call=self.call.to_proto(),
            turns=[turn.to_proto() for turn in self.turns],
            transitions=[transition.to_proto() for transition in self.transitions],
            escalations=[escalation.to_proto() for escalation in self.escalations],
            bookings=[booking.to_proto() for booking in self.bookings],
        )
