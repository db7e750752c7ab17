"""What is said to whoever told of a death and asks or tells of what is to be seen to: a human gets it, he need not."""

from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.drafting import Draft
from dialogue.bereavement import is_bereaved
from dialogue.intents import ABOUT_THE_TALK, Intent
from vocabulary.enums import Expectation

_OFFER = "colleague_in_grief"
"""The name by which it is counted that a colleague was offered."""
_MOST_NOTED = 400


def see_to_affairs(draft: Draft) -> bool:
    """Notes what is asked or to be seen to, and offers a colleague once; returns whether all is said with that."""
    state, analysis = draft.state, draft.analysis
    asked, told = analysis.asks or bool(analysis.answers), draft.has(Intent.AFFAIRS, Intent.SUPPORT)
    if not is_bereaved(state):
        return False
    if draft.has(*ABOUT_THE_TALK) and answer_questions(draft, admit=False):
        pass
    elif asked or told:
        _note(draft, asked=asked)
        if not state.asked.get(_OFFER):
            state.count_asked(_OFFER)
            draft.ask_for(Expectation.HUMAN_OFFER, "bereavement.offer_colleague")
            return True
    elif state.expecting is Expectation.HUMAN_OFFER and analysis.polarity is False:
        draft.say("bereavement.as_you_like")
    elif state.asked.get(_OFFER) and draft.has(Intent.DISTRESS):
        draft.say("matter.take_your_time")
    elif state.asked.get(_OFFER) or state.expecting is Expectation.ANYTHING_ELSE:
        _note(draft, asked=False)
    else:
        return False
    draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else_to_help")
    return True


def _note(draft: Draft, *, asked: bool) -> None:
    state = draft.state
    state.pending = None
    state.wish = " ".join(filter(None, (state.wish, draft.analysis.noted)))[-_MOST_NOTED:]
    state.request("answer" if asked else "remark")
    draft.say("bereavement.noted_question" if asked else "bereavement.noted")
