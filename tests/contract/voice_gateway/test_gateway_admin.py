"""GatewayAdminService over a real gRPC server, with calls that have no audio."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest

from callwright.conversation.v1 import conversation_pb2
from callwright.voice_gateway.v1 import voice_gateway_pb2 as pb
from callwright.voice_gateway.v1 import voice_gateway_pb2_grpc as pb_grpc
from callwright_common.breaker import CircuitBreaker
from callwright_common.campaign import load_campaign
from callwright_common.clock import SystemClock
from callwright_common.errors import ServiceError, StatusCode
from callwright_common.metrics import new_registry
from callwright_common.readiness import Readiness
from callwright_common.rpc.client import open_channel, to_service_error
from callwright_common.rpc.server import serve
from fakes.budget import FakeBudget
from fakes.gateway_calls import CallPlan, silent_call
from fakes.spoken_line import SpokenLine
from vocabulary.enums import EscalationOutcome
from voice_gateway.calls.call_composition import FeatureFlags
from voice_gateway.calls.live_calls import CarriedCall, LiveCalls, NotCarriedError
from voice_gateway.dependencies.degradation import Degradation, Dependency
from voice_gateway.orchestrator_client import OrchestratorClient
from voice_gateway.servicer import SERVICE_NAME, GatewayAdminServicer

CAMPAIGN = Path(__file__).parents[3] / "campaigns" / "sunline-solar.yaml"


@dataclass
class Admin:
    stub: "pb_grpc.GatewayAdminServiceAsyncStub"
    calls: LiveCalls
    flags: FeatureFlags
    budget: FakeBudget
    lines: dict[str, SpokenLine]
    listed: dict[str, ExitStack]
    channel: grpc.aio.Channel
    stack: AsyncExitStack

    async def add_call(self, call_id: str) -> CarriedCall:
        orchestrator = OrchestratorClient(self.channel)
        plan = CallPlan(call_id=call_id, integrated=False)
        silent = await self.stack.enter_async_context(
            silent_call(load_campaign(CAMPAIGN), orchestrator, plan, budget=self.budget)
        )
        call = silent.live()
        listed = self.stack.enter_context(ExitStack())
        listed.enter_context(self.calls.place())
        listed.enter_context(self.calls.listed(call))
        self.lines[call_id], self.listed[call_id] = silent.line, listed
        return call


@asynccontextmanager
async def admin_service() -> AsyncIterator[Admin]:
    clock, flags, calls = SystemClock(), FeatureFlags(True, True), LiveCalls(100)
    breakers = {Dependency.AGENT_ORCHESTRATOR: CircuitBreaker(Dependency.AGENT_ORCHESTRATOR, clock)}
    servicer = GatewayAdminServicer(calls, flags, Degradation(breakers, Readiness(), clock))

    def add(server: grpc.aio.Server) -> None:
        pb_grpc.add_GatewayAdminServiceServicer_to_server(servicer, server)

    async with serve("127.0.0.1:0", new_registry(), add, [SERVICE_NAME], grace_seconds=0) as server:
        channel = open_channel(f"127.0.0.1:{server.port}")
        stub = pb_grpc.GatewayAdminServiceStub(channel)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(channel.close)
            yield Admin(stub, calls, flags, FakeBudget(), {}, {}, channel, stack)


@pytest.fixture
async def admin() -> AsyncIterator[Admin]:
    async with admin_service() as service:
        yield service


async def refusal(error: pytest.ExceptionInfo[grpc.aio.AioRpcError]) -> ServiceError:
    return to_service_error(error.value)


async def test_calls_are_listed_in_pages(admin: Admin) -> None:
    for number in range(5):
        await admin.add_call(f"call-{number}")
    first = await admin.stub.ListLiveCalls(pb.ListLiveCallsRequest(page_size=2))
    second = await admin.stub.ListLiveCalls(pb.ListLiveCallsRequest(page_size=2, page_token=first.next_page_token))
    last = await admin.stub.ListLiveCalls(pb.ListLiveCallsRequest(page_size=2, page_token=second.next_page_token))
    listed = [call.call_id for page in (first, second, last) for call in page.calls]
    assert listed == [f"call-{number}" for number in range(5)]
    assert last.next_page_token == ""


@pytest.mark.parametrize("size", [-1, 501])
async def test_a_wrong_page_size_is_named(admin: Admin, size: int) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await admin.stub.ListLiveCalls(pb.ListLiveCallsRequest(page_size=size))
    assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "page_size" in str(error.value.details())


@pytest.mark.parametrize("call_id", ["", "a" * 129, "call\n1"])
async def test_a_wrong_call_id_is_named(admin: Admin, call_id: str) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await admin.stub.GetLiveCall(pb.GetLiveCallRequest(call_id=call_id))
    assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "call_id" in str(error.value.details())


async def test_an_unknown_call_is_not_found(admin: Admin) -> None:
    for request in (
        admin.stub.GetLiveCall(pb.GetLiveCallRequest(call_id="call-9")),
        admin.stub.EndCall(pb.EndCallRequest(call_id="call-9")),
        admin.stub.TransferCall(pb.TransferCallRequest(call_id="call-9")),
        admin.stub.SwitchTier(pb.SwitchTierRequest(call_id="call-9", tier=conversation_pb2.TIER_PREMIUM)),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await request
        refused = await refusal(error)
        assert (refused.code, refused.reason) == (StatusCode.NOT_FOUND, "CALL_NOT_LIVE")


async def test_a_watched_call_is_sent_with_each_turn_until_it_ends(admin: Admin) -> None:
    call = await admin.add_call("call-1")
    turns = []
    stream = admin.stub.WatchLiveCall(pb.WatchLiveCallRequest(call_id="call-1"), timeout=10)
    async for response in stream:
        turns.append(response.call.turn_count)
        if len(turns) == 1:
            await call.conversation.open()
        elif response.call.turn_count == 1:
            assert response.call.turns[0].turn.heard_text.startswith("Thanks for calling")
            call.session.ended = True
            call.session.notify()
    assert turns == [0, 1]


async def test_the_tier_follows_the_operator_and_the_budget(admin: Admin) -> None:
    call = await admin.add_call("call-1")
    await admin.stub.SwitchTier(pb.SwitchTierRequest(call_id="call-1", tier=conversation_pb2.TIER_PREMIUM))
    assert call.session.tier == "premium"
    await admin.stub.SwitchTier(pb.SwitchTierRequest(call_id="call-1", tier=conversation_pb2.TIER_STANDARD))
    assert call.session.tier == "standard"
    assert len(admin.budget.settled) == 1
    admin.budget.denial = EscalationOutcome.DENIED_GLOBAL_LIMIT
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await admin.stub.SwitchTier(pb.SwitchTierRequest(call_id="call-1", tier=conversation_pb2.TIER_PREMIUM))
    assert (await refusal(error)).reason == "TIER_REFUSED"
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await admin.stub.SwitchTier(pb.SwitchTierRequest(call_id="call-1"))
    assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_an_ended_call_hears_goodbye_first(admin: Admin) -> None:
    call = await admin.add_call("call-1")
    await admin.stub.EndCall(pb.EndCallRequest(call_id="call-1"))
    await asyncio.wait_for(admin.lines["call-1"].hung_up.wait(), 5)
    assert admin.lines["call-1"].answers[0].text == call.session.campaign.prompts.goodbye
    assert call.conversation.end_reason == "operator"


async def test_a_transferred_call_hears_the_announcement_first(admin: Admin) -> None:
    call = await admin.add_call("call-1")
    await admin.stub.TransferCall(pb.TransferCallRequest(call_id="call-1"))
    await asyncio.wait_for(admin.lines["call-1"].hung_up.wait(), 5)
    assert admin.lines["call-1"].answers[0].text == call.session.campaign.handoff.announce
    assert call.conversation.end_reason == "transferred"


async def test_a_call_tells_how_it_and_the_orchestrator_get_on(admin: Admin) -> None:
    call = await admin.add_call("call-1")
    call.session.integration.fallback_active = True
    call.session.note_failure()
    await call.conversation.open()
    answer = await admin.stub.GetLiveCall(pb.GetLiveCallRequest(call_id="call-1"))
    integration = answer.call.integration
    assert (integration.enabled, integration.error_count, integration.fallback_active) == (False, 1, True)
    assert integration.sync_status == pb.SYNC_STATUS_FAILED
    assert not integration.HasField("last_sync_time")


async def test_flags_change_alone_or_not_at_all(admin: Admin) -> None:
    answer = await admin.stub.SetFeatureFlags(pb.SetFeatureFlagsRequest(enable_agent_integration=False))
    assert (answer.enable_agent_integration, answer.enable_tier_escalation) == (False, True)
    assert await admin.stub.SetFeatureFlags(pb.SetFeatureFlagsRequest()) == answer
    assert admin.flags == FeatureFlags(False, True)


async def test_degradation_tells_the_breakers(admin: Admin) -> None:
    answer = await admin.stub.GetDegradation(pb.GetDegradationRequest())
    assert answer.level == pb.DEGRADATION_LEVEL_FULL
    assert [(one.dependency, one.breaker) for one in answer.dependencies] == [
        (pb.DEPENDENCY_AGENT_ORCHESTRATOR, pb.BREAKER_STATE_CLOSED)
    ]


async def test_drain_waits_for_the_calls_within_its_deadline(admin: Admin) -> None:
    await admin.add_call("call-1")
    answer = await admin.stub.Drain(pb.DrainRequest(), timeout=0.6)
    assert answer.remaining_call_count == 1
    with pytest.raises(NotCarriedError):
        admin.calls.check_room()
    draining = asyncio.ensure_future(admin.stub.Drain(pb.DrainRequest(), timeout=5))
    admin.listed["call-1"].close()
    assert (await draining).remaining_call_count == 0
