"""Whether a caller whose appointment is booked wants another time for it: "could we say three rather?"."""

from dialogue.contact import ABOUT_THE_CONTACT
from dialogue.language import language
from dialogue.moments import Moment
from dialogue.rules.utterances import Understanding
from dialogue.state import ABOUT_TIMES, DialogueState

_HEARD = language("moving").patterns


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
