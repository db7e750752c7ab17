"""Talk that goes round in circles: the same is said or heard again and again, and nothing comes of it.

What was said is kept as digests alone: they tell that it was said before, and nothing of what it was.
"""

import zlib

from dialogue.analysis import Analysis
from dialogue.intents import Intent
from dialogue.state import ABOUT_TIMES, DialogueState

_MOST_SAID, _MOST_SPOKEN = 12, 60
_SHORT = 2
"""As many words may answer one question as well as another: they say the same only where they are said to the same."""
_IN_CIRCLES, _IN_CIRCLES_WHERE_ALL_GOES_ON = 3, 4
"""The how manieth time in which the same is said is one too many; of whoever waits, chooses a time
or answers the open question somehow it is one more."""
_SPOKEN_TWICE = 2
_OF_ONE_SENSE = (Intent.SCREENED, Intent.WAIT)
"""What is the same, in whatever words it is said."""


def note_said(state: DialogueState, analysis: Analysis, *, tells: bool) -> None:
    """Notes what the caller says, the most recent of it; whoever tells something new is not in a circle."""
    said = [] if tells else state.said
    state.said = [*said, _sense(state, analysis)][-_MOST_SAID:]


def times_said(state: DialogueState, analysis: Analysis) -> int:
    """Returns how often the caller said so since something came of it, this turn included."""
    return state.said.count(_sense(state, analysis))


def one_too_many(state: DialogueState, analysis: Analysis) -> bool:
    """Whether the caller says something as often as makes it a circle."""
    answers = bool(state.pending) and not (analysis.asks or analysis.answers)
    goes_on = answers or analysis.has(Intent.WAIT) or state.expecting in ABOUT_TIMES
    return times_said(state, analysis) >= (_IN_CIRCLES_WHERE_ALL_GOES_ON if goes_on else _IN_CIRCLES)


def was_screened(state: DialogueState) -> bool:
    """Whether somebody or something in between asked just before who it is and why."""
    return _digest(Intent.SCREENED) in state.said


def note_spoken(state: DialogueState, text: str) -> None:
    """Notes a whole reply, the most recent of them."""
    state.spoken = [*state.spoken, _digest(text)][-_MOST_SPOKEN:]


def was_spoken_twice(state: DialogueState, text: str) -> bool:
    """Whether the caller has heard a reply twice, word for word."""
    return state.spoken.count(_digest(text)) >= _SPOKEN_TWICE


def _sense(state: DialogueState, analysis: Analysis) -> str:
    alike = next((intent for intent in _OF_ONE_SENSE if analysis.has(intent)), None)
    if alike is not None:
        return _digest(alike)
    if analysis.answers:
        return _digest(" ".join(fact.answer for fact in analysis.answers))
    in_place = f"{state.expecting} {state.pending} " if len(analysis.words.split()) <= _SHORT else ""
    return _digest(in_place + analysis.words)


def _digest(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"
