"""Fear and shame of what a caller rings about, and the health that he does it for."""

from dialogue.intents import FEELINGS, Intent
from dialogue.language import language

_LANGUAGE = language("feelings")
_HEARD = _LANGUAGE.patterns


def find_feelings(text: str) -> tuple[Intent, ...]:
    """Returns the feelings of which an utterance in plain words tells."""
    text = _HEARD["no_fear"].sub("", text)
    return tuple(feeling for feeling in FEELINGS if _HEARD[feeling].search(text))


def in_one_word_for_fear(text: str) -> str:
    """Returns a text with one word for all fear, so that a campaign's answer to it is found by any of them."""
    return _HEARD["fear"].sub(_LANGUAGE.words["plain_fear"][0], text)
