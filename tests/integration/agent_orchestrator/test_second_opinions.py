"""What a model understood beside the reply, behind real HTTP: of effect from the next turn on, and never in its way."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from callwright.conversation.v1 import conversation_pb2 as conversation
from fakes.chat_server import ChatScript, ChatServer, Protocol, chat_server
from fixtures.agent_orchestrator import Answer, OrchestratorClient, RunOrchestrator

SAID = "the missus holds the purse and it was as the crow flies"
TRUE = json.dumps(
    {
        "intents": [{"intent": "do_not_call", "quote": "as the crow flies"}],
        "facts": [{"question": "decision", "value": "somebody_else", "quote": "the missus holds the purse"}],
    }
)
LIES = json.dumps(
    {
        "intents": [{"intent": "do_not_call", "quote": "never call me again"}],
        "facts": [{"question": "decision", "value": "alone", "quote": "I decide everything alone"}],
    }
)


@asynccontextmanager
async def listening(
    run_orchestrator: RunOrchestrator, *understood: str | None, protocol: Protocol = "openai"
) -> AsyncIterator[tuple[OrchestratorClient, ChatServer]]:
    async with chat_server(protocol) as server:
        server.script = ChatScript(pieces=("I see. ", "How much is it?"), understood=understood)
        settings = {"llm_provider": protocol, "llm_base_url": server.url, "llm_understanding_seconds": 1.5}
        async with run_orchestrator(**settings) as client:
            await client.say()
            yield client, server


def decision(answer: Answer) -> list[str]:
    return [fact.value for fact in answer.context.facts if fact.name == "decision"]


def asks_to_opt_out(answer: Answer) -> bool:
    asked = [event.sentence.asks.expectation for event in answer.responses if event.sentence.HasField("asks")]
    return conversation.EXPECTATION_OPT_OUT_CHECK in asked


@pytest.mark.parametrize("protocol", ["openai", "ollama"])
@pytest.mark.parametrize("before", [(), ("this is no JSON",)], ids=["at once", "when asked again"])
async def test_an_opinion_counts_from_the_next_turn_on(
    run_orchestrator: RunOrchestrator, protocol: Protocol, before: tuple[str, ...]
) -> None:
    async with listening(run_orchestrator, *before, TRUE, protocol=protocol) as (client, server):
        first = await client.say(SAID)
        assert decision(first) == ["somebody else decides"]
        assert not asks_to_opt_out(first)
        assert asks_to_opt_out(await client.say("my bill is two hundred a month"))
    request = server.listened[0]
    if protocol == "ollama":
        assert request["think"] is False
        schema = request["format"]
    else:
        assert request["response_format"]["json_schema"]["strict"] is True
        schema = request["response_format"]["json_schema"]["schema"]
    assert schema["required"] == ["intents", "facts"]


@pytest.mark.parametrize(
    ("understood", "kind", "asked"),
    [
        ((LIES,), "", 1),
        (("no JSON", '{"intents": []}'), "protocol", 2),
        ((None,), "timeout", 1),
        (("refused",), "refused", 1),
    ],
    ids=["lies", "wrong JSON", "slow", "refuses"],
)
async def test_what_is_no_opinion_changes_nothing(
    run_orchestrator: RunOrchestrator, understood: tuple[str | None, ...], kind: str, asked: int
) -> None:
    async with listening(run_orchestrator, *understood) as (client, server):
        answer = await client.say(SAID)
        assert answer.sentences[0] == "I see."
        assert len(server.listened) == asked
        assert not decision(answer)
        assert not asks_to_opt_out(await client.say("my bill is two hundred a month"))
        if kind:
            assert await client.count("callwright_model_failures_total", kind=kind) == 2


async def test_the_words_do_not_wait_for_it(run_orchestrator: RunOrchestrator) -> None:
    async with listening(run_orchestrator, None) as (client, server):
        call = client.stub.ProcessTurn(client.request(SAID))
        async for response in call:
            if response.HasField("speech_completed"):
                assert not server.left.is_set(), "it is still being asked"
                break
        call.cancel()
        await server.left.wait()
