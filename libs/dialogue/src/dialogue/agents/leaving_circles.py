"""What is said where talk goes round in circles: a human is offered, then it is noted and the caller let go kindly."""

from dialogue.agents.drafting import Draft
from dialogue.agents.open_ends import say_what_stands
from dialogue.agents.slot_offers import spoken_start
from dialogue.circles import times_said, was_screened
from dialogue.intents import Intent
from dialogue.state import CloseReason
from vocabulary.enums import Expectation, TransitionTrigger

_HAVE_AN_END = frozenset(
    {
        TransitionTrigger.CALL_STARTED, TransitionTrigger.SILENCE, TransitionTrigger.KEYS_PRESSED,
        TransitionTrigger.NOT_UNDERSTOOD, TransitionTrigger.REPEAT_REQUESTED, TransitionTrigger.OTHER_LANGUAGE,
        TransitionTrigger.HUMAN_REQUESTED, TransitionTrigger.SUPPORT_REQUESTED, TransitionTrigger.CONTACT_DISCUSSED,
        TransitionTrigger.DO_NOT_CALL, TransitionTrigger.WRONG_NUMBER, TransitionTrigger.VOICEMAIL,
        TransitionTrigger.REFUSED, TransitionTrigger.GOODBYE, TransitionTrigger.ABUSE,
    }
)  # fmt: skip
"""What ends by itself, however often it comes."""
_NOTHING_LEFT = frozenset(
    {
        Expectation.HUMAN_OFFER, Expectation.ANYTHING_ELSE, Expectation.CALLBACK_TIME, Expectation.CALLBACK_OFFER,
    }
)  # fmt: skip
"""Where this was asked, there is nothing left to offer."""
_CIRCLE = "circle"
"""The name by which it is counted that a human was offered because of a circle."""
_TOLD_A_SCREENER, _HELD_BY_A_SCREENER = 3, 6
"""How often whoever is in between is told who it is, and waited for."""
_WAITED = 7
"""How often a caller is waited for who only asks for that."""


def may_be_left(trigger: TransitionTrigger) -> bool:
    """Whether talk that an agent takes up for some reason can go round in circles."""
    return trigger not in _HAVE_AN_END


def leave_circle(draft: Draft) -> None:
    """Offers a human where the same is said once too often; after that it is noted, and the caller is let go."""
    if draft.has(Intent.WAIT) and times_said(draft.route.state, draft.analysis) < _WAITED:
        draft.say("circle.waits_gladly")
    elif was_screened(draft.route.state):
        _leave_it_with_the_screener(draft)
    elif _offers_human(draft):
        draft.state.count_asked(_CIRCLE)
        draft.say("circle.nothing_new")
        draft.ask_for(Expectation.HUMAN_OFFER, "line.offer_colleague")
    else:
        _note_and_part(draft)


def _offers_human(draft: Draft) -> bool:
    state = draft.route.state
    reachable = draft.campaign.handoff.number is not None
    is_new = not state.asked.get(_CIRCLE, 0) and state.booked is None
    return reachable and is_new and state.expecting not in _NOTHING_LEFT


def _note_and_part(draft: Draft) -> None:
    state = draft.state
    if state.booked is not None:
        draft.say("appointment.is_booked", when=spoken_start(draft, state.booked))
    else:
        say_what_stands(draft)
        draft.state.request("call_back")
        draft.say("circle.noted")
    draft.goodbye(CloseReason.GOODBYE)


def answer_screener(draft: Draft) -> None:
    """Tells whoever is in between who it is and why, and waits; in the end it is left with him."""
    times = times_said(draft.route.state, draft.analysis)
    asks = draft.has(Intent.SCREENED)
    if times > (_TOLD_A_SCREENER if asks else _HELD_BY_A_SCREENER):
        _leave_it_with_the_screener(draft)
    elif not asks:
        draft.say("line.wait")
    elif times == 1:
        draft.say("answer.who_and_why")
    else:
        draft.say("screened.tell_him")
        draft.say("line.wait")


def _leave_it_with_the_screener(draft: Draft) -> None:
    draft.say("screened.leave_it")
    draft.close(CloseReason.VOICEMAIL)
