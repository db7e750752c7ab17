"""A real server and a real channel: errors, deadlines, health, reflection, cancellation."""

import asyncio
import gc
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from prometheus_client import CollectorRegistry
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2, agent_orchestrator_pb2_grpc
from callwright.conversation.v1 import conversation_pb2
from callwright.persistence.v1 import persistence_pb2, persistence_pb2_grpc
from callwright_common.breaker import BreakerSettings, BreakerState, CircuitBreaker, probe_while_open
from callwright_common.clock import SystemClock
from callwright_common.errors import (
    AbortedError,
    InvalidArgumentError,
    ResourceExhaustedError,
    ServiceError,
    UnavailableError,
)
from callwright_common.metrics import new_registry
from callwright_common.rpc.client import check_serving, open_channel, to_service_error
from callwright_common.rpc.deadlines import deadline_in, remaining
from callwright_common.rpc.request_handling import MAX_MESSAGE_BYTES, QUOTAS
from callwright_common.rpc.server import LIVENESS_SERVICE, Server, serve
from local_stack.processes.readiness import grpc_serving

HOSTS = ["127.0.0.1", "localhost", *(["[::1]"] if Path("/proc/net/if_inet6").exists() else [])]
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
    """Streams two sentences and then waits to be cancelled."""

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
        assert invalid.metadata["field"] == "turn.text"


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


async def test_a_refusal_is_logged_and_counted_with_what_caused_it() -> None:
    calls = Calls()  # type: ignore[abstract]
    registry = new_registry()
    async with running(calls, registry=registry) as (_, channel):
        with capture_logs(processors=[merge_contextvars]) as lines:
            for error in (
                InvalidArgumentError("unsynced_entries[17].caller_text", "must not be empty"),
                UnavailableError("DATABASE_UNAVAILABLE", "the database does not answer", sqlstate="25006"),
                AbortedError("REVISION_MISMATCH", "the context has moved on", revision="4"),
            ):
                calls.error = error
                await refused(channel)
    shown = [(line["method"], line["call_id"], line["reason"], line.get("field")) for line in lines]
    assert shown == [
        ("GetCall", "call-1", "INVALID_FIELD", "unsynced_entries[17].caller_text"),
        ("GetCall", "call-1", "DATABASE_UNAVAILABLE", None),
        ("GetCall", "call-1", "REVISION_MISMATCH", None),
    ]
    for reason, cause in (
        ("INVALID_FIELD", "unsynced_entries[].caller_text"),
        ("DATABASE_UNAVAILABLE", "25006"),
        ("REVISION_MISMATCH", ""),
    ):
        labels = {"method": "GetCall", "reason": reason, "cause": cause}
        assert registry.get_sample_value("callwright_grpc_refusals_total", labels) == 1


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


async def test_proxies_of_the_environment_are_not_asked_for_what_is_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "grpc_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("no_proxy", "NO_PROXY", "no_grpc_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with running() as (server, channel):
        assert (await get_call(channel)).call.call_id == "call-1"
        server.set_serving(True)
        assert await grpc_serving(f"127.0.0.1:{server.port}")() is None


def test_every_channel_is_opened_in_one_place() -> None:
    """So none forgets deadlines, keepalive or that proxies are not for it."""
    root = Path(__file__).parents[3]
    opening = re.compile(r"grpc\.(aio\.)?(in)?secure_channel")
    found = {
        path.name
        for folder in ("libs", "services")
        for path in (root / folder).rglob("*.py")
        if opening.search(path.read_text())
    }
    assert found == {"client.py"}


async def hold_streams(channel: grpc.aio.Channel, method: str, request: bytes, count: int) -> list[Any]:
    """Opens streams, each of which has answered once."""
    streams = []
    for _ in range(count):
        stream: Any = channel.unary_stream(method)(request)  # type: ignore[arg-type]
        assert await stream.read() is not grpc.aio.EOF
        streams.append(stream)
    return streams


