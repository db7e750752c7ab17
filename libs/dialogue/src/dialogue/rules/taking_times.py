"""Whether a caller takes the time that was read out to him, in words that are a yes there alone."""

from dataclasses import replace

from dialogue.analysis import Analysis
from dialogue.grammar.wished_days import tells_a_time
from dialogue.intents import Intent
from dialogue.language import language
from dialogue.moments import ANY_TIME
from dialogue.rules.cancelling import LIKE_CHANGES
from dialogue.rules.utterances import Understanding, find_polarity
from dialogue.state import DialogueState
from vocabulary.enums import Expectation

_HEARD = language("taking_times").patterns
LIKE_REMARKS = (
    *LIKE_CHANGES, Intent.EARLIER, Intent.ON_CONDITION, Intent.UNCLEAR_TIME, Intent.SAYS_WHEN, Intent.CALL_ME,
)  # fmt: skip
"""What a remark sounds like that stands beside a yes."""


def takes_time(state: DialogueState, said: Understanding) -> bool | None:
    """Returns yes or no as it is meant where a time waits for it: "thanks" takes it, "okay, I have to go" does not.

    Where a human is offered, "no, that is all right" is a no.
    """
    text = said.words.text
    if state.expecting is Expectation.HUMAN_OFFER and _HEARD["declines_kindly"].search(text):
        return False
    if state.expecting is not Expectation.SLOT_CONFIRMATION:
        return said.polarity
    if said.polarity is True:
        return None if _HEARD["only_leaves"].search(text) else True
    if said.polarity is False or said.questions or _HEARD["takes_not"].search(text):
        return said.polarity
    return True if _HEARD["takes"].search(text) else None


def remarks_beside_yes(state: DialogueState, said: Understanding) -> bool:
    """Whether a yes takes the time that was read out, and all else is a remark, though it names an hour of its own."""
    if state.expecting is not Expectation.SLOT_CONFIRMATION or find_polarity(said.words.clauses[:1]) is not True:
        return False
    instructs = _HEARD["instructs"].search(said.words.text)
    if said.polarity is not True or not (instructs or said.when.unclear or not said.moment.is_open):
        return False
    rest = _HEARD["instructs"].sub(" ", said.words.text)
    return not _HEARD["another_time"].search(rest) and not any(map(tells_a_time, said.words.clauses))


def as_a_yes(found: Analysis) -> Analysis:
    """Returns what was found where a remark stands beside the yes to the time that was read out."""
    return replace(found.without(*LIKE_REMARKS), polarity=True, moment=ANY_TIME, picks=None, concern=None, remarks=True)
