"""Offers a call from a colleague where it is not clear that the appointment is of use, and takes the answer."""

from dialogue.agents.drafting import Draft
from dialogue.agents.farewells import note_callback
from dialogue.agents.lead_questions import react
from dialogue.call_offer import CALL_OFFER
from dialogue.intents import DECLINES, Intent
from dialogue.matters import only_agrees
from dialogue.state import CloseReason
from vocabulary.enums import Expectation, WorkflowState

_MOST_OFFERED = 2


def offer_call(draft: Draft) -> None:
    """Leaves it to a colleague whether the appointment is of use, and offers that he calls."""
    react(draft)
    draft.say("goodbye.talk_first")
    draft.state.count_asked(CALL_OFFER)
    draft.close_by_asking_for(Expectation.CALLBACK_OFFER, "callback.offer")


def answer_to_the_offer(draft: Draft) -> None:
    """Notes the call that is wanted; a time of which it is not clear what it is for is no call yet."""
    wants_a_call = draft.has(Intent.WANTS_A_CALL)
    declines = (draft.analysis.polarity is False or draft.has(Intent.NO_CALL, *DECLINES)) and not wants_a_call
    only_asks, in_grief = draft.has(Intent.ONLY_ASKS), draft.state.expecting is Expectation.ANOTHER_DAY
    names_when = (draft.names_when or not draft.moment.is_open) and not only_asks
    if only_asks:
        _offer_again(draft)
    elif declines and in_grief:
        draft.goodbye(CloseReason.GOODBYE)
    elif declines:
        draft.say("callback.declined")
        draft.ask_for(Expectation.ANYTHING_ELSE, "open.anything_else_to_know")
    elif names_when and (wants_a_call or in_grief):
        note_callback(draft)
    elif names_when:
        draft.state.proposed = None if draft.moment.is_open else draft.moment
        draft.say("callback.gladly_then")
        draft.ask_for(Expectation.CALL_OR_APPOINTMENT, "callback.which_of_both")
    elif wants_a_call or _agrees(draft, in_grief=in_grief) or draft.has(Intent.INTEREST):
        draft.state.request("call_back")
        draft.say("callback.accepted")
        draft.ask_for(Expectation.CALLBACK_TIME, "callback.ask_time_offered")
    else:
        _offer_again(draft)
    if draft.workflow_state is not WorkflowState.COMPLETED:
        draft.workflow_state = WorkflowState.CLOSING


def _agrees(draft: Draft, *, in_grief: bool) -> bool:
    """Whether a yes is to the offer; whoever grieves may only go on telling with it."""
    return draft.analysis.polarity is True and not (in_grief and not only_agrees(draft.analysis))


def _offer_again(draft: Draft) -> None:
    """Takes up what is no answer to the offer, and comes back to it once."""
    reacted = react(draft)
    if not reacted:
        draft.state.request("remark")
        draft.say("open.acknowledge")
    draft.state.count_asked(CALL_OFFER)
    if draft.state.asked[CALL_OFFER] > _MOST_OFFERED:
        draft.ask_for(Expectation.ANYTHING_ELSE, "open.anything_else_more")
    else:
        in_grief = draft.state.expecting is Expectation.ANOTHER_DAY
        draft.say("callback.offer" if in_grief else "callback.call_or_visit")
        draft.expect(draft.state.expecting)
