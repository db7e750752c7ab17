"""A running call as the services report it, watched over gRPC."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import grpc

from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as orchestrator
from callwright.agent_orchestrator.v1.agent_orchestrator_pb2_grpc import AgentOrchestratorServiceStub
from callwright.voice_gateway.v1 import voice_gateway_pb2 as gateway
from callwright.voice_gateway.v1.voice_gateway_pb2_grpc import GatewayAdminServiceStub
from callwright_common.rpc.client import open_channel
from vocabulary.call_events import TurnRecorded
from vocabulary.enums import AGENTS, Agent, Tier, WorkflowState
from vocabulary.live_call import LiveCall
from vocabulary.qualification import QualificationScore

FIND_EVERY_SECONDS = 0.2
LONGEST_WATCH_SECONDS = 300.0
_COUNT_SECONDS = 1.0


@dataclass(slots=True)
class WatchedCall:
    """What is known of a running call: nothing until it was found.

    Attributes:
        agents_enabled: The gateway lets new calls have agents.
        escalation_enabled: The gateway lets new calls have the premium voice.
        turns: The turns so far by their ids, in order.
        orchestrator_agents: The agent after each change of the workflow's context, in order.
    """

    call_id: str = ""
    agents_enabled: bool = True
    escalation_enabled: bool = True
    agent: Agent | None = None
    state: WorkflowState | None = None
    tier: Tier | None = None
    score: QualificationScore | None = None
    turns: dict[str, TurnRecorded] = field(default_factory=dict)
    orchestrator_agents: list[Agent | None] = field(default_factory=list)

    def update(self, call: LiveCall) -> None:
        """Takes the gateway's latest report."""
        self.call_id, self.agent, self.state, self.tier = call.call_id, call.agent, call.state, call.tier
        self.score = call.score or self.score
        self.turns |= {recorded.turn.turn_id: recorded for recorded in call.turns}

    def agents(self) -> dict[str, list[Agent | None]]:
        """Returns the agents in order, as each service reported them."""
        return {
            "gateway": [turn.agent for turn in self.turns.values()],
            "orchestrator": list(self.orchestrator_agents),
        }


async def count_live_calls(gateway_address: str) -> int:
    """Returns how many calls a gateway carries now; 0 if it does not answer."""
    async with open_channel(gateway_address) as channel:
        request = gateway.ListLiveCallsRequest(page_size=500)
        try:
            return len((await GatewayAdminServiceStub(channel).ListLiveCalls(request, timeout=_COUNT_SECONDS)).calls)
        except grpc.aio.AioRpcError:
            return 0


async def watch_call(
    call: WatchedCall,
    twilio_call_sid: str,
    gateway_channel: grpc.aio.Channel,
    orchestrator_channel: grpc.aio.Channel,
    on_change: Callable[[], None],
    poll_seconds: float = FIND_EVERY_SECONDS,
) -> None:
    """Finds a call and follows it from both services that know it to its end; a service that is gone is waited for.

    Args:
        call: Receives what becomes known.
        twilio_call_sid: Which call.
        gateway_channel: Channel to the voice gateway.
        orchestrator_channel: Channel to the agent orchestrator.
        on_change: Called after each report of the gateway.
        poll_seconds: Pause between two looks for the call, and before a broken stream is opened again.
    """
    admin = GatewayAdminServiceStub(gateway_channel)
    with suppress(grpc.aio.AioRpcError):
        # Flags that are not named stay as they are.
        flags = await admin.SetFeatureFlags(gateway.SetFeatureFlagsRequest())
        call.agents_enabled, call.escalation_enabled = flags.enable_agent_integration, flags.enable_tier_escalation
    while not call.call_id:
        with suppress(grpc.aio.AioRpcError):
            for live in (await admin.ListLiveCalls(gateway.ListLiveCallsRequest(page_size=500))).calls:
                if live.twilio_call_sid == twilio_call_sid:
                    call.update(LiveCall.from_proto(live))
        await asyncio.sleep(poll_seconds)
    async with asyncio.TaskGroup() as tasks:
        following = tasks.create_task(_follow_contexts(call, orchestrator_channel, poll_seconds))
        stream = admin.WatchLiveCall(gateway.WatchLiveCallRequest(call_id=call.call_id), timeout=LONGEST_WATCH_SECONDS)
        try:
            async for answer in stream:
                call.update(LiveCall.from_proto(answer.call))
                on_change()
        except grpc.aio.AioRpcError:
            pass
        finally:
            stream.cancel()
            following.cancel()


async def _follow_contexts(call: WatchedCall, channel: grpc.aio.Channel, poll_seconds: float) -> None:
    """Notes the agent of each context that the orchestrator reports; begins again when it was away."""
    stub = AgentOrchestratorServiceStub(channel)
    while True:
        request = orchestrator.WatchCallRequest(call_id=call.call_id)
        stream = stub.WatchCall(request, timeout=LONGEST_WATCH_SECONDS)
        try:
            async for answer in stream:
                call.orchestrator_agents.append(AGENTS.from_proto(answer.context.agent))
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.UNIMPLEMENTED:
                return
        finally:
            stream.cancel()
        await asyncio.sleep(poll_seconds)
