"""What a caller leaves for somebody else: a message in his own words, or the name of whoever is to be called."""

from dialogue.intents import Intent
from dialogue.language import language
from dialogue.rules.utterances import Understanding

_HEARD = language("messages").patterns
_MOST_WORDS = 14
"""A longer one is noted and not said back."""
_MEANS_ELSE = (
    Intent.DO_NOT_CALL, Intent.NOT_INTERESTED, Intent.CANCEL, Intent.RESCHEDULE, Intent.SUPPORT,
    Intent.WANTS_ERASURE, Intent.CALL_LATER, Intent.CHILD, Intent.DISTRESS, Intent.EMERGENCY, Intent.URGENT,
    Intent.WRONG_NUMBER, Intent.CALL_OWED, Intent.STOPS_LETTERS, Intent.WANTS_APPOINTMENT, Intent.OWN_APPOINTMENT,
)  # fmt: skip
"""What is seen to as what it is, whoever is to be told."""


def find_message(said: Understanding) -> str:
    """Returns what somebody else is to be told, in the caller's words; empty for nothing."""
    match = _HEARD["leaves"].search(said.words.original)
    if match is None or said.has(*_MEANS_ELSE):
        return ""
    message = next(filter(None, match.groupdict().values())).strip(" .!?,")
    too_long = len(message.split()) > _MOST_WORDS
    return "" if too_long or _HEARD["is_no_message"].match(message) else message


def find_whom(said: Understanding) -> str:
    """Returns the name of somebody else that a caller tells; empty for none."""
    match = _HEARD["of_another"].search(said.words.original)
    return next(filter(None, match.groupdict().values())) if match is not None else ""
