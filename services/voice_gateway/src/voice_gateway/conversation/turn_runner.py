"""Answers one turn: the orchestrator if it is in time, else a fallback, decided anew with each turn."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle

from callwright_common.clock import Clock
from callwright_common.supervision import end_tasks, start_task
from dialogue import split_sentences
from vocabulary.enums import ReplySource
from vocabulary.turns import Opening, Question, Sentence, Silence
from voice_gateway.conversation.call_session import CallSession
from voice_gateway.conversation.fallback_reply import FallbackReplies
from voice_gateway.conversation.orchestrated_reply import OrchestratedReplies, TurnLimits
from voice_gateway.conversation.reply_speaker import ReplySpeaker, SpeechSink
from voice_gateway.conversation.turn import Turn
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.premium_voice.premium_voice import PremiumVoice


@dataclass(slots=True)
class TurnRunner:
    """Answers the turns of one call, one at a time; cancel `run` to fall silent.

    Attributes:
        limits: Returns the limits of the next turn; they may change during a call.
    """

    session: CallSession
    speech: SpeechSink
    orchestrated: OrchestratedReplies
    fallback: FallbackReplies
    premium_voice: PremiumVoice
    metrics: GatewayMetrics
    clock: Clock
    limits: Callable[[], TurnLimits]
    _fillers: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        # In turn, so that the same one is not heard twice in a row.
        self._fillers = cycle(self.session.campaign.prompts.fillers)

    async def run(self, turn: Turn) -> None:
        """Answers a turn; returns when the orchestrator has stored it or a fallback has been spoken."""
        limits = self.limits()
        speaker = self._speaker(turn)
        filler = start_task(self._bridge(turn, speaker, limits.filler_delay), "filler")
        try:
            turn.agent = self.session.current_agent
            if not self.session.integration_enabled or not await self.orchestrated.speak(turn, speaker, limits):
                await self.fallback.speak(turn, speaker)
        finally:
            await end_tasks(filler)
            # A reply that was cut short is closed too, so that the line does not wait for its rest.
            await speaker.end()
            if turn.first_sentence_at is not None:
                seconds = turn.first_sentence_at - turn.wanted_at
                self.metrics.first_text.labels(source=turn.source).observe(seconds)

    async def speak_prompt(self, turn: Turn, text: str, asks: Question | None = None) -> None:
        """Answers a turn with a fixed text, whose last sentence may ask something."""
        speaker = self._speaker(turn)
        turn.source = ReplySource.PROMPT
        *ahead, last = split_sentences(text)
        for sentence in (*map(Sentence, ahead), Sentence(last, asks)):
            await speaker.say(sentence)
        await speaker.finish()

    def _speaker(self, turn: Turn) -> ReplySpeaker:
        return ReplySpeaker(turn, self.speech, self.premium_voice, self.clock)

    async def _bridge(self, turn: Turn, speaker: ReplySpeaker, delay: float) -> None:
        if isinstance(turn.input, Opening | Silence):
            return
        await asyncio.sleep(max(0.0, delay - (self.clock.monotonic() - turn.wanted_at)))
        await speaker.filler(next(self._fillers))
