"""What is said to callers who were offered times: they pick one, want another, or take the one that was repeated."""

from dataclasses import replace

from dialogue.agents.calendar_hours import say_if_closed
from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.contact_details import ask_for_contact
from dialogue.agents.drafting import Draft
from dialogue.agents.slot_offers import (
    ask_confirmation,
    bookable_slots,
    fitting_slots,
    free_slots,
    has_both_halves,
    local_start,
    name_slots,
    offer_colleague,
    offer_slots,
    offer_some,
    picked_slot,
    preferred,
    spoken_start,
    still_suiting,
)
from dialogue.intents import Intent
from dialogue.language import language
from dialogue.moments import Moment
from dialogue.state import counted
from dialogue.turns import Book
from vocabulary.enums import Expectation, WorkflowState
from vocabulary.turns import Slot

_MANY_REFUSED = 2
_BARE_YES = 2
"""As many words has a yes that wishes for nothing else, whatever it is said to."""
_LEFT_TIMES = "left_times"
"""The name by which it is counted how often something else was told in the place of a time."""


def is_understood(draft: Draft) -> None:
    """Counts no more what was not understood of times, once one of them or another time was named."""
    if not draft.moment.is_open or draft.analysis.picks is not None:
        draft.state.missed_times = 0


def choose(draft: Draft) -> None:
    """Understands which of the offered times was meant, or which other time is wanted."""
    analysis, state = draft.analysis, draft.state
    if compares(draft):
        offer_compared(draft, later=draft.has(Intent.LATER))
        return
    slot = picked_slot(draft, state.offered)
    if slot is not None:
        state.chosen = slot
        state.offered = still_suiting(draft, state.offered)
        if not answer_beside_times(draft):
            draft.say("time.good_choice")
        ask_confirmation(draft, slot)
        return
    moment = draft.moment
    if moment.only_excludes or not (moment.is_open or draft.has(Intent.BUSY_THEN)):
        offer_for(draft, moment)
        return
    if (
        analysis.polarity is False
        or draft.has(Intent.BUSY_THEN)
        or draft.has(Intent.NO_OFFERED_TIME, Intent.RESCHEDULE)
    ):
        _after_a_refusal(draft)
        return
    if _takes_up_beside_times(draft):
        if not (draft.analysis.tells_else and _named_again_before(draft)):
            draft.say("time.name_again", times=name_slots(draft, state.offered))
        elif not gives_up_times(draft):
            draft.say("nothing_new.slot_choice")
            draft.expect(Expectation.SLOT_CHOICE)
    elif not gives_up_times(draft):
        draft.say("time.which_shall_i_take", times=name_slots(draft, state.offered))


def _after_a_refusal(draft: Draft) -> None:
    """Offers other times; after many of them the caller names a day, or leaves it."""
    state = draft.state
    if state.refused_offers < _MANY_REFUSED:
        offer_others(draft)
        return
    draft.say("time.ask_day")
    draft.say("time.or_leave")
    state.refused_slots, state.refused_offers = [], 0
    draft.expect(Expectation.DAY_OR_LEAVE)


def _takes_up_beside_times(draft: Draft) -> bool:
    """Takes up what a caller says beside the offered times, and of none of them; returns whether it was anything."""
    if not answer_beside_times(draft):
        if draft.has(Intent.SAYS_MORE) or draft.analysis.tells_else:
            draft.state.request("remark")
            draft.say("open.noted")
        elif draft.has(Intent.WAIT, Intent.DOES_NOT_KNOW):
            draft.say("time.no_hurry")
    return bool(draft.sentences) or draft.has(Intent.IS_BACK)


def _named_again_before(draft: Draft) -> bool:
    """Counts that the times are named again after a remark; returns whether they were before."""
    draft.state.count_asked(_LEFT_TIMES)
    return draft.state.asked[_LEFT_TIMES] > 1


def gives_up_times(draft: Draft) -> bool:
    """Counts that a caller was not understood, and offers other days, then a human, then a call back; not at first."""
    state = draft.state
    state.missed_times = counted(state.missed_times)
    match state.missed_times:
        case 1:
            return False
        case 2 if state.chosen is not None:
            return False
        case 2:
            draft.say("time.not_understood")
            _offer_other_days(draft)
        case 3:
            draft.say("line.not_followed_again")
            draft.ask_for(Expectation.HUMAN_OFFER, "line.offer_colleague")
        case _:
            state.offered, state.chosen = [], None
            draft.state.request("call_back_by_human")
            draft.say("line.not_followed_again")
            draft.close_by_asking_for(Expectation.CALLBACK_TIME, "callback.ask_time")
    return True


