"""The contract's methods: check, call, convert."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

from agent_orchestrator import wire
from agent_orchestrator.calls.calls import Calls
from agent_orchestrator.calls.turns import Turns
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2_grpc as pb_grpc
from callwright_common.clock import Clock
from callwright_common.rpc.request_handling import Context
from callwright_common.rpc.validation import require_id
from vocabulary.exchange import event_to_proto

SERVICE_NAME = "callwright.agent_orchestrator.v1.AgentOrchestratorService"


@dataclass(frozen=True)
class AgentOrchestratorServicer(pb_grpc.AgentOrchestratorServiceServicer):
    """Answers the gateway and operators."""

    turns: Turns
    calls: Calls
    clock: Clock

    async def ProcessTurn(
        self, request: pb.ProcessTurnRequest, context: Context
    ) -> AsyncIterator[pb.ProcessTurnResponse]:
        """Answers one turn of a call."""
        async with aclosing(self.turns.process(wire.turn_request(request, self.clock.now()))) as events:
            async for event in events:
                yield event_to_proto(event)

    async def SyncCallState(self, request: pb.SyncCallStateRequest, context: Context) -> pb.SyncCallStateResponse:
        """Brings both views of a call together."""
        agreed = await self.calls.sync(wire.sync_request(request, self.clock.now()))
        return pb.SyncCallStateResponse(context=agreed.to_proto())

    async def GetWorkflowContext(
        self, request: pb.GetWorkflowContextRequest, context: Context
    ) -> pb.GetWorkflowContextResponse:
        """Reads a call's context."""
        read = await self.calls.read(require_id("call_id", request.call_id))
        return pb.GetWorkflowContextResponse(context=read.to_proto())

    async def WatchCall(self, request: pb.WatchCallRequest, context: Context) -> AsyncIterator[pb.WatchCallResponse]:
        """Sends the context now and after each change."""
        async with aclosing(self.calls.watch(require_id("call_id", request.call_id))) as changes:
            async for changed in changes:
                yield pb.WatchCallResponse(context=changed.to_proto())

    async def EndCall(self, request: pb.EndCallRequest, context: Context) -> pb.EndCallResponse:
        """Ends the conversation."""
        result = await self.calls.end(wire.end_request(request, self.clock.now()))
        response: pb.EndCallResponse = result.to_proto()
        return response
