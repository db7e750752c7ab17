"""The contract's methods: parse, call, convert."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import grpc

from agent_orchestrator import wire
from agent_orchestrator.call_context import HISTORY_TURNS
from agent_orchestrator.calls import Calls
from agent_orchestrator.request_parsing import parse_end, parse_sync, parse_turn
from agent_orchestrator.turns import Turns
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2_grpc as pb_grpc
from callwright_common.clock import Clock
from callwright_common.validation import require_id

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
        async with aclosing(self._turns.process(parse_turn(request, self._clock))) as events:
            async for event in events:
                yield wire.to_response(event)

    async def SyncCallState(self, request: pb.SyncCallStateRequest, context: Context) -> pb.SyncCallStateResponse:
        """Brings both views of a call together."""
        view, rebuilt = await self._calls.sync(parse_sync(request, self._clock))
        return pb.SyncCallStateResponse(
            context=wire.to_workflow_context(view.context, view.score, turns=HISTORY_TURNS), rebuilt=rebuilt
        )

    async def GetWorkflowContext(
        self, request: pb.GetWorkflowContextRequest, context: Context
    ) -> pb.GetWorkflowContextResponse:
        """Reads a call's context."""
        view = await self._calls.read(require_id("call_id", request.call_id))
        return pb.GetWorkflowContextResponse(
            context=wire.to_workflow_context(view.context, view.score, turns=HISTORY_TURNS)
        )

    async def WatchCall(self, request: pb.WatchCallRequest, context: Context) -> AsyncIterator[pb.WatchCallResponse]:
        """Sends the context now and after each change."""
        async with aclosing(self._calls.watch(require_id("call_id", request.call_id))) as views:
            async for view in views:
                yield pb.WatchCallResponse(
                    context=wire.to_workflow_context(view.context, view.score, turns=HISTORY_TURNS)
                )

    async def EndCall(self, request: pb.EndCallRequest, context: Context) -> pb.EndCallResponse:
        """Ends the conversation."""
        view = await self._calls.end(parse_end(request, self._clock))
        return wire.to_end_response(view.context, view.score)
