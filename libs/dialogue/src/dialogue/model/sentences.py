"""A model's raw text, cut into sentences fit to be spoken while it streams."""

from collections.abc import Iterable

from dialogue.model.answer import AnswerStream
from dialogue.model.lines import LineKind, read_line
from dialogue.sentences import MAX_SENTENCES, MAX_WORDS, end_of_sentence

_MAX_PENDING_CHARACTERS = 1_200
"""Twice the longest line that is said."""
_MAX_CHARACTERS = 40_000
"""So much of a model's text is read, with what it thinks."""


class SentenceStream:
    """Collects deltas and gives back finished, cleaned sentences up to the length of a reply."""

    def __init__(self, speaker: str) -> None:
        """Starts empty.

        Args:
            speaker: The agent's name, which models like to write before what they say.
        """
        self._speaker = speaker.lower()
        self._answer = AnswerStream()
        self._pending = ""
        self._thinking = False
        self._over = False
        self._left = _MAX_CHARACTERS
        self._words = 0
        self._sentences = 0

    @property
    def full(self) -> bool:
        """Whether the reply is as long as it may be or nothing of it follows; the rest is not wanted."""
        return self._over or self._left <= 0 or self._words >= MAX_WORDS or self._sentences >= MAX_SENTENCES

    def feed(self, delta: str) -> list[str]:
        """Returns the sentences that the delta completes."""
        self._left -= len(delta)
        return self._take(self._answer.take(delta))

    def finish(self) -> list[str]:
        """Returns the last sentences; the very last, with no blank after it, counts if the model really ended it."""
        finished = self._take(self._answer.take("", last=True))
        raw, self._pending = self._pending, ""
        ended = raw.rstrip("*_\"')” \n").endswith((".", "!", "?", "…"))
        return finished + (self._accept(raw) if ended and not self.full else [])

    def _take(self, pieces: Iterable[str | None]) -> list[str]:
        finished: list[str] = []
        for piece in pieces:
            if piece is None:
                self._pending, self._thinking = "", False
                continue
            self._pending = (self._pending + piece)[:_MAX_PENDING_CHARACTERS]
            while not self.full and (end := end_of_sentence(self._pending)) is not None:
                raw, self._pending = self._pending[:end], self._pending[end:]
                finished += self._accept(raw)
        return finished

    def _accept(self, raw: str) -> list[str]:
        """Returns the sentence as it is spoken, in a list of one or none."""
        if not any(map(str.isalnum, raw)):
            return []
        line = read_line(raw, self._speaker)
        self._over = line.kind is LineKind.NOT_OURS
        self._thinking = line.kind is LineKind.THOUGHT or (self._thinking and not line.begins_answer)
        if self._thinking or line.kind is not LineKind.SAID:
            return []
        sentence = line.text
        if sentence[-1] not in ".!?…":
            sentence = sentence.rstrip(",;:- ") + "."
        words = len(sentence.split())
        if self._sentences and self._words + words > MAX_WORDS:
            self._words = MAX_WORDS
            return []
        self._words += words
        self._sentences += 1
        return [sentence]
