"""The gateway's client of the persistence service, and the encoding of call events."""

from collections.abc import Sequence

import grpc

from callwright.persistence.v1 import persistence_pb2 as pb
from callwright.persistence.v1 import persistence_pb2_grpc as pb_grpc
from callwright_common.client import to_service_error
from callwright_common.money import to_money
from callwright_common.wire import to_duration, to_timestamp
from voice_gateway.call_events import (
    AgentTransitioned,
    CallAlive,
    CallEnded,
    CallStarted,
    NumberedEvent,
    ScoreChanged,
    TierEscalation,
    TurnLatency,
    TurnRecorded,
)
from voice_gateway.wire import to_agent, to_score, to_tier, to_transition, to_turn_record

SERVICE = "callwright.persistence.v1.PersistenceService"


class PersistenceClient:
    """Calls the persistence service over one channel."""

    def __init__(self, channel: grpc.aio.Channel, timeout: float = 5.0) -> None:
        self._stub = pb_grpc.PersistenceServiceStub(channel)
        self._timeout = timeout

    async def append(self, payloads: Sequence[bytes]) -> None:
        """Stores encoded events, all or none; those that are stored already are skipped.

        Raises:
            ServiceError: if the service refuses them or cannot be reached.
        """
        events = [pb.CallEvent.FromString(payload) for payload in payloads]
        try:
            await self._stub.AppendCallEvents(pb.AppendCallEventsRequest(events=events), timeout=self._timeout)
        except grpc.aio.AioRpcError as error:
            raise to_service_error(error) from None


def call_of(payload: bytes) -> str:
    """Returns the call id of an encoded event."""
    return pb.CallEvent.FromString(payload).call_id


def encode_event(numbered: NumberedEvent) -> bytes:
    """Returns an event as the bytes that the spool keeps."""
    message = pb.CallEvent(
        event_id=numbered.event_id,
        call_id=numbered.call_id,
        sequence=numbered.sequence,
        occur_time=to_timestamp(numbered.occurred_at),
    )
    match numbered.event:
        case CallStarted() as event:
            message.call_started.CopyFrom(_call_started(event))
        case TurnRecorded() as event:
            message.turn_recorded.CopyFrom(_turn_recorded(event))
        case AgentTransitioned(transition):
            message.agent_transitioned.transition.CopyFrom(to_transition(transition))
        case ScoreChanged(score, turn_id):
            message.score_changed.score.CopyFrom(to_score(score))
            message.score_changed.turn_id = turn_id
        case TierEscalation() as event:
            message.tier_escalation.CopyFrom(_tier_escalation(event))
        case CallEnded() as event:
            message.call_ended.CopyFrom(_call_ended(event))
        case CallAlive():
            message.call_alive.SetInParent()
    return message.SerializeToString()


def _call_started(event: CallStarted) -> pb.CallStarted:
    return pb.CallStarted(
        campaign_id=event.campaign_id,
        direction=pb.CALL_DIRECTION_INBOUND,
        twilio_call_sid=event.twilio_call_sid,
        caller_number=event.caller_number,
        called_number=event.called_number,
        gateway_id=event.gateway_id,
        integration_enabled=event.integration_enabled,
    )


def _turn_recorded(event: TurnRecorded) -> pb.TurnRecorded:
    return pb.TurnRecorded(
        turn=to_turn_record(event.entry),
        agent=to_agent(event.agent),
        tier=to_tier(event.tier),
        latency=_latency(event.latency),
        heard=to_duration(event.heard_seconds),
        reply_length=to_duration(event.reply_seconds),
        filler_played=event.filler_played,
        partial=event.partial,
    )


def _latency(latency: TurnLatency) -> pb.TurnLatency:
    message = pb.TurnLatency()
    for name in ("end_of_turn", "transcription", "first_text", "synthesis", "first_audio", "reply_audio"):
        value = getattr(latency, name)
        if value is not None:
            getattr(message, name).CopyFrom(to_duration(max(0.0, value)))
    return message


def _tier_escalation(event: TierEscalation) -> pb.TierEscalation:
    return pb.TierEscalation(
        escalation_id=event.escalation_id,
        turn_id=event.turn_id,
        trigger_agent=to_agent(event.trigger_agent),
        qualification_score=event.score,
        from_tier=to_tier(event.from_tier),
        to_tier=to_tier(event.to_tier),
        occur_time=to_timestamp(event.occurred_at),
        cost_impact=to_money(event.cost_micros, event.currency),
        budget_check_passed=event.budget_check_passed,
        outcome=event.outcome,
        reservation_id=event.reservation_id,
    )


def _call_ended(event: CallEnded) -> pb.CallEnded:
    return pb.CallEnded(
        end_reason=event.end_reason,
        outcome=event.outcome,
        score=None if event.score is None else to_score(event.score),
        premium_cost=to_money(event.premium_micros, event.currency),
        summary=event.summary,
        workflow_context_id=event.workflow_context_id,
    )
