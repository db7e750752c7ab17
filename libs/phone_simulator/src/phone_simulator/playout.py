"""The play-out buffer of a simulated call: what the agent sent, when it was played, and what was dropped."""

from collections import deque
from dataclasses import dataclass, field

from phone_simulator.endpoint import PhoneCallError
from phone_simulator.telephone_audio import MULAW_SILENCE, SAMPLE_RATE

MAX_BUFFERED_SAMPLES = 600 * SAMPLE_RATE


class PlayoutOverflowError(PhoneCallError):
    """The agent sent more audio ahead than the buffer holds."""


@dataclass(frozen=True, slots=True)
class PlayedSpan:
    """A stretch of received audio that was played without a gap.

    Attributes:
        line_start: Sample of the call's timeline at which it began.
        stream_start: Sample of the received stream at which it began.
        length: Number of samples.
    """

    line_start: int
    stream_start: int
    length: int


@dataclass(slots=True)
class MarkRecord:
    """A mark that the agent sent, and when it was returned.

    Attributes:
        name: Name as received.
        stream_position: Samples of audio received before the mark.
        returned_at: Sample of the call's timeline at which the mark was returned; None while it is pending.
        cleared: The mark came back because of a `clear`, not because the audio before it was played.
    """

    name: str
    stream_position: int
    returned_at: int | None = None
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class ClearRecord:
    """A `clear` that the agent sent.

    Attributes:
        line_position: Sample of the call's timeline at which it came.
        stream_position: Samples of audio received before it.
    """

    line_position: int
    stream_position: int


@dataclass(slots=True)
class PlayoutBuffer:
    """Plays received audio in order along the call's timeline, sample by sample.

    Time is given by the caller of `advance` as the sample count since the start of the call, so that one timeline
    serves both directions. Whatever is not filled with received audio is silence.

    Attributes:
        line: Everything that was played so far and not forgotten, as µ-law.
        spans: The played stretches, in order.
        marks: Every mark received, in order.
        clears: When the buffer was emptied.
        received: Samples received since the start of the call.
    """

    line: bytearray = field(default_factory=bytearray)
    spans: list[PlayedSpan] = field(default_factory=list)
    marks: list[MarkRecord] = field(default_factory=list)
    clears: list[ClearRecord] = field(default_factory=list)
    received: int = 0
    _waiting: bytearray = field(default_factory=bytearray)
    _pending: deque[MarkRecord] = field(default_factory=deque)
    _forgotten: int = 0

    @property
    def position(self) -> int:
        """Samples played since the start of the call, silence included."""
        return self._forgotten + len(self.line)

    @property
    def buffered(self) -> int:
        """Samples that wait to be played."""
        return len(self._waiting)

    def played(self, start: int, end: int) -> bytes:
        """Returns a stretch of the timeline that was played and not forgotten."""
        return bytes(self.line[start - self._forgotten : end - self._forgotten])

    def forget(self, position: int) -> None:
        """Drops the sound before a position, for calls that nobody records."""
        del self.line[: position - self._forgotten]
        self._forgotten = position

    def append(self, audio: bytes) -> None:
        """Takes audio behind what is there already.

        Raises:
            PlayoutOverflowError: if more than ten minutes of audio would wait.
        """
        if self.buffered + len(audio) > MAX_BUFFERED_SAMPLES:
            raise PlayoutOverflowError(f"more than {MAX_BUFFERED_SAMPLES // SAMPLE_RATE} s of audio wait to be played")
        self._waiting += audio
        self.received += len(audio)

    def mark(self, name: str) -> list[MarkRecord]:
        """Takes a mark behind the audio that is there; returns it at once if there is nothing to wait for."""
        record = MarkRecord(name, self.received)
        self.marks.append(record)
        self._pending.append(record)
        return self.advance(self.position)

    def clear(self) -> list[MarkRecord]:
        """Drops the audio that waits; returns the marks that waited with it."""
        returned = list(self._pending)
        for record in returned:
            record.returned_at = self.position
            record.cleared = True
        self._pending.clear()
        self._waiting.clear()
        self.clears.append(ClearRecord(self.position, self.received))
        return returned

    def advance(self, position: int) -> list[MarkRecord]:
        """Plays up to `position`; returns the marks whose audio was played by then."""
        length = max(0, min(position - self.position, self.buffered))
        span = PlayedSpan(self.position, self.received - self.buffered, length)
        self._record_span(span)
        self.line += self._waiting[:length]
        del self._waiting[:length]
        self.line += MULAW_SILENCE * (position - self.position)
        returned = []
        while self._pending and self._pending[0].stream_position <= span.stream_start + length:
            record = self._pending.popleft()
            record.returned_at = span.line_start + record.stream_position - span.stream_start
            returned.append(record)
        return returned

    def _record_span(self, span: PlayedSpan) -> None:
        if not span.length:
            return
        last = self.spans[-1] if self.spans else span
        if (last.line_start + last.length, last.stream_start + last.length) == (span.line_start, span.stream_start):
            self.spans[-1] = PlayedSpan(last.line_start, last.stream_start, last.length + span.length)
        else:
            self.spans.append(span)
