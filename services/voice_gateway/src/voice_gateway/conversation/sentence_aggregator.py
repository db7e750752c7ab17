"""Whole sentences out of streamed pieces of text.

A sentence goes to the voice as soon as it is certain to be whole. What is unfinished when a stream fails is dropped by
not calling `finish`.
"""

import re

_END = re.compile(r"[.!?…]+[\"')\]]*(?=\s)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|jr|sr|vs|etc|no|inc|ltd|approx|a\.m|p\.m|e\.g|i\.e)|(?:^|\s)[a-z])\.$", re.I
)
_MAX_SENTENCE_CHARACTERS = 400


class SentenceAggregator:
    """Collects the pieces of one reply."""

    def __init__(self) -> None:
        self._rest = ""

    def add(self, text: str) -> list[str]:
        """Adds a piece and returns the sentences that are whole now, in order."""
        self._rest += text
        sentences = []
        while (end := self._first_end()) is not None:
            sentence = _spoken(self._rest[:end])
            self._rest = self._rest[end:]
            if sentence:
                sentences.append(sentence)
        return sentences

    def finish(self) -> str:
        """Returns what is left as the last sentence; empty if nothing is."""
        rest, self._rest = _spoken(self._rest), ""
        return rest

    def _first_end(self) -> int | None:
        for match in _END.finditer(self._rest):
            if not _ABBREVIATION.search(self._rest[: match.end()]):
                return match.end()
        if len(self._rest) > _MAX_SENTENCE_CHARACTERS:
            cut = self._rest.rfind(" ", 0, _MAX_SENTENCE_CHARACTERS)
            return cut if cut > 0 else _MAX_SENTENCE_CHARACTERS
        return None


def split_sentences(text: str) -> list[str]:
    """Returns the sentences of a whole text."""
    aggregator = SentenceAggregator()
    sentences = aggregator.add(text)
    rest = aggregator.finish()
    return [*sentences, rest] if rest else sentences


def _spoken(text: str) -> str:
    """Returns a text on one line; empty if it holds nothing that can be spoken."""
    line = " ".join(text.split())
    return line if any(character.isalnum() for character in line) else ""
