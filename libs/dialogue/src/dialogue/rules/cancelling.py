"""Whether an appointment is taken back, kept or moved: the clause that commands decides, and the last word counts."""

from dialogue.contact import ABOUT_THE_CONTACT
from dialogue.intents import CHANGES, TAKES_BACK, Intent
from dialogue.language import language
from dialogue.rules.intents import find_intents
from dialogue.rules.utterances import Understanding
from dialogue.state import DialogueState

_HEARD, _ANSWERS = language("cancelling").patterns, language("answers").patterns
_LIKE_CANCELLING = (*CHANGES, Intent.NO_APPOINTMENT, Intent.NOT_INTERESTED, Intent.STOP)
"""What words that cancel resemble; whoever keeps his appointment means none of it."""
LIKE_CHANGES = (
    *CHANGES, Intent.NO_APPOINTMENT, Intent.NOT_INTERESTED, Intent.DO_NOT_CALL, Intent.CALL_LATER, Intent.LATER,
    Intent.NO_OFFERED_TIME, Intent.BUSY_THEN,
)  # fmt: skip
"""What a question whether the appointment can be changed sounds like."""


def find_cancelling(state: DialogueState, said: Understanding) -> Intent | None:
    """Returns what is to become of the appointment, None where nothing is said of it.

    Something else that was cancelled is reported, so that the appointment stays; a detail that is asked for may be
    declined in the words that take back an appointment.
    """
    decided: Intent | None = None
    asked_for_a_detail = state.expecting in ABOUT_THE_CONTACT
    plainly = Intent.CANCEL in said.intents
    for clause in said.words.clauses:
        for piece in filter(None, map(str.strip, _HEARD["turns"].split(clause))):
            decided = _decided_after(decided, piece, asks=clause in said.questions)
    if decided is Intent.CANCEL and asked_for_a_detail and not plainly:
        decided = Intent.MAY_CANCEL
    none_stands = state.booked is None and state.change is None
    if none_stands and state.taken_back is not None:
        return Intent.KEEPS_APPOINTMENT if _wants_it_back(said, decided) else decided
    if decided is not None and said.moment.names_a_day and _HEARD["moves"].search(said.words.text):
        return Intent.RESCHEDULE
    if decided is Intent.KEEPS_APPOINTMENT and (none_stands or (asked_for_a_detail and _lacks_it(said))):
        return None
    if decided is Intent.MAY_CANCEL and _lets_go_of_something_else(state, said):
        return None
    if decided is Intent.MAY_CANCEL and asked_for_a_detail and not _HEARD["of_the_appointment"].search(said.words.text):
        return None
    return decided


def _wants_it_back(said: Understanding, decided: Intent | None) -> bool:
    """Whether a caller whose appointment was cancelled just now states that he wants it all the same."""
    stated = [one for one in said.words.clauses if not (one in said.questions or _ANSWERS["denies"].search(one))]
    return decided is Intent.KEEPS_APPOINTMENT or any(map(_HEARD["restores"].search, stated))


def _lets_go_of_something_else(state: DialogueState, said: Understanding) -> bool:
    """Whether words that may take back anything are said of what was spoken of since the booking, or in leaving."""
    text = said.words.text
    if _HEARD["lets_go"].search(text) is None or _HEARD["of_the_appointment"].search(text):
        return False
    just_told = any(_HEARD["tells_of_it"].search(sentence) for sentence in state.last_reply)
    leaves = said.has(Intent.GOODBYE, Intent.NOTHING_MORE, Intent.THANKS) or _HEARD["sees_to_it"].search(text)
    return not just_told or bool(leaves)


def _lacks_it(said: Understanding) -> bool:
    """Whether a caller says that he has nothing of the kind."""
    return language("contact").patterns["lacks"].search(said.words.text) is not None


def _decided_after(before: Intent | None, clause: str, *, asks: bool) -> Intent | None:
    """Returns what is to become of the appointment after one more clause."""
    found = find_intents(clause, ())
    takes_back = Intent.CANCEL in found or Intent.MAY_CANCEL in found
    if _HEARD["keeps"].search(clause) or (before in TAKES_BACK and _HEARD["reverts"].search(clause)):
        return Intent.KEEPS_APPOINTMENT
    if not takes_back:
        return before
    if _HEARD["reports"].search(clause):
        return before or Intent.KEEPS_APPOINTMENT
    if Intent.CANCEL in found:
        commands = _HEARD["asks_to"].search(clause) or not (asks or _HEARD["perhaps"].search(clause))
        return Intent.CANCEL if commands else Intent.MAY_CANCEL
    return Intent.CANCEL if before in TAKES_BACK else Intent.MAY_CANCEL


def said_of_changes(
    state: DialogueState, said: Understanding, asked: list[Intent]
) -> tuple[list[Intent], tuple[Intent, ...]]:
    """Returns what is to become of the appointment, and what the words for that only sound like.

    Who asks about changes, or wonders whether one is done, changes nothing.
    """
    if Intent.ASKS_ABOUT_CHANGES in asked:
        return [], LIKE_CHANGES
    cancelling = find_cancelling(state, said)
    wonders = Intent.ASKS_IF_BOOKED in asked and _HEARD["is_done"].search(said.words.text)
    if wonders and cancelling in TAKES_BACK:
        cancelling = None
    unmeant = _LIKE_CANCELLING if cancelling is Intent.KEEPS_APPOINTMENT else TAKES_BACK
    return [cancelling] if cancelling is not None else [], unmeant
