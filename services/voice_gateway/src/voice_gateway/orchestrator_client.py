"""The gateway's client of the agent orchestrator."""

from collections.abc import AsyncGenerator

import grpc

from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2_grpc as pb_grpc
from callwright_common.rpc.client import service_errors
from vocabulary.exchange import (
    CallResult,
    EndRequest,
    SyncRequest,
    TurnEvent,
    TurnRequest,
    WorkflowContext,
    event_from_proto,
)

_SERVICE = "callwright.agent_orchestrator.v1.AgentOrchestratorService"
IDEMPOTENT_METHODS = ((_SERVICE, "SyncCallState"), (_SERVICE, "EndCall"))


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
        call = self._stub.ProcessTurn(request.to_proto(), timeout=timeout)
        try:
            async with service_errors():
                async for response in call:
                    event = event_from_proto(response)
                    if event is not None:
                        yield event
        finally:
            call.cancel()

    async def sync_call_state(self, request: SyncRequest, timeout: float) -> WorkflowContext:
        """Brings both views of a call together and returns the result."""
        async with service_errors():
            response = await self._stub.SyncCallState(request.to_proto(), timeout=timeout)
        return WorkflowContext.from_proto(response.context)

    async def end_call(self, request: EndRequest, timeout: float) -> CallResult:
        """Ends the conversation and returns how it is summed up."""
        async with service_errors():
            response = await self._stub.EndCall(request.to_proto(), timeout=timeout)
        return CallResult.from_proto(response)
