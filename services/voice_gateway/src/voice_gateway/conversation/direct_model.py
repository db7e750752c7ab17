"""The direct model of the gateway: finds the words of a reply when the orchestrator does not answer."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from callwright_common.breaker import CircuitBreaker
from callwright_common.chat_models import ChatMessage, ChatModel, ModelError
from callwright_common.chat_models.failures import ModelFailures
from callwright_common.errors import DeadlineExceededError, UnavailableError
from dialogue import SentenceStream

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

    async def sentences(self, messages: Sequence[ChatMessage], speaker: str) -> AsyncGenerator[str, None]:
        """Yields the sentences of a reply as they become whole; what a failing stream left unfinished is dropped.

        Args:
            messages: The chat so far, oldest first.
            speaker: The agent's name, which models like to write ahead of what they say.

        Raises:
            ServiceError: if the model is late or fails.
        """
        if self.model is None:
            return
        stream = SentenceStream(speaker)
        async with aclosing(self._guarded(self.model, messages)) as pieces:
            async for piece in pieces:
                for sentence in stream.feed(piece):
                    yield sentence
                if stream.full:
                    return
        for sentence in stream.finish():
            yield sentence

    async def _guarded(self, model: ChatModel, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
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
