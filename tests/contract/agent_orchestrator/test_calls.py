"""Whole calls over real gRPC: sync, read, watch, end, health."""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

import grpc
import pytest
import redis
from google.protobuf.timestamp_pb2 import Timestamp
from grpc_health.v1 import health_pb2, health_pb2_grpc
from structlog.testing import capture_logs

from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright_common.errors import InvalidArgumentError, NotFoundError, ServiceError
from callwright_common.rpc.client import to_service_error
from fakes.running_servers import running
from fakes.tcp_proxy import TcpProxy
from fixtures.agent_orchestrator import CAMPAIGN_ID, OrchestratorClient, RunOrchestrator, told
from local_stack.servers.embedded_redis import EmbeddedRedis

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
        campaign_id=CAMPAIGN_ID,
        base_revision=base_revision or (mirror.revision if mirror else 0),
        unsynced_entries=entries,
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
    assert response.context.revision > mirror.revision
    assert list(response.context.facts) == list(mirror.facts)
    assert response.context.score == mirror.score
    again = await sync(orchestrator, mirror)
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
    assert response.context.revision > 2
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
    rebuilt = (await sync(orchestrator, mirror)).context.revision
    assert (await orchestrator.say(BILL)).context.revision == rebuilt + 1


async def test_without_a_usable_dialogue_the_history_is_understood_again(orchestrator: OrchestratorClient) -> None:
    mirror = conversation.WorkflowContext(
        call_id="call-1",
        revision=7,
        dialogue_state=b"another version wrote this",
        history=[
            told("turn-1", "", "What made you think about solar?", asked=question("interest")),
            told("turn-2", BILL, "Roughly how much is your electric bill?", asked=question("monthly_bill")),
            told("turn-3", "two hundred dollars", "When would you like to have it?", asked=question("timeline")),
        ],
    )
    response = await sync(orchestrator, mirror)
    assert response.context.revision > 7
    assert facts(response.context) == {"interest", "monthly_bill"}
    assert await orchestrator.count("callwright_contexts_rebuilt_total", source="history") == 1
    answer = await orchestrator.say("that is way too expensive")
    assert answer.transition is not None
    assert not answer.transition.context_preserved, "what the agents knew was lost"


async def test_an_agent_who_takes_over_after_a_rebuild_knows_all(
    orchestrator: OrchestratorClient, redis_url: str
) -> None:
    opening = await orchestrator.say()
    assert opening.transition is not None
    assert opening.transition.context_preserved
    mirror = (await orchestrator.say(BILL)).context
    with redis.Redis.from_url(redis_url) as server:
        server.flushall()
    await sync(orchestrator, mirror)
    assert await orchestrator.count("callwright_contexts_rebuilt_total", source="dialogue_state") == 1
    answer = await orchestrator.say("that is way too expensive")
    assert answer.transition is not None
    assert answer.transition.context_preserved


async def test_a_rebuilt_context_takes_in_what_is_only_told_now(
    orchestrator: OrchestratorClient, redis_url: str
) -> None:
    await orchestrator.say()
    answer = await orchestrator.say(BILL)
    assert answer.asked == ["monthly_bill"]
    cut = told("turn-2", BILL, "I see,", reply_text=answer.text, interrupted=True)
    spoken = told("turn-x", "it is 220 dollars", "I see.", source=conversation.REPLY_SOURCE_DIRECT_MODEL)
    mirror = answer.context
    mirror.history.extend([told("turn-1", "", "Hello."), cut, spoken])
    with redis.Redis.from_url(redis_url) as server:
        server.flushall()
    response = await sync(orchestrator, mirror, cut, spoken)
    assert facts(response.context) == {"interest", "monthly_bill"}
    assert [turn.heard_text for turn in response.context.history] == ["Hello.", "I see,", "I see."]
    assert response.context.history[1].interrupted


def question(question_id: str) -> conversation.Question:
    return conversation.Question(expectation=conversation.EXPECTATION_ANSWER, question_id=question_id)


async def test_turns_of_a_fallback_are_taken_in_once(orchestrator: OrchestratorClient) -> None:
    await orchestrator.say()
    entry = told("turn-x", BILL, "I see.", source=conversation.REPLY_SOURCE_DIRECT_MODEL)
    first = await sync(orchestrator, None, entry, base_revision=1)
    assert first.context.revision == 2
    assert facts(first.context) == {"interest"}
    second = await sync(orchestrator, None, entry, base_revision=2)
    assert second.context == first.context


