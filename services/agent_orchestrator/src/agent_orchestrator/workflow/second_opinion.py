"""Asks a model, beside the reply, what it understood of the caller; it is waited for only after the reply was said."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from agent_orchestrator.agents.turn import TurnScope
from agent_orchestrator.metrics import OrchestratorMetrics
from callwright_common.breaker import BreakerOpenError, CircuitBreaker
from callwright_common.chat_models import ChatModel, ModelError
from callwright_common.clock import Clock
from dialogue import SecondOpinion, UnreadableOpinionError, opinion_messages, opinion_schema, read_opinion
from vocabulary.turns import Utterance

_ATTEMPTS = 2
_MAX_TOKENS = 400


class Opinion:
    """An opinion in the making."""

    def __init__(self, ask: Callable[[], Coroutine[None, None, SecondOpinion | None]]) -> None:
        self._ask = ask
        self._asked: asyncio.Task[SecondOpinion | None] | None = None

    def begin(self) -> None:
        """Asks for it, once."""
        self._asked = self._asked or asyncio.create_task(self._ask())

    async def wait(self) -> SecondOpinion | None:
        """Returns it, None if there is none in time."""
        self.begin()
        return await self._asked if self._asked else None

    def leave(self) -> None:
        """Waits for it no more."""
        if self._asked is not None:
            self._asked.cancel()


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
        """Makes an opinion on what the caller said, while the turn goes on; what is not there at its end is left.

        It is begun with the first word that is spoken: before that the model has nothing else to do.
        """
        if self.model is None or not isinstance(scope.turn_input, Utterance):
            yield None
            return
        opinion = Opinion(partial(self._ask, self.model, scope, scope.turn_input.text))
        try:
            yield opinion
        finally:
            opinion.leave()

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
