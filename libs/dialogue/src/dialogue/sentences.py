"""Whole sentences, the one splitter for all.

A whole sentence is what a voice speaks at once, and up to its end a reply that fails can still be replaced without the
caller noticing.
"""

import re

from dialogue.language import language, remembered

MAX_WORDS = 60
"""Upper bound of a reply: about twenty seconds of speech."""
MAX_SENTENCES = 4
_MAX_SENTENCE_WORDS = 35

_ENDING = re.compile(r"""(?<![.!?…])[.!?…]++["')\]*_”]*(?=\s)|\n+""")
_SHORT = language("speech/abbreviations").words
_LIST_NUMBER = re.compile(r"^\s*\d{1,2}[.)]$")


def split_sentences(text: str) -> list[str]:
    """Returns the sentences of a whole text, each on one line; what holds nothing that can be spoken is left out."""
    sentences = []
    while (end := end_of_sentence(text)) is not None:
        sentences.append(text[:end])
        text = text[end:]
    lines = (" ".join(sentence.split()) for sentence in [*sentences, text])
    return [line for line in lines if any(character.isalnum() for character in line)]


def end_of_sentence(text: str) -> int | None:
    """Returns where the first sentence ends or has to be broken, or None if more of it is to come."""
    broken = _end_of_breath(text)
    for match in _ENDING.finditer(text):
        sentence = text[: match.end()].strip()
        if sentence and not _LIST_NUMBER.match(sentence) and not _abbreviation().search(sentence[-8:]):
            return match.end() if broken is None else min(match.end(), broken)
    return broken


@remembered(4)
def _abbreviation() -> re.Pattern[str]:
    """Returns what ends with a dot that ends no sentence."""
    words = "|".join(map(re.escape, _SHORT["before_a_dot"]))
    return re.compile(rf"(?:\b(?i:{words})|(?:^|\s)[A-Z])\.$")


def _end_of_breath(text: str) -> int | None:
    """Returns where a voice has to break a text, at a comma if it can; None if it is short enough."""
    words = list(re.finditer(r"\S+", text))
    if len(words) <= _MAX_SENTENCE_WORDS:
        return None
    limit = words[_MAX_SENTENCE_WORDS - 1].end()
    comma = text.rfind(",", 0, limit)
    return comma + 1 if comma > 0 else limit
