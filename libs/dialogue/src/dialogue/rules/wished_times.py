"""What a caller wishes of the times in talk, where he also tells on which days he has none, or lets it go."""

from dialogue.grammar.wished_days import lets_go, names_a_time, wished_clauses
from dialogue.intents import Intent
from dialogue.moments import Moment
from dialogue.rules.intents import find_intents
from dialogue.rules.moving import named_hour, wishes_other_time
from dialogue.rules.utterances import Understanding
from dialogue.state import ABOUT_TIMES, DialogueState
from vocabulary.enums import Expectation


def is_busy_on_another_day(said: Understanding) -> bool:
    """Whether the day on which somebody is busy is none that he wishes for: "not Tuesday, I am away, Friday"."""
    if not (said.has(Intent.BUSY_THEN) and said.moment.names_a_day):
        return False
    wished = filter(names_a_time, wished_clauses(said.closed.clauses))
    return any(Intent.BUSY_THEN not in find_intents(clause, ()) for clause in wished)


def lets_times_go(state: DialogueState, said: Understanding) -> bool:
    """Whether a caller wants none of the times in talk any more: "never mind, I will just come by"."""
    in_talk = state.expecting in ABOUT_TIMES and said.moment.is_open and said.when.bare_hour.is_open
    return in_talk and lets_go(said.closed.clauses)


def said_moment(state: DialogueState, said: Understanding) -> Moment:
    """Returns what was said about when; where times are discussed, or beside a day, a bare number is an hour."""
    beside_a_day = state.expecting is Expectation.ANYTHING_ELSE and state.booked is None and said.moment.names_a_day
    if state.expecting in ABOUT_TIMES or beside_a_day or wishes_other_time(state, said):
        return named_hour(said)
    return said.moment
