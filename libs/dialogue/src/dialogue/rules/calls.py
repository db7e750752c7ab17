"""What callers say of other calls: that they are called too often, that a promised call did not come."""

from dialogue.intents import ABOUT_CALLS, Intent
from dialogue.language import language
from dialogue.moments import Moment
from dialogue.state import ABOUT_TIMES, DialogueState
from vocabulary.enums import Expectation

_HEARD = language("calls").patterns


def find_complaint(clauses: tuple[str, ...], text: str) -> Intent | None:
    """Returns what an utterance in plain words complains of, the gravest first; None where a call is wished for."""
    if wishes_call(text) or any(map(wishes_call, clauses)):
        return None
    return next((intent for intent in ABOUT_CALLS if _HEARD[intent].search(text)), None)


def wishes_call(text: str) -> bool:
    """Whether a call is wished for in plain words, which are not denied."""
    wishes = _HEARD["wishes_call"].finditer(text)
    return any(not _HEARD["denies"].search(" ".join([*text[: one.start()].split()[-2:], one[0]])) for one in wishes)


def asks_to_be_put_through(text: str) -> bool:
    """Whether somebody is wanted on the line now, by plain words of a caller who else would be taken to leave."""
    return _HEARD["puts_through"].search(text) is not None


def wishes_call_then(state: DialogueState, text: str, moment: Moment) -> bool:
    """Whether a call is wished for at a time, where no times are in talk: "ring me on Monday"."""
    in_talk = state.expecting in ABOUT_TIMES or state.expecting is Expectation.CALLBACK_TIME
    return not in_talk and not moment.is_open and wishes_call(text)
