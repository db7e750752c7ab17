"""What is said of something that is to be sent to the caller."""

from dialogue.intents import Concern, Intent
from dialogue.language import language
from dialogue.rules.utterances import Understanding
from dialogue.state import DialogueState

_HEARD = language("in_writing").patterns


def by_post(said: Understanding) -> bool:
    """Whether something is spoken of that goes by post."""
    return _HEARD["by_post"].search(said.words.text) is not None


def said_of_sending(state: DialogueState, said: Understanding) -> list[Intent]:
    """Returns how something is to be sent, and whether the caller asks if it is."""
    wants = said.concern is not None and said.concern.id == Concern.SEND_EMAIL
    if not (state.in_writing or wants):
        return []
    text = said.words.text
    if state.in_writing and _HEARD["not_to_be_sent"].search(text):
        return [Intent.NOT_TO_BE_SENT]
    found = [Intent.BY_POST] if by_post(said) else []
    asks = state.in_writing and _HEARD["asks_whether_it_is_sent"].search(text)
    return [*found, Intent.ASKS_IF_SENT] if asks else found
