"""Asks a model, beside the reply, what it understood of the caller; it is waited for only after the reply was said."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from agent_orchestrator.agents.turn import TurnScope
from agent_orchestrator.metrics import OrchestratorMetrics
from callwright_common.breaker import BreakerOpenError, CircuitBreaker
from callwright_common.chat_models import ChatModel, ModelError
from callwright_common.clock import Clock
from dialogue import SecondOpinion, UnreadableOpinionError, opinion_messages, opinion_schema, read_opinion
from vocabulary.turns import Utterance

_ATTEMPTS = 2
_MAX_TOKENS = 400

Opinion = asyncio.Task[SecondOpinion | None]


@dataclass(frozen=True)
class SecondOpinions:
    """The opinions of one chat model, which a breaker of their own guards; without a model there are none.

    Attributes:
        seconds: So long after the turn's arrival an opinion is waited for.
    """

    model: ChatModel | None
    breaker: CircuitBreaker
    clock: Clock
    metrics: OrchestratorMetrics
    seconds: float

    @contextmanager
    def asked_for(self, scope: TurnScope) -> Iterator[Opinion | None]:
        """Asks for an opinion on what the caller said while the turn goes on; what is not there at its end is left."""
        if self.model is None or not isinstance(scope.turn_input, Utterance):
            yield None
            return
        opinion = asyncio.create_task(self._ask(self.model, scope, scope.turn_input.text))
        try:
            yield opinion
        finally:
            opinion.cancel()

    async def _ask(self, model: ChatModel, scope: TurnScope, text: str) -> SecondOpinion | None:
        until = min(scope.arrived_at + self.seconds, scope.complete_until)
        try:
            async with self.breaker.attempt(), asyncio.timeout(until - self.clock.monotonic()):
                return await self._checked(model, scope, text)
        except BreakerOpenError:
            return None
        except TimeoutError:
            self._failed(model, ModelError("timeout"))
        except ModelError as error:
            self._failed(model, error)
        return None

    async def _checked(self, model: ChatModel, scope: TurnScope, text: str) -> SecondOpinion:
        messages, schema = opinion_messages(scope.campaign, scope.dialogue, text), opinion_schema(scope.campaign)
        for _ in range(_ATTEMPTS):
            written, tokens = await model.structured(messages, schema, _MAX_TOKENS)
            self.metrics.count_tokens(model.provider, tokens)
            try:
                return read_opinion(written, text)
            except UnreadableOpinionError:
                continue
        raise ModelError("protocol")

    def _failed(self, model: ChatModel, error: ModelError) -> None:
        self.metrics.model_failures.note(model.provider, error, after_words=False)
