"""Gives the sentences of one turn's reply to the voice, with a filler ahead of them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from callwright_common.clock import Clock
from vocabulary.enums import Tier
from vocabulary.turns import Sentence
from voice_gateway.conversation.turn import Turn
from voice_gateway.media.frames import ReplyEndedFrame, ReplyFrame, ReplyStartedFrame, SentenceFrame
from voice_gateway.media.heard_reply import ReplyKind
from voice_gateway.premium_voice.premium_voice import PremiumVoice

MAX_REPLY_CHARACTERS = 1200
"""A reply that goes on longer ends at a sentence; nobody listens to more on the phone."""


SpeechSink = Callable[[ReplyFrame], Awaitable[None]]
"""Takes the frames of replies, one reply after the other."""


@dataclass(slots=True)
class ReplySpeaker:
    """The reply of one turn on its way to the voice."""

    turn: Turn
    speech: SpeechSink
    premium_voice: PremiumVoice
    clock: Clock
    _order: asyncio.Lock = field(default_factory=asyncio.Lock)
    _open: bool = False

    async def say(self, sentence: Sentence) -> None:
        """Speaks a sentence, unless the reply held it already or is too long for another one."""
        turn = self.turn
        said = [earlier.text for earlier in turn.spoken]
        if sentence.text in said or sum(map(len, said)) >= MAX_REPLY_CHARACTERS:
            return
        async with self._order:
            if turn.first_sentence_at is None:
                turn.first_sentence_at = self.clock.monotonic()
            if not self._open or turn.tier is Tier.PREMIUM:
                turn.tier = self.premium_voice.charge(sentence.text)
            if not self._open:
                self._open = True
                await self.speech(ReplyStartedFrame(turn.turn_id, turn.kind))
            turn.spoken.append(sentence)
            frame = SentenceFrame(sentence.text, turn.tier, len(turn.spoken) - 1, sentence.slowly)
            await self.speech(frame)

    async def finish(self) -> None:
        """Closes a reply that is complete."""
        self.turn.reply_complete = True
        await self.end()

    async def end(self) -> None:
        """Closes the reply if it is open."""
        if self._open:
            self._open = False
            await self.speech(ReplyEndedFrame())

    async def filler(self, text: str) -> None:
        """Speaks a filler if no sentence was spoken yet."""
        async with self._order:
            if self.turn.first_sentence_at is not None:
                return
            self.turn.filler_played = True
            tier = self.premium_voice.charge(text)
            await self.speech(ReplyStartedFrame(self.turn.turn_id, ReplyKind.FILLER))
            await self.speech(SentenceFrame(text, tier))
            await self.speech(ReplyEndedFrame())
