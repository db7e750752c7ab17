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
from fakes.chat_server import ChatScript, Protocol, chat_server
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


async def answer(model: DirectModel) -> list[str]:
    return [piece async for piece in model.deltas(ASKED)]


@PROTOCOLS
async def test_a_model_streams_text(protocol: Protocol) -> None:
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as model:
        server.script = ChatScript(pieces=("Sunny: Yes, ", "it does. For twen", "ty-five years.\x00 And", " then"))
        assert await answer(direct(model)) == ["Sunny: Yes, ", "it does. For twen", "ty-five years. And", " then"]
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
async def test_a_stream_that_breaks_off_says_so(protocol: Protocol) -> None:
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as model:
        server.script = ChatScript(pieces=("Yes, it does. And ", "then"), cut_before=1)
        reply = direct(model).deltas(ASKED)
        assert await anext(reply) == "Yes, it does. And "
        with pytest.raises(ServiceError) as caught:
            await anext(reply)
    assert caught.value.reason == "MODEL_CONNECTION"


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
