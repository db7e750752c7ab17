"""The agent's speech of one call on its way to the wire: queued, paused, taken up again, dropped.

Pure: the transport asks for the next 20 ms and writes them. Audio stays here until it was heard, so that speech the
caller paused by a noise can go on from the first unheard word.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from voice_gateway.media import mulaw
from voice_gateway.media.heard_reply import ReplyKind
from voice_gateway.media.speaking.heard_ledger import HeardLedger, LedgerReply
from voice_gateway.media.speaking.spoken_sentence import FRAME_MS, SpokenSentence

FRAME_BYTES = FRAME_MS * mulaw.SAMPLE_RATE // 1000

_MAX_QUEUED_FRAMES = 180_000 // FRAME_MS
# Peak below which a frame counts as silent, about -36 dBFS.
_VOICED_PEAK = 500


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
        self._replies: deque[LedgerReply] = deque()
        self._current: LedgerReply | None = None
        self._dropping = False
        self._started: LedgerReply | None = None

    # What the voices deliver.

    def begin_reply(self, turn_id: str, kind: ReplyKind) -> None:
        """Queues a reply behind those that are still to be heard."""
        if self._dropping:
            return
        self.end_reply()
        self._current = self.ledger.begin_reply(turn_id, kind)
        self._replies.append(self._current)

    def begin_sentence(self, text: str, place: int = 0) -> None:
        """Begins a sentence, or a piece of it, of the current reply; one that got no audio is forgotten."""
        if self._current is None:
            return
        self._finish_sentence(self._current)
        self.ledger.begin_sentence(self._current, text, place)

    def add_audio(self, payload: bytes) -> None:
        """Adds µ-law audio to the current sentence; audio outside of a sentence is dropped."""
        if self._current is None or not self._current.sentences or self.full:
            return
        sentence = self._current.sentences[-1]
        sentence.audio += payload
        added = range(len(sentence.voiced), len(sentence.audio) // FRAME_BYTES)
        sentence.voiced += [_is_voiced(_frame(sentence, index)) for index in added]

    def end_reply(self) -> None:
        """Ends the current reply."""
        if self._current is None:
            return
        self._finish_sentence(self._current)
        self._current.made = True
        self._current = None

    def _finish_sentence(self, reply: LedgerReply) -> None:
        if not reply.sentences:
            return
        sentence = reply.sentences[-1]
        if not sentence.audio:
            reply.sentences.pop()
        elif not sentence.complete:
            self.add_audio(mulaw.SILENCE * (-len(sentence.audio) % FRAME_BYTES))
            sentence.complete = True

    @property
    def full(self) -> bool:
        """Whether no more audio fits in."""
        queued = sum(len(sentence.voiced) for reply in self._replies for sentence in reply.sentences)
        return queued >= _MAX_QUEUED_FRAMES

    # What the writer asks for.

    def next_piece(self) -> Piece | None:
        """Returns what to write now, and books it as sent; None when there is nothing."""
        if self.paused:
            return None
        self._forget_heard()
        for reply in self._replies:
            for sentence in reply.sentences:
                if sentence.sent_frames < len(sentence.voiced):
                    return self._audio_piece(reply, sentence)
            if not reply.made:
                return None
            if reply.end_position_ms is None:
                self.ledger.end_reply(reply)
                return Piece(b"", ends_reply=True)
        return None

    def _audio_piece(self, reply: LedgerReply, sentence: SpokenSentence) -> Piece:
        index = sentence.sent_frames
        sentence.sent_frames += 1
        self.ledger.audio_sent(reply, sentence, index * FRAME_MS)
        starts_speech = self._started is not reply
        self._started = reply
        return Piece(_frame(sentence, index), starts_speech=starts_speech)

    def _forget_heard(self) -> None:
        while self._replies and self._replies[0].over:
            self._replies.popleft()

    @property
    def unheard(self) -> bool:
        """Whether speech is queued that the caller has not heard."""
        self.ledger.advance()
        return any(reply.words()[1] for reply in self._replies if not reply.over)

    @property
    def question_heard(self) -> float:
        """The share, 0 to 1, that was heard of the last question whose beginning was heard; 0 without one."""
        self.ledger.advance()
        open_replies = [reply for reply in self._replies if not reply.over]
        return next((share for reply in reversed(open_replies) if (share := reply.question_heard())), 0.0)

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
        for reply in self._replies:
            for sentence in reply.sentences:
                sentence.sent_frames = min(sentence.sent_frames, sentence.resume_offset_ms() // FRAME_MS)

    def resume(self) -> None:
        """Lets the speech go on."""
        self.paused = False

    def interrupt(self) -> None:
        """Drops all speech, and what still arrives of it until `accept`."""
        if not self.paused:
            self.ledger.freeze()
        self.ledger.interrupt()
        self._replies.clear()
        self._current = None
        self._started = None
        self._dropping = True
        self.paused = False

    def accept(self) -> None:
        """Takes speech again: what arrives from now on was made after the interruption."""
        self._dropping = False


def _frame(sentence: SpokenSentence, index: int) -> bytes:
    return bytes(sentence.audio[index * FRAME_BYTES : (index + 1) * FRAME_BYTES])


def _is_voiced(frame: bytes) -> bool:
    return bool(np.abs(mulaw.decode(frame).astype(np.int32)).max() > _VOICED_PEAK)
