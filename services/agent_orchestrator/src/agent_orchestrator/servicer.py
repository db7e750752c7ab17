"""The contract's methods: check, call, convert."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import grpc

from agent_orchestrator import wire
from agent_orchestrator.calls.calls import Calls
from agent_orchestrator.calls.turns import Turns
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2_grpc as pb_grpc
from callwright_common.clock import Clock
from callwright_common.rpc.validation import require_id
from vocabulary.exchange import event_to_proto

SERVICE_NAME = "callwright.agent_orchestrator.v1.AgentOrchestratorService"

Context = grpc.aio.ServicerContext[Any, Any]


class AgentOrchestratorServicer(pb_grpc.AgentOrchestratorServiceServicer):
    """Answers the gateway and operators."""

    def __init__(self, turns: Turns, calls: Calls, clock: Clock) -> None:
        self._turns = turns
        self._calls = calls
        self._clock = clock

    async def ProcessTurn(
        self, request: pb.ProcessTurnRequest, context: Context
    ) -> AsyncIterator[pb.ProcessTurnResponse]:
        """Answers one turn of a call."""
        async with aclosing(self._turns.process(wire.turn_request(request, self._clock.now()))) as events:
            async for event in events:
                yield event_to_proto(event)

    async def SyncCallState(self, request: pb.SyncCallStateRequest, context: Context) -> pb.SyncCallStateResponse:
        """Brings both views of a call together."""
        agreed, rebuilt = await self._calls.sync(wire.sync_request(request, self._clock.now()))
        return pb.SyncCallStateResponse(context=agreed.to_proto(), rebuilt=rebuilt)

    async def GetWorkflowContext(
        self, request: pb.GetWorkflowContextRequest, context: Context
    ) -> pb.GetWorkflowContextResponse:
        """Reads a call's context."""
        read = await self._calls.read(require_id("call_id", request.call_id))
        return pb.GetWorkflowContextResponse(context=read.to_proto())

    async def WatchCall(self, request: pb.WatchCallRequest, context: Context) -> AsyncIterator[pb.WatchCallResponse]:
        """Sends the context now and after each change."""
        async with aclosing(self._calls.watch(require_id("call_id", request.call_id))) as changes:
            async for changed in changes:
                yield pb.WatchCallResponse(context=changed.to_proto())

    async def EndCall(self, request: pb.EndCallRequest, context: Context) -> pb.EndCallResponse:
        """Ends the conversation."""
        result = await self._calls.end(wire.end_request(request, self._clock.now()))
        response: pb.EndCallResponse = result.to_proto()
        return response
