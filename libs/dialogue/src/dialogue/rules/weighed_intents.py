"""What a caller does with an utterance: all that its words do, weighed against each other and what was asked."""

import re

from callwright_common.campaign import Campaign
from dialogue.analysis import FoundIntent
from dialogue.intents import TAKES_BACK, Intent
from dialogue.language import language
from dialogue.moments import Moment
from dialogue.rules.call_offer import wanted_of_both
from dialogue.rules.calls import wishes_call_then
from dialogue.rules.cancelling import LIKE_CHANGES, find_cancelling
from dialogue.rules.contact import only_declines, said_of_a_detail
from dialogue.rules.in_writing import said_of_sending
from dialogue.rules.intents import asked_of_the_appointment
from dialogue.rules.moving import wishes_other_time
from dialogue.rules.out_of_reach import about_his_reach
from dialogue.rules.utterances import Understanding
from dialogue.state import ABOUT_TIMES, DialogueState
from vocabulary.enums import Expectation

_HEARD = language("answers").patterns
_PARTS = language("intents/call").parts
_CANCELLING = language("cancelling").patterns
_LIKE_CANCELLING = (*TAKES_BACK, Intent.RESCHEDULE, Intent.NO_APPOINTMENT, Intent.NOT_INTERESTED, Intent.STOP)
"""What words that cancel resemble; whoever keeps his appointment means none of it."""
BY_A_PATTERN = 0.9
"""The confidence of an intent that a pattern found."""
_OUTWEIGHED = 0.3
"""The confidence of an intent whose words mean something else beside what was found with them."""


def weighed_intents(
    campaign: Campaign, state: DialogueState, said: Understanding, moment: Moment, *, forgets: bool
) -> list[FoundIntent]:
    """Returns the intents; one that is outweighed by another keeps a low confidence."""
    text = said.words.text
    confidences = dict.fromkeys(said.intents, BY_A_PATTERN)
    wonders = bool(said.questions) or _HEARD["talking_to"].search(text) is not None
    if said.has(Intent.ARE_YOU_HUMAN) and wonders and not _HEARD["demands"].search(text):
        confidences[Intent.WANTS_HUMAN] = min(_OUTWEIGHED, confidences.get(Intent.WANTS_HUMAN, 0.0))
    if said.has(Intent.WAIT) and (said.has(Intent.ARE_YOU_HUMAN) or _exclaims(said)):
        confidences[Intent.WAIT] = _OUTWEIGHED
    asked = asked_of_the_appointment(text, said.questions, asks=said.words.asks)
    further = [*_kind_of_being(said), *asked, *_content(state, said)]
    if _HEARD["but"].search(text) or (said.questions and _HEARD["condition"].search(text)):
        further.append(Intent.ON_CONDITION)
    further += about_his_reach(campaign, state, said)
    cancelling, unmeant = _of_changes(state, said, further)
    further += cancelling
    for intent in unmeant:
        confidences.pop(intent, None)
    if state.expecting in ABOUT_TIMES and not moment.is_open and Intent.CALL_ME not in confidences:
        confidences.pop(Intent.CALL_LATER, None)  # "I am at work till three" is no wish to be called
    further += [*said_of_a_detail(state, said), *wanted_of_both(state, said), *said_of_sending(state, said)]
    confidences = {i: sure for i, sure in confidences.items() if not (forgets and i is Intent.DO_NOT_CALL)}
    if Intent.CALL_ME in confidences and wishes_call_then(state, said.words.text, moment):
        further.append(Intent.CALL_LATER)
    if wishes_other_time(state, said):
        further.append(Intent.RESCHEDULE)
        confidences.pop(Intent.WAIT, None)
    further += _said_of_when(said, moment)
    if only_declines(state, said):
        return [FoundIntent(Intent.DECLINES_TO_SAY, BY_A_PATTERN)]
    found = [FoundIntent(intent, sure) for intent, sure in confidences.items() if sure]
    return found + [FoundIntent(intent, BY_A_PATTERN) for intent in further]


def _said_of_when(said: Understanding, moment: Moment) -> list[Intent]:
    """Returns whether something was said about when, and whether a part of it was not understood."""
    says_when = said.timeline is not None or said.when.unclear or not moment.is_open
    found = {Intent.UNCLEAR_TIME: said.when.unclear, Intent.SAYS_WHEN: says_when}
    return [intent for intent, is_said in found.items() if is_said]


def _of_changes(
    state: DialogueState, said: Understanding, asked: list[Intent]
) -> tuple[list[Intent], tuple[Intent, ...]]:
    """Returns what is to become of the appointment, and what the words for that only sound like.

    Who asks about changes, or wonders whether one is done, changes nothing.
    """
    if Intent.ASKS_ABOUT_CHANGES in asked:
        return [], LIKE_CHANGES
    cancelling = find_cancelling(state, said)
    wonders = Intent.ASKS_IF_BOOKED in asked and _CANCELLING["is_done"].search(said.words.text)
    if wonders and cancelling in TAKES_BACK:
        cancelling = None
    unmeant = _LIKE_CANCELLING if cancelling is Intent.KEEPS_APPOINTMENT else TAKES_BACK
    return [cancelling] if cancelling is not None else [], unmeant


def _content(state: DialogueState, said: Understanding) -> list[Intent]:
    """Returns that nothing more is wanted where a caller whose own matter was taken up only thanks: "sweet, thanks"."""
    offered = state.matter is not None and state.expecting is Expectation.MOVE_ON and not said.questions
    takes_it = _HEARD["accepts_offer"].search(said.words.text) is not None
    return [Intent.NOTHING_MORE] if offered and said.has(Intent.THANKS) and not takes_it else []


def _exclaims(said: Understanding) -> bool:
    """Whether "wait" only leads to a question."""
    return bool(said.questions) and said.words.clauses[0] == "wait"


def _kind_of_being(said: Understanding) -> list[Intent]:
    """Returns what exactly is asked by whoever asks whether he talks to a human."""
    text = said.words.text
    if not said.has(Intent.ARE_YOU_HUMAN) or not re.search(rf"\b{_PARTS['machine']}\b", text):
        return []
    names_both = _HEARD["person"].search(text) and _HEARD["either"].search(text)
    return [Intent.ASKS_WHICH_OF_BOTH if names_both else Intent.ASKS_IF_MACHINE]
