"""Turns over real gRPC: order, replay, revisions, doubt, cancellation, refusals."""

import asyncio
from typing import Any, cast

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright_common.errors import (
    AbortedError,
    FailedPreconditionError,
    InvalidArgumentError,
    NotFoundError,
    ResourceExhaustedError,
    UnavailableError,
)
from fakes.chat_server import ChatScript, chat_server
from fixtures.agent_orchestrator import OrchestratorClient, RunOrchestrator, told

BILL = "my electric bill is too high"


async def test_the_messages_of_a_turn_come_in_the_order_of_the_contract(orchestrator: OrchestratorClient) -> None:
    answer = await orchestrator.say()
    sentences = len(answer.sentences)
    assert sentences >= 2
    assert answer.kinds == ["agent_transition", *["sentence"] * sentences, "speech_completed", "turn_completed"]
    assert answer.responses[sentences].sentence.asks.question_id == "interest", "the last sentence asks"
    assert "automated assistant" in answer.text
    transition = answer.transition
    assert transition is not None
    assert transition.from_agent == conversation.AGENT_UNSPECIFIED
    assert (transition.to_agent, transition.turn_id) == (conversation.AGENT_CONVERSATION, "turn-1")
    assert answer.context.revision == 1
    assert answer.context.state == conversation.WORKFLOW_STATE_GREETING
    assert transition.context_preserved

    goodbye = await orchestrator.say("thank you, goodbye")
    assert goodbye.kinds[-2:] == ["call_action", "turn_completed"]
    assert goodbye.actions[0].end_call.reason == conversation.END_REASON_AGENT_GOODBYE
    assert not goodbye.completed.escalation.recommended


async def test_an_agent_is_announced_only_when_it_changes(orchestrator: OrchestratorClient) -> None:
    await orchestrator.say()
    first = await orchestrator.say(BILL)
    assert first.transition is not None
    assert first.transition.from_agent == conversation.AGENT_CONVERSATION
    assert first.transition.to_agent == first.context.agent == conversation.AGENT_QUALIFICATION
    second = await orchestrator.say("about two hundred dollars")
    assert second.transition is None
    assert second.context.agent == conversation.AGENT_QUALIFICATION
    assert [fact.name for fact in second.context.facts] == ["interest", "monthly_bill"]
    assert second.context.facts[1].evidence.turn_id == "turn-3"


async def test_a_completed_turn_is_replayed_and_changes_nothing(orchestrator: OrchestratorClient) -> None:
    await orchestrator.say()
    request = orchestrator.request(BILL)
    first = await orchestrator.send(request)
    again = await orchestrator.send(request)
    assert again.responses == first.responses
    assert await orchestrator.count("callwright_workflow_turns_total", outcome="replayed") == 1

    await orchestrator.say("about two hundred dollars")
    late = await orchestrator.send(request)
    assert late.responses[:-1] == first.responses[:-1]
    assert late.context.revision == 3


async def test_the_same_turn_sent_twice_at_once_is_answered_once(orchestrator: OrchestratorClient) -> None:
    await orchestrator.say()
    request = orchestrator.request(BILL)
    answers = await asyncio.gather(*(orchestrator.send(request) for _ in range(5)))
    assert await orchestrator.count("callwright_workflow_turns_total", outcome="replayed") == 4
    assert len({answer.text for answer in answers}) == 1
    assert {answer.context.revision for answer in answers} == {2}


async def test_another_revision_is_aborted(orchestrator: OrchestratorClient) -> None:
    await orchestrator.say()
    for base_revision in (5, 0):
        request = orchestrator.request(BILL)
        request.base_revision = base_revision
        error = await orchestrator.refused(request)
        assert isinstance(error, AbortedError)
        assert (error.reason, error.metadata) == ("REVISION_MISMATCH", {"stored_revision": "1"})
    assert (await orchestrator.say(BILL)).context.revision == 2


async def test_a_turn_in_doubt_is_amended_by_what_was_heard(orchestrator: OrchestratorClient) -> None:
    await orchestrator.say()
    await orchestrator.say(BILL)
    orchestrator.revisions["call-1"] = 1  # the gateway left before it saw the end of the turn
    request = orchestrator.request(
        "two hundred dollars a month",
        unsynced_entries=[told("turn-2", BILL, "I see,", reply_text="I see, lower bills.", interrupted=True)],
    )
    answer = await orchestrator.send(request)
    assert answer.context.revision == 3
    amended = (await orchestrator.history())[1]
    assert (amended.turn_id, amended.heard_text, amended.interrupted) == ("turn-2", "I see,", True)

    orchestrator.revisions["call-1"] = 1
    error = await orchestrator.refused(orchestrator.request("yes", unsynced_entries=[told("turn-2", BILL, "I see,")]))
    assert isinstance(error, AbortedError), "the third turn was not told"


