"""What callers want, told from plain words by patterns that leave room for how people really speak."""

from dialogue.intents import Intent
from dialogue.language import language

_ALONE = "_alone"
_NAMED = {
    name: pattern
    for file in ("intents/call", "intents/lead", "intents/times")
    for name, pattern in language(file).patterns.items()
}
_ANYWHERE = {Intent(name): pattern for name, pattern in _NAMED.items() if not name.endswith(_ALONE)}
_WHOLE = {Intent(name.removesuffix(_ALONE)): pattern for name, pattern in _NAMED.items() if name.endswith(_ALONE)}
_QUESTIONS = {Intent(name): pattern for name, pattern in language("intents/appointment_questions").patterns.items()}
_NOISE = language("answers").patterns["noise"]


def find_intents(text: str, clauses: tuple[str, ...]) -> tuple[Intent, ...]:
    """Returns all intents of an utterance in plain words."""
    anywhere = {intent for intent, pattern in _ANYWHERE.items() if any(map(pattern.search, (text, *clauses)))}
    whole = {intent for intent, pattern in _WHOLE.items() if pattern.search(text)}
    return tuple(sorted(anywhere | whole))


def asked_of_the_appointment(questions: tuple[str, ...]) -> list[Intent]:
    """Returns what an utterance asks about the appointment."""
    text = " ".join(questions)
    return [intent for intent, pattern in _QUESTIONS.items() if pattern.search(text)]


def is_noise(text: str) -> bool:
    """Whether a transcript is what transcribers make of noise."""
    return not text or _NOISE.search(text) is not None
