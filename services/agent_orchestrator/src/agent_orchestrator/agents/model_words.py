"""The words of a language model, if it has them in time."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from agent_orchestrator.agents.turn import TurnScope
from agent_orchestrator.metrics import OrchestratorMetrics
from callwright_common.breaker import BreakerOpenError, CircuitBreaker
from callwright_common.chat_models import ChatModel, ChatProvider, ModelError, TokenCount
from callwright_common.clock import Clock
from dialogue import ModelReply
from vocabulary.turns import Sentence

_SHORTEST_USEFUL_WAIT = 0.15
"""With fewer seconds left, asking the model would only cost the time that the rules' reply still has."""


@dataclass(frozen=True)
class ModelWords:
    """The words of one chat model, which a breaker guards."""

    model: ChatModel
    breaker: CircuitBreaker
    clock: Clock
    metrics: OrchestratorMetrics
    max_tokens: int

    @property
    def provider(self) -> ChatProvider:
        """Whose words they are."""
        return self.model.provider

    async def sentences(self, words: ModelReply, scope: TurnScope) -> AsyncGenerator[Sentence, None]:
        """Yields a reply's sentences as far as the model makes them in time; a failure ends them and raises nothing.

        For the breaker a model that fails after its first sentence has served the caller.
        """
        if scope.first_text_until - self.clock.monotonic() < _SHORTEST_USEFUL_WAIT:
            self._failed(ModelError("timeout"), words)
            return
        try:
            async with self.breaker.attempt():
                try:
                    async with aclosing(words.sentences(self._deltas(words, scope))) as sentences:
                        async for sentence in sentences:
                            yield sentence
                    if not words.spoken:
                        raise ModelError("empty")
                except ModelError as error:
                    self._failed(error, words)
                    if not words.spoken:
                        raise
        except BreakerOpenError:
            self._failed(ModelError("breaker_open"), words)
        except ModelError:
            return  # it has been told

    async def _deltas(self, words: ModelReply, scope: TurnScope) -> AsyncGenerator[str, None]:
        messages = words.messages(scope.history)
        async with aclosing(self.model.deltas(messages, self.max_tokens)) as deltas:
            while True:
                until = scope.complete_until if words.spoken else scope.first_text_until
                try:
                    async with asyncio.timeout(until - self.clock.monotonic()):
                        piece = await anext(deltas, None)
                except TimeoutError:
                    raise ModelError("timeout") from None
                if isinstance(piece, TokenCount):
                    self.metrics.count_tokens(self.provider, piece)
                elif piece is None:
                    return
                else:
                    yield piece

    def _failed(self, error: ModelError, words: ModelReply) -> None:
        self.metrics.model_failures.note(self.provider, error, after_words=bool(words.spoken))
