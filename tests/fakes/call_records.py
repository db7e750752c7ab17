"""The record of a call that went well, for tests that doctor it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from callwright_common.campaign import Factor
from callwright_common.money import Amount
from vocabulary.call_events import TierEscalation, TurnLatency, TurnRecorded
from vocabulary.call_record import Call, CallHistory
from vocabulary.enums import (
    Agent,
    CallDirection,
    CallStatus,
    EndReason,
    EscalationOutcome,
    Outcome,
    ReplySource,
    Tier,
    TransitionTrigger,
)
from vocabulary.qualification import FactorScore, QualificationScore
from vocabulary.turns import AgentTransition, Booking, TurnRecord

START = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
APPOINTMENT = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # Tuesday, 10 in the morning in Denver.


def turn(number: int, *, tier: Tier = Tier.STANDARD, agent: Agent = Agent.QUALIFICATION) -> TurnRecorded:
    words = "That is worth bringing down. How much is it?"
    return TurnRecorded(
        turn=TurnRecord(
            turn_id=f"t-{number}",
            caller_text=f"Caller's words number {number}.",
            reply_text=words,
            heard_text=words,
            source=ReplySource.ORCHESTRATOR,
            occur_time=START + timedelta(seconds=10 * number),
        ),
        agent=agent,
        tier=tier,
        latency=TurnLatency(
            end_of_turn=0.3, transcription=0.35, first_text=0.015, synthesis=0.18, first_audio=0.7, reply_audio=0.86
        ),
        heard_seconds=2.0,
        reply_seconds=2.0,
        filler_played=number == 2,
        partial=False,
    )


def transition(from_agent: Agent | None, to_agent: Agent, number: int) -> AgentTransition:
    when = START + timedelta(seconds=10 * number)
    return AgentTransition(from_agent, to_agent, when, TransitionTrigger.LEAD_ENGAGED, 0.001, f"t-{number}")


def score() -> QualificationScore:
    values = zip(Factor, (0.9, 1.0, 1.0, 0.5, 0.6), strict=True)
    return QualificationScore(0.82, 0.7, tuple(FactorScore(factor, value, 1.0, 0.2) for factor, value in values))


def ended(record: CallHistory, reason: EndReason) -> CallHistory:
    """Returns the record with another end."""
    return replace(record, call=replace(record.call, end_reason=reason))


def call() -> CallHistory:
    """Returns a call of four turns, switched to the premium voice after the second, with one appointment."""
    return CallHistory(
        call=Call(
            call_id="call-1",
            status=CallStatus.ENDED,
            campaign_id="sunline-solar",
            direction=CallDirection.INBOUND,
            twilio_call_sid="CA1",
            caller_number="+12025550123",
            called_number="+12025550199",
            start_time=START,
            end_time=START + timedelta(seconds=90),
            end_reason=EndReason.AGENT_GOODBYE,
            outcome=Outcome.BOOKED,
            summary="The lead booked a visit.",
            score=score(),
            current_agent=Agent.SCHEDULER,
            current_tier=Tier.PREMIUM,
            agent_transition_count=3,
            tier_escalation_trigger=Agent.QUALIFICATION,
            workflow_context_id="call-1",
            premium_cost=Amount(40_000, "USD"),
            integration_enabled=True,
            gateway_id="gateway-1",
        ),
        turns=(
            turn(1, agent=Agent.CONVERSATION),
            turn(2),
            turn(3, tier=Tier.PREMIUM),
            turn(4, tier=Tier.PREMIUM, agent=Agent.SCHEDULER),
        ),
        transitions=(
            transition(None, Agent.CONVERSATION, 1),
            transition(Agent.CONVERSATION, Agent.QUALIFICATION, 2),
            transition(Agent.QUALIFICATION, Agent.SCHEDULER, 4),
        ),
        escalations=(
            TierEscalation(
                escalation_id="e-1",
                turn_id="t-2",
                trigger_agent=Agent.QUALIFICATION,
                qualification_score=0.72,
                from_tier=Tier.STANDARD,
                to_tier=Tier.PREMIUM,
                occur_time=START,
                cost_impact=Amount(100_000, "USD"),
                budget_check_passed=True,
                outcome=EscalationOutcome.SWITCHED,
                reservation_id="r-1",
            ),
        ),
        bookings=(
            Booking("b-1", "s-1", "call-1", "sunline-solar", APPOINTMENT, APPOINTMENT + timedelta(hours=1), START),
        ),
    )
