"""The direct model of the gateway: has the words of a reply when the orchestrator does not answer."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from callwright_common.breaker import CircuitBreaker
from callwright_common.chat_models import ChatMessage, ChatModel, ModelError
from callwright_common.chat_models.failures import ModelFailures
from callwright_common.errors import DeadlineExceededError, ServiceError, UnavailableError
from dialogue import ModelReply
from vocabulary.turns import Sentence

_MAX_TOKENS = 160


@dataclass(frozen=True, slots=True)
class DirectModel:
    """The direct model, which all calls share.

    Attributes:
        model: None has no words: the offline agent's are taken.
        failures: Told of each of the model's.
        first_text_seconds: Limit of the wait for the model's first sentence.
        idle_seconds: Longest pause between the pieces of the others.
    """

    model: ChatModel | None
    breaker: CircuitBreaker
    failures: ModelFailures
    first_text_seconds: float
    idle_seconds: float

    async def sentences(self, words: ModelReply, messages: Sequence[ChatMessage]) -> AsyncGenerator[Sentence, None]:
        """Yields what the model says in answer to a chat, oldest message first; nothing without a model.

        A model that fails after its first sentence has served the caller: its words end there.

        Raises:
            ServiceError: if the model is late, fails or says nothing that may be said.
        """
        model = self.model
        if model is None:
            return
        async with self.breaker.attempt():
            try:
                async with aclosing(words.sentences(self._deltas(model, words, messages))) as sentences:
                    async for sentence in sentences:
                        yield sentence
                if not words.spoken:
                    raise ModelError("empty")
            except ModelError as error:
                self.failures.note(model.provider, error, after_words=bool(words.spoken))
                if not words.spoken:
                    raise _service_error(error) from error

    async def _deltas(
        self, model: ChatModel, words: ModelReply, messages: Sequence[ChatMessage]
    ) -> AsyncGenerator[str, None]:
        loop = asyncio.get_running_loop()
        first_by = loop.time() + self.first_text_seconds
        async with aclosing(model.deltas(messages, _MAX_TOKENS)) as pieces:
            while True:
                try:
                    async with asyncio.timeout_at(loop.time() + self.idle_seconds if words.spoken else first_by):
                        piece = await anext(pieces, None)
                except TimeoutError:
                    raise ModelError("timeout") from None
                if piece is None:
                    return
                if isinstance(piece, str):
                    yield piece


def _service_error(error: ModelError) -> ServiceError:
    if error.kind == "timeout":
        return DeadlineExceededError("MODEL_LATE", "the direct model is late")
    return UnavailableError(f"MODEL_{error.kind.upper()}", "the direct model failed")
