"""What callers want, told from plain words by patterns that leave room for how people really speak."""

import re

from dialogue.intents import Intent
from dialogue.rules.intent_patterns import PATTERNS

_COMPILED = {intent: tuple(re.compile(pattern) for pattern in patterns) for intent, patterns in PATTERNS.items()}

_NOISE = re.compile(
    r"^(?:you|the|a|thanks for watching|thank you for watching|please subscribe|subtitles by.*|music|applause|silence"
    r"|blank audio|inaudible|bye bye bye.*|i|so|and|oh|ah)$"
)


def find_intents(text: str, clauses: tuple[str, ...]) -> dict[Intent, str]:
    """Returns all intents of an utterance in plain words, each with the words that show it."""
    found = {}
    for intent, patterns in _COMPILED.items():
        shown = next((words for pattern in patterns if (words := _shown(pattern, text, clauses)) is not None), None)
        if shown is not None:
            found[intent] = shown
    return found


def _shown(pattern: re.Pattern[str], text: str, clauses: tuple[str, ...]) -> str | None:
    """Returns the words that a pattern finds; one that is anchored on both sides has to be all of the utterance."""
    whole = pattern.pattern.startswith("^") and pattern.pattern.endswith("$")
    for words in (text,) if whole else (text, *clauses):
        if match := pattern.search(words):
            return match[0].strip()
    return None


def is_noise(text: str) -> bool:
    """Whether a transcript is what transcribers make of noise."""
    return not text or _NOISE.fullmatch(text) is not None
