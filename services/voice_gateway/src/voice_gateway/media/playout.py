"""The agent's speech of one call on its way to the wire: queued, paused, taken up again, dropped.

Pure: the transport asks for the next 20 ms and writes them. Audio stays here until it was heard, so that speech the
caller paused by a noise can go on from the first unheard word.
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from vocabulary.enums import Tier
from voice_gateway.media import mulaw
from voice_gateway.media.heard_ledger import HeardLedger, PlayedReply, ReplyKind
from voice_gateway.media.spoken_sentence import FRAME_MS, SpokenSentence

FRAME_BYTES = FRAME_MS * mulaw.SAMPLE_RATE // 1000

_MAX_QUEUED_FRAMES = 180_000 // FRAME_MS
# Peak below which a frame counts as silent, about -36 dBFS.
_VOICED_PEAK = 500


@dataclass(slots=True)
class _Line:
    """A sentence's audio and how much of it is on the wire."""

    handle: SpokenSentence
    audio: bytearray = field(default_factory=bytearray)
    sent_frames: int = 0

    @property
    def frames(self) -> int:
        return len(self.audio) // FRAME_BYTES

    def frame(self, index: int) -> bytes:
        return bytes(self.audio[index * FRAME_BYTES : (index + 1) * FRAME_BYTES])


@dataclass(slots=True)
class _Speech:
    """A reply's audio."""

    handle: PlayedReply
    lines: list[_Line] = field(default_factory=list)
    ended: bool = False
    end_sent: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """What to write next.

    Attributes:
        payload: 20 ms of µ-law audio; empty at the end of a reply.
        ends_reply: All audio of a reply is on the wire now.
        starts_speech: The first audio of a reply, or the first after a pause.
    """

    payload: bytes
    ends_reply: bool = False
    starts_speech: bool = False


class Playout:
    """The queue of one call.

    Attributes:
        ledger: Told of everything that `next_piece` hands out.
        paused: Nothing is handed out until `resume` or `interrupt`.
    """

    def __init__(self, ledger: HeardLedger) -> None:
        self.ledger = ledger
        self.paused = False
        self._speeches: deque[_Speech] = deque()
        self._current: _Speech | None = None
        self._dropping = False
        self._started: _Speech | None = None

    # What the voices deliver.

    def begin_reply(self, turn_id: str, kind: ReplyKind, tier: Tier) -> None:
        """Queues a reply behind those that are still to be heard."""
        if self._dropping:
            return
        self.end_reply()
        self._current = _Speech(self.ledger.begin_reply(turn_id, kind, tier))
        self._speeches.append(self._current)

    def begin_sentence(self, text: str) -> None:
        """Begins a sentence of the current reply; a sentence that got no audio is forgotten."""
        if self._current is None:
            return
        self._finish_sentence()
        self._current.lines.append(_Line(self.ledger.begin_sentence(self._current.handle, text)))

    def add_audio(self, payload: bytes) -> None:
        """Adds µ-law audio to the current sentence; audio outside of a sentence is dropped."""
        if self._current is None or not self._current.lines or self.full:
            return
        line = self._current.lines[-1]
        before = line.frames
        line.audio += payload
        line.handle.voiced += [_is_voiced(line.frame(index)) for index in range(before, line.frames)]

    def end_reply(self) -> None:
        """Ends the current reply."""
        if self._current is None:
            return
        self._finish_sentence()
        self._current.ended = True
        self._current = None

    def _finish_sentence(self) -> None:
        speech = self._current
        if speech is None or not speech.lines:
            return
        line = speech.lines[-1]
        if not line.audio:
            speech.lines.pop()
            speech.handle.sentences.remove(line.handle)
        elif not line.handle.complete:
            self.add_audio(mulaw.SILENCE * (-len(line.audio) % FRAME_BYTES))
            line.handle.complete = True

    @property
    def full(self) -> bool:
        """Whether no more audio fits in."""
        return sum(line.frames for speech in self._speeches for line in speech.lines) >= _MAX_QUEUED_FRAMES

    # What the writer asks for.

    def next_piece(self) -> Piece | None:
        """Returns what to write now, and books it as sent; None when there is nothing."""
        if self.paused:
            return None
        self._forget_heard()
        for speech in self._speeches:
            for line in speech.lines:
                if line.sent_frames < line.frames:
                    return self._audio_piece(speech, line)
            if speech.ended and not speech.end_sent:
                speech.end_sent = True
                self.ledger.end_reply(speech.handle)
                return Piece(b"", ends_reply=True)
            if not speech.ended:
                return None
        return None

    def _audio_piece(self, speech: _Speech, line: _Line) -> Piece:
        index = line.sent_frames
        line.sent_frames += 1
        self.ledger.audio_sent(speech.handle, line.handle, index * FRAME_MS)
        starts_speech = self._started is not speech
        self._started = speech
        return Piece(line.frame(index), starts_speech=starts_speech)

    def _forget_heard(self) -> None:
        while self._speeches and self._speeches[0].handle.finished_at is not None:
            self._speeches.popleft()

    @property
    def unheard(self) -> bool:
        """Whether speech is queued that the caller has not heard."""
        self.ledger.advance()
        return any(speech.handle.words()[1] for speech in self._speeches if speech.handle.finished_at is None)

    @property
    def idle(self) -> bool:
        """Whether every reply was handed out and heard."""
        return self.ledger.settled

    # What the caller's voice does to it.

    def pause(self) -> None:
        """Holds the speech and takes back what was not heard: it goes on from the first unheard word."""
        if self.paused:
            return
        self.paused = True
        self.ledger.freeze()
        self._forget_heard()
        self._started = None
        for speech in self._speeches:
            speech.end_sent = False
            for line in speech.lines:
                line.sent_frames = min(line.sent_frames, line.handle.resume_offset_ms() // FRAME_MS)

    def resume(self) -> None:
        """Lets the speech go on."""
        self.paused = False

    def interrupt(self) -> None:
        """Drops all speech, and what still arrives of it until `accept`."""
        if not self.paused:
            self.ledger.freeze()
        self.ledger.interrupt()
        self._speeches.clear()
        self._current = None
        self._started = None
        self._dropping = True
        self.paused = False

    def accept(self) -> None:
        """Takes speech again: what arrives from now on was made after the interruption."""
        self._dropping = False


def _is_voiced(frame: bytes) -> bool:
    return bool(np.abs(mulaw.decode(frame).astype(np.int32)).max() > _VOICED_PEAK)
