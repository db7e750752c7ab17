"""The direct model against servers that speak OpenAI's and Ollama's protocols over real HTTP."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import ollama
import openai
import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from callwright_common.breaker import BreakerSettings, BreakerState, CircuitBreaker
from callwright_common.campaign import Campaign
from callwright_common.clock import SystemClock
from voice_gateway.conversation.direct_model import ChatModel, DirectModel, OllamaModel, OpenAIModel
from voice_gateway.conversation.offline_replies import DialogueReplies
from voice_gateway.conversation_model import EndRequested, Utterance, Words


@dataclass
class ModelServer:
    """Streams pieces; slow, broken or dying on demand."""

    pieces: list[str] = field(default_factory=lambda: ["Yes, ", "it does."])
    delay: float = 0.0
    status: int = 200
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/v1/chat/completions")
        async def chat(request: Request) -> StreamingResponse:
            return await self._answer(request, self._openai())

        @app.post("/api/chat")
        async def ollama_chat(request: Request) -> StreamingResponse:
            return await self._answer(request, self._ollama())

        return app

    async def _answer(self, request: Request, body: AsyncIterator[str]) -> StreamingResponse:
        self.requests.append(await request.json())
        return StreamingResponse(body, status_code=self.status)

    async def _openai(self) -> AsyncIterator[str]:
        await asyncio.sleep(self.delay)
        for piece in self.pieces:
            chunk = {
                "id": "1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "m",
                "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}],
            }
            yield f"data: {json.dumps(chunk)}\n\n"
        yield "data: [DONE]\n\n"

    async def _ollama(self) -> AsyncIterator[str]:
        await asyncio.sleep(self.delay)
        for piece in self.pieces:
            yield json.dumps({"model": "m", "message": {"role": "assistant", "content": piece}, "done": False}) + "\n"
        yield json.dumps({"model": "m", "message": {"role": "assistant", "content": ""}, "done": True}) + "\n"


@asynccontextmanager
async def model_server(**faults: Any) -> AsyncIterator[ModelServer]:
    fake = ModelServer(**faults)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        fake.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(fake.app(), log_level="error", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield fake
        finally:
            server.should_exit = True
            server.force_exit = True
            await serving


def openai_model(url: str) -> ChatModel:
    return OpenAIModel(openai.AsyncOpenAI(api_key="none", base_url=f"{url}/v1", max_retries=0), "m")


def ollama_model(url: str) -> ChatModel:
    return OllamaModel(ollama.AsyncClient(host=url), "m")


def direct(model: ChatModel | None, breaker: CircuitBreaker | None = None) -> DirectModel:
    clock = SystemClock()
    breaker = breaker or CircuitBreaker("direct_model", clock)
    return DirectModel(model, DialogueReplies(clock), breaker, first_text_seconds=0.3, idle_seconds=0.3)


async def answer(model: DirectModel, campaign: Campaign, text: str = "Is there a warranty?") -> list[Any]:
    return [piece async for piece in model.reply(campaign, (), Utterance(text), ())]


@pytest.mark.parametrize("client", [openai_model, ollama_model])
async def test_a_model_streams_its_reply(client: Callable[[str], ChatModel], campaign: Campaign) -> None:
    async with model_server() as server:
        pieces = await answer(direct(client(server.url)), campaign)
    assert pieces == [Words("Yes, "), Words("it does.")]
    messages = server.requests[0]["messages"]
    assert server.requests[0]["stream"] is True
    assert campaign.company.name in messages[0]["content"]
    assert messages[-1] == {"role": "user", "content": "Is there a warranty?"}


@pytest.mark.parametrize("client", [openai_model, ollama_model])
@pytest.mark.parametrize("faults", [{"delay": 2.0}, {"status": 500}, {"pieces": []}])
async def test_the_offline_replies_stand_in_for_a_model(
    client: Callable[[str], ChatModel], faults: dict[str, Any], campaign: Campaign
) -> None:
    async with model_server(**faults) as server:
        pieces = await answer(direct(client(server.url)), campaign)
    assert "twenty-five years" in pieces[0].text


@pytest.mark.parametrize("client", [openai_model, ollama_model])
async def test_a_model_that_is_gone_is_left_alone(client: Callable[[str], ChatModel], campaign: Campaign) -> None:
    breaker = CircuitBreaker("direct_model", SystemClock(), BreakerSettings(minimum_calls=2))
    model = direct(client("http://127.0.0.1:1"), breaker)
    for _ in range(3):
        assert (await answer(model, campaign))[0].text
    assert breaker.state is not BreakerState.CLOSED


async def test_offline_a_goodbye_asks_to_hang_up(campaign: Campaign) -> None:
    pieces = await answer(direct(None), campaign, "I am not interested. Goodbye.")
    assert isinstance(pieces[0], Words)
    assert isinstance(pieces[-1], EndRequested)
