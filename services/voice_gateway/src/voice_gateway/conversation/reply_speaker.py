"""Gives the sentences of one turn's reply to the voice, with a filler ahead of them."""

import asyncio
from typing import Protocol

from callwright_common.clock import Clock
from vocabulary.enums import Tier
from vocabulary.turns import Sentence
from voice_gateway.conversation.turn import Turn
from voice_gateway.media.heard_ledger import ReplyKind
from voice_gateway.premium_voice.premium_voice import PremiumVoice

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


class ReplySpeaker:
    """The reply of one turn on its way to the voice."""

    def __init__(self, turn: Turn, speech: Speech, premium_voice: PremiumVoice, clock: Clock) -> None:
        self._turn = turn
        self._speech = speech
        self._premium_voice = premium_voice
        self._clock = clock
        self._order = asyncio.Lock()
        self._open = False
        self._ended = False

    @property
    def started(self) -> bool:
        """Whether a sentence was given to the voice."""
        return bool(self._turn.spoken)

    async def say(self, sentence: Sentence) -> None:
        """Speaks a sentence, unless the reply held it already or is too long for another one."""
        turn = self._turn
        said = [earlier.text for earlier in turn.spoken]
        if sentence.text in said or sum(map(len, said)) >= MAX_REPLY_CHARACTERS:
            return
        async with self._order:
            if turn.first_sentence_at is None:
                turn.first_sentence_at = self._clock.monotonic()
                turn.tier = self._premium_voice.tier()
            tier = self._premium_voice.charge(sentence.text) if turn.tier is Tier.PREMIUM else Tier.STANDARD
            if not self._open:
                self._open = True
                turn.tier = tier
                await self._speech.reply_started(turn.turn_id, turn.kind, tier)
            elif tier is Tier.STANDARD:
                turn.tier = tier
            turn.spoken.append(sentence)
            await self._speech.sentence(turn.turn_id, sentence.text, tier)

    async def finish(self) -> None:
        """Closes a reply that is complete."""
        self._turn.reply_complete = True
        await self.end()

    async def end(self) -> None:
        """Closes the reply if it was opened."""
        if self._open and not self._ended:
            self._ended = True
            await self._speech.reply_ended(self._turn.turn_id)

    async def filler(self, text: str) -> None:
        """Speaks a filler if no sentence was spoken yet."""
        async with self._order:
            if self._turn.first_sentence_at is not None:
                return
            turn_id = self._turn.turn_id
            self._turn.filler_played = True
            tier = self._premium_voice.tier()
            if tier is Tier.PREMIUM:
                tier = self._premium_voice.charge(text)
            await self._speech.reply_started(turn_id, ReplyKind.FILLER, tier)
            await self._speech.sentence(turn_id, text, tier)
            await self._speech.reply_ended(turn_id)
