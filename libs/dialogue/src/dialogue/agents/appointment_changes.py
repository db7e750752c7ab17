"""Changes of a booked appointment: it is moved, cancelled, kept after all, or noted for a human without a calendar."""

from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.drafting import Draft
from dialogue.agents.slot_choice import compares, offer_compared, offer_for, offer_others, to_another_day
from dialogue.agents.slot_offers import local_start, spoken_start
from dialogue.intents import TAKES_BACK, Intent
from dialogue.state import CloseReason
from dialogue.turns import Book, Cancel
from vocabulary.enums import Expectation
from vocabulary.turns import Slot


def change(draft: Draft, booked: Slot) -> None:
    """Takes back the booked appointment, or looks for another time; until that is booked, this one stands."""
    if draft.has(Intent.KEEPS_APPOINTMENT):
        keep(draft, booked)
        return
    if draft.has(Intent.CANCEL) or (withdraws(draft) and not draft.names_when):
        withdraw(draft, booked)
        return
    draft.state.offered = [booked]
    if compares(draft):
        offer_compared(draft, later=draft.has(Intent.LATER))
        return
    if draft.has(Intent.UNCLEAR_TIME):
        draft.ask_for(Expectation.DAY_OR_LEAVE, "time.exactly")
        return
    moment = to_another_day(draft, booked)
    if moment.is_open or moment.fits(local_start(draft, booked)):
        offer_others(draft)
    else:
        offer_for(draft, moment)


def withdraws(draft: Draft) -> bool:
    """Whether the caller takes back the appointment, plainly or perhaps, or answers whether he does."""
    return draft.has(*TAKES_BACK) or draft.state.expecting is Expectation.CANCELLATION_CHECK


def withdraw(draft: Draft, booked: Slot) -> None:
    """Cancels the appointment where that is plain, asks once where it is in doubt, and else keeps it."""
    checked = draft.state.expecting is Expectation.CANCELLATION_CHECK
    agrees = draft.analysis.polarity
    if draft.has(Intent.CANCEL) or (checked and (agrees is True or (agrees is None and draft.has(Intent.MAY_CANCEL)))):
        _cancel(draft, booked)
    elif checked or Intent.MAY_CANCEL in draft.state.checked:
        keep(draft, booked)
    else:
        draft.state.checked.append(Intent.MAY_CANCEL)
        answer_questions(draft, admit=False)
        draft.ask_for(Expectation.CANCELLATION_CHECK, "appointment.ask_to_cancel", when=spoken_start(draft, booked))


def keep(draft: Draft, booked: Slot) -> None:
    """Leaves the appointment as it is."""
    state = draft.state
    state.offered, state.chosen = [], None
    answer_questions(draft, admit=False)
    draft.say("appointment.stays", when=spoken_start(draft, booked))
    if draft.has(Intent.GOODBYE):
        draft.goodbye(CloseReason.GOODBYE)
        return
    draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else")


def restore(draft: Draft, slot: Slot) -> None:
    """Books the time again that was cancelled in the call and is wanted all the same."""
    state = draft.state
    state.allow(slot)
    draft.actions.append(Book(slot.slot_id))
    draft.note_signal("booked")
    state.booked, state.taken_back, state.change, state.close_reason = slot, None, None, None
    state.offered, state.chosen = [], None
    draft.say("appointment.restored", when=spoken_start(draft, slot))
    draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else")


def note_change(draft: Draft, booked: Slot) -> None:
    """Notes for a human what the calendar, which cannot be reached, does not take; until then it stands."""
    draft.state.wish = draft.analysis.noted
    cancels = withdraws(draft) and draft.analysis.polarity is not False
    draft.state.request("cancel" if cancels else "other_time")
    draft.say("appointment.cancel_noted" if cancels else "appointment.move_noted", when=spoken_start(draft, booked))
    draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else")


def _cancel(draft: Draft, booked: Slot) -> None:
    state = draft.state
    draft.actions.append(Cancel())
    draft.note_signal("cancelled")
    day = local_start(draft, booked).date()
    whole_day = [slot for slot in draft.slots or () if local_start(draft, slot).date() == day]
    state.refuse(booked, *(whole_day if draft.has(Intent.BUSY_THEN) else ()))
    state.booked, state.chosen, state.offered, state.wants_appointment, state.change = None, None, [], False, None
    state.taken_back = booked
    state.close_reason = CloseReason.DECLINED
    draft.say("appointment.cancelled", when=spoken_start(draft, booked))
    draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else")
