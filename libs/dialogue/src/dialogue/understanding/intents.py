"""What callers want, told from plain words by patterns that leave room for how people really speak."""

import re

from dialogue.understanding.intent_names import Intent
from dialogue.understanding.intent_patterns import PATTERNS

__all__ = ["Intent", "find_intents", "is_noise"]

_COMPILED = {intent: tuple(re.compile(pattern) for pattern in patterns) for intent, patterns in PATTERNS.items()}

_NOISE = re.compile(
    r"^(?:you|the|a|thanks for watching|thank you for watching|please subscribe|subtitles by.*|music|applause|silence"
    r"|blank audio|inaudible|bye bye bye.*|i|so|and|oh|ah)$"
)


def find_intents(text: str, clauses: tuple[str, ...]) -> frozenset[Intent]:
    """Returns all intents of an utterance in plain words."""
    found = set()
    for intent, patterns in _COMPILED.items():
        if any(_occurs(pattern, text, clauses) for pattern in patterns):
            found.add(intent)
    return frozenset(found)


def _occurs(pattern: re.Pattern[str], text: str, clauses: tuple[str, ...]) -> bool:
    """Whether a pattern stands in an utterance; one that is anchored on both sides has to be all of it."""
    if pattern.search(text):
        return True
    whole = pattern.pattern.startswith("^") and pattern.pattern.endswith("$")
    return not whole and any(pattern.search(clause) for clause in clauses)


def is_noise(text: str) -> bool:
    """Whether a transcript is what transcribers make of noise."""
    return not text or _NOISE.fullmatch(text) is not None
