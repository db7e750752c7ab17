"""The direct model of the gateway: has the words of a reply when the orchestrator does not answer."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from callwright_common.breaker import CircuitBreaker
from callwright_common.chat_models import ChatMessage, ChatModel, ModelError
from callwright_common.chat_models.failures import ModelFailures
from callwright_common.errors import DeadlineExceededError, UnavailableError

_MAX_TOKENS = 160


@dataclass(frozen=True, slots=True)
class DirectModel:
    """The direct model, which all calls share.

    Attributes:
        model: None has no words: the offline agent's are taken.
        failures: Told of each of the model's.
        first_text_seconds: Limit of the wait for the model's first words.
        idle_seconds: Longest pause between its pieces.
    """

    model: ChatModel | None
    breaker: CircuitBreaker
    failures: ModelFailures
    first_text_seconds: float
    idle_seconds: float

    async def deltas(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        """Yields the pieces of a reply to a chat, oldest message first; none without a model.

        Raises:
            ServiceError: if the model is late or fails.
        """
        model = self.model
        if model is None:
            return
        async with self.breaker.attempt(), aclosing(model.deltas(messages, _MAX_TOKENS)) as pieces:
            began = False
            while True:
                try:
                    async with asyncio.timeout(self.idle_seconds if began else self.first_text_seconds):
                        piece = await anext(pieces)
                except TimeoutError:
                    self.failures.note(model.provider, ModelError("timeout"), after_words=began)
                    raise DeadlineExceededError("MODEL_LATE", "the direct model is late") from None
                except ModelError as error:
                    self.failures.note(model.provider, error, after_words=began)
                    raise UnavailableError(f"MODEL_{error.kind.upper()}", "the direct model failed") from error
                except StopAsyncIteration:
                    return
                began = True
                if isinstance(piece, str):
                    yield piece
