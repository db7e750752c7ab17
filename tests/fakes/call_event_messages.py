"""Call events as a gateway sends them: short to write, valid in every field."""

from datetime import UTC, datetime, timedelta

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money

from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.rpc.wire import to_duration, to_timestamp
from vocabulary.enums import END_REASONS, ESCALATION_OUTCOMES, EndReason, EscalationOutcome

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CALLER = "+12025550123"
CAMPAIGN = "sunline-solar"
FACTORS = (
    conversation.FACTOR_INTENT,
    conversation.FACTOR_BUDGET,
    conversation.FACTOR_TIMELINE,
    conversation.FACTOR_AUTHORITY,
    conversation.FACTOR_NEED,
)


def score(overall: float = 0.8) -> conversation.QualificationScore:
    return conversation.QualificationScore(
        overall=overall,
        threshold=0.7,
        factors=[
            conversation.FactorScore(
                factor=factor,
                value=0.5,
                confidence=0.9,
                weight=0.2,
                evidence=[conversation.Evidence(turn_id="turn-1", quote="we have forty people")],
            )
            for factor in FACTORS
        ],
    )


class CallScript:
    """The events of one call, one after the other, each a second later."""

    def __init__(self, call_id: str = "call-1", *, caller: str = CALLER, start: datetime = START) -> None:
        self.call_id = call_id
        self._caller = caller
        self._start = start
        self._sequence = 0

    def event(self, **detail: object) -> pb.CallEvent:
        """The next event, of any kind."""
        self._sequence += 1
        return pb.CallEvent(
            event_id=f"{self.call_id}-event-{self._sequence}",
            call_id=self.call_id,
            sequence=self._sequence,
            occur_time=self._now(),
            **detail,  # type: ignore[arg-type]
        )

    def started(self, campaign_id: str = CAMPAIGN) -> pb.CallEvent:
        return self.event(
            call_started=pb.CallStarted(
                campaign_id=campaign_id,
                direction=pb.CALL_DIRECTION_INBOUND,
                twilio_call_sid=f"CA-{self.call_id}",
                caller_number=self._caller,
                called_number="+12025550199",
                gateway_id="gateway-1",
                integration_enabled=True,
            )
        )

    def turn(self, turn_id: str) -> pb.CallEvent:
        return self.event(
            turn_recorded=conversation.TurnRecorded(
                turn=conversation.TurnRecord(
                    turn_id=turn_id,
                    caller_text="How much is it?",
                    reply_text="It depends on your roof. Shall we talk?",
                    heard_text="It depends on your roof.",
                    source=conversation.REPLY_SOURCE_ORCHESTRATOR,
                    interrupted=True,
                    occur_time=self._now(),
                    asked=conversation.Question(expectation=conversation.EXPECTATION_ANSWER, question_id="bill"),
                ),
                agent=conversation.AGENT_QUALIFICATION,
                tier=conversation.TIER_STANDARD,
                latency=conversation.TurnLatency(
                    end_of_turn=to_duration(0.2101), first_text=to_duration(0.012), first_audio=to_duration(0.734567)
                ),
                heard=to_duration(1.4),
                reply_length=to_duration(2.25),
                filler_played=True,
                partial=False,
                joined_into="turn-2",
            )
        )

    def transition(self, to_agent: conversation.Agent.ValueType = conversation.AGENT_QUALIFICATION) -> pb.CallEvent:
        return self.event(
            agent_transitioned=pb.AgentTransitioned(
                transition=conversation.AgentTransition(
                    from_agent=conversation.AGENT_CONVERSATION,
                    to_agent=to_agent,
                    occur_time=self._now(),
                    trigger=conversation.TRANSITION_TRIGGER_LEAD_ENGAGED,
                    context_preserved=True,
                    duration=to_duration(0.0037),
                    turn_id="turn-1",
                )
            )
        )

    def score_changed(self, overall: float = 0.8) -> pb.CallEvent:
        return self.event(score_changed=pb.ScoreChanged(score=score(overall), turn_id="turn-1"))

    def escalation(self, escalation_id: str = "escalation-1", outcome: str = "switched") -> pb.CallEvent:
        return self.event(
            tier_escalation=pb.TierEscalation(
                escalation_id=escalation_id,
                turn_id="turn-1",
                trigger_agent=conversation.AGENT_QUALIFICATION,
                qualification_score=0.8,
                from_tier=conversation.TIER_STANDARD,
                to_tier=conversation.TIER_PREMIUM,
                occur_time=self._now(),
                cost_impact=Money(currency_code="USD", units=0, nanos=600_000_000),
                budget_check_passed=outcome == "switched",
                outcome=ESCALATION_OUTCOMES.to_proto(EscalationOutcome(outcome)),
                reservation_id="reservation-1",
            )
        )

    def lost(self, reason: pb.LossReason.ValueType = pb.LOSS_REASON_DAMAGED) -> pb.CallEvent:
        return self.event(event_lost=pb.EventLost(reason=reason))

    def alive(self) -> pb.CallEvent:
        return self.event(call_alive=pb.CallAlive())

    def ended(self, end_reason: str = "agent_goodbye") -> pb.CallEvent:
        return self.event(
            call_ended=pb.CallEnded(
                end_reason=END_REASONS.to_proto(EndReason(end_reason)),
                outcome=conversation.OUTCOME_BOOKED,
                score=score(0.85),
                premium_cost=Money(currency_code="USD", units=0, nanos=412_345_000),
                summary="wants panels",
                workflow_context_id="workflow-1",
                disposition="booked",
                call_back="on Friday after five",
            )
        )

    def whole(self) -> list[pb.CallEvent]:
        """A call from start to end, with one event of each kind."""
        return [
            self.started(),
            self.turn("turn-1"),
            self.transition(),
            self.score_changed(),
            self.escalation(),
            self.turn("turn-2"),
            self.alive(),
            self.ended(),
        ]

    def _now(self) -> Timestamp:
        return to_timestamp(self._start + timedelta(seconds=self._sequence))
