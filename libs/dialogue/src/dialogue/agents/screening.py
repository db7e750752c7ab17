"""What is said to whoever stands in between: who calls and about what, and the question how to reach who decides."""

from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.drafting import Draft
from dialogue.intents import Intent
from vocabulary.enums import Expectation

_REACH = "reach"
"""The name by which it is counted how often it was asked how to reach who decides."""


def ask_how_to_reach(draft: Draft) -> bool:
    """Tells what is asked, or notes what is told, and asks how and then when who decides is best reached.

    Returns whether somebody in between is on the line.
    """
    state = draft.state
    if not state.screened:
        return False
    state.pending = None
    if draft.has(Intent.IS_IT_SALES):
        draft.say("answer.is_it_sales")
    elif draft.has(Intent.SCREENED, Intent.WHO_ARE_YOU) or not answer_questions(draft, admit=False):
        _introduce_or_note(draft)
    times = state.asked.get(_REACH, 0)
    state.count_asked(_REACH)
    if not times:
        draft.say("screening.ask_reach")
        draft.expect(None)
    elif times == 1:
        draft.close_by_asking_for(Expectation.CALLBACK_TIME, "screening.ask_when")
    else:
        draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else")
    return True


def _introduce_or_note(draft: Draft) -> None:
    if draft.has(Intent.SCREENED, Intent.WHO_ARE_YOU) or draft.analysis.asks:
        draft.say("answer.who_and_why")
    else:
        draft.state.request("remark")
        draft.say("open.noted")