async def test_requests_watch_streams_and_health_checks_take_no_places_of_each_other() -> None:
    async with running() as (_, channel):
        check = health_pb2_grpc.HealthStub(channel).Check  # type: ignore[attr-defined]
        watching = await hold_streams(channel, "/grpc.health.v1.Health/Watch", b"", QUOTAS["health watches"])
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await hold_streams(channel, "/grpc.health.v1.Health/Watch", b"", 1)
        assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert reason_of(caught.value) == "TOO_MANY_REQUESTS"
        turn = agent_orchestrator_pb2.ProcessTurnRequest(call_id="call-1").SerializeToString()
        method = "/callwright.agent_orchestrator.v1.AgentOrchestratorService/ProcessTurn"
        turns = await hold_streams(channel, method, turn, QUOTAS["requests"])
        assert isinstance(await refused(channel), ResourceExhaustedError)
        await check(health_pb2.HealthCheckRequest())
        # Operators' streams have places of their own, too.
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await hold_streams(channel, method.replace("ProcessTurn", "WatchCall"), b"", 1)
        assert caught.value.code() is not grpc.StatusCode.RESOURCE_EXHAUSTED
        watching.pop().cancel()
        watching += await hold_streams_soon(channel)
        for stream in (*turns, *watching):
            stream.cancel()
        async with asyncio.timeout(10):
            while True:
                try:
                    await get_call(channel)
                except grpc.aio.AioRpcError:
                    continue
                break


async def hold_streams_soon(channel: grpc.aio.Channel) -> list[Any]:
    """Opens a watch stream as soon as the server has noticed that another one was left."""
    async with asyncio.timeout(10):
        while True:
            try:
                return await hold_streams(channel, "/grpc.health.v1.Health/Watch", b"", 1)
            except grpc.aio.AioRpcError:
                continue


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
            server.set_serving(serving)
            for service in ("", NAME):
                assert (await health.Check(health_pb2.HealthCheckRequest(service=service))).status == status  # type: ignore[attr-defined]
            alive = await health.Check(health_pb2.HealthCheckRequest(service=LIVENESS_SERVICE))  # type: ignore[attr-defined]
            assert alive.status == health_pb2.HealthCheckResponse.SERVING

        def reflected() -> list[str]:
            with grpc.insecure_channel(f"127.0.0.1:{server.port}") as blocking:
                return list(ProtoReflectionDescriptorDatabase(blocking).get_services())

        assert NAME in await asyncio.to_thread(reflected)


async def test_a_breaker_closes_by_itself_once_the_server_is_there_and_serves() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    changes: asyncio.Queue[BreakerState] = asyncio.Queue()
    settings = BreakerSettings(first_pause=0.05, longest_pause=0.1)
    breaker = CircuitBreaker("example", SystemClock(), settings, on_change=changes.put_nowait)
    channel = open_channel(f"127.0.0.1:{port}")
    for _ in range(3):
        with pytest.raises(UnavailableError):
            async with breaker.attempt():
                await check_serving(channel)
    probing = asyncio.create_task(probe_while_open(breaker, partial(check_serving, channel)))

    async def next_change() -> BreakerState:
        async with asyncio.timeout(20):
            return await changes.get()

    opened, half_open = BreakerState.OPEN, BreakerState.HALF_OPEN
    assert [await next_change() for _ in range(3)] == [opened, half_open, opened]
    async with serve(f"127.0.0.1:{port}", new_registry(), lambda _: None, [], grace_seconds=1) as server:
        assert [await next_change() for _ in range(4)] == [half_open, opened] * 2
        server.set_serving(True)
        while (state := await next_change()) is not BreakerState.CLOSED:
            assert state in {opened, half_open}
    probing.cancel()
    await asyncio.gather(probing, return_exceptions=True)
    await channel.close()


@pytest.mark.parametrize("host", HOSTS)
async def test_a_server_listens_and_is_reached_at_every_kind_of_address(host: str) -> None:
    async with (
        serve(f"{host}:0", new_registry(), lambda _: None, [NAME], grace_seconds=1) as server,
        open_channel(f"{host}:{server.port}") as channel,
    ):
        server.set_serving(serving=True)
        await check_serving(channel)


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
        ("GetCall", b"x" * (MAX_MESSAGE_BYTES + 1), grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD"),
        ("GetCall", b"x" * (2 * MAX_MESSAGE_BYTES), grpc.StatusCode.RESOURCE_EXHAUSTED, ""),
    ],
    ids=["unknown method", "no message", "no UTF-8", "too large", "far too large"],
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
