"""Whole calls over real gRPC: sync, read, watch, end, health."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import grpc
import pytest
import redis
from grpc_health.v1 import health_pb2, health_pb2_grpc
from structlog.testing import capture_logs

from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright_common.client import to_service_error
from callwright_common.errors import InvalidArgumentError, NotFoundError, ServiceError
from fakes.tcp_proxy import TcpProxy
from fixtures.agent_orchestrator import OrchestratorClient, RunOrchestrator, call_state, told
from local_stack.embedded_redis import EmbeddedRedis

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
BILL = "my electric bill is too high"


async def sync(
    client: OrchestratorClient,
    mirror: conversation.WorkflowContext | None = None,
    *entries: conversation.TurnRecord,
    base_revision: int = 0,
) -> pb.SyncCallStateResponse:
    request = pb.SyncCallStateRequest(
        call_id="call-1",
        base_revision=base_revision or (mirror.revision if mirror else 0),
        unsynced_entries=entries,
        call_state=call_state(),
        mirror=mirror,
    )
    response = await client.stub.SyncCallState(request)
    client.revisions["call-1"] = response.context.revision
    return response


def facts(context: conversation.WorkflowContext) -> set[str]:
    return {fact.name for fact in context.facts}


async def test_a_lost_context_is_rebuilt_from_the_mirror(orchestrator: OrchestratorClient, redis_url: str) -> None:
    await orchestrator.say()
    mirror = (await orchestrator.say(BILL)).context
    with redis.Redis.from_url(redis_url) as server:
        server.flushall()
    error = await orchestrator.refused(orchestrator.request("two hundred dollars"))
    assert error.reason == "REVISION_MISMATCH"

    response = await sync(orchestrator, mirror)
    assert response.rebuilt
    assert response.context.revision == mirror.revision
    assert list(response.context.facts) == list(mirror.facts)
    assert response.context.score == mirror.score
    again = await sync(orchestrator, mirror)
    assert not again.rebuilt
    assert again.context == response.context
    assert facts((await orchestrator.say("two hundred dollars a month")).context) >= {"interest", "monthly_bill"}


async def test_a_context_that_fell_behind_is_brought_up_again(orchestrator: OrchestratorClient, redis_url: str) -> None:
    await orchestrator.say()
    with redis.Redis.from_url(redis_url) as server:
        (key,) = server.keys()
        older = server.dump(key)
        mirror = (await orchestrator.say(BILL)).context
        server.restore(key, 0, older, replace=True)
    response = await sync(orchestrator, mirror)
    assert response.rebuilt
    assert response.context.revision == 2
    assert facts(response.context) == {"interest"}


@pytest.mark.parametrize("damage", ["truncated", "flipped", "foreign"])
async def test_a_damaged_context_is_set_aside_and_rebuilt(
    orchestrator: OrchestratorClient, redis_url: str, damage: str
) -> None:
    mirror = (await orchestrator.say()).context
    await orchestrator.say(call_id="call-2")
    with redis.Redis.from_url(redis_url) as server:
        body = server.hget("callwright:context:{call-1}", "body")
        foreign = server.hget("callwright:context:{call-2}", "body")
        assert isinstance(body, bytes)
        bad = {"truncated": body[:-7], "flipped": body[:40] + b"\xff" + body[41:], "foreign": foreign}[damage]
        assert bad
        server.hset("callwright:context:{call-1}", "body", bad)
        error = await orchestrator.refused(orchestrator.request(BILL))
        assert error.reason == "REVISION_MISMATCH"
        assert server.hget("callwright:context:{call-1}", "refused_body") == bad
    assert (await sync(orchestrator, mirror)).rebuilt
    assert (await orchestrator.say(BILL)).context.revision == 2


async def test_without_a_usable_snapshot_the_history_is_understood_again(orchestrator: OrchestratorClient) -> None:
    mirror = conversation.WorkflowContext(
        call_id="call-1",
        revision=7,
        snapshot=b"another version wrote this",
        history=[
            told("turn-1", "", "What made you think about solar?"),
            told("turn-2", BILL, "Roughly how much is your electric bill each month?"),
            told("turn-3", "two hundred dollars", "When would you like to have it on your roof?"),
        ],
    )
    response = await sync(orchestrator, mirror)
    assert response.rebuilt
    assert response.context.revision == 7
    assert facts(response.context) == {"interest", "monthly_bill"}


async def test_turns_of_a_fallback_are_taken_in_once(orchestrator: OrchestratorClient) -> None:
    await orchestrator.say()
    entry = told("turn-x", BILL, "I see.", source=conversation.REPLY_SOURCE_DIRECT_MODEL)
    first = await sync(orchestrator, None, entry, base_revision=1)
    assert not first.rebuilt
    assert first.context.revision == 2
    assert facts(first.context) == {"interest"}
    second = await sync(orchestrator, None, entry, base_revision=2)
    assert second.context == first.context


async def test_an_unknown_call_gets_a_context(orchestrator: OrchestratorClient) -> None:
    response = await sync(orchestrator, None, told("turn-x", BILL, "I see."), base_revision=4)
    assert response.context.revision == 5
    assert (await orchestrator.say("two hundred dollars")).context.revision == 6


async def test_a_mirror_of_another_call_is_refused(orchestrator: OrchestratorClient) -> None:
    request = pb.SyncCallStateRequest(
        call_id="call-1", call_state=call_state(), mirror=conversation.WorkflowContext(call_id="call-2", revision=1)
    )
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await orchestrator.stub.SyncCallState(request)
    error = to_service_error(caught.value)
    assert isinstance(error, InvalidArgumentError)
    assert error.field == "mirror.call_id"


async def test_a_context_is_read_as_the_last_turn_left_it(orchestrator: OrchestratorClient) -> None:
    await orchestrator.say()
    last = (await orchestrator.say(BILL)).context
    read = (await orchestrator.stub.GetWorkflowContext(pb.GetWorkflowContextRequest(call_id="call-1"))).context
    assert read == last
    assert [factor.factor for factor in read.score.factors] == [1, 2, 3, 4, 5]
    assert sum(factor.weight for factor in read.score.factors) == pytest.approx(1)
    assert read.score.factors[0].evidence[0].quote == BILL


async def test_a_watched_call_is_told_after_each_change_by_any_replica(run_orchestrator: RunOrchestrator) -> None:
    async with run_orchestrator() as one, run_orchestrator(watch_interval_seconds=0.05) as other:
        await one.say()
        here = watch(one)
        elsewhere = watch(other)
        async with asyncio.timeout(10):
            assert [(await anext(here)).revision, (await anext(elsewhere)).revision] == [1, 1]
            await one.say(BILL)
            assert [(await anext(here)).revision, (await anext(elsewhere)).revision] == [2, 2]
            await one.stub.EndCall(pb.EndCallRequest(call_id="call-1", reason="caller_hung_up"))
            for stream in (here, elsewhere):
                last = [context async for context in stream]
                assert [context.state for context in last] == [conversation.WORKFLOW_STATE_COMPLETED]


async def watch(client: OrchestratorClient) -> AsyncIterator[conversation.WorkflowContext]:
    async for response in client.stub.WatchCall(pb.WatchCallRequest(call_id="call-1")):
        yield response.context


async def test_an_unknown_call_cannot_be_read_watched_or_ended(orchestrator: OrchestratorClient) -> None:
    stub = orchestrator.stub
    errors: list[ServiceError] = []
    for call in (
        stub.GetWorkflowContext(pb.GetWorkflowContextRequest(call_id="nobody")),
        stub.EndCall(pb.EndCallRequest(call_id="nobody", reason="caller_hung_up")),
        anext(aiter(stub.WatchCall(pb.WatchCallRequest(call_id="nobody")))),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call
        errors.append(to_service_error(caught.value))
    assert all(isinstance(error, NotFoundError) and error.reason == "CALL_NOT_FOUND" for error in errors)


async def test_a_call_ends_once(orchestrator: OrchestratorClient) -> None:
    await orchestrator.say()
    await orchestrator.say(BILL)
    entry = told("turn-x", "my bill is two hundred and twenty dollars", "I see.")
    request = pb.EndCallRequest(call_id="call-1", reason="caller_hung_up", unsynced_entries=[entry])
    ended = await orchestrator.stub.EndCall(request)
    assert ended.outcome == "abandoned"
    assert ended.summary
    assert "220" not in ended.summary
    assert 0 < ended.score.overall < 1
    request.reason = "transferred"
    assert await orchestrator.stub.EndCall(request) == ended


async def test_a_transferred_call_is_told_as_such(orchestrator: OrchestratorClient) -> None:
    await orchestrator.say()
    ended = await orchestrator.stub.EndCall(pb.EndCallRequest(call_id="call-1", reason="transferred"))
    assert ended.outcome == "transferred"


async def test_health_follows_redis(run_orchestrator: RunOrchestrator, redis_url: str) -> None:
    address = urlsplit(redis_url)
    proxy = TcpProxy(address.port or 6379)
    await proxy.open()
    behind = urlunsplit(address._replace(netloc=address.netloc.replace(f":{address.port}", f":{proxy.port}")))
    async with run_orchestrator(redis_url=behind, readiness_interval_seconds=0.05) as client:
        await until(client, SERVING)
        assert (await client.say()).context.revision == 1
        await proxy.cut()
        await until(client, NOT_SERVING)
        error = await client.refused(client.request(BILL))
        assert (error.reason, error.cause) == ("CONTEXT_STORE_UNAVAILABLE", "connection")
        await proxy.open()
        await until(client, SERVING)
        assert (await client.say(BILL)).context.revision == 2
    await proxy.cut()


@pytest.mark.parametrize(
    ("break_it", "mend_it", "cause"),
    [
        (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE"), "READONLY"),
        (("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0"), "OOM"),
    ],
    ids=["read-only after a failover", "full"],
)
async def test_a_redis_that_takes_no_writes_is_not_served_and_named(
    run_orchestrator: RunOrchestrator, break_it: tuple[str, ...], mend_it: tuple[str, ...], cause: str
) -> None:
    with EmbeddedRedis() as server, redis.Redis.from_url(server.url()) as administrator:
        async with run_orchestrator(redis_url=server.url(), readiness_interval_seconds=0.05) as client:
            await until(client, SERVING)
            await client.say()
            with capture_logs() as lines:
                administrator.execute_command(*break_it)
                await until(client, NOT_SERVING)
            assert administrator.ping()
            (line,) = [line for line in lines if line["event"] == "the service cannot serve"]
            assert line["problem"] == f"the context store cannot be written ({cause})"
            with capture_logs() as lines:
                error = await client.refused(client.request(BILL))
            assert (error.reason, error.cause) == ("CONTEXT_STORE_UNAVAILABLE", cause)
            assert [line["cause"] for line in lines if line["event"] == "request refused"] == [cause]
            administrator.execute_command(*mend_it)
            await until(client, SERVING)
            assert (await client.say(BILL)).context.revision == 2


async def until(client: OrchestratorClient, status: int) -> None:
    """Waits until the service's health is as expected."""
    health = health_pb2_grpc.HealthStub(client.channel)
    watch = health.Watch(health_pb2.HealthCheckRequest(), timeout=10)  # type: ignore[attr-defined]
    async for response in watch:
        if response.status == status:
            break
    watch.cancel()
