"""Whole sentences, the one splitter for all: of a whole text, or of a model's raw text while it streams.

A whole sentence is what a voice speaks at once, and up to its end a reply that fails can still be replaced without the
caller noticing.
"""

import re

from dialogue.spoken import spoken_text

MAX_WORDS = 60
"""Upper bound of a reply: about twenty seconds of speech."""
MAX_SENTENCES = 4
_MAX_SENTENCE_WORDS = 35
_MAX_PENDING_CHARACTERS = 4_000

_ENDING = re.compile(r"""[.!?…]+["')\]*_”]*(?=\s)|\n+""")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|jr|sr|vs|etc|inc|ltd|approx|a\.m|p\.m|e\.g|i\.e)|(?-i:(?:^|\s)[A-Z]))\.$", re.IGNORECASE
)
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_LABEL = re.compile(r"(\w+)\s*:\s*")
_SPEAKERS = frozenset({"assistant", "agent", "ai", "bot"})
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
        self._pending = ""
        self._started = False
        self._words = 0
        self._sentences = 0

    @property
    def full(self) -> bool:
        """Whether the reply is as long as it may be; the rest is not wanted."""
        return self._words >= MAX_WORDS or self._sentences >= MAX_SENTENCES

    def feed(self, delta: str) -> list[str]:
        """Returns the sentences that the delta completes."""
        self._pending = (self._pending + delta)[:_MAX_PENDING_CHARACTERS]
        if "<think>" in self._pending:
            if "</think>" not in self._pending:
                return []
            self._pending = _THOUGHT.sub(" ", self._pending)
        finished = []
        while not self.full:
            end = _end_of_sentence(self._pending)
            if end is None:
                break
            raw, self._pending = self._pending[:end], self._pending[end:]
            finished += self._accept(raw)
        return finished

    def finish(self) -> list[str]:
        """Returns the last sentence, which has no blank after it, if the model really ended it."""
        raw, self._pending = _THOUGHT.sub(" ", self._pending), ""
        ended = raw.rstrip("*_\"')” \n").endswith((".", "!", "?", "…"))
        return self._accept(raw) if ended and not self.full else []

    def _accept(self, raw: str) -> list[str]:
        """Returns the sentence as it is spoken, in a list of one or none."""
        sentence = spoken_text(raw).strip()
        label = None if self._started else _LABEL.match(sentence)
        if label and label[1].lower() in {*_SPEAKERS, self._speaker}:
            sentence = sentence[label.end() :].strip()
        if not re.search(r"\w", sentence):
            return []
        if sentence[-1] not in ".!?…":
            sentence = sentence.rstrip(",;:- ") + "."
        words = len(sentence.split())
        if self._started and self._words + words > MAX_WORDS:
            self._words = MAX_WORDS
            return []
        self._started = True
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