async def test_what_a_fallback_answered_counts_in_the_next_turn(orchestrator: OrchestratorClient) -> None:
    await orchestrator.say()
    entry = told(
        "turn-x",
        BILL,
        "Roughly how much is your electric bill each month?",
        source=conversation.REPLY_SOURCE_DIRECT_MODEL,
        asked=conversation.Question(expectation=conversation.EXPECTATION_ANSWER, question_id="monthly_bill"),
    )
    answer = await orchestrator.say("two hundred dollars", unsynced_entries=[entry])
    assert {fact.name for fact in answer.context.facts} >= {"interest", "monthly_bill"}
    history = await orchestrator.history()
    assert [turn.turn_id for turn in history] == ["turn-1", "turn-x", "turn-2"]
    assert history[1].source == conversation.REPLY_SOURCE_DIRECT_MODEL


async def test_silence_and_keys_are_answered(orchestrator: OrchestratorClient) -> None:
    await orchestrator.say()
    silence = orchestrator.request()
    silence.input.silence.count = 1
    assert (await orchestrator.send(silence)).text
    keys = orchestrator.request()
    keys.input.key_presses.keys = "0"
    answer = await orchestrator.send(keys)
    assert answer.context.agent == conversation.AGENT_HANDOFF
    assert answer.actions[0].HasField("transfer")


async def test_a_cancelled_turn_changes_nothing_and_can_be_sent_again(run_orchestrator: RunOrchestrator) -> None:
    async with chat_server("openai") as server:
        server.script = ChatScript(pieces=("First sentence. ", "And then more."), hang_before=1)
        settings = {"llm_provider": "openai", "llm_base_url": server.url}
        async with run_orchestrator(**settings) as client:
            await client.say()
            request = client.request(BILL)
            call = client.stub.ProcessTurn(request, timeout=10)
            async for response in call:
                if response.HasField("sentence"):
                    break
            call.cancel()
            async with asyncio.timeout(5):
                await server.left.wait()
            server.script = ChatScript(pieces=("How high is it?",))
            answer = await client.send(request)
            assert answer.context.revision == 2
            assert answer.text == "How high is it?"


async def test_a_newer_turn_supersedes_the_one_that_still_runs(run_orchestrator: RunOrchestrator) -> None:
    async with chat_server("openai") as server:
        server.script = ChatScript(pieces=("First sentence. ", "And then more."))
        server.script.after_first.clear()
        async with run_orchestrator(llm_provider="openai", llm_base_url=server.url) as client:
            await client.say()
            old = client.stub.ProcessTurn(client.request(BILL), timeout=10)
            async for response in old:
                if response.HasField("sentence"):
                    break
            opened = server.script.after_first
            server.script = ChatScript(pieces=("Of course.",))
            newer = await client.send(client.request("could you repeat that"))
            assert newer.context.revision == 2
            opened.set()
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                async for _ in old:
                    pass
            assert caught.value.code() is grpc.StatusCode.ABORTED
            assert (await client.say("my bill")).context.revision == 3


async def test_too_many_turns_are_refused_and_the_others_go_on(run_orchestrator: RunOrchestrator) -> None:
    async with chat_server("openai") as server:
        server.script = ChatScript(pieces=("First sentence. ", "And then more."))
        settings = {"llm_provider": "openai", "llm_base_url": server.url, "max_concurrent_turns": 1}
        async with run_orchestrator(**settings) as client:
            await client.say()
            server.script.after_first.clear()
            first = client.stub.ProcessTurn(client.request(BILL), timeout=10)
            async for response in first:
                if response.HasField("sentence"):
                    break
            error = await client.refused(client.request(call_id="call-2"))
            assert isinstance(error, ResourceExhaustedError)
            assert error.reason == "TOO_MANY_TURNS"
            server.script.after_first.set()
            last = [response async for response in first][-1]
            assert last.turn_completed.context.revision == 2
            assert (await client.say(call_id="call-2")).context.revision == 1


async def test_calls_do_not_see_each_other(orchestrator: OrchestratorClient) -> None:
    calls = [f"call-{number}" for number in range(20)]
    await asyncio.gather(*(orchestrator.say(call_id=call) for call in calls))
    answers = await asyncio.gather(
        *(orchestrator.say(f"my bill is {100 + number} dollars", call_id=call) for number, call in enumerate(calls))
    )
    for number, answer in enumerate(answers):
        values = {fact.name: fact.value for fact in answer.context.facts}
        assert str(100 + number) in values["monthly_bill"], values


async def test_without_redis_a_turn_is_refused(run_orchestrator: RunOrchestrator) -> None:
    async with run_orchestrator(redis_url="redis://127.0.0.1:1/0") as client:
        error = await client.refused(client.request())
        assert isinstance(error, UnavailableError)
        assert (error.reason, error.cause) == ("CONTEXT_STORE_UNAVAILABLE", "connection")


