"""A real server and a real channel: errors, deadlines, health, reflection, cancellation."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from prometheus_client import CollectorRegistry

from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2, agent_orchestrator_pb2_grpc
from callwright.conversation.v1 import conversation_pb2
from callwright.persistence.v1 import persistence_pb2, persistence_pb2_grpc
from callwright_common.client import open_channel, to_service_error
from callwright_common.deadlines import deadline_in, remaining
from callwright_common.errors import AbortedError, InvalidArgumentError, ServiceError, UnavailableError
from callwright_common.metrics import new_registry
from callwright_common.server import LIVENESS_SERVICE, Server, serve

NAME = "callwright.persistence.v1.PersistenceService"

Answer = Callable[[], Any]


class Calls(persistence_pb2_grpc.PersistenceServiceServicer):
    """Answers GetCall as the test says."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.deadline: float | None = None

    async def GetCall(self, request: persistence_pb2.GetCallRequest, context: Any) -> persistence_pb2.GetCallResponse:
        self.deadline = remaining()
        if self.error is not None:
            raise self.error
        return persistence_pb2.GetCallResponse(call=persistence_pb2.Call(call_id=request.call_id))


class Turns(agent_orchestrator_pb2_grpc.AgentOrchestratorServiceServicer):
    """Streams two words and then waits to be cancelled."""

    def __init__(self) -> None:
        self.cancelled = asyncio.Event()

    async def ProcessTurn(
        self, request: agent_orchestrator_pb2.ProcessTurnRequest, context: Any
    ) -> AsyncIterator[agent_orchestrator_pb2.ProcessTurnResponse]:
        try:
            for text in ("Hello.", "How are you?"):
                yield agent_orchestrator_pb2.ProcessTurnResponse(sentence=conversation_pb2.Sentence(text=text))
            await asyncio.Event().wait()
        finally:
            self.cancelled.set()


@asynccontextmanager
async def running(
    calls: Calls | None = None, turns: Turns | None = None, registry: CollectorRegistry | None = None
) -> AsyncIterator[tuple[Server, grpc.aio.Channel]]:
    calls = calls or Calls()  # type: ignore[abstract]
    turns = turns or Turns()  # type: ignore[abstract]

    def add(server: grpc.aio.Server) -> None:
        persistence_pb2_grpc.add_PersistenceServiceServicer_to_server(calls, server)
        agent_orchestrator_pb2_grpc.add_AgentOrchestratorServiceServicer_to_server(turns, server)

    async with serve("127.0.0.1:0", registry or new_registry(), add, [NAME], grace_seconds=1) as server:
        channel = open_channel(f"127.0.0.1:{server.port}")
        try:
            yield server, channel
        finally:
            await channel.close()


async def get_call(channel: grpc.aio.Channel, **options: Any) -> persistence_pb2.GetCallResponse:
    stub = persistence_pb2_grpc.PersistenceServiceStub(channel)
    return await stub.GetCall(persistence_pb2.GetCallRequest(call_id="call-1"), **options)


async def refused(channel: grpc.aio.Channel) -> ServiceError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await get_call(channel)
    return to_service_error(caught.value)


async def test_an_error_of_ours_arrives_with_reason_and_field() -> None:
    calls = Calls()  # type: ignore[abstract]
    async with running(calls) as (_, channel):
        calls.error = AbortedError("REVISION_MISMATCH", "the context has moved on", revision="4")
        aborted = await refused(channel)
        assert isinstance(aborted, AbortedError)
        assert (aborted.reason, aborted.message, aborted.metadata) == (
            "REVISION_MISMATCH",
            "the context has moved on",
            {"revision": "4"},
        )
        calls.error = InvalidArgumentError("turn.text", "must not be empty")
        invalid = await refused(channel)
        assert isinstance(invalid, InvalidArgumentError)
        assert invalid.field == "turn.text"


async def test_an_unknown_error_tells_nothing() -> None:
    calls = Calls()  # type: ignore[abstract]
    calls.error = RuntimeError("the caller said 'my card is 4242'")
    registry = new_registry()
    async with running(calls, registry=registry) as (_, channel):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await get_call(channel)
    assert caught.value.code() is grpc.StatusCode.INTERNAL
    assert caught.value.details() == "internal error"
    labels = {"method": "GetCall", "code": "INTERNAL"}
    assert registry.get_sample_value("callwright_grpc_requests_total", labels) == 1


