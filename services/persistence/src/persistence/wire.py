"""Writes what is known about calls and appointments as messages."""

from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from google.type.money_pb2 import Money

from callwright.conversation.v1 import conversation_pb2
from callwright.persistence.v1 import persistence_pb2
from callwright_common.money import to_money
from callwright_common.wire import to_duration, to_timestamp
from persistence import call_events as domain
from persistence.admission import AppendResult
from persistence.enum_words import AGENTS, DIRECTIONS, FACTORS, SOURCES, STATUSES, TIERS
from persistence.records import Booking, Call, CallHistory, CampaignReport
from persistence.slot_calendar import Slot


def append_response(result: AppendResult) -> persistence_pb2.AppendCallEventsResponse:
    """Returns what became of a batch."""
    return persistence_pb2.AppendCallEventsResponse(
        durable_sequences=[
            persistence_pb2.DurableSequence(call_id=call_id, sequence=sequence)
            for call_id, sequence in result.durable_sequences.items()
        ],
        stored_count=result.stored_count,
        skipped_count=result.skipped_count,
    )


def call_message(call: Call) -> persistence_pb2.Call:
    """Returns a call."""
    return persistence_pb2.Call(
        call_id=call.call_id,
        status=STATUSES.number(call.status),
        campaign_id=call.campaign_id,
        direction=DIRECTIONS.number(call.direction),
        twilio_call_sid=call.twilio_call_sid or "",
        caller_number=call.caller_number or "",
        called_number=call.called_number or "",
        start_time=to_timestamp(call.start_time),
        end_time=to_timestamp(call.end_time) if call.end_time else None,
        end_reason=call.end_reason or "",
        outcome=call.outcome or "",
        summary=call.summary or "",
        score=_score(call.score) if call.score else None,
        current_agent=AGENTS.number(call.current_agent),
        current_tier=TIERS.number(call.current_tier),
        agent_transition_count=call.agent_transition_count,
        tier_escalation_trigger=call.tier_escalation_trigger or "",
        workflow_context_id=call.workflow_context_id or "",
        premium_cost=_money(call.premium_cost),
        integration_enabled=call.integration_enabled,
    )


def history_message(history: CallHistory) -> persistence_pb2.GetCallResponse:
    """Returns a call with all that follows from its events."""
    return persistence_pb2.GetCallResponse(
        call=call_message(history.call),
        turns=map(_turn, history.turns),
        transitions=map(_transition, history.transitions),
        escalations=map(_escalation, history.escalations),
        bookings=map(booking_message, history.bookings),
    )


def slot_message(slot: Slot) -> persistence_pb2.Slot:
    """Returns a slot."""
    return persistence_pb2.Slot(
        slot_id=slot.slot_id,
        campaign_id=slot.campaign_id,
        start_time=to_timestamp(slot.start_time),
        end_time=to_timestamp(slot.end_time),
    )


def booking_message(booking: Booking) -> conversation_pb2.Booking:
    """Returns a booking."""
    return conversation_pb2.Booking(
        booking_id=booking.booking_id,
        slot_id=booking.slot_id,
        call_id=booking.call_id,
        campaign_id=booking.campaign_id,
        start_time=to_timestamp(booking.start_time),
        end_time=to_timestamp(booking.end_time),
        create_time=to_timestamp(booking.created_at),
    )


def report_message(report: CampaignReport) -> persistence_pb2.GetCampaignReportResponse:
    """Returns the sums of a campaign."""
    return persistence_pb2.GetCampaignReportResponse(
        call_count=report.call_count,
        qualified_count=report.qualified_count,
        booking_count=report.booking_count,
        escalation_count=report.escalation_count,
        premium_cost=_money(report.premium_cost),
    )


def _turn(turn: domain.TurnRecorded) -> persistence_pb2.TurnRecorded:
    latency = turn.latency
    return persistence_pb2.TurnRecorded(
        turn=conversation_pb2.TurnRecord(
            turn_id=turn.turn_id,
            caller_text=turn.caller_text,
            reply_text=turn.reply_text,
            heard_text=turn.heard_text,
            source=SOURCES.number(turn.source),
            interrupted=turn.interrupted,
            occur_time=to_timestamp(turn.occurred_at),
        ),
        agent=AGENTS.number(turn.agent),
        tier=TIERS.number(turn.tier),
        latency=persistence_pb2.TurnLatency(
            end_of_turn=_duration(latency.end_of_turn),
            transcription=_duration(latency.transcription),
            first_text=_duration(latency.first_text),
            synthesis=_duration(latency.synthesis),
            first_audio=_duration(latency.first_audio),
            reply_audio=_duration(latency.reply_audio),
        ),
        heard=_duration(turn.heard),
        reply_length=_duration(turn.reply_length),
        filler_played=turn.filler_played,
        partial=turn.partial,
    )


def _transition(transition: domain.AgentTransitioned) -> conversation_pb2.AgentTransition:
    return conversation_pb2.AgentTransition(
        from_agent=AGENTS.number(transition.from_agent),
        to_agent=AGENTS.number(transition.to_agent),
        occur_time=to_timestamp(transition.occurred_at),
        trigger=transition.trigger or "",
        context_preserved=transition.context_preserved,
        duration=_duration(transition.duration),
        turn_id=transition.turn_id or "",
    )


def _escalation(escalation: domain.TierEscalated) -> persistence_pb2.TierEscalation:
    return persistence_pb2.TierEscalation(
        escalation_id=escalation.escalation_id,
        turn_id=escalation.turn_id or "",
        trigger_agent=AGENTS.number(escalation.trigger_agent),
        qualification_score=escalation.qualification_score,
        from_tier=TIERS.number(escalation.from_tier),
        to_tier=TIERS.number(escalation.to_tier),
        occur_time=to_timestamp(escalation.occurred_at),
        cost_impact=_money(escalation.cost_impact),
        budget_check_passed=escalation.budget_check_passed,
        outcome=escalation.outcome,
        reservation_id=escalation.reservation_id or "",
    )


def _score(score: domain.Score) -> conversation_pb2.QualificationScore:
    return conversation_pb2.QualificationScore(
        overall=score.overall,
        threshold=score.threshold,
        factors=[
            conversation_pb2.FactorScore(
                factor=FACTORS.number(factor.factor),
                value=factor.value,
                confidence=factor.confidence,
                weight=factor.weight,
                evidence=[conversation_pb2.Evidence(turn_id=one.turn_id, quote=one.quote) for one in factor.evidence],
            )
            for factor in score.factors
        ],
    )


def _duration(value: timedelta | None) -> Duration | None:
    return None if value is None else to_duration(value)


def _money(value: domain.Amount | None) -> Money | None:
    return None if value is None else to_money(value.micros, value.currency)
