"""The direct model against servers that speak OpenAI's and Ollama's protocols over real HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from voice_gateway.conversation.offline_replies import DialogueReplies
from voice_gateway.conversation_model import EndRequested, Utterance, Words

from callwright_common.breaker import BreakerSettings, BreakerState, CircuitBreaker
from callwright_common.campaign import Campaign
from callwright_common.chat_models import ChatModel
from callwright_common.chat_models.failures import ModelFailures
from callwright_common.chat_models.providers import open_chat_model
from callwright_common.clock import SystemClock
from callwright_common.errors import ServiceError
from fakes.chat_server import ChatScript, Protocol, chat_server
from voice_gateway.conversation.direct_model import DirectModel

GENEROUS = 20.0
"""Seconds that nothing takes unless it hangs, however busy the machine is."""
PROTOCOLS = pytest.mark.parametrize("protocol", ["openai", "ollama"])


def direct(
    model: ChatModel | None,
    breaker: CircuitBreaker | None = None,
    limit: float = GENEROUS,
    registry: CollectorRegistry | None = None,
) -> DirectModel:
    clock = SystemClock()
    breaker = breaker or CircuitBreaker("direct_model", clock)
    failures = ModelFailures(registry or CollectorRegistry())
    return DirectModel(model, DialogueReplies(clock), breaker, failures, first_text_seconds=limit, idle_seconds=limit)


@asynccontextmanager
async def chat_model(protocol: Protocol, url: str) -> AsyncIterator[ChatModel]:
    model = open_chat_model(protocol, "fake", api_key="", base_url=url, timeout_seconds=GENEROUS)
    try:
        yield model
    finally:
        await model.aclose()


async def answer(model: DirectModel, campaign: Campaign, text: str = "Is there a warranty?") -> list[Any]:
    return [piece async for piece in model.reply(campaign, (), Utterance(text), ())]


@PROTOCOLS
async def test_a_model_streams_its_reply(protocol: Protocol, campaign: Campaign) -> None:
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as model:
        server.script = ChatScript(pieces=("Yes, ", "it does."))
        pieces = await answer(direct(model), campaign)
    assert pieces == [Words("Yes, "), Words("it does.")]
    messages = server.requests[0]["messages"]
    assert campaign.company.name in messages[0]["content"]
    assert messages[-1] == {"role": "user", "content": "Is there a warranty?"}


@PROTOCOLS
@pytest.mark.parametrize(
    ("script", "limit"),
    [
        (ChatScript(hang_before=0), 0.2),
        (ChatScript(status=500), GENEROUS),
        (ChatScript(garbage_before=0), GENEROUS),
        (ChatScript(pieces=()), GENEROUS),
    ],
    ids=["late", "500", "garbage", "empty"],
)
async def test_the_offline_replies_stand_in_for_a_model(
    protocol: Protocol, script: ChatScript, limit: float, campaign: Campaign
) -> None:
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as model:
        server.script = script
        pieces = await answer(direct(model, limit=limit), campaign)
    assert "twenty-five years" in pieces[0].text


@PROTOCOLS
async def test_why_a_model_failed_is_counted(protocol: Protocol, campaign: Campaign) -> None:
    registry = CollectorRegistry()
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as model:
        server.script = ChatScript(status=429)
        await answer(direct(model, registry=registry), campaign)
    labels = {"provider": protocol, "kind": "rate_limited", "status": "429", "code": ""}
    assert registry.get_sample_value("callwright_model_failures_total", labels) == 1


@PROTOCOLS
async def test_a_reply_that_breaks_off_is_told_by_its_cause(protocol: Protocol, campaign: Campaign) -> None:
    async with chat_server(protocol) as server, chat_model(protocol, server.url) as model:
        server.script = ChatScript(pieces=("Yes, ", "it does."), cut_before=1)
        reply = direct(model).reply(campaign, (), Utterance("Is there a warranty?"), ())
        assert await anext(reply) == Words("Yes, ")
        with pytest.raises(ServiceError) as caught:
            await anext(reply)
    assert caught.value.reason == "MODEL_CONNECTION"


@PROTOCOLS
async def test_a_model_that_is_gone_is_left_alone(protocol: Protocol, campaign: Campaign) -> None:
    breaker = CircuitBreaker("direct_model", SystemClock(), BreakerSettings(minimum_calls=2))
    async with chat_model(protocol, "http://127.0.0.1:1") as gone:
        model = direct(gone, breaker)
        for _ in range(3):
            assert (await answer(model, campaign))[0].text
    assert breaker.state is not BreakerState.CLOSED


async def test_offline_a_goodbye_asks_to_hang_up(campaign: Campaign) -> None:
    pieces = await answer(direct(None), campaign, "I am not interested. Goodbye.")
    assert isinstance(pieces[0], Words)
    assert isinstance(pieces[-1], EndRequested)
