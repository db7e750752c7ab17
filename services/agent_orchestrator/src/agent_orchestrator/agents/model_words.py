"""A reply in a language model's words, if it has them in time.

Up to its first sentence a model that fails can be replaced without the caller noticing. After it, a model that fails or
stalls ends the reply at the last whole sentence. Either way the question that the rules want answered is asked, because
the next turn is understood as its answer: each question of the model's counts as asking it, and if there is none, the
rules' own question follows.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from agent_orchestrator.agents.turn import TurnScope
from agent_orchestrator.metrics import OrchestratorMetrics
from callwright_common.breaker import BreakerOpenError, CircuitBreaker
from callwright_common.chat_models import ChatMessage, ChatModel, ChatProvider, ModelError, TokenCount
from callwright_common.clock import Clock
from dialogue import Reply, SentenceStream, system_prompt
from vocabulary.turns import Sentence, caller_text

_SHORTEST_USEFUL_WAIT = 0.15
"""With fewer seconds left, asking the model would only cost the time that the rules' reply still has."""
_PROMPT_TURNS = 12


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

    async def sentences(self, reply: Reply, scope: TurnScope) -> AsyncGenerator[Sentence, None]:
        """Yields the reply's sentences as the model makes them; none if it makes none in time."""
        if scope.first_text_until - self.clock.monotonic() < _SHORTEST_USEFUL_WAIT:
            self._failed(ModelError("timeout"), spoken=False)
            return
        spoken = asked = False
        async with aclosing(self._texts(reply, scope)) as texts:
            async for text in texts:
                is_question = "?" in text
                spoken, asked = True, asked or is_question
                yield Sentence(text, reply.asks if is_question else None)
        question = _question(reply)
        if spoken and not asked and question is not None:
            yield question

    async def _texts(self, reply: Reply, scope: TurnScope) -> AsyncGenerator[str, None]:
        """Yields the model's sentences as far as they come in time; a failure ends them and raises nothing."""
        whole = SentenceStream(scope.campaign.company.agent_name)
        spoken = False
        try:
            messages = _messages(reply, scope)
            async with self.breaker.attempt(), aclosing(self.model.deltas(messages, self.max_tokens)) as deltas:
                ended = False
                while not ended and not whole.full:
                    until = scope.complete_until if spoken else scope.first_text_until
                    async with asyncio.timeout(until - self.clock.monotonic()):
                        piece = await anext(deltas, None)
                    if isinstance(piece, TokenCount):
                        self._count(piece)
                        continue
                    ended = piece is None
                    for text in whole.finish() if piece is None else whole.feed(piece):
                        spoken = True
                        yield text
                if not spoken:
                    raise ModelError("empty")
        except TimeoutError:
            self._failed(ModelError("timeout"), spoken=spoken)
        except BreakerOpenError:
            self._failed(ModelError("breaker_open"), spoken=spoken)
        except ModelError as error:
            self._failed(error, spoken=spoken)

    def _count(self, tokens: TokenCount) -> None:
        count = self.metrics.model_tokens
        count.labels(provider=self.provider, direction="input").inc(tokens.input_tokens)
        count.labels(provider=self.provider, direction="output").inc(tokens.output_tokens)

    def _failed(self, error: ModelError, *, spoken: bool) -> None:
        self.metrics.model_failures.note(self.provider, error, after_words=spoken)


def _question(reply: Reply) -> Sentence | None:
    """Returns the sentence of the rules' reply that asks, or None."""
    asking = [sentence for sentence in reply.sentences if sentence.asks is not None or sentence.text.endswith("?")]
    return asking[-1] if asking else None


def _messages(reply: Reply, scope: TurnScope) -> tuple[ChatMessage, ...]:
    """Returns the instructions, the last turns as they were heard, and what the caller just said."""
    messages = [ChatMessage("system", system_prompt(scope.campaign, reply, now=scope.now))]
    for record in scope.history[-_PROMPT_TURNS:]:
        if record.caller_text:
            messages.append(ChatMessage("user", record.caller_text))
        if record.heard_text:
            messages.append(ChatMessage("assistant", record.heard_text))
    messages.append(ChatMessage("user", caller_text(scope.turn_input)))
    return tuple(messages)
