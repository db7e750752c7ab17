"""What a caller means who names a time though one is booked: another one, or the booked one to be sure of it."""

from dataclasses import replace
from datetime import tzinfo

from dialogue.analysis import Analysis, FoundIntent
from dialogue.confidence import CLEAR
from dialogue.contact import ABOUT_THE_CONTACT
from dialogue.intents import Intent
from dialogue.language import language
from dialogue.moments import ANY_TIME, Moment
from dialogue.rules.cancelling import LIKE_CHANGES
from dialogue.rules.utterances import Understanding, find_polarity
from dialogue.state import ABOUT_TIMES, DialogueState
from vocabulary.enums import Expectation

_HEARD = language("moving").patterns
LIKE_CHECKS = (
    *LIKE_CHANGES, Intent.UNCLEAR_TIME, Intent.SAYS_WHEN, Intent.WAIT, Intent.REPEAT, Intent.CLARIFY, Intent.CALL_ME,
    Intent.WANTS_APPOINTMENT, Intent.EARLIER,
)  # fmt: skip
"""What it sounds like to say a booked time again."""
_SHORT = 8
"""As many words hold little more than a time."""


def wishes_other_time(state: DialogueState, said: Understanding) -> bool:
    """Whether another time is wished for than the booked one; a number alone may be one of a telephone."""
    if state.booked is None or state.expecting in ABOUT_TIMES or said.phones or said.email:
        return False
    text = said.words.text
    if named_hour(said).is_open or _HEARD["of_a_detail"].search(text) or _HEARD["asks_of_it"].search(text):
        return False
    how = "surely_moves" if _may_be_of_a_number(state, said) else "moves"
    return _HEARD[how].search(text) is not None


def _may_be_of_a_number(state: DialogueState, said: Understanding) -> bool:
    """Whether a number may put right a digit of the telephone number that is in talk."""
    in_talk = state.expecting in ABOUT_THE_CONTACT and (state.pending == "phone" or "phone" in state.read_back)
    return in_talk and not said.moment.names_a_day


def named_hour(said: Understanding) -> Moment:
    """Returns the time that is named, a bare number being an hour."""
    return said.moment if said.when.bare_hour.is_open else said.when.bare_hour


def checks_booking(state: DialogueState, said: Understanding, zone: tzinfo | None) -> bool:
    """Whether a caller says the booked day or hour again, or asks whether it stands: he wants to be sure of it."""
    elsewhere = state.expecting in ABOUT_TIMES or state.expecting is Expectation.CANCELLATION_CHECK
    text, wants_to_know = said.words.text, said.words.asks or _HEARD["tag"].search(said.words.text) is not None
    if state.booked is None or elsewhere or said.phones or said.email:
        return False
    if wants_to_know and _HEARD["stands"].search(text):
        return True
    if _HEARD["changes"].search(text) or (not wants_to_know and said.has(Intent.GOODBYE, Intent.THANKS)):
        return False
    named = named_hour(said) if wants_to_know else said.moment
    if named.is_open or said.when.unclear or not named.fits(state.booked.start_time.astimezone(zone)):
        return False
    in_a_few_words = wants_to_know or len(said.words.tokens) <= _SHORT
    of_a_number = _may_be_of_a_number(state, said) and not _HEARD["surely_moves"].search(text)
    return in_a_few_words and not (said.answers or of_a_number)


def as_a_check(found: Analysis, said: Understanding) -> Analysis:
    """Returns what was found where the booked time is said again; a no before it answers what was asked."""
    if any(one.intent.startswith("asks_") for one in found.intents):
        return found
    return replace(
        found.without(*LIKE_CHECKS),
        intents=(*found.without(*LIKE_CHECKS).intents, FoundIntent(Intent.ASKS_IF_BOOKED, CLEAR)),
        polarity=find_polarity(said.words.clauses[:1]),
        moment=ANY_TIME,
        concern=None,
        begun_email="",
        picks=None,
    )
