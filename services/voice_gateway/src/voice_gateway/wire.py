"""Conversions between the conversation's values and the messages of the contracts."""

from callwright.conversation.v1 import conversation_pb2 as pb
from callwright_common.wire import from_timestamp, seconds, to_duration, to_timestamp
from voice_gateway.conversation_model import (
    Agent,
    AgentTransition,
    Booking,
    Evidence,
    FactorScore,
    ReplySource,
    Score,
    Tier,
    TurnEntry,
    WorkflowMirror,
    WorkflowState,
)


def to_agent(value: Agent | None) -> pb.Agent.ValueType:
    """Returns the wire's agent; None is unspecified."""
    return pb.AGENT_UNSPECIFIED if value is None else pb.Agent.Value(f"AGENT_{value.name}")


def from_agent(value: int) -> Agent | None:
    """Returns an agent; None for unspecified and unknown ones."""
    name = pb.Agent.DESCRIPTOR.values_by_number.get(value)
    return None if name is None or value == 0 else Agent[name.name.removeprefix("AGENT_")]


def to_state(value: WorkflowState) -> pb.WorkflowState.ValueType:
    """Returns the wire's workflow state."""
    return pb.WorkflowState.Value(f"WORKFLOW_STATE_{value.name}")


def from_state(value: int) -> WorkflowState:
    """Returns a workflow state; INITIALIZING for unspecified and unknown ones."""
    known = pb.WorkflowState.DESCRIPTOR.values_by_number.get(value)
    if known is None or value == 0:
        return WorkflowState.INITIALIZING
    return WorkflowState[known.name.removeprefix("WORKFLOW_STATE_")]


def to_tier(value: Tier) -> pb.Tier.ValueType:
    """Returns the wire's tier."""
    return pb.Tier.Value(f"TIER_{value.name}")


def tier_values() -> list[int]:
    """Returns the numbers of the tiers that are known."""
    return list(pb.Tier.values())


def from_tier(value: int) -> Tier:
    """Returns the tier of a number that is known and specified."""
    return Tier[pb.Tier.Name(pb.Tier.ValueType(value)).removeprefix("TIER_")]


def to_source(value: ReplySource) -> pb.ReplySource.ValueType:
    """Returns the wire's reply source."""
    return pb.ReplySource.Value(f"REPLY_SOURCE_{value.name}")


def to_score(value: Score) -> pb.QualificationScore:
    """Returns the wire's score."""
    return pb.QualificationScore(
        overall=value.overall,
        threshold=value.threshold,
        factors=[
            pb.FactorScore(
                factor=pb.Factor.Value(f"FACTOR_{factor.factor.upper()}"),
                value=factor.value,
                confidence=factor.confidence,
                weight=factor.weight,
                evidence=[pb.Evidence(turn_id=one.turn_id, quote=one.quote) for one in factor.evidence],
            )
            for factor in value.factors
        ],
    )


def from_score(value: pb.QualificationScore) -> Score:
    """Returns a score; factors that are unknown here are left out."""
    names = pb.Factor.DESCRIPTOR.values_by_number
    return Score(
        overall=value.overall,
        threshold=value.threshold,
        factors=tuple(
            FactorScore(
                factor=names[factor.factor].name.removeprefix("FACTOR_").lower(),
                value=factor.value,
                confidence=factor.confidence,
                weight=factor.weight,
                evidence=tuple(Evidence(one.turn_id, one.quote) for one in factor.evidence),
            )
            for factor in value.factors
            if factor.factor in names and factor.factor != pb.FACTOR_UNSPECIFIED
        ),
    )


def to_transition(value: AgentTransition) -> pb.AgentTransition:
    """Returns the wire's transition."""
    return pb.AgentTransition(
        from_agent=to_agent(value.from_agent),
        to_agent=to_agent(value.to_agent),
        occur_time=to_timestamp(value.occurred_at),
        trigger=value.trigger,
        context_preserved=value.context_preserved,
        duration=to_duration(value.duration_seconds),
        turn_id=value.turn_id,
    )


def from_transition(value: pb.AgentTransition) -> AgentTransition:
    """Returns a transition."""
    return AgentTransition(
        from_agent=from_agent(value.from_agent),
        to_agent=from_agent(value.to_agent) or Agent.CONVERSATION,
        occurred_at=from_timestamp(value.occur_time),
        trigger=value.trigger,
        context_preserved=value.context_preserved,
        duration_seconds=seconds(value.duration),
        turn_id=value.turn_id,
    )


def from_booking(value: pb.Booking) -> Booking:
    """Returns a booking."""
    return Booking(
        booking_id=value.booking_id,
        slot_id=value.slot_id,
        start_time=from_timestamp(value.start_time),
        end_time=from_timestamp(value.end_time),
    )


def to_turn_record(value: TurnEntry) -> pb.TurnRecord:
    """Returns the wire's turn record."""
    return pb.TurnRecord(
        turn_id=value.turn_id,
        caller_text=value.caller_text,
        reply_text=value.reply_text,
        heard_text=value.heard_text,
        source=to_source(value.source),
        interrupted=value.interrupted,
        occur_time=to_timestamp(value.occurred_at),
    )


def from_context(value: pb.WorkflowContext) -> WorkflowMirror:
    """Returns the gateway's copy of a context."""
    return WorkflowMirror(
        revision=value.revision,
        agent=from_agent(value.agent),
        state=from_state(value.state),
        score=from_score(value.score) if value.HasField("score") else None,
        booking=from_booking(value.booking) if value.HasField("booking") else None,
        encoded=value.SerializeToString(),
    )