def confirm(draft: Draft, slot: Slot) -> None:
    """Books the chosen time on a yes, else finds another."""
    analysis, state = draft.analysis, draft.state
    moment = to_another_day(draft, slot) if analysis.polarity is False else draft.moment
    if compares(draft):
        state.offered, state.chosen = [slot], None
        offer_compared(draft, later=draft.has(Intent.LATER))
        return
    others = [one for one in state.offered if one.slot_id != slot.slot_id]
    if len(others) == 1 and draft.has(Intent.OTHER_OFFERED_TIME):
        state.chosen = others[0]
        ask_confirmation(draft, others[0])
        return
    if not moment.is_open and not moment.fits(local_start(draft, slot)):
        state.offered, state.chosen = [slot], None
        offer_for(draft, moment)
        return
    if _refuses_time(draft) and (moment.is_open or draft.has(Intent.BUSY_THEN)):
        state.chosen = None
        state.offered = [slot]
        offer_others(draft)
        return
    names_it = moment.names_one_day or moment.at is not None
    wants_it = names_it or draft.has(Intent.WANTS_APPOINTMENT, Intent.INTEREST)
    states = wants_it and not analysis.asks and not draft.has(Intent.BUSY_THEN)
    agrees = analysis.polarity is True or states or draft.has(Intent.ANY_TIME)
    if agrees and analysis.polarity is not False and not draft.has(Intent.ON_CONDITION, Intent.UNCLEAR_TIME):
        _book(draft, slot)
        return
    if not (answer_beside_times(draft) or _notes_what_is_told(draft)):
        if not moment.is_open:
            draft.say("time.free")
        elif gives_up_times(draft):
            return
        else:
            draft.say("time.was_that_a_yes")
    ask_confirmation(draft, slot)


def _refuses_time(draft: Draft) -> bool:
    """Whether the time that waits for a yes is refused; a bare yes refuses nothing, whatever it was said to."""
    only_agrees = draft.analysis.polarity is True and len(draft.analysis.words.split()) <= _BARE_YES
    other = draft.has(Intent.NO_OFFERED_TIME, Intent.BUSY_THEN, Intent.RESCHEDULE)
    return draft.analysis.polarity is False or (other and not only_agrees)


def _notes_what_is_told(draft: Draft) -> bool:
    """Notes what a caller tells of himself, or of something else, in the place of a time; returns whether he does."""
    if draft.captured:
        draft.say("contact.noted")
    elif draft.analysis.tells_else:
        draft.state.request("remark")
        draft.say("open.noted")
    return bool(draft.captured) or draft.analysis.tells_else


def compares(draft: Draft) -> bool:
    """Whether an earlier or later time is wanted; "earlier, like ten" names it."""
    return draft.has(Intent.LATER, Intent.EARLIER) and draft.moment.at is None


def to_another_day(draft: Draft, slot: Slot) -> Moment:
    """Returns the wish of a caller who lets a time go; a day that he names beside that time's is the wished one."""
    moment, day = draft.moment, local_start(draft, slot).weekday()
    if day in moment.weekdays and len(moment.weekdays) > 1:
        return replace(moment, weekdays=moment.weekdays - {day})
    return moment


def offer_compared(draft: Draft, *, later: bool) -> None:
    """Offers times before or after those offered, on the day that was named or on the same days."""
    day = draft.moment.day_only
    named = [slot for slot in draft.state.offered if day.fits(local_start(draft, slot))]
    if not named:
        offer_for(draft, draft.moment)
        return
    edge = max(named, key=lambda slot: slot.start_time) if later else min(named, key=lambda slot: slot.start_time)
    days = {local_start(draft, slot).date() for slot in named}
    beyond = [
        slot
        for slot in free_slots(draft)
        if (slot.start_time > edge.start_time if later else slot.start_time < edge.start_time)
    ]
    same_day = [slot for slot in beyond if local_start(draft, slot).date() in days]
    if draft.moment.bounds_hours and not same_day:
        offer_for(draft, draft.moment)
        return
    found = [slot for slot in same_day if draft.moment.fits_hour(local_start(draft, slot))] or same_day or beyond
    if later and language("answers").patterns["the_latest"].search(draft.analysis.words):
        latest = (same_day or [edge])[-1]
        draft.state.chosen, draft.state.offered = latest, [latest]
        ask_confirmation(draft, latest)
        return
    if not found:
        draft.say("time.nothing_later" if later else "time.nothing_earlier")
        offer_slots(draft, Moment())
        return
    offer_some(draft, found, "time.offer_compared", "time.better")


