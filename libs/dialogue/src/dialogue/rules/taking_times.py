"""Whether a caller takes the time that was read out to him, in words that are a yes there alone."""

from dialogue.language import language
from dialogue.rules.utterances import Understanding
from dialogue.state import DialogueState
from vocabulary.enums import Expectation

_HEARD = language("taking_times").patterns


def takes_time(state: DialogueState, said: Understanding) -> bool | None:
    """Returns yes or no as it is meant where a time waits for it: "thanks" takes it, "okay, I have to go" does not."""
    if state.expecting is not Expectation.SLOT_CONFIRMATION:
        return said.polarity
    text = said.words.text
    if said.polarity is True:
        return None if _HEARD["only_leaves"].search(text) else True
    if said.polarity is False or said.questions or _HEARD["takes_not"].search(text):
        return said.polarity
    return True if _HEARD["takes"].search(text) else None
