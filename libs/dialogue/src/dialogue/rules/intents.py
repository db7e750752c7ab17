"""What callers want, told from plain words by patterns that leave room for how people really speak."""

import re

from dialogue.intents import Intent
from dialogue.language import language, remembered

_ALONE = "_alone"
_SWEARS_ALONE = 3
"""Of as many words none tells anything but how he feels."""
_NAMED = [language(file).patterns for file in ("intents/call", "intents/lead", "intents/times")]
_QUESTIONS = language("intents/appointment_questions").patterns
_HEARD = language("answers").patterns


@remembered(8)
def _patterns() -> tuple[dict[Intent, re.Pattern[str]], dict[Intent, re.Pattern[str]]]:
    """Returns what is looked for anywhere, and what must be all that was said."""
    named = {name: pattern for patterns in _NAMED for name, pattern in patterns.items()}
    anywhere = {Intent(name): pattern for name, pattern in named.items() if not name.endswith(_ALONE)}
    whole = {Intent(name.removesuffix(_ALONE)): pattern for name, pattern in named.items() if name.endswith(_ALONE)}
    return anywhere, whole


def find_intents(text: str, clauses: tuple[str, ...]) -> tuple[Intent, ...]:
    """Returns all intents of an utterance in plain words."""
    anywhere, whole = _patterns()
    found = {intent for intent, pattern in anywhere.items() if any(map(pattern.search, (text, *clauses)))}
    return tuple(sorted(found | {intent for intent, pattern in whole.items() if pattern.search(text)}))


def asked_of_the_appointment(text: str, questions: tuple[str, ...], *, asks: bool) -> list[Intent]:
    """Returns what an utterance asks about the appointment; whether it is booked may be told and asked behind it."""
    asked = " ".join(questions)
    found = [Intent(name) for name, pattern in _QUESTIONS.items() if pattern.search(asked)]
    behind = (asks or questions) and Intent.ASKS_IF_BOOKED not in found
    return [*found, Intent.ASKS_IF_BOOKED] if behind and _QUESTIONS[Intent.ASKS_IF_BOOKED].search(text) else found


def is_noise(text: str) -> bool:
    """Whether a transcript is what transcribers make of noise."""
    return not text or _HEARD["noise"].search(text) is not None


def swears_at_a_thing(text: str) -> bool:
    """Whether strong words in a plain text are for what the caller tells of, and for nobody on the line."""
    of_something = len(text.split()) > _SWEARS_ALONE and _HEARD["tells_of_something"].search(text) is not None
    return of_something and _HEARD["aims_at_us"].search(text) is None
