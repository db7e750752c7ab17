"""The scheduler agent: offers free times, understands which one suits, repeats it and books it."""

from datetime import datetime

from callwright_common.campaign import Campaign
from dialogue.agents.answering import Slots, answering
from dialogue.agents.appointment_changes import change, note_change, restore
from dialogue.agents.change_outcomes import go_on_after_change
from dialogue.agents.drafting import Draft
from dialogue.agents.lead_questions import acknowledge
from dialogue.agents.open_ends import ask_before_leaving
from dialogue.agents.slot_choice import (
    answer_beside_times,
    ask_exactly,
    choose,
    confirm,
    gives_up_times,
    is_understood,
    lose_slot,
    offer_for,
)
from dialogue.agents.slot_offers import ask_confirmation, name_slots, offer_slots
from dialogue.agents.withdrawals import goes_on_after_withdrawal
from dialogue.calendar_changes import wants_back
from dialogue.call_control import CHECKS
from dialogue.intents import ABOUT_THE_APPOINTMENT, Intent
from dialogue.language import speaking
from dialogue.moments import Moment
from dialogue.open_ends import decides, takes_leave
from dialogue.state import ABOUT_TIMES
from dialogue.turns import Reply, Route
from dialogue.wishes import ahead_of_times, spoken_of
from vocabulary.enums import Expectation, TransitionTrigger, WorkflowState
from vocabulary.turns import Slot

_WISHES = frozenset({TransitionTrigger.APPOINTMENT_REQUESTED, TransitionTrigger.APPOINTMENT_CHANGED})
"""What makes a moment a wish; else it answered another question."""


def slot_lost(campaign: Campaign, routed: Route, slot_id: str, *, slots: Slots, now: datetime) -> Reply:
    """Returns the reply to speak instead of one whose `Book` failed because the slot was taken meanwhile."""
    spoken = campaign.in_language(routed.state.language)
    with speaking(spoken.language):
        draft = Draft(spoken, routed, tuple(slots or ()), now)
        known = [*(draft.slots or ()), *draft.state.offered, *([draft.state.chosen] if draft.state.chosen else [])]
        slot = next(
            (one for one in known if one.slot_id == slot_id), Slot(slot_id, draft.campaign.id, draft.now, draft.now)
        )
        lose_slot(draft, slot)
        return draft.finish()


def _speak(draft: Draft) -> None:
    state = draft.state
    draft.workflow_state = WorkflowState.SCHEDULING
    state.pending = None
    if state.expecting in ABOUT_TIMES or draft.route.trigger in _WISHES:
        spoken_of(draft.moment, state)
        is_understood(draft)
    if draft.analysis.remarks:
        state.request("remark")
    outcome = state.change
    if takes_leave(draft.route.state, draft.analysis) and not decides(draft.route.state, draft.analysis):
        ask_before_leaving(draft)
    elif outcome is not None and (outcome.done is None or state.expecting not in ABOUT_TIMES) and _gave_way(draft):
        go_on_after_change(draft, outcome)
    elif wants_back(draft.campaign, state, draft.analysis) and (cancelled := state.taken_back) is not None:
        restore(draft, cancelled)
    elif state.booked is not None and draft.slots is None:
        note_change(draft, state.booked)
    elif state.booked is not None and draft.route.trigger is TransitionTrigger.APPOINTMENT_CHANGED:
        change(draft, state.booked)
    elif draft.slots is None:
        _without_calendar(draft)
    elif state.expecting in ABOUT_TIMES or state.offered:
        _about_times(draft)
    else:
        _first_offer(draft)


def _gave_way(draft: Draft) -> bool:
    """Whether nothing else of the appointment is to be seen to."""
    return draft.route.trigger is TransitionTrigger.SLOT_DISCUSSED


def _about_times(draft: Draft) -> None:
    """Takes up what is said where times were offered, or are asked for."""
    state = draft.state
    if draft.analysis.withdrawn or draft.analysis.cools:
        _after_withdrawal(draft)
    elif state.offered and state.expecting in CHECKS.values() and draft.analysis.polarity is False:
        _come_back_to_times(draft)
    elif _is_unclear(draft):
        ask_exactly(draft)
    elif state.expecting is Expectation.SLOT_CONFIRMATION and state.chosen is not None:
        confirm(draft, state.chosen)
    elif state.offered and state.expecting is not Expectation.DAY_OR_LEAVE:
        choose(draft)
    elif not draft.moment.is_open or not gives_up_times(draft):
        offer_for(draft, draft.moment)


def _come_back_to_times(draft: Draft) -> None:
    """Comes back to what was offered, once what was feared in between is denied: the no is none to the times."""
    draft.say("check.dismissed")
    if not draft.moment.is_open:
        offer_for(draft, draft.moment)
    elif draft.state.chosen is not None:
        ask_confirmation(draft, draft.state.chosen)
    else:
        times = name_slots(draft, draft.state.offered)
        draft.ask_for(Expectation.SLOT_CHOICE, "time.which_shall_i_take", times=times)


def _is_unclear(draft: Draft) -> bool:
    """Whether a time was not understood, and not only because a question about the appointment sounds like one."""
    asks = draft.has(*ABOUT_THE_APPOINTMENT) or bool(draft.analysis.answers)
    return draft.has(Intent.UNCLEAR_TIME) and not asks


def _after_withdrawal(draft: Draft) -> None:
    """Takes up what the caller takes back while times are discussed, and comes back to them if he still qualifies."""
    state = draft.state
    if not goes_on_after_withdrawal(draft):
        return
    if not draft.moment.is_open:
        offer_for(draft, draft.moment)
    elif state.chosen is not None:
        ask_confirmation(draft, state.chosen)
    elif state.offered:
        draft.say("time.name_again", times=name_slots(draft, state.offered))
    else:
        offer_slots(draft, Moment())


def _first_offer(draft: Draft) -> None:
    acknowledge(draft)
    answer_beside_times(draft)
    lead = draft.pick("appointment.suggest")
    if draft.has(Intent.WANTS_APPOINTMENT) or draft.state.wants_appointment:
        lead = draft.pick("appointment.as_wished")
    draft.sentences.append(lead)
    wish = draft.moment if draft.route.trigger in _WISHES else Moment()
    if draft.state.proposed is not None and ahead_of_times(draft.state, wish):
        wish, draft.state.proposed = draft.state.proposed, None
    offer_slots(draft, wish)


def _without_calendar(draft: Draft) -> None:
    """Notes when an appointment would suit, where the calendar cannot be reached."""
    state = draft.state
    acknowledge(draft)
    answer_beside_times(draft)
    asked_for_it = state.expecting in ABOUT_TIMES
    if draft.names_when or (asked_for_it and state.wish is None):
        state.wish = draft.analysis.noted
        draft.state.request("appointment_then")
        draft.say("time.noted")
        draft.sentences.append(draft.campaign.prompts.call_back)
        draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else_to_know")
        return
    draft.sentences.append(draft.campaign.prompts.call_back)
    draft.ask_for(Expectation.SLOT_CHOICE, "time.when_suits")


answer = answering(_speak)
