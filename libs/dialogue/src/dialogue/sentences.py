"""Whole sentences, the one splitter for all: of a whole text, or of a model's raw text while it streams.

A whole sentence is what a voice speaks at once, and up to its end a reply that fails can still be replaced without the
caller noticing.
"""

import re
from collections.abc import Iterable

from dialogue.model_lines import LineKind, read_line
from dialogue.model_stream import AnswerStream

MAX_WORDS = 60
"""Upper bound of a reply: about twenty seconds of speech."""
MAX_SENTENCES = 4
_MAX_SENTENCE_WORDS = 35
_MAX_PENDING_CHARACTERS = 4_000
_MAX_CHARACTERS = 40_000
"""So much of a model's text is read, with what it thinks."""

_ENDING = re.compile(r"""[.!?…]+["')\]*_”]*(?=\s)|\n+""")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|jr|sr|vs|etc|inc|ltd|approx|a\.m|p\.m|e\.g|i\.e)|(?-i:(?:^|\s)[A-Z]))\.$", re.IGNORECASE
)
_LIST_NUMBER = re.compile(r"^\s*\d{1,2}[.)]$")


def split_sentences(text: str) -> list[str]:
    """Returns the sentences of a whole text, each on one line; what holds nothing that can be spoken is left out."""
    sentences = []
    while (end := _end_of_sentence(text)) is not None:
        sentences.append(text[:end])
        text = text[end:]
    lines = (" ".join(sentence.split()) for sentence in [*sentences, text])
    return [line for line in lines if any(character.isalnum() for character in line)]


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
        """Returns the last sentences; the last of all has no blank after it, and counts if the model really ended it."""
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
            while not self.full and (end := _end_of_sentence(self._pending)) is not None:
                raw, self._pending = self._pending[:end], self._pending[end:]
                finished += self._accept(raw)
        return finished

    def _accept(self, raw: str) -> list[str]:
        """Returns the sentence as it is spoken, in a list of one or none."""
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


def _end_of_sentence(text: str) -> int | None:
    """Returns where the first sentence ends or has to be broken, or None if more of it is to come."""
    broken = _end_of_breath(text)
    for match in _ENDING.finditer(text):
        sentence = text[: match.end()].strip()
        if sentence and not _LIST_NUMBER.match(sentence) and not _ABBREVIATION.search(sentence[-8:]):
            return match.end() if broken is None else min(match.end(), broken)
    return broken


def _end_of_breath(text: str) -> int | None:
    """Returns where a voice has to break a text, at a comma if it can; None if it is short enough."""
    words = list(re.finditer(r"\S+", text))
    if len(words) <= _MAX_SENTENCE_WORDS:
        return None
    limit = words[_MAX_SENTENCE_WORDS - 1].end()
    comma = text.rfind(",", 0, limit)
    return comma + 1 if comma > 0 else limit