async def test_an_unknown_call_gets_a_context(orchestrator: OrchestratorClient) -> None:
    response = await sync(orchestrator, None, told("turn-x", "yes", "I see."), base_revision=4)
    assert response.context.revision > 5
    answer = await orchestrator.say("that is too expensive")
    assert answer.context.revision == response.context.revision + 1
    assert answer.transition is not None
    assert not answer.transition.context_preserved, "the gateway has seen a context that is lost"


NOW = Timestamp(seconds=10**9)
BAD_MIRRORS: list[tuple[dict[str, Any], str]] = [
    ({"call_id": "call-2"}, "mirror.call_id"),
    ({"revision": -1}, "mirror.revision"),
    ({"history": [told("", "a", "b")]}, "mirror.history[0].turn_id"),
    ({"booking": conversation.Booking(start_time=Timestamp(seconds=10**13))}, "mirror.booking.start_time"),
    (
        {"booking": conversation.Booking(call_id="call-2", start_time=NOW, end_time=NOW, create_time=NOW)},
        "mirror.booking.call_id",
    ),
]


async def test_a_mirror_that_is_wrong_is_refused_by_its_field(orchestrator: OrchestratorClient) -> None:
    for fields, field in BAD_MIRRORS:
        mirror = conversation.WorkflowContext(**{"call_id": "call-1", "revision": 1, **fields})
        error = await refused(sync(orchestrator, mirror, base_revision=1))
        assert isinstance(error, InvalidArgumentError)
        assert error.metadata["field"] == field


async def test_what_a_mirror_only_tells_never_fails_a_sync(orchestrator: OrchestratorClient) -> None:
    mirror = conversation.WorkflowContext(
        call_id="call-1",
        revision=3,
        agent=cast("Any", 77),
        state=cast("Any", 77),
        score=conversation.QualificationScore(overall=math.nan),
        history=[told(f"turn-{number}", "my bill\0 is high", "I see." * 99) for number in range(120)],
    )
    response = await sync(orchestrator, mirror)
    assert len(response.context.history) == 30
    assert facts(response.context) == {"interest"}