def offer_for(draft: Draft, moment: Moment) -> None:
    """Goes after a wish that none of the offered times alone meets; hours are meant on the day that is in talk."""
    moment = _on_day_in_talk(draft, moment)
    fitting = fitting_slots(draft, moment)
    if not (moment.names_a_day or _leaves_day(draft)):
        # "Three o'clock" after days were offered means three o'clock on one of these days.
        days = {local_start(draft, slot).date() for slot in draft.state.offered}
        on_them = [slot for slot in fitting if local_start(draft, slot).date() in days]
        fitting = on_them[: 1 if moment.at and not moment.ambiguous_half else None] or fitting
    if moment.ambiguous_half and fitting:
        day = local_start(draft, fitting[0]).date()
        fitting = [slot for slot in fitting if local_start(draft, slot).date() == day]
        if has_both_halves(draft, fitting):
            offer_some(draft, fitting, "time.offer", "time.which_suits")
            return
    if len(fitting) == 1 or (fitting and moment.at is not None and moment.names_one_day):
        draft.state.chosen, draft.state.offered, draft.state.out_of_hours = fitting[0], fitting[:1], 0
        if not say_if_closed(draft, moment):
            draft.say("time.free")
        ask_confirmation(draft, fitting[0])
        return
    offer_slots(draft, moment)


def _on_day_in_talk(draft: Draft, moment: Moment) -> Moment:
    """Returns a wish for hours with the day that is in talk, if it is not said to be another.

    That is the one day whose times were offered, or the one that was named where none of them has such hours.
    """
    days = {local_start(draft, slot).date() for slot in draft.state.offered}
    if moment.names_a_day or not (moment.names_an_hour or moment.bounds_hours) or _leaves_day(draft):
        return moment
    named = draft.state.named_day
    fits_some = any(moment.on(day).fits(local_start(draft, slot)) for slot in free_slots(draft) for day in days)
    day = days.pop() if len(days) == 1 else named if named in days and not fits_some else None
    return moment.on(day) if day is not None and moment.fits_day(day) else moment


def _leaves_day(draft: Draft) -> bool:
    """Whether "another day" is asked for; "I cannot do that" and "something earlier" stay on the day."""
    return language("answers").patterns["another_day"].search(draft.analysis.words) is not None


def offer_others(draft: Draft) -> None:
    """Offers other times after all offered ones were refused, preferring other days."""
    state = draft.state
    state.refuse(*state.offered)
    state.refused_offers = counted(state.refused_offers)
    if state.out_of_hours:
        draft.say("time.no_such_time")
        offer_colleague(draft, [])
        return
    draft.say("time.look_further")
    _offer_other_days(draft)


def _offer_other_days(draft: Draft) -> None:
    state = draft.state
    days = {local_start(draft, slot).date() for slot in state.offered}
    state.offered, state.chosen = [], None
    free = free_slots(draft)
    others = preferred(draft, [slot for slot in free if local_start(draft, slot).date() not in days] or free)
    if others:
        offer_some(draft, others, "time.offer_other_days", "time.or_name_a_day")
    else:
        offer_slots(draft, Moment())


def ask_exactly(draft: Draft) -> None:
    """Asks for a time that was not understood to the day and minute; no time is chosen meanwhile."""
    state = draft.state
    if state.chosen is not None and not state.offered:
        state.offered = [state.chosen]
    state.chosen = None
    if gives_up_times(draft):
        return
    draft.say("time.exactly")
    draft.expect(Expectation.DAY_OR_LEAVE if state.expecting is Expectation.DAY_OR_LEAVE else Expectation.SLOT_CHOICE)


def answer_beside_times(draft: Draft) -> bool:
    """Answers what was asked; a wish for an appointment or a time is no question that nothing is known about."""
    wishes = draft.has(Intent.WANTS_APPOINTMENT, Intent.WANTS_TO_BE_MET)
    besides = draft.analysis.asks_besides and bool(draft.analysis.unanswered)
    return answer_questions(draft, admit=besides or (draft.moment.is_open and not wishes))


def _book(draft: Draft, slot: Slot) -> None:
    state = draft.state
    if not any(one.slot_id == slot.slot_id for one in bookable_slots(draft)):
        lose_slot(draft, slot)
        return
    when, moved = spoken_start(draft, slot), state.booked is not None
    draft.actions.append(Book(slot.slot_id))
    state.booked, state.chosen, state.offered, state.failures, state.change = slot, None, [], 0, None
    state.taken_back = None
    if not moved:
        draft.note_signal("booked")
    draft.say("time.moved" if moved else "time.booked", when=when)
    answer_beside_times(draft)
    ask_for_contact(draft)


def lose_slot(draft: Draft, slot: Slot) -> None:
    """Offers other times because somebody else has just taken the chosen one."""
    state = draft.state
    state.chosen, state.offered, state.change = None, [], None
    state.refuse(slot)
    draft.workflow_state = WorkflowState.SCHEDULING
    draft.say("time.lost")
    offer_slots(draft, Moment())
