"""OpenAI's chat completions, streaming; also what llama.cpp's, xllamacpp's and Ollama's `/v1` servers speak."""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import openai
from openai.types.chat import ChatCompletionMessageParam

from callwright_common.chat_models import ChatMessage, ChatProvider, ModelError, TokenCount
from callwright_common.chat_models.failures import provider_error
from callwright_common.text import StreamedText, clean_text


class OpenAIModel:
    """A `ChatModel` behind OpenAI's protocol."""

    provider: ChatProvider = "openai"

    def __init__(self, model: str, api_key: str, base_url: str | None, timeout_seconds: float) -> None:
        """Takes what `open_chat_model` tells of it; connects when it is first used."""
        self.model = model
        self._client = openai.AsyncOpenAI(
            api_key=api_key or "none",
            base_url=base_url,
            max_retries=0,
            timeout=openai.Timeout(timeout_seconds, connect=min(2.0, timeout_seconds)),
        )
        # OpenAI's reasoning models refuse the old name of this limit; other servers of the protocol know only that.
        self._limit = "max_completion_tokens" if base_url is None else "max_tokens"

    async def deltas(self, messages: Sequence[ChatMessage], max_tokens: int) -> AsyncGenerator[str | TokenCount, None]:
        """Yields the reply's text as the server sends it."""
        served, text = False, StreamedText()
        with _failures():
            stream = await self._client.chat.completions.create(
                model=self.model,
                messages=[_to_param(message) for message in messages],
                stream=True,
                stream_options={"include_usage": True},
                extra_body={self._limit: max_tokens},
            )
            async with stream:
                async for chunk in stream:
                    for choice in chunk.choices:
                        served = served or choice.finish_reason is not None
                        if piece := text.clean(choice.delta.content or ""):
                            served = True
                            yield piece
                    if chunk.usage is not None:
                        yield TokenCount.told(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
        if not served:
            raise ModelError("connection")

    async def structured(
        self, messages: Sequence[ChatMessage], schema: Mapping[str, Any], max_tokens: int
    ) -> tuple[str, TokenCount]:
        """Returns a whole reply by a schema."""
        with _failures():
            completion = await self._client.chat.completions.create(
                model=self.model,
                messages=[_to_param(message) for message in messages],
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": "understanding", "strict": True, "schema": dict(schema)},
                },
                extra_body={self._limit: max_tokens},
            )
            message, usage = completion.choices[0].message, completion.usage
            text = clean_text(message.content or "")
        if message.refusal:
            raise ModelError("refused")
        return text, TokenCount.told(usage and usage.prompt_tokens, usage and usage.completion_tokens)

    async def check(self) -> None:
        """Asks for the list of models, which some servers of the protocol do not have."""
        try:
            with _failures():
                await self._client.models.list()
        except ModelError as error:
            if error.kind != "not_found":
                raise

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.close()


@contextmanager
def _failures() -> Iterator[None]:
    """Turns what the client raises into our errors."""
    try:
        yield
    except openai.APITimeoutError:
        raise ModelError("timeout") from None
    except openai.APIConnectionError:
        raise ModelError("connection") from None
    except openai.APIStatusError as error:
        word = error.code or error.type
        raise provider_error(error.status_code, word, error.response.headers.get("retry-after")) from None
    except openai.APIResponseValidationError:
        raise ModelError("protocol") from None
    except openai.APIError as error:
        raise provider_error(None, error.code or error.type) from None
    except Exception:  # noqa: BLE001 - a server that speaks something else shows as any error, anywhere in the client
        raise ModelError("protocol") from None


def _to_param(message: ChatMessage) -> ChatCompletionMessageParam:
    return cast("ChatCompletionMessageParam", {"role": message.role, "content": message.content})
