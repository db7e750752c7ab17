"""Ollama's own chat protocol, streaming."""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from typing import Any, cast

import httpx
import ollama

from callwright_common.chat_models import ChatMessage, ChatProvider, ModelError, TokenCount
from callwright_common.chat_models.failures import provider_error
from callwright_common.text import StreamedText, clean_text

_TEMPERATURE = 0.6
_KEEP_LOADED = "30m"
"""How long the server keeps the model in memory after a reply: longer than the pauses between calls."""


class OllamaModel:
    """A `ChatModel` that an Ollama server runs."""

    provider: ChatProvider = "ollama"

    def __init__(self, model: str, base_url: str | None, timeout_seconds: float) -> None:
        """Takes what `open_chat_model` tells of it; connects when it is first used."""
        self.model = model
        self._client = ollama.AsyncClient(
            host=base_url, timeout=httpx.Timeout(timeout_seconds, connect=min(2.0, timeout_seconds))
        )

    async def deltas(self, messages: Sequence[ChatMessage], max_tokens: int) -> AsyncGenerator[str | TokenCount, None]:
        """Yields the reply's text as the server sends it."""
        served, text = False, StreamedText()
        with _failures():
            stream = await self._client.chat(
                model=self.model,
                messages=[{"role": message.role, "content": message.content} for message in messages],
                stream=True,
                think=False,
                options={"num_predict": max_tokens, "temperature": _TEMPERATURE},
                keep_alive=_KEEP_LOADED,
            )
            # The client types its generator as an iterator, which could not be closed.
            async with aclosing(cast("AsyncGenerator[ollama.ChatResponse]", stream)) as parts:
                async for part in parts:
                    served = served or bool(part.done)
                    if piece := text.clean(part.message.content or ""):
                        served = True
                        yield piece
                    if part.done:
                        yield TokenCount.told(part.prompt_eval_count, part.eval_count)
        if not served:
            raise ModelError("connection")

    async def structured(
        self, messages: Sequence[ChatMessage], schema: Mapping[str, Any], max_tokens: int
    ) -> tuple[str, TokenCount]:
        """Returns a whole reply by a schema."""
        with _failures():
            reply = await self._client.chat(
                model=self.model,
                messages=[{"role": message.role, "content": message.content} for message in messages],
                think=False,
                format=dict(schema),
                options={"num_predict": max_tokens, "temperature": 0},
                keep_alive=_KEEP_LOADED,
            )
            text = clean_text(reply.message.content or "")
            return text, TokenCount.told(reply.prompt_eval_count, reply.eval_count)

    async def check(self) -> None:
        """Asks whether the server has the model."""
        with _failures():
            await self._client.show(self.model)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.close()  # type: ignore[no-untyped-call]


@contextmanager
def _failures() -> Iterator[None]:
    """Turns what the client raises into our errors."""
    try:
        yield
    except httpx.TimeoutException:
        raise ModelError("timeout") from None
    except ollama.ResponseError as error:
        # In the middle of a stream its status is -1.
        raise provider_error(error.status_code if error.status_code > 0 else None) from None
    except (httpx.TransportError, ConnectionError):
        raise ModelError("connection") from None
    except Exception:  # noqa: BLE001 - a server that speaks something else shows as any error, anywhere in the client
        raise ModelError("protocol") from None
