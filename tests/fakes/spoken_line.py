"""A phone line without audio: what is said is heard when the test says so."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from vocabulary.enums import Tier
from voice_gateway.media.frames import ReplyEndedFrame, ReplyFrame, ReplyStartedFrame, SentenceFrame
from voice_gateway.media.heard_reply import HeardReply, ReplyKind
from voice_gateway.media.twilio.protocol import MediaEnd


@dataclass
class SpokenReply:
    """A reply that was given to the voice."""

    turn_id: str
    kind: ReplyKind
    sentences: list[str] = field(default_factory=list)
    tiers: list[Tier] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    ended: bool = False

    @property
    def tier(self) -> Tier:
        return self.tiers[0]

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


class SpokenLine:
    """Speech, line and ledger of a conversation at once."""

    def __init__(self, *, hears_everything: bool = True) -> None:
        self.hears_everything = hears_everything
        self.replies: list[SpokenReply] = []
        self.listeners: list[Callable[[HeardReply], None]] = []
        self.caller_speaking = False
        self.last_media_at = float("inf")
        self.hung_up = asyncio.Event()
        self._changed = asyncio.Condition()
        self._heard: set[int] = set()

    @property
    def ledger(self) -> "SpokenLine":
        return self

    @property
    def settled(self) -> bool:
        return not self.open_replies()

    @property
    def answers(self) -> list[SpokenReply]:
        return [reply for reply in self.replies if reply.kind is not ReplyKind.FILLER]

    @property
    def fillers(self) -> list[SpokenReply]:
        return [reply for reply in self.replies if reply.kind is ReplyKind.FILLER]

    def add_listener(self, listener: Callable[[HeardReply], None]) -> None:
        self.listeners.append(listener)

    def open_replies(self) -> list[HeardReply]:
        return [_heard(reply, reply.text) for reply in self.replies if id(reply) not in self._heard]

    async def run(self) -> MediaEnd:
        await self.hung_up.wait()
        return MediaEnd.HUNG_UP

    async def hang_up(self, *, timeout: float) -> bool:
        self.hung_up.set()
        return True

    async def close(self) -> None:
        self.hung_up.set()

    async def speak(self, frame: ReplyFrame) -> None:
        """Takes a frame of a reply, as the voices do."""
        match frame:
            case ReplyStartedFrame():
                self._begin(SpokenReply(frame.turn_id, frame.kind))
            case SentenceFrame():
                self.replies[-1].sentences.append(frame.text)
                self.replies[-1].tiers.append(frame.tier)
                self.replies[-1].places.append(frame.place)
            case ReplyEndedFrame():
                self.replies[-1].ended = True
                self._end(self.replies[-1])
        async with self._changed:
            self._changed.notify_all()

    def _begin(self, reply: SpokenReply) -> None:
        self.replies.append(reply)

    def _end(self, reply: SpokenReply) -> None:
        if self.hears_everything or reply.kind is ReplyKind.FILLER:
            self.hear(reply)

    def hear(self, reply: SpokenReply, text: str | None = None) -> None:
        """Lets the caller hear a reply to its end, or up to a text and then cut it off."""
        if id(reply) in self._heard:
            return
        self._heard.add(id(reply))
        heard = _heard(reply, reply.text if text is None else text)
        for listener in self.listeners:
            listener(heard)

    def was_heard(self, reply: SpokenReply) -> bool:
        """Whether a reply is over for the caller."""
        return id(reply) in self._heard

    async def until(self, condition: Callable[[], bool], within: float = 5.0) -> None:
        """Waits until what was said fulfils a condition."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(condition)

    async def answer(self, number: int) -> SpokenReply:
        """Waits for the end of an answer, counted from 1, and returns it."""
        await self.until(lambda: len(self.answers) >= number and self.answers[number - 1].ended)
        return self.answers[number - 1]


def _heard_letters(reply: SpokenReply, text: str) -> dict[int, int]:
    """Returns how many letters of each sentence stand in a text that the reply begins with."""
    left, letters = len("".join(text.split())), {}
    for place, sentence in zip(reply.places, reply.sentences, strict=True):
        letters[place] = min(left, len("".join(sentence.split())))
        left -= letters[place]
    return letters


def _heard(reply: SpokenReply, text: str) -> HeardReply:
    return HeardReply(
        turn_id=reply.turn_id,
        kind=reply.kind,
        heard_text=text,
        unheard_text=reply.text[len(text) :].strip(),
        heard_letters=_heard_letters(reply, text),
        heard_ms=len(text) * 60,
        sent_ms=len(reply.text) * 60,
        interrupted=text != reply.text,
        first_audio_at=1.0,
    )
