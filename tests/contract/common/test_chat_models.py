"""The adapters of chat models over real HTTP: what they ask, what they stream, and how they tell failures apart."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from callwright_common.chat_models import ChatMessage, ChatModel, ModelError, TokenCount
from callwright_common.chat_models.failures import ModelFailures
from callwright_common.chat_models.providers import open_chat_model
from fakes.chat_server import ChatScript, Protocol, chat_server

MESSAGES = (ChatMessage("system", "You answer the phone."), ChatMessage("user", "Say hello to me."))
MAX_TOKENS = 24
PROTOCOLS = pytest.mark.parametrize("protocol", ["openai", "ollama"])


@asynccontextmanager
async def chat_model(protocol: Protocol, url: str, timeout_seconds: float = 20) -> AsyncIterator[ChatModel]:
    chat = open_chat_model(protocol, "fake", api_key="", base_url=url, timeout_seconds=timeout_seconds)
    try:
        yield chat
    finally:
        await chat.aclose()


async def collect(chat: ChatModel, heard: list[str | TokenCount]) -> None:
    """Adds what the model streams to a list, which holds what came before an error too."""
    async with aclosing(chat.deltas(MESSAGES, MAX_TOKENS)) as deltas:
        async for piece in deltas:
            heard.append(piece)  # noqa: PERF401


async def test_a_llama_server_streams_token_by_token(llama_url: str) -> None:
    heard: list[str | TokenCount] = []
    async with chat_model("openai", llama_url, timeout_seconds=60) as chat:
        await collect(chat, heard)
    *texts, count = heard
    assert len(texts) > 3
    assert isinstance(count, TokenCount)
    assert count.input_tokens > 10
    assert 3 < count.output_tokens <= MAX_TOKENS


@PROTOCOLS
async def test_pieces_arrive_as_they_are_sent(protocol: Protocol) -> None:
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as chat:
        server.script.after_first.clear()
        async with aclosing(chat.deltas(MESSAGES, MAX_TOKENS)) as deltas:
            assert await anext(deltas) == "Hello there. "
            server.script.after_first.set()
            rest = [piece async for piece in deltas]
    assert rest == ["How ", "are ", "you?", TokenCount(7, 4)]
    (request,) = server.requests
    assert request["model"] == "fake"
    assert request["messages"] == [
        {"role": "system", "content": "You answer the phone."},
        {"role": "user", "content": "Say hello to me."},
    ]
    assert request["stream"] is True
    assert request.get("think") is (False if protocol == "ollama" else None)
    assert (request["options"]["num_predict"] if protocol == "ollama" else request["max_tokens"]) == MAX_TOKENS


async def test_openai_itself_is_told_the_limit_by_the_name_that_its_reasoning_models_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with chat_server("openai") as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        chat = open_chat_model("openai", "fake", api_key="", base_url=None, timeout_seconds=20)
        try:
            await collect(chat, [])
        finally:
            await chat.aclose()
    (request,) = server.requests
    assert request["max_completion_tokens"] == MAX_TOKENS
    assert "max_tokens" not in request


@PROTOCOLS
@pytest.mark.parametrize(
    ("script", "kind", "pieces"),
    [
        (ChatScript(cut_before=0), "connection", 0),
        (ChatScript(cut_before=2), "connection", 2),
        (ChatScript(garbage_before=1), "protocol", 1),
        (ChatScript(error_before=1), "server_error", 1),
    ],
    ids=["cut at once", "cut in the middle", "garbage", "error in the middle"],
)
async def test_a_failing_server_is_told_by_its_kind(
    protocol: Protocol, script: ChatScript, kind: str, pieces: int
) -> None:
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as chat:
        server.script = script
        heard: list[str | TokenCount] = []
        with pytest.raises(ModelError) as caught:
            await collect(chat, heard)
    assert caught.value.kind == kind
    assert len(heard) == pieces


@PROTOCOLS
async def test_a_stream_with_words_may_end_without_saying_so(protocol: Protocol) -> None:
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as chat:
        server.script = ChatScript(finishes=False)
        heard: list[str | TokenCount] = []
        await collect(chat, heard)
        assert heard == list(server.script.pieces)
    error = await failure(protocol, ChatScript(pieces=(), finishes=False))
    assert error.kind == "connection"


async def failure(protocol: Protocol, script: ChatScript) -> ModelError:
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as chat:
        server.script = script
        with pytest.raises(ModelError) as caught:
            await collect(chat, [])
    return caught.value


@PROTOCOLS
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "bad_request"),
        (401, "unauthorized"),
        (402, "quota"),
        (403, "forbidden"),
        (404, "not_found"),
        (409, "refused"),
        (429, "rate_limited"),
        (500, "server_error"),
        (503, "server_error"),
    ],
)
async def test_the_answers_of_a_provider_are_told_apart(protocol: Protocol, status: int, kind: str) -> None:
    error = await failure(protocol, ChatScript(status=status))
    word = "error" if protocol == "openai" else ""
    assert (error.kind, error.status, error.code, error.retry_after) == (kind, status, word, None)
    assert "202" not in f"{error}{error.args}"


async def test_a_providers_own_word_and_its_wish_for_patience_are_told() -> None:
    error = await failure("openai", ChatScript(status=429, code="rate_limit_exceeded", retry_after="17"))
    assert (error.kind, error.code, error.retry_after) == ("rate_limited", "rate_limit_exceeded", 17.0)
    error = await failure("openai", ChatScript(status=429, code="insufficient_quota"))
    assert (error.kind, error.code, error.retry_after) == ("quota", "insufficient_quota", None)
    error = await failure("openai", ChatScript(status=400, code="call +1 202 555 0100", retry_after="soon"))
    assert (error.kind, error.code, error.retry_after) == ("bad_request", "", None)
    error = await failure("openai", ChatScript(error_before=0, code="server_error"))
    assert (error.kind, error.status, error.code) == ("server_error", None, "server_error")


GARBAGE = (
    b"[" * 100_000,
    b'{"choices":' * 100_000,
    b"9" * 5000,
    b"null",
    b"\xff\xfe\x00",
    b'{"choices": null, "message": null}',
    b'{"choices": {"a": 1}, "message": []}',
    b'{"choices": [{"delta": "x"}], "message": "x"}',
    b'{"choices": [{"delta": {"content": 5}}], "message": {"role": "assistant", "content": 5}}',
)


@PROTOCOLS
@pytest.mark.parametrize("garbage", GARBAGE, ids=lambda garbage: repr(garbage[:16]))
async def test_whatever_comes_in_a_stream_is_a_failure_of_the_model(protocol: Protocol, garbage: bytes) -> None:
    error = await failure(protocol, ChatScript(garbage_before=1, garbage=garbage))
    assert error.kind == "protocol"


@PROTOCOLS
@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_an_answer_that_cannot_be_unpacked_is_a_failure_of_the_model(protocol: Protocol, coding: str) -> None:
    error = await failure(protocol, ChatScript(status=500, coding=coding))
    assert error.kind == "protocol"


@pytest.mark.parametrize("told", [None, -5, "x", 1.5, [1]])
def test_what_is_no_count_counts_nothing(told: object) -> None:
    assert TokenCount.told(told, 4) == TokenCount(0, 4)


def test_failures_are_logged_and_counted_without_what_was_said() -> None:
    registry = CollectorRegistry()
    failures = ModelFailures(registry)
    with capture_logs() as lines:
        failures.note("openai", ModelError("quota", status=429, code="insufficient_quota"), after_words=False)
        failures.note("openai", ModelError("refused", status=418, code="teapot", retry_after=3.0), after_words=True)
        failures.note("openai", ModelError("timeout"), after_words=False)
    assert [(line["kind"], line["status"], line["code"], line["retry_after"]) for line in lines] == [
        ("quota", 429, "insufficient_quota", None),
        ("refused", 418, "teapot", 3.0),
        ("timeout", None, "", None),
    ]
    for kind, status, code in (
        ("quota", "429", "insufficient_quota"),
        ("refused", "418", "other"),
        ("timeout", "", ""),
    ):
        labels = {"provider": "openai", "kind": kind, "status": status, "code": code}
        assert registry.get_sample_value("callwright_model_failures_total", labels) == 1


@PROTOCOLS
async def test_bad_characters_are_taken_out_and_split_ones_joined(protocol: Protocol) -> None:
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as chat:
        server.script = ChatScript(pieces=("It\0 is \ud83d", "\ude00 fine\x1b", "\ud83d", "\0", "."))
        heard: list[str | TokenCount] = []
        await collect(chat, heard)
    assert heard == ["It is ", "😀 fine", ".", TokenCount(7, 4)]


@PROTOCOLS
async def test_a_sign_of_life_is_asked_for_without_a_reply(protocol: Protocol) -> None:
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as chat:
        await chat.check()
        server.script = ChatScript(status=503)
        with pytest.raises(ModelError) as caught:
            await chat.check()
    assert caught.value.kind == "server_error"


async def test_a_server_without_a_list_of_models_is_alive() -> None:
    async with chat_server("openai") as server, chat_model("openai", server.url) as chat:
        server.script = ChatScript(status=404)
        await chat.check()


@PROTOCOLS
async def test_a_silent_server_times_out(protocol: Protocol) -> None:
    async with chat_server(protocol) as server, chat_model(protocol, server.url, timeout_seconds=0.2) as chat:
        server.script = ChatScript(hang_before=0)
        with pytest.raises(ModelError) as caught:
            await collect(chat, [])
    assert caught.value.kind == "timeout"


@PROTOCOLS
async def test_an_absent_server_is_no_connection(protocol: Protocol) -> None:
    async with chat_model(protocol, "http://127.0.0.1:1") as chat:
        with pytest.raises(ModelError) as caught:
            await collect(chat, [])
    assert caught.value.kind == "connection"


@PROTOCOLS
async def test_leaving_a_stream_ends_the_request(protocol: Protocol) -> None:
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as chat:
        server.script = ChatScript(hang_before=1)
        async with aclosing(chat.deltas(MESSAGES, MAX_TOKENS)) as deltas:
            assert await anext(deltas) == "Hello there. "
        async with asyncio.timeout(20):
            await server.left.wait()


def test_the_choice_of_providers_loads_none_of_their_clients() -> None:
    program = (
        "import sys, callwright_common.chat_models.providers\n"
        "print(sorted({'httpx', 'ollama', 'openai'} & sys.modules.keys()))"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert printed.stdout.strip() == "[]"
