"""The gateway's client of the agent orchestrator."""

from collections.abc import AsyncGenerator, Sequence

import grpc

from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2_grpc as pb_grpc
from callwright.conversation.v1 import conversation_pb2
from callwright_common.client import to_service_error
from callwright_common.wire import to_duration, to_timestamp
from voice_gateway.conversation_model import (
    AppointmentBooked,
    CallFacts,
    CallResult,
    Digits,
    EndRequested,
    EscalationAdvice,
    Opening,
    Silence,
    SpeechCompleted,
    TransferRequested,
    TurnCompleted,
    TurnEntry,
    TurnEvent,
    TurnRequest,
    Utterance,
    Words,
    WorkflowMirror,
)
from voice_gateway.wire import (
    from_agent,
    from_booking,
    from_context,
    from_score,
    from_transition,
    to_agent,
    to_tier,
    to_turn_record,
)

SERVICE = "callwright.agent_orchestrator.v1.AgentOrchestratorService"
IDEMPOTENT_METHODS = ((SERVICE, "SyncCallState"), (SERVICE, "EndCall"))
_MAX_UTTERANCE_CHARACTERS = 4000


class OrchestratorClient:
    """Calls the orchestrator over one channel."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = pb_grpc.AgentOrchestratorServiceStub(channel)

    async def process_turn(self, request: TurnRequest, timeout: float) -> AsyncGenerator[TurnEvent, None]:
        """Yields the events of a turn as they arrive; leaving the iteration cancels the turn.

        Args:
            request: The turn.
            timeout: Limit of the whole turn in seconds.

        Raises:
            ServiceError: AbortedError if `base_revision` is outdated.
        """
        call = self._stub.ProcessTurn(_to_request(request), timeout=timeout)
        try:
            async for response in call:
                event = _from_response(response)
                if event is not None:
                    yield event
        except grpc.aio.AioRpcError as error:
            raise to_service_error(error) from None
        finally:
            call.cancel()

    async def sync_call_state(
        self,
        call_id: str,
        base_revision: int,
        unsynced: Sequence[TurnEntry],
        facts: CallFacts,
        mirror: WorkflowMirror | None,
        timeout: float,
    ) -> WorkflowMirror:
        """Brings both views of a call together and returns the result."""
        request = pb.SyncCallStateRequest(
            call_id=call_id,
            base_revision=base_revision,
            unsynced_entries=[to_turn_record(entry) for entry in unsynced],
            call_state=_to_call_state(facts),
        )
        if mirror is not None:
            request.mirror.CopyFrom(conversation_pb2.WorkflowContext.FromString(mirror.encoded))
        try:
            response = await self._stub.SyncCallState(request, timeout=timeout)
        except grpc.aio.AioRpcError as error:
            raise to_service_error(error) from None
        return from_context(response.context)

    async def end_call(self, call_id: str, reason: str, unsynced: Sequence[TurnEntry], timeout: float) -> CallResult:
        """Ends the conversation and returns how it is summed up."""
        request = pb.EndCallRequest(
            call_id=call_id, reason=reason, unsynced_entries=[to_turn_record(entry) for entry in unsynced]
        )
        try:
            response = await self._stub.EndCall(request, timeout=timeout)
        except grpc.aio.AioRpcError as error:
            raise to_service_error(error) from None
        score = from_score(response.score) if response.HasField("score") else None
        return CallResult(response.outcome, response.summary, score)


def _to_call_state(facts: CallFacts) -> pb.CallState:
    return pb.CallState(
        campaign_id=facts.campaign_id,
        tier=to_tier(facts.tier),
        start_time=to_timestamp(facts.started_at),
        caller_number=facts.caller_number,
        agent=to_agent(facts.agent),
    )


def _to_request(turn: TurnRequest) -> pb.ProcessTurnRequest:
    request = pb.ProcessTurnRequest(
        call_id=turn.call_id,
        turn_id=turn.turn_id,
        base_revision=turn.base_revision,
        unsynced_entries=[to_turn_record(entry) for entry in turn.unsynced],
        call_state=_to_call_state(turn.facts),
        first_text_timeout=to_duration(turn.first_text_seconds),
    )
    match turn.input:
        case Opening():
            request.opening.SetInParent()
        case Utterance(text):
            request.utterance.text = text[:_MAX_UTTERANCE_CHARACTERS]
        case Silence(seconds, count):
            request.silence.duration.CopyFrom(to_duration(seconds))
            request.silence.count = count
        case Digits(digits):
            request.dtmf.digits = digits
    return request


def _from_response(response: pb.ProcessTurnResponse) -> TurnEvent | None:
    """Returns the event of a response; None for kinds that are unknown here."""
    match response.WhichOneof("event"):
        case "agent_transition":
            return from_transition(response.agent_transition)
        case "text_delta":
            return Words(response.text_delta.text)
        case "speech_completed":
            return SpeechCompleted(response.speech_completed.text)
        case "call_action":
            return _from_action(response.call_action)
        case "turn_completed":
            completed = response.turn_completed
            advice = _from_advice(completed.escalation) if completed.HasField("escalation") else None
            return TurnCompleted(from_context(completed.context), advice, completed.replayed)
        case _:
            return None


def _from_action(action: pb.CallAction) -> TurnEvent | None:
    match action.WhichOneof("action"):
        case "transfer":
            return TransferRequested(action.transfer.reason)
        case "end_call":
            return EndRequested(action.end_call.reason)
        case "booking":
            return AppointmentBooked(from_booking(action.booking.booking))
        case _:
            return None


def _from_advice(advice: pb.EscalationRecommendation) -> EscalationAdvice:
    return EscalationAdvice(
        recommended=advice.recommended,
        score=advice.score,
        threshold=advice.threshold,
        trigger_agent=from_agent(advice.trigger_agent),
        warm_up=advice.warm_up,
    )
