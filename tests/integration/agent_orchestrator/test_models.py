"""Turns with language models behind real HTTP: what is spoken, and what becomes of a turn when they fail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import yaml

from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright_common.rpc.wire import to_duration
from fakes.chat_server import ChatScript, ChatServer, Protocol, chat_server
from fixtures.agent_orchestrator import CAMPAIGN_ID, CAMPAIGNS, OrchestratorClient, RunOrchestrator

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
        await client.say()
        assert await spoken_by(client, "offline") == 1, "the opening is the campaign's, word for word"
        request = client.request(BILL)
        answer = await client.send(request, timeout=60)
        assert await spoken_by(client, "openai") == 1
        assert await client.count("callwright_model_tokens_total", direction="output") <= 48
    assert "?" in answer.text, "the question that the rules want answered is asked"
    assert len(answer.text.split()) <= 80
    assert not set("*_#`") & set(answer.text)
    assert answer.context.state == conversation.WORKFLOW_STATE_QUALIFYING


async def spoken_by(client: OrchestratorClient, provider: str) -> float:
    """Returns how many replies were said in a provider's words."""
    return await client.count("callwright_workflow_first_text_seconds_count", provider=provider)


@asynccontextmanager
async def talking_to(
    run_orchestrator: RunOrchestrator, script: ChatScript, protocol: Protocol = "openai", **settings: object
) -> AsyncIterator[tuple[OrchestratorClient, ChatServer]]:
    """An orchestrator behind which a scripted model speaks; the opening has been said."""
    async with chat_server(protocol) as server:
        server.script = script
        options = {"llm_provider": protocol, "llm_base_url": server.url, "llm_first_sentence_seconds": 0.5, **settings}
        async with run_orchestrator(**options) as client:
            await client.say()
            yield client, server


@pytest.mark.parametrize("protocol", ["openai", "ollama"])
async def test_a_model_speaks_and_the_rules_keep_the_state(
    run_orchestrator: RunOrchestrator, protocol: Protocol
) -> None:
    script = ChatScript(pieces=("**Jamie:** High bills ", "are no fun. How much", " is yours a month?"))
    async with talking_to(run_orchestrator, script, protocol) as (client, server):
        answer = await client.say(BILL)
        assert answer.sentences == ["High bills are no fun.", "How much is yours a month?"]
        assert await spoken_by(client, protocol) == 1
        tokens = [await client.count("callwright_model_tokens_total", direction=way) for way in ("input", "output")]
        assert tokens == [7, 4]
        assert answer.context.agent == conversation.AGENT_QUALIFICATION
        last = (await client.history())[-1]
        assert last.reply_text == "High bills are no fun. How much is yours a month?"
        assert last.asked.question_id == "monthly_bill"
    roles = [message["role"] for message in server.requests[0]["messages"]]
    assert roles == ["system", "assistant", "user"]


@pytest.mark.parametrize(
    ("pieces", "asking"),
    [
        (("High bills are no fun. ", "How much is yours?"), "How much is yours?"),
        (("Really? ", "How much is yours?"), "How much is yours?"),
        (("How much is yours? ", "Take your time."), "How much is yours?"),
        (("High bills are no fun.",), "Roughly how much is your electric bill each month?"),
    ],
    ids=["last", "two questions", "not last", "none"],
)
async def test_the_sentence_that_asks_tells_what_is_asked(
    run_orchestrator: RunOrchestrator, pieces: tuple[str, ...], asking: str
) -> None:
    async with talking_to(run_orchestrator, ChatScript(pieces=pieces)) as (client, _):
        answer = await client.say(BILL)
    asked = [event.sentence for event in answer.responses if event.sentence.HasField("asks")]
    assert asked[-1].text == asking
    assert asked[-1].asks == conversation.Question(
        expectation=conversation.EXPECTATION_ANSWER, question_id="monthly_bill"
    )
    assert answer.sentences[: len(pieces)] == [piece.strip() for piece in pieces]


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
    async with talking_to(run_orchestrator, script) as (client, _):
        answer = await client.say(BILL)
        assert await spoken_by(client, "offline") == 2
        assert await spoken_by(client, "openai") == 0
    assert answer.text.endswith("electric bill each month?")
    assert answer.asked == ["monthly_bill"]
    assert answer.context.revision == 2


async def test_a_model_that_fails_later_ends_with_a_whole_sentence_and_the_question(
    run_orchestrator: RunOrchestrator,
) -> None:
    script = ChatScript(pieces=("High bills are no fun. ", "We could bring", " it down."), cut_before=2)
    async with talking_to(run_orchestrator, script) as (client, _):
        answer = await client.say(BILL)
        assert await spoken_by(client, "openai") == 1
    assert answer.sentences[0] == "High bills are no fun."
    assert answer.text.endswith("electric bill each month?")
    assert answer.asked == ["monthly_bill"]
    assert "We could" not in answer.text


async def test_an_endless_reply_is_cut_at_a_sentence_and_not_asked_for_any_more(
    run_orchestrator: RunOrchestrator,
) -> None:
    script = ChatScript(pieces=tuple("This is one of very many sentences that nobody wants. " for _ in range(5000)))
    async with talking_to(run_orchestrator, script) as (client, _):
        answer = await client.say(BILL)
    assert len(answer.text.split()) <= 80
    assert answer.text[-1] in ".?"


async def test_the_gateways_limit_counts_when_it_is_shorter(run_orchestrator: RunOrchestrator) -> None:
    silent = ChatScript(hang_before=0)
    async with talking_to(run_orchestrator, silent, llm_first_sentence_seconds=20) as (client, server):
        by_the_wait = client.request(BILL)
        by_the_wait.first_text_timeout.CopyFrom(to_duration(0.5))
        await client.send(by_the_wait)
        await client.send(client.request("my bill"), timeout=1)
        assert await spoken_by(client, "offline") == 3
    assert len(server.requests) == 2, "the model was asked both times"


ASKED = ("why do you ask", "is there a warranty?", "do you offer financing?", "how long does it take to install?")


async def test_a_model_that_breaks_off_after_a_sentence_has_served_the_caller(
    run_orchestrator: RunOrchestrator,
) -> None:
    script = ChatScript(pieces=("High bills are no fun. ", "And"), cut_before=1)
    async with talking_to(run_orchestrator, script) as (client, server):
        for question in ASKED[:3]:
            await client.say(question)
        assert await client.count("callwright_model_failures_total", kind="breaker_open") == 0
        assert await client.count("callwright_model_failures_total", kind="connection") == 3
    assert len(server.requests) == 3


async def test_a_model_that_keeps_failing_is_no_longer_waited_for(run_orchestrator: RunOrchestrator) -> None:
    silent = ChatScript(hang_before=0)
    async with talking_to(run_orchestrator, silent, llm_first_sentence_seconds=0.2) as (client, server):
        for question in ASKED:
            await client.say(question)
        assert await client.count("callwright_model_failures_total", kind="breaker_open") == 1
    assert len(server.requests) == 3
