"""Whether a caller who is asked for a detail of himself, or for a time, or has booked, tells something else."""

from dialogue.contact import ABOUT_THE_CONTACT
from dialogue.language import language
from dialogue.rules.utterances import Understanding
from dialogue.state import ABOUT_TIMES, DialogueState
from vocabulary.enums import Expectation

_HEARD, _OF_DETAILS = language("remarks").patterns, language("contact").patterns
_SPEAKS_OF_DETAILS = ("swapped", "this_number")
"""How somebody speaks of his details without telling one."""


def tells_else(state: DialogueState, said: Understanding) -> bool:
    """Whether an utterance is, by its shape, no such detail as was asked for but a sentence about something else."""
    if state.expecting is Expectation.ANYTHING_ELSE and state.booked is not None:
        return not said.questions and any(map(_HEARD["tells"].search, said.words.clauses))
    if state.expecting in ABOUT_TIMES:
        names_when = not (said.moment.is_open and said.when.bare_hour.is_open) or said.when.unclear
        return not names_when and any(map(_HEARD["tells"].search, said.words.clauses))
    if state.expecting not in ABOUT_THE_CONTACT or said.phones or said.email:
        return False
    text = said.words.text
    puts_right = _OF_DETAILS["puts_right"].search(text) and _HEARD["corrects"].search(text)
    if puts_right or any(_OF_DETAILS[how].search(text) for how in _SPEAKS_OF_DETAILS):
        return False
    if any(map(_HEARD["of_another_thing"].search, said.words.clauses)):
        return True
    signs = [_HEARD[f"signs_{fact}"] for fact in _asked(state) if f"signs_{fact}" in _HEARD]
    if state.expecting is Expectation.CONTACT_CONFIRMATION:
        signs.append(_HEARD["corrects"])
    shows_one = any(sign.search(clause) for sign in signs for clause in said.words.clauses)
    return not shows_one and any(map(_HEARD["tells"].search, said.words.clauses))


def _asked(state: DialogueState) -> tuple[str, ...]:
    """Returns the details that the caller's words may be."""
    if state.expecting is Expectation.CONTACT_CONFIRMATION:
        return tuple(state.read_back)
    return ("phone" if state.expecting is Expectation.CALLER_NUMBER_OFFER else state.pending or "",)
