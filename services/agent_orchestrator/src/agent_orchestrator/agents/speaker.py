"""Says replies: sentence by sentence as they are made, then what follows from them.

Whatever commits the company stays in the rules' own words, whichever provider is configured: the opening with its
disclosure, offered and booked times, the goodbye, the hand-over to a human. Everything else a model may word, as long
as the turn ends or books nothing.
"""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

from langgraph.runtime import Runtime

from agent_orchestrator.agents.model_words import ModelWords
from agent_orchestrator.agents.turn import TurnScope, TurnState
from agent_orchestrator.metrics import OrchestratorMetrics
from callwright_common.chat_models import Provider
from callwright_common.clock import Clock
from dialogue import Book, Cancel, ModelReply, Reply
from vocabulary.exchange import SpeechCompleted
from vocabulary.turns import Booking, Sentence, caller_text


@dataclass(frozen=True)
class Speaker:
    """Speaks for all agents, to the `custom` stream of the graph.

    Without the words of a model, every reply is said as the rules phrase it.
    """

    words: ModelWords | None
    clock: Clock
    metrics: OrchestratorMetrics

    async def reword(self, reply: Reply, runtime: Runtime[TurnScope]) -> TurnState:
        """Says a reply in the model's words where it may choose them and has them in time."""
        if self.words is None or not reply.may_be_reworded:
            return await self.say(reply, runtime)
        scope, spoken = runtime.context, list[Sentence]()
        words = ModelReply(scope.campaign, reply, scope.now, caller_text(scope.turn_input))
        async with aclosing(self.words.sentences(words, scope)) as sentences:
            async for sentence in sentences:
                self._utter(sentence, spoken, self.words.provider, runtime)
        if not spoken:
            return await self.say(reply, runtime)
        for sentence in words.rest():
            self._utter(sentence, spoken, self.words.provider, runtime)
        return self._complete(words.reply_as_said, None, runtime)

    def say_ahead(self, sentence: Sentence, runtime: Runtime[TurnScope]) -> None:
        """Says something before the reply is known."""
        self._utter(sentence, [], "offline", runtime)

    async def say(
        self,
        reply: Reply,
        runtime: Runtime[TurnScope],
        booking: Booking | None = None,
        ahead: Sequence[Sentence] = (),
    ) -> TurnState:
        """Says a reply exactly as the rules phrase it, and tells the booking that it confirms or that was cancelled.

        Args:
            reply: The reply.
            runtime: The turn.
            booking: What was booked or cancelled.
            ahead: What of the turn was said before.
        """
        spoken = [*ahead]
        for sentence in reply.sentences:
            self._utter(sentence, spoken, "offline", runtime)
        return self._complete(reply, booking, runtime)

    def _utter(
        self, sentence: Sentence, spoken: list[Sentence], provider: Provider, runtime: Runtime[TurnScope]
    ) -> None:
        if not spoken:
            waited = self.clock.monotonic() - runtime.context.arrived_at
            self.metrics.first_text_seconds.labels(provider=provider).observe(waited)
        spoken.append(sentence)
        runtime.stream_writer(sentence)

    @staticmethod
    def _complete(reply: Reply, booking: Booking | None, runtime: Runtime[TurnScope]) -> TurnState:
        """Tells that all has been said, and what follows from it."""
        runtime.stream_writer(SpeechCompleted())
        if booking is not None:
            runtime.stream_writer(booking)
        for action in reply.actions:
            if not isinstance(action, Book | Cancel):
                runtime.stream_writer(action)
        return {"reply": reply}
