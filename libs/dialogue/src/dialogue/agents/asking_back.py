"""Asking for the rest of an answer of which a part was heard."""

from callwright_common.campaign import Question
from dialogue.agents.drafting import Draft
from dialogue.intents import TELLS_NOTHING
from vocabulary.enums import Expectation

_MOST_TIMES = 2


def asks_back(draft: Draft, pending: Question) -> bool:
    """Asks for the rest of an answer, in words that show what was heard; returns False where nothing was."""
    half = draft.analysis.half_told
    deed = half.deed if half is not None else ""
    asked = draft.state.asked.get(pending.id, 0)
    no_more = asked > _MOST_TIMES or draft.has(*TELLS_NOTHING)
    if half is None or half.kind != pending.kind or no_more:
        return False
    draft.ask_for(Expectation.ANSWER, f"ask_back.{deed}", person=half.person)
    draft.state.count_asked(pending.id)
    return True
