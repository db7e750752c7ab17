"""Turns with language models behind real HTTP: what is spoken, and what becomes of a turn when they fail."""

from pathlib import Path

import pytest
import yaml

from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright_common.wire import to_duration
from fakes.chat_server import ChatScript, ChatServer, Protocol, chat_server
from fixtures.agent_orchestrator import CAMPAIGN_ID, CAMPAIGNS, Answer, RunOrchestrator

BILL = "my electric bill is too high"


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


async def turn_with(
    run_orchestrator: RunOrchestrator, script: ChatScript, protocol: Protocol = "openai", **settings: object
) -> tuple[Answer, ChatServer]:
    async with chat_server(protocol) as server:
        server.script = script
        options = {"llm_provider": protocol, "llm_base_url": server.url, "llm_first_sentence_seconds": 0.5, **settings}
        async with run_orchestrator(**options) as client:
            await client.say()
            return await client.say(BILL), server


@pytest.mark.parametrize("protocol", ["openai", "ollama"])
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
            # With the orchestrator's own limit both would have failed with their deadline.
            for answer in (first, by_the_deadline):
                assert answer.completed.usage.provider == "offline"


async def test_a_model_that_keeps_failing_is_no_longer_waited_for(run_orchestrator: RunOrchestrator) -> None:
    async with chat_server("openai") as server:
        server.script = ChatScript(hang_before=0)
        options = {"llm_provider": "openai", "llm_base_url": server.url, "llm_first_sentence_seconds": 0.2}
        async with run_orchestrator(**options) as client:
            await client.say()
            for _ in range(4):
                await client.say("why do you ask")
        assert len(server.requests) == 3