async def test_the_deadline_travels_on_to_the_next_call() -> None:
    calls = Calls()  # type: ignore[abstract]
    async with running(calls) as (_, channel):
        with deadline_in(2.0):
            await get_call(channel, timeout=60)
        assert calls.deadline is not None
        assert 1 < calls.deadline < 3
        await get_call(channel, timeout=60)
        assert 50 < calls.deadline < 61
        await get_call(channel)
        assert 3 < calls.deadline < 6


async def test_a_dead_server_is_unavailable_at_once() -> None:
    channel = open_channel("127.0.0.1:1")
    error = await refused(channel)
    await channel.close()
    assert isinstance(error, UnavailableError)


async def test_leaving_a_stream_ends_the_work_on_the_server() -> None:
    turns = Turns()  # type: ignore[abstract]
    async with running(turns=turns) as (_, channel):
        stub = agent_orchestrator_pb2_grpc.AgentOrchestratorServiceStub(channel)
        call = stub.ProcessTurn(agent_orchestrator_pb2.ProcessTurnRequest(call_id="call-1"), timeout=30)
        words = []
        async for response in call:
            words.append(response.sentence.text)
            if len(words) == 2:
                break
        call.cancel()
        async with asyncio.timeout(5):
            await turns.cancelled.wait()
    assert words == ["Hello.", "How are you?"]


async def test_health_follows_serving_and_reflection_lists_the_service() -> None:
    async with running() as (server, channel):
        health = health_pb2_grpc.HealthStub(channel)
        for serving, status in (
            (False, health_pb2.HealthCheckResponse.NOT_SERVING),
            (True, health_pb2.HealthCheckResponse.SERVING),
        ):
            await server.set_serving(serving)
            for service in ("", NAME):
                assert (await health.Check(health_pb2.HealthCheckRequest(service=service))).status == status  # type: ignore[attr-defined]
            alive = await health.Check(health_pb2.HealthCheckRequest(service=LIVENESS_SERVICE))  # type: ignore[attr-defined]
            assert alive.status == health_pb2.HealthCheckResponse.SERVING

        def reflected() -> list[str]:
            with grpc.insecure_channel(f"127.0.0.1:{server.port}") as blocking:
                return list(ProtoReflectionDescriptorDatabase(blocking).get_services())

        assert NAME in await asyncio.to_thread(reflected)


async def test_a_taken_port_is_named() -> None:
    async with running() as (server, _):
        with pytest.raises(OSError, match=str(server.port)):
            async with serve(f"127.0.0.1:{server.port}", new_registry(), lambda _: None, [], grace_seconds=1):
                pytest.fail("two servers share a port")


def reason_of(error: grpc.aio.AioRpcError) -> str:
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin" and isinstance(value, bytes):
            info = error_details_pb2.ErrorInfo()
            assert status_pb2.Status.FromString(value).details[0].Unpack(info)
            return str(info.reason)
    return ""


@pytest.mark.parametrize(
    ("method", "body", "code", "reason"),
    [
        ("GetNothing", b"", grpc.StatusCode.UNIMPLEMENTED, "METHOD_NOT_FOUND"),
        ("GetCall", b"\xff\xff\xff", grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD"),
        ("GetCall", b"\x0a\x02\xff\xfe", grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD"),
        ("GetCall", b"x" * (5 * 1024 * 1024), grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD"),
    ],
    ids=["unknown method", "no message", "no UTF-8", "too large"],
)
async def test_what_never_reaches_a_servicer_is_refused_with_a_reason_too(
    method: str, body: bytes, code: grpc.StatusCode, reason: str
) -> None:
    async with running() as (server, _), grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await channel.unary_unary(f"/{NAME}/{method}")(body)  # type: ignore[arg-type]
        assert (caught.value.code(), reason_of(caught.value)) == (code, reason)
        assert (await get_call(channel)).call.call_id == "call-1"


async def test_a_stream_left_while_it_writes_is_given_back_at_once_by_its_own_task() -> None:
    turns = Turns()  # type: ignore[abstract]
    lost: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, details: lost.append(str(details["message"])))
    async with running(turns=turns) as (_, channel):
        stub = agent_orchestrator_pb2_grpc.AgentOrchestratorServiceStub(channel)
        for _ in range(20):
            call = stub.ProcessTurn(agent_orchestrator_pb2.ProcessTurnRequest(call_id="call-1"), timeout=30)
            await anext(aiter(call))
            call.cancel()
        async with asyncio.timeout(5):
            await turns.cancelled.wait()
    gc.collect()
    assert lost == []