async def test_a_redis_that_hangs_is_not_waited_for(run_orchestrator: RunOrchestrator) -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)
        writer.close()

    silent = await asyncio.start_server(swallow, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    async with run_orchestrator(
        redis_url=f"redis://127.0.0.1:{port}/0", context_store_timeout_seconds=0.2, readiness_interval_seconds=60
    ) as client:
        # Not the turn's own deadline, which is far later.
        error = await client.refused(client.request())
        assert (error.reason, error.cause) == ("CONTEXT_STORE_UNAVAILABLE", "timeout")
    silent.close()


async def test_unknown_campaigns_and_ended_calls_are_refused(orchestrator: OrchestratorClient) -> None:
    request = orchestrator.request()
    request.campaign_id = "no-such-campaign"
    assert isinstance(await orchestrator.refused(request), NotFoundError)
    await orchestrator.say()
    await orchestrator.stub.EndCall(pb.EndCallRequest(call_id="call-1", reason=conversation.END_REASON_CALLER_HUNG_UP))
    error = await orchestrator.refused(orchestrator.request("hello"))
    assert isinstance(error, FailedPreconditionError)
    assert error.reason == "CALL_ENDED"


def _input(**fields: Any) -> dict[str, Any]:
    return {"input": conversation.TurnInput(**fields)}


def _utterance(text: str) -> dict[str, Any]:
    return _input(utterance=conversation.Utterance(text=text))


def _silence(count: int) -> dict[str, Any]:
    return _input(silence=conversation.Silence(count=count))


def _keys(keys: str) -> dict[str, Any]:
    return _input(key_presses=conversation.KeyPresses(keys=keys))


BAD_REQUESTS: list[tuple[dict[str, Any], str]] = [
    ({"call_id": ""}, "call_id"),
    ({"call_id": "a" * 129}, "call_id"),
    ({"call_id": "nul\0"}, "call_id"),
    ({"turn_id": ""}, "turn_id"),
    ({"turn_id": " "}, "turn_id"),
    ({"campaign_id": ""}, "campaign_id"),
    ({"base_revision": -1}, "base_revision"),
    ({"base_revision": 2**63 - 1}, "base_revision"),
    (_input(), "input"),
    (_utterance(""), "input.utterance.text"),
    (_utterance("a" * 4001), "input.utterance.text"),
    (_utterance("a\0"), "input.utterance.text"),
    (_silence(count=0), "input.silence.count"),
    (_keys(""), "input.key_presses.keys"),
    (_keys("12a"), "input.key_presses.keys"),
    ({"unsynced_entries": [told("", "a", "b")]}, "unsynced_entries[0].turn_id"),
    ({"unsynced_entries": [told("t", "a", "b"), told("t 2", "a", "b")]}, "unsynced_entries[1].turn_id"),
]


async def test_a_bad_request_is_refused_by_its_field(orchestrator: OrchestratorClient) -> None:
    for fields, field in BAD_REQUESTS:
        request = orchestrator.request("hello")
        for name in fields:
            request.ClearField(name)  # type: ignore[arg-type]
        request.MergeFrom(pb.ProcessTurnRequest(**fields))
        error = await orchestrator.refused(request)
        assert isinstance(error, InvalidArgumentError), field
        assert error.metadata["field"] == field
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await orchestrator.stub.GetWorkflowContext(pb.GetWorkflowContextRequest(call_id="call-1"))
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


def _question(expectation: int, question_id: str) -> conversation.Question:
    return conversation.Question(expectation=cast("Any", expectation), question_id=question_id)


DECORATIVE: list[dict[str, Any]] = [
    {"first_text_timeout": Duration(seconds=0)},
    {"first_text_timeout": Duration(seconds=-5)},
    {"first_text_timeout": Duration(seconds=10**12)},
    {"unsynced_entries": [told("t", "a" * 9000, "b" * 9000, reply_text="c" * 9000)]},
    {"unsynced_entries": [told("t", "a\0b", "\0", reply_text="\x1f")]},
    {"unsynced_entries": [told("t", "a", "b", source=0)]},
    {"unsynced_entries": [told("t", "a", "b", source=77)]},
    {"unsynced_entries": [told("t", "a", "b", asked=_question(77, "x\0" * 999))]},
    {"unsynced_entries": [told("t", "a", "b", asked=_question(1, "no such"))]},
    {"unsynced_entries": [told("t", "a", "b", occur_time=Timestamp(seconds=10**13))]},
    {"unsynced_entries": [told(f"t{number}", "a", "b") for number in range(130)]},
]


async def test_a_field_that_only_tells_never_fails_a_turn(orchestrator: OrchestratorClient) -> None:
    for number, fields in enumerate(DECORATIVE):
        call_id = f"call-{number}"
        await orchestrator.say(call_id=call_id)
        answer = await orchestrator.say(BILL, call_id=call_id, **fields)
        assert answer.context.revision == 2
        history = await orchestrator.history(call_id)
        assert len(history) <= 30
        for turn in history:
            assert max(len(turn.caller_text), len(turn.reply_text), len(turn.heard_text)) <= 4000
            assert "\0" not in turn.caller_text + turn.heard_text
            assert turn.occur_time.ToDatetime().year > 2000
