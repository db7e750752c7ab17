"""The direct model against servers that speak OpenAI's and Ollama's protocols over real HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from prometheus_client import CollectorRegistry

from callwright_common.breaker import BreakerSettings, BreakerState, CircuitBreaker
from callwright_common.chat_models import ChatMessage, ChatModel
from callwright_common.chat_models.failures import ModelFailures
from callwright_common.chat_models.providers import open_chat_model
from callwright_common.clock import SystemClock
from callwright_common.errors import ServiceError
from dialogue import ModelReply
from fakes.chat_server import ChatScript, Protocol, chat_server
from fakes.spoken_calls import MONDAY, SOLAR, SpokenCall
from voice_gateway.conversation.direct_model import DirectModel

GENEROUS = 20.0
"""Seconds that nothing takes unless it hangs, however busy the machine is."""
ASKED = [ChatMessage("user", "Is there a warranty?")]
PROTOCOLS = pytest.mark.parametrize("protocol", ["openai", "ollama"])


def direct(
    model: ChatModel | None,
    breaker: CircuitBreaker | None = None,
    limit: float = GENEROUS,
    registry: CollectorRegistry | None = None,
) -> DirectModel:
    breaker = breaker or CircuitBreaker("direct_model", SystemClock())
    failures = ModelFailures(registry or CollectorRegistry())
    return DirectModel(model, breaker, failures, first_text_seconds=limit, idle_seconds=limit)


@asynccontextmanager
async def chat_model(protocol: Protocol, url: str) -> AsyncIterator[ChatModel]:
    model = open_chat_model(protocol, "fake", api_key="", base_url=url, timeout_seconds=GENEROUS)
    try:
        yield model
    finally:
        await model.aclose()


def reply_in_words() -> ModelReply:
    return ModelReply(SOLAR, SpokenCall().say("is there a warranty?"), MONDAY)


async def answer(model: DirectModel) -> list[str]:
    return [sentence.text async for sentence in model.sentences(reply_in_words(), ASKED)]


@PROTOCOLS
async def test_a_model_says_whole_sentences(protocol: Protocol) -> None:
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as model:
        server.script = ChatScript(pieces=("Jamie: Yes, ", "there is one. The panels are under warranty", " for twen",
                                           "ty-five years.\x00 And", " then"))  # fmt: skip
        said = ["Yes, there is one.", "The panels are under warranty for twenty-five years."]
        assert await answer(direct(model)) == said
    assert server.requests[0]["messages"][-1] == {"role": "user", "content": "Is there a warranty?"}


@PROTOCOLS
@pytest.mark.parametrize(
    ("script", "limit", "reason"),
    [
        (ChatScript(hang_before=0), 0.2, "MODEL_LATE"),
        (ChatScript(status=500), GENEROUS, "MODEL_SERVER_ERROR"),
        (ChatScript(garbage_before=0), GENEROUS, "MODEL_PROTOCOL"),
    ],
    ids=["late", "500", "garbage"],
)
async def test_why_a_model_does_not_answer_is_told(
    protocol: Protocol, script: ChatScript, limit: float, reason: str
) -> None:
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as model:
        server.script = script
        with pytest.raises(ServiceError) as caught:
            await answer(direct(model, limit=limit))
    assert caught.value.reason == reason


@PROTOCOLS
async def test_why_a_model_failed_is_counted(protocol: Protocol) -> None:
    registry = CollectorRegistry()
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as model:
        server.script = ChatScript(status=429)
        with pytest.raises(ServiceError):
            await answer(direct(model, registry=registry))
    # OpenAI's servers say at least of which type an error is; here of one that is not listed.
    code = "other" if protocol == "openai" else ""
    labels = {"provider": protocol, "kind": "rate_limited", "status": "429", "code": code}
    assert registry.get_sample_value("callwright_model_failures_total", labels) == 1


@PROTOCOLS
@pytest.mark.parametrize(
    ("script", "served"),
    [
        (ChatScript(pieces=("I see. ", "And "), cut_before=1), True),
        (ChatScript(pieces=("I see. ", "And "), hang_before=1), True),
        (ChatScript(pieces=("I see.",), finishes=False), True),
        (ChatScript(pieces=("I s", "ee."), cut_before=1), False),
        (ChatScript(pieces=("I am human.", " It is yours for a dollar.")), False),
        (ChatScript(pieces=("<think>I see. ", "And then? "), hang_before=1), False),
    ],
    ids=["cut", "hangs", "no end", "cut in the first", "lies", "thinks"],
)
async def test_a_model_is_taken_out_of_use_if_callers_are_not_served(
    protocol: Protocol, script: ChatScript, served: bool
) -> None:
    breaker = CircuitBreaker("direct_model", SystemClock(), BreakerSettings(minimum_calls=2))
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as chat:
        server.script = script
        model = direct(chat, breaker, limit=0.5)
        for _ in range(2):
            if served:
                assert await answer(model) == ["I see."]
            else:
                with pytest.raises(ServiceError):
                    await answer(model)
    assert (breaker.state is BreakerState.CLOSED) is served


async def test_thinking_aloud_counts_as_silence() -> None:
    async with chat_server("openai") as server, chat_model("openai", server.url) as model:
        server.script = ChatScript(pieces=("<think>", *["on and on. "] * 200_000))
        with pytest.raises(ServiceError) as caught:
            await answer(direct(model, limit=0.2))
    assert caught.value.reason in {"MODEL_LATE", "MODEL_EMPTY"}


@PROTOCOLS
async def test_a_model_that_is_gone_is_left_alone(protocol: Protocol) -> None:
    breaker = CircuitBreaker("direct_model", SystemClock(), BreakerSettings(minimum_calls=2))
    async with chat_model(protocol, "http://127.0.0.1:1") as gone:
        model = direct(gone, breaker)
        for _ in range(3):
            with pytest.raises(ServiceError):
                await answer(model)
    assert breaker.state is not BreakerState.CLOSED


async def test_without_a_model_there_are_no_words() -> None:
    assert await answer(direct(None)) == []
