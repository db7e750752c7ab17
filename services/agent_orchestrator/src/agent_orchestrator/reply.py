"""Makes the sentences of one reply: with the language model if it answers in time, else as the rules phrase it.

Which of both speaks is decided before the first sentence leaves. After it, a model that fails or stalls ends the reply
at the last whole sentence. Either way the question that the rules want answered is asked, because the next turn is
understood as its answer.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from agent_orchestrator.language_model import LanguageModel, ReplyRequest
from agent_orchestrator.metrics import OrchestratorMetrics
from agent_orchestrator.offline_model import OfflineModel
from callwright_common.breaker import BreakerOpenError, CircuitBreaker
from callwright_common.chat_models import ModelError, Provider, TokenCount
from callwright_common.clock import Clock

_SHORTEST_USEFUL_WAIT = 0.15
"""With fewer seconds left, asking the model would only cost the time that the rules' reply still has."""


@dataclass(frozen=True)
class ReplyLimits:
    """Until when a reply must have what, on the monotonic clock."""

    first_sentence_at: float
    complete_at: float


@dataclass
class ReplyUsage:
    """Who made a reply and what it used; filled while the reply is made."""

    provider: Provider = "offline"
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0


class ReplyWriter:
    """Writes replies with one language model, which a breaker guards."""

    def __init__(
        self, model: LanguageModel, breaker: CircuitBreaker, clock: Clock, metrics: OrchestratorMetrics
    ) -> None:
        self._model = model
        self._offline = OfflineModel()
        self._breaker = breaker
        self._clock = clock
        self._metrics = metrics

    async def write(self, request: ReplyRequest, limits: ReplyLimits, usage: ReplyUsage) -> AsyncGenerator[str, None]:
        """Yields the sentences of a reply, at least one, as the model makes them.

        Args:
            request: What to say.
            limits: The model has until then.
            usage: Is filled in.
        """
        spoken: list[str] = []
        if limits.first_sentence_at - self._clock.monotonic() < _SHORTEST_USEFUL_WAIT:
            self._failed(ModelError("timeout"), spoken=False)
        else:
            async with aclosing(self._from_model(request, limits, usage)) as sentences:
                async for sentence in sentences:
                    spoken.append(sentence)
                    yield sentence
        if not spoken:
            async for sentence in self.phrased(request, usage):
                yield sentence
        elif request.phrased[-1].endswith("?") and not any("?" in sentence for sentence in spoken):
            yield request.phrased[-1]

    async def phrased(self, request: ReplyRequest, usage: ReplyUsage) -> AsyncGenerator[str, None]:
        """Yields the reply exactly as the rules phrase it."""
        usage.provider, usage.model = self._offline.provider, self._offline.model
        async for sentence in self._offline.sentences(request):
            if isinstance(sentence, str):
                yield sentence

    async def _from_model(
        self, request: ReplyRequest, limits: ReplyLimits, usage: ReplyUsage
    ) -> AsyncGenerator[str, None]:
        """Yields the model's sentences as far as they come in time; a failure ends them and raises nothing."""
        usage.provider, usage.model = self._model.provider, self._model.model
        spoken = False
        try:
            async with self._breaker.attempt(), aclosing(self._model.sentences(request)) as sentences:
                while True:
                    until = limits.complete_at if spoken else limits.first_sentence_at
                    async with asyncio.timeout(until - self._clock.monotonic()):
                        piece = await anext(sentences, None)
                    if piece is None:
                        return
                    if isinstance(piece, TokenCount):
                        usage.input_tokens, usage.output_tokens = piece.input_tokens, piece.output_tokens
                        continue
                    spoken = True
                    yield piece
        except TimeoutError:
            self._failed(ModelError("timeout"), spoken=spoken)
        except BreakerOpenError:
            self._failed(ModelError("breaker_open"), spoken=spoken)
        except ModelError as error:
            self._failed(error, spoken=spoken)

    def _failed(self, error: ModelError, *, spoken: bool) -> None:
        self._metrics.model_failures.note(self._model.provider, error, after_words=spoken)