async def refused(call: Awaitable[object]) -> ServiceError:
    """Returns the error with which a call is refused."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return to_service_error(caught.value)


async def test_an_end_without_a_reason_is_refused_and_one_of_a_newer_gateway_is_not(
    orchestrator: OrchestratorClient,
) -> None:
    await orchestrator.say()
    error = await refused(orchestrator.stub.EndCall(pb.EndCallRequest(call_id="call-1")))
    assert isinstance(error, InvalidArgumentError)
    assert error.metadata["field"] == "reason"
    request = pb.EndCallRequest(call_id="call-1", reason=cast("Any", 77))
    assert (await orchestrator.stub.EndCall(request)).outcome == conversation.OUTCOME_ABANDONED


async def test_a_context_is_read_as_the_last_turn_left_it(orchestrator: OrchestratorClient) -> None:
    await orchestrator.say()
    last = (await orchestrator.say(BILL)).context
    read = (await orchestrator.stub.GetWorkflowContext(pb.GetWorkflowContextRequest(call_id="call-1"))).context
    assert [turn.turn_id for turn in read.history] == ["turn-1", "turn-2"]
    assert [turn.asked.question_id for turn in read.history] == ["interest", "monthly_bill"]
    assert not last.history, "the gateway knows it itself"
    read.ClearField("history")
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
            await one.stub.EndCall(pb.EndCallRequest(call_id="call-1", reason=conversation.END_REASON_CALLER_HUNG_UP))
            for stream in (here, elsewhere):
                last = [context async for context in stream]
                assert [context.state for context in last] == [conversation.WORKFLOW_STATE_COMPLETED]


async def watch(client: OrchestratorClient) -> AsyncIterator[conversation.WorkflowContext]:
    async for response in client.stub.WatchCall(pb.WatchCallRequest(call_id="call-1")):
        yield response.context


async def test_an_unknown_call_cannot_be_read_watched_or_ended(orchestrator: OrchestratorClient) -> None:
    stub = orchestrator.stub
    calls = (
        stub.GetWorkflowContext(pb.GetWorkflowContextRequest(call_id="nobody")),
        stub.EndCall(pb.EndCallRequest(call_id="nobody", reason=conversation.END_REASON_CALLER_HUNG_UP)),
        anext(aiter(stub.WatchCall(pb.WatchCallRequest(call_id="nobody")))),
    )
    errors = [await refused(call) for call in calls]
    assert all(isinstance(error, NotFoundError) and error.reason == "CALL_NOT_FOUND" for error in errors)


async def test_a_call_whose_first_turn_is_in_work_ends_and_is_not_stored_as_live(
    orchestrator: OrchestratorClient,
) -> None:
    request = pb.EndCallRequest(
        call_id="call-1", reason=conversation.END_REASON_CALLER_HUNG_UP, campaign_id=CAMPAIGN_ID
    )
    ended = await orchestrator.stub.EndCall(request)
    assert ended.outcome == conversation.OUTCOME_ABANDONED
    assert await orchestrator.stub.EndCall(request) == ended
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await orchestrator.say()
    assert error.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    last = [context.state async for context in watch(orchestrator)]
    assert last == [conversation.WORKFLOW_STATE_COMPLETED]


async def test_a_call_ends_once(orchestrator: OrchestratorClient) -> None:
    await orchestrator.say()
    await orchestrator.say(BILL)
    entry = told("turn-x", "my bill is two hundred and twenty dollars", "I see.")
    request = pb.EndCallRequest(
        call_id="call-1", reason=conversation.END_REASON_CALLER_HUNG_UP, unsynced_entries=[entry]
    )
    ended = await orchestrator.stub.EndCall(request)
    assert ended.outcome == conversation.OUTCOME_ABANDONED
    assert ended.summary
    assert "220" not in ended.summary
    assert 0 < ended.score.overall < 1
    request.reason = conversation.END_REASON_TRANSFERRED
    for factor in ended.score.factors:
        factor.ClearField("evidence")
    assert await orchestrator.stub.EndCall(request) == ended


async def test_a_transferred_call_is_told_as_such(orchestrator: OrchestratorClient) -> None:
    await orchestrator.say()
    ended = await orchestrator.stub.EndCall(
        pb.EndCallRequest(call_id="call-1", reason=conversation.END_REASON_TRANSFERRED)
    )
    assert ended.outcome == conversation.OUTCOME_TRANSFERRED


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
    await proxy.close()


@pytest.mark.parametrize(
    ("break_it", "mend_it", "cause"),
    [
        (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE"), "READONLY"),
        (("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0"), "OOM"),
        (
            ("CONFIG", "SET", "min-replicas-to-write", "1"),
            ("CONFIG", "SET", "min-replicas-to-write", "0"),
            "NOREPLICAS",
        ),
        (("ACL", "SETUSER", "default", "-hset"), ("ACL", "SETUSER", "default", "+@all"), "NOPERM"),
        (("ACL", "SETUSER", "default", "-evalsha"), ("ACL", "SETUSER", "default", "+@all"), "NOPERM"),
        (("CLIENT", "PAUSE", "60000", "WRITE"), ("CLIENT", "UNPAUSE"), "timeout"),
    ],
    ids=["read-only after a failover", "full", "without replicas", "no write", "no script", "paused"],
)
async def test_a_redis_that_takes_no_writes_is_not_served_and_named(
    run_orchestrator: RunOrchestrator, break_it: tuple[str, ...], mend_it: tuple[str, ...], cause: str
) -> None:
    with running(EmbeddedRedis()) as server, redis.Redis.from_url(server.url()) as administrator:
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
            # What Redis was asked to write while it was paused, it may have written since.
            stored = await client.stub.GetWorkflowContext(pb.GetWorkflowContextRequest(call_id="call-1"))
            client.revisions["call-1"] = stored.context.revision
            assert (await client.say(BILL)).context.revision == stored.context.revision + 1


async def until(client: OrchestratorClient, status: int) -> None:
    """Waits until the service's health is as expected."""
    health = health_pb2_grpc.HealthStub(client.channel)
    watch = health.Watch(health_pb2.HealthCheckRequest(), timeout=10)  # type: ignore[attr-defined]
    async for response in watch:
        if response.status == status:
            break
    watch.cancel()
