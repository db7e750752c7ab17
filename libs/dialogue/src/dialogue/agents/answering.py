"""How every agent answers: what concerns the talk itself is answered alike by whoever speaks, the rest by the agent."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from callwright_common.campaign import Campaign
from dialogue.agents.caller_questions import answer_what_is_left
from dialogue.agents.change_outcomes import tell_of_change
from dialogue.agents.drafting import Draft
from dialogue.agents.leaving_circles import answer_screener, leave_circle, may_be_left
from dialogue.agents.not_heard import counts_unheard, helps_to_hear, say_again
from dialogue.circles import one_too_many, was_screened, was_spoken_twice
from dialogue.intents import Intent
from dialogue.language import speaking
from dialogue.state import CloseReason
from dialogue.turns import Reply, Route
from vocabulary.enums import Expectation, TransitionTrigger
from vocabulary.turns import Slot

Slots = tuple[Slot, ...] | list[Slot] | None
"""The free times of the calendar, None where it cannot be reached."""
_OFFERS_A_HUMAN = 2
_MAX_FAILURES = 4
"""From how many failures in a row on a human is offered, and the call is given up."""


class Answer(Protocol):
    """Puts a turn that was routed to an agent into words."""

    def __call__(self, campaign: Campaign, routed: Route, *, slots: Slots, now: datetime) -> Reply:
        """Returns the agent's reply."""
        ...


def answering(speak: Callable[[Draft], None]) -> Answer:
    """Returns how an agent answers that speaks so; all agents alike repeat what they said, wait and ask back."""

    def answer(campaign: Campaign, routed: Route, *, slots: Slots, now: datetime) -> Reply:
        spoken = campaign.in_language(routed.state.language)
        with speaking(spoken.language):
            free = tuple(slots) if slots is not None else None
            draft = Draft(spoken, routed, free, now)
            _say(draft, speak)
            reply = draft.finish()
            if may_be_left(routed.trigger) and not reply.actions and was_spoken_twice(routed.state, reply.text):
                draft = Draft(spoken, routed, free, now)
                leave_circle(draft)
                reply = draft.finish()
            return reply

    return answer


def _say(draft: Draft, speak: Callable[[Draft], None]) -> None:
    helped = counts_unheard(draft) and helps_to_hear(draft)
    match draft.route.trigger:
        case _ if helped:
            pass
        case TransitionTrigger.NOT_UNDERSTOOD:
            _ask_back(draft)
        case TransitionTrigger.REPEAT_REQUESTED:
            say_again(draft)
        case TransitionTrigger.WAIT_REQUESTED if draft.has(Intent.SCREENED) or was_screened(draft.state):
            answer_screener(draft)
        case trigger if may_be_left(trigger) and one_too_many(draft.route.state, draft.analysis):
            leave_circle(draft)
        case TransitionTrigger.WAIT_REQUESTED:
            draft.say("line.wait")
        case _:
            if draft.has(Intent.DISTRESS):
                _condole(draft)
            if draft.has(Intent.GROWN_UP):
                _apologise_to_a_grown_up(draft)
            speak(draft)
            answer_what_is_left(draft)
    if draft.state.change is not None:
        tell_of_change(draft, draft.state.change)


def _condole(draft: Draft) -> None:
    """Takes part in what the caller suffers; whoever goes on with the questions all the same is not hurried."""
    draft.say("matter.condolence")
    if draft.route.trigger in {TransitionTrigger.LEAD_ENGAGED, TransitionTrigger.SMALL_TALK}:
        draft.say("matter.slowly")


def _apologise_to_a_grown_up(draft: Draft) -> None:
    """Says sorry, once, to whoever was taken for a child."""
    checked = draft.state.checked
    if Intent.CHILD in checked and Intent.GROWN_UP not in checked:
        checked.append(Intent.GROWN_UP)
        draft.say("matter.taken_for_a_child")


def _ask_back(draft: Draft) -> None:
    """Asks the caller to say it again, or in other words; offers a human, and gives up kindly where nothing helps."""
    state, words = draft.state, not draft.analysis.noise
    state.failures += 1
    draft.may_repeat = True
    if state.failures >= _MAX_FAILURES:
        draft.say("line.give_up_words" if words else "line.give_up")
        draft.state.request("call_back")
        draft.goodbye(CloseReason.NOT_UNDERSTOOD)
    elif words:
        _ask_in_other_words(draft)
    else:
        draft.say("line.ask_back", did_not_hear=draft.campaign.prompts.did_not_hear)
        if state.failures >= _OFFERS_A_HUMAN:
            draft.say("line.offer_person")


def _ask_in_other_words(draft: Draft) -> None:
    """Owns up to not having followed, and stays with what is open; the second time a human is offered."""
    state = draft.state
    if state.failures >= _OFFERS_A_HUMAN:
        draft.say("line.not_followed_again")
        draft.ask_for(Expectation.HUMAN_OFFER, "line.offer_colleague")
        return
    draft.say("line.not_followed")
    pending = draft.campaign.question(state.pending or "")
    if pending is not None:
        draft.ask(pending, again=True, counts=False)
