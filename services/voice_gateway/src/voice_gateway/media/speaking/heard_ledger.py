"""The heard ledger of one call: which of the agent's words the caller has heard.

Pure bookkeeping on an injected clock. The transport reports each piece of audio as it goes on the wire and each mark
that comes back; the ledger says how much was played.

What was played is the smaller of two estimates, and never more than was sent:

* the clock: audio plays back to back from the moment it was sent, after a gap from the moment the next piece was sent;
* the last mark that came back, plus the time since.

The clock runs ahead of the truth by the network's delay one way, the marks behind it by the delay the other way.
Without marks the clock alone decides.

On barge-in the transport calls `freeze`, then writes `clear`: the positions stay, the epoch moves on, and marks of an
older epoch no longer count (Twilio returns all pending marks on `clear`). Afterwards either `interrupt` closes the
replies, or the transport sends again from `SpokenSentence.resume_offset_ms`.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

from voice_gateway.media.heard_reply import HeardReply, ReplyKind
from voice_gateway.media.speaking.spoken_sentence import FRAME_MS, SpokenSentence

_MARK_GRACE_SECONDS = 0.4


@dataclass(slots=True, eq=False)
class LedgerReply:
    """One reply in the ledger, as long as anything of it is to be heard.

    Attributes:
        made: All its audio is there.
        end_position_ms: Where it ends among the audio on the wire; None while that is not all of it.
    """

    turn_id: str
    kind: ReplyKind
    sentences: list[SpokenSentence] = field(default_factory=list)
    heard_ms: int = 0
    sent_ms: int = 0
    first_audio_at: float | None = None
    made: bool = False
    end_position_ms: int | None = None
    interrupted: bool = False
    over: bool = False

    def words(self) -> tuple[list[str], list[str]]:
        """Returns the heard and the unheard words of all sentences."""
        heard: list[str] = []
        unheard: list[str] = []
        for sentence in self.sentences:
            said, rest = sentence.split()
            heard += said if not unheard else []
            unheard += rest if not unheard else [*said, *rest]
        return heard, unheard

    def heard_letters(self) -> Mapping[int, int]:
        """Returns how many letters were heard of each sentence, by its place."""
        letters: Counter[int] = Counter()
        for sentence in self.sentences:
            letters[sentence.place] += sum(map(len, sentence.split()[0]))
        return letters

    def question_heard(self) -> float:
        """Returns the share, 0 to 1, that was heard of the last question whose beginning was heard; 0 without one."""
        heard, letters = self.heard_letters(), Counter[int]()
        for sentence in self.sentences:
            letters[sentence.place] += len("".join(sentence.text.split()))
        questions = [one.place for one in self.sentences if "?" in one.text and heard[one.place]]
        return heard[questions[-1]] / letters[questions[-1]] if questions else 0.0


@dataclass(slots=True)
class _Span:
    """A run of frames on the wire: part of one sentence from one offset on."""

    reply: LedgerReply
    sentence: SpokenSentence
    offset_ms: int
    length_ms: int


class HeardLedger:
    """Knows what one caller has heard.

    Attributes:
        epoch: Counts the freezes; part of every mark's name.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.epoch = 0
        self._clock = clock
        self._open: list[LedgerReply] = []
        self._listeners: list[Callable[[HeardReply], None]] = []
        self._mark_number = 0
        self._latest: LedgerReply | None = None
        self._clear_wire()

    def _clear_wire(self) -> None:
        self._spans: deque[_Span] = deque()
        self._sent_ms = 0
        self._heard_ms = 0
        self._run = (0, 0.0)
        self._mark: tuple[int, float] | None = None
        self._marks: dict[str, int] = {}

    def add_listener(self, listener: Callable[[HeardReply], None]) -> None:
        """Calls `listener` with each reply that is over, from inside the call that finds it out."""
        self._listeners.append(listener)

    # What the transport reports.

    def begin_reply(self, turn_id: str, kind: ReplyKind) -> LedgerReply:
        """Opens a reply and returns its handle."""
        reply = LedgerReply(turn_id, kind)
        self._open.append(reply)
        return reply

    def begin_sentence(self, reply: LedgerReply, text: str, place: int = 0) -> SpokenSentence:
        """Adds a sentence, or a piece of it, to a reply and returns its handle."""
        sentence = SpokenSentence(text, place)
        reply.sentences.append(sentence)
        return sentence

    def audio_sent(self, reply: LedgerReply, sentence: SpokenSentence, offset_ms: int) -> None:
        """Notes that the frame at an offset of a sentence goes on the wire now."""
        now = self._clock()
        self.advance()
        if self._clock_position() >= self._sent_ms:
            self._run = (self._sent_ms, now)
        self._latest = reply
        if reply.first_audio_at is None:
            reply.first_audio_at = now
        last = self._spans[-1] if self._spans else None
        if last is not None and last.sentence is sentence and last.offset_ms + last.length_ms == offset_ms:
            last.length_ms += FRAME_MS
        else:
            self._spans.append(_Span(reply, sentence, offset_ms, FRAME_MS))
        reply.sent_ms += FRAME_MS
        self._sent_ms += FRAME_MS

    def end_reply(self, reply: LedgerReply) -> None:
        """Notes that all audio of a reply is on the wire."""
        reply.end_position_ms = self._sent_ms

    def mark_sent(self) -> str:
        """Returns the name of a mark that goes on the wire now.

        The name also says to which reply the audio before it belongs, as `epoch:number:kind:turn_id`, so that whoever
        records the far end of the line can tell the replies apart.
        """
        self._mark_number += 1
        owner = "none" if self._latest is None else f"{self._latest.kind}:{self._latest.turn_id}"
        name = f"{self.epoch}:{self._mark_number}:{owner}"
        self._marks[name] = self._sent_ms
        return name

    def mark_received(self, name: str) -> bool:
        """Notes a mark that came back; returns False for an unknown or outdated one."""
        position = self._marks.pop(name, None)
        if position is None:
            return False
        if self._mark is None or position > self._mark[0]:
            self._mark = (position, self._clock())
        self.advance()
        return True

    def freeze(self) -> None:
        """Fixes all positions and forgets what is still on the wire, ahead of a `clear`."""
        self.advance()
        self.epoch += 1
        for reply in self._open:
            reply.end_position_ms = None
        self._clear_wire()

    def interrupt(self) -> list[HeardReply]:
        """Closes all open replies as they stand and returns them."""
        self.advance()
        closed = [self._close(reply, interrupted=bool(reply.words()[1])) for reply in self._open]
        self._open.clear()
        self._clear_wire()
        for heard in closed:
            self._notify(heard)
        return closed

    # What it knows.

    @property
    def playing(self) -> bool:
        """Whether audio is still being played to the caller."""
        self.advance()
        return self._heard_ms < self._sent_ms

    @property
    def settled(self) -> bool:
        """Whether every reply that was begun is over."""
        self.advance()
        return not self._open

    @property
    def ahead_ms(self) -> float:
        """Audio on the wire that the clock has not played yet."""
        return self._sent_ms - self._clock_position()

    def open_replies(self) -> list[HeardReply]:
        """Returns the replies that are not over, as heard so far."""
        self.advance()
        return [_heard(reply) for reply in self._open]

    def due_in(self) -> float | None:
        """Returns in how many seconds the clock alone closes the next reply; None if none is near its end."""
        ends = [self._plays_at(reply.end_position_ms) for reply in self._open if reply.end_position_ms is not None]
        return max(0.0, min(ends) + _MARK_GRACE_SECONDS - self._clock()) if ends else None

    def advance(self) -> None:
        """Books what was played until now and closes the replies that were heard to their end."""
        position = int(self._position())
        while self._spans and self._heard_ms < position:
            span = self._spans[0]
            played = min(position - self._heard_ms, span.length_ms)
            self._heard_ms += played
            span.reply.heard_ms += played
            span.sentence.heard_ms = max(span.sentence.heard_ms, span.offset_ms + played)
            if played == span.length_ms:
                self._spans.popleft()
            else:
                span.offset_ms += played
                span.length_ms -= played
        self._close_heard_replies()

    def _close_heard_replies(self) -> None:
        for reply in [reply for reply in self._open if self._is_over(reply)]:
            self._open.remove(reply)
            self._notify(self._close(reply, interrupted=False))

    def _is_over(self, reply: LedgerReply) -> bool:
        end = reply.end_position_ms
        if end is None or self._heard_ms < end:
            return False
        confirmed = self._mark is not None and self._mark[0] >= end
        return confirmed or self._clock() >= self._plays_at(end) + _MARK_GRACE_SECONDS

    def _position(self) -> float:
        """Returns how much of this epoch's audio was played."""
        position = self._clock_position()
        if self._mark is not None:
            marked, at = self._mark
            position = min(position, marked + (self._clock() - at) * 1000)
        return max(position, self._heard_ms)

    def _clock_position(self) -> float:
        start, at = self._run
        return min(start + (self._clock() - at) * 1000, self._sent_ms)

    def _plays_at(self, position_ms: int) -> float:
        start, at = self._run
        return at + max(0, position_ms - start) / 1000

    def _close(self, reply: LedgerReply, *, interrupted: bool) -> HeardReply:
        reply.interrupted = interrupted
        reply.over = True
        return _heard(reply)

    def _notify(self, heard: HeardReply) -> None:
        for listener in self._listeners:
            listener(heard)


def _heard(reply: LedgerReply) -> HeardReply:
    heard, unheard = reply.words()
    return HeardReply(
        turn_id=reply.turn_id,
        kind=reply.kind,
        heard_text=" ".join(heard),
        unheard_text=" ".join(unheard),
        heard_letters=reply.heard_letters(),
        heard_ms=reply.heard_ms,
        sent_ms=reply.sent_ms,
        interrupted=reply.interrupted,
        first_audio_at=reply.first_audio_at,
    )
