"""Writes the sentences of one turn's reply to the voice, with fillers ahead of them."""

import asyncio
from typing import Protocol

from voice_gateway.conversation.sentence_aggregator import SentenceAggregator
from voice_gateway.conversation.turn import Turn
from voice_gateway.conversation_model import Tier
from voice_gateway.media.frames import ReplyKind
from voice_gateway.premium_voice.escalation import Escalation

MAX_REPLY_CHARACTERS = 1200
"""A reply that goes on longer ends at a sentence; nobody listens to more on the phone."""


class Speech(Protocol):
    """Takes what is to be spoken, in order."""

    async def reply_started(self, turn_id: str, kind: ReplyKind, tier: Tier) -> None:
        """Opens a reply."""
        ...

    async def sentence(self, turn_id: str, text: str, tier: Tier) -> None:
        """Adds a sentence to the open reply."""
        ...

    async def reply_ended(self, turn_id: str) -> None:
        """Closes the reply."""
        ...


class ReplyWriter:
    """The reply of one turn."""

    def __init__(self, turn: Turn, speech: Speech, escalation: Escalation) -> None:
        self._turn = turn
        self._speech = speech
        self._escalation = escalation
        self._aggregator = SentenceAggregator()
        self._said: set[str] = set()
        self._characters = 0
        self._order = asyncio.Lock()
        self._open = False
        self._ended = False

    @property
    def started(self) -> bool:
        """Whether a sentence was given to the voice."""
        return self._turn.first_sentence_at is not None

    async def add(self, text: str, now: float) -> None:
        """Adds a piece of the reply; sentences that became whole go to the voice."""
        for sentence in self._aggregator.add(text):
            await self._say(sentence, now)

    async def finish(self, now: float) -> None:
        """Speaks what is left and closes the reply."""
        if rest := self._aggregator.finish():
            await self._say(rest, now)
        self._turn.reply_complete = True
        await self.end()

    def drop_unfinished(self) -> None:
        """Forgets the sentence that the stream did not finish."""
        self._aggregator = SentenceAggregator()

    async def end(self) -> None:
        """Closes the reply if it was opened."""
        if self._open and not self._ended:
            self._ended = True
            await self._speech.reply_ended(self._turn.turn_id)

    async def filler(self, text: str) -> bool:
        """Speaks a filler if no sentence was spoken yet; returns whether it did."""
        async with self._order:
            if self.started:
                return False
            self._turn.filler_played = True
            tier = self._escalation.tier()
            if tier is Tier.PREMIUM:
                tier = self._escalation.charge(text)
            await self._speech.reply_started(self._turn.turn_id, ReplyKind.FILLER, tier)
            await self._speech.sentence(self._turn.turn_id, text, tier)
            await self._speech.reply_ended(self._turn.turn_id)
            return True

    async def _say(self, sentence: str, now: float) -> None:
        if sentence in self._said or self._characters >= MAX_REPLY_CHARACTERS:
            return
        async with self._order:
            turn = self._turn
            if turn.first_sentence_at is None:
                turn.first_sentence_at = now
                turn.tier = self._escalation.tier()
            tier = self._escalation.charge(sentence) if turn.tier is Tier.PREMIUM else Tier.STANDARD
            if not self._open:
                self._open = True
                turn.tier = tier
                await self._speech.reply_started(turn.turn_id, turn.kind, tier)
            elif tier is Tier.STANDARD:
                turn.tier = tier
            self._said.add(sentence)
            self._characters += len(sentence)
            turn.spoken.append(sentence)
            await self._speech.sentence(turn.turn_id, sentence, tier)
