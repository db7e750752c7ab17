"""The scheduler agent: offers free times, understands which one suits, repeats it and books it."""

from datetime import datetime

from callwright_common.campaign import Campaign
from dialogue.agents.answering import Slots, reply_to
from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.drafting import Draft
from dialogue.agents.lead_questions import acknowledge
from dialogue.agents.slot_offers import (
    ask_confirmation,
    free_slots,
    local_start,
    name_slots,
    offer_slots,
    picked_slot,
    spoken_start,
    spread,
)
from dialogue.intents import Intent
from dialogue.moments import Moment
from dialogue.state import Slot
from dialogue.turns import Book, Reply, Route
from vocabulary.enums import Expectation, TransitionTrigger, WorkflowState

_MANY_REFUSED = 3
_ABOUT_TIMES = frozenset({Expectation.SLOT_CHOICE, Expectation.SLOT_CONFIRMATION, Expectation.DAY_OR_LEAVE})


def answer(campaign: Campaign, routed: Route, *, slots: Slots, now: datetime) -> Reply:
    """Returns the reply of the scheduler agent to a turn that was routed to it."""
    return reply_to(campaign, routed, slots, now, _speak)


def slot_lost(campaign: Campaign, routed: Route, slot_id: str, *, slots: Slots, now: datetime) -> Reply:
    """Returns the reply to speak instead of one whose `Book` failed because the slot was taken meanwhile."""
    draft = Draft(campaign, routed, tuple(slots or ()), now)
    known = [*(draft.slots or ()), *draft.state.offered, *([draft.state.chosen] if draft.state.chosen else [])]
    slot = next((one for one in known if one.slot_id == slot_id), Slot(slot_id=slot_id, start=draft.now))
    _lose_slot(draft, slot)
    return draft.finish()


def _speak(draft: Draft) -> None:
    state = draft.state
    draft.workflow_state = WorkflowState.SCHEDULING
    state.pending = None
    if state.booked is not None:
        _note_change(draft)
    elif draft.slots is None:
        _without_calendar(draft)
    elif state.expecting in _ABOUT_TIMES and draft.has(Intent.UNCLEAR_TIME) and not draft.analysis.answers:
        _ask_exactly(draft)
    elif state.expecting is Expectation.DAY_OR_LEAVE:
        _offer_for(draft, draft.moment)
    elif state.expecting is Expectation.SLOT_CONFIRMATION and state.chosen is not None:
        _confirm(draft, state.chosen)
    elif state.expecting is Expectation.SLOT_CHOICE and state.offered:
        _choose(draft)
    else:
        _first_offer(draft)


def _ask_exactly(draft: Draft) -> None:
    """Asks for a time that was not understood to the day and minute; no time is chosen meanwhile."""
    state = draft.state
    if state.chosen is not None and not state.offered:
        state.offered = [state.chosen]
    state.chosen = None
    draft.say(
        "Which day and time exactly, please?",
        "Sorry, which day and which time do you mean exactly?",
        "Could you name me the day and the time exactly, please?",
    )
    draft.expect(Expectation.DAY_OR_LEAVE if state.expecting is Expectation.DAY_OR_LEAVE else Expectation.SLOT_CHOICE)


def _first_offer(draft: Draft) -> None:
    acknowledge(draft)
    answer_questions(draft, admit=draft.moment.is_open and not draft.has(Intent.WANTS_APPOINTMENT))
    appointment = draft.campaign.appointment
    moment = draft.moment
    lead = draft.pick(
        f"The next step is a {appointment.name} with {appointment.with_whom}.",
        f"I would suggest a {appointment.name} with {appointment.with_whom}.",
    )
    if draft.has(Intent.WANTS_APPOINTMENT) or draft.state.wants_appointment:
        lead = draft.pick(
            f"Gladly, let us find a time for the {appointment.name}.", f"Sure, let us set up the {appointment.name}."
        )
    draft.sentences.append(lead)
    # A moment counts as a wish only if the caller spoke of an appointment; else it answered another question.
    spoke_of_it = draft.triggered_by(TransitionTrigger.APPOINTMENT_REQUESTED)
    offer_slots(draft, moment if spoke_of_it else Moment())


def _choose(draft: Draft) -> None:
    """Understands which of the offered times was meant, or which other time is wanted."""
    analysis, state = draft.analysis, draft.state
    if draft.has(Intent.LATER, Intent.EARLIER):
        _offer_compared(draft, later=draft.has(Intent.LATER))
        return
    slot = picked_slot(draft, state.offered)
    if slot is not None:
        state.chosen = slot
        draft.say("Perfect.", "Very good.", "Great choice.")
        ask_confirmation(draft, slot)
        return
    moment = draft.moment
    if not moment.is_open:
        _offer_for(draft, moment)
        return
    if analysis.polarity is False or draft.has(Intent.NO_OFFERED_TIME, Intent.RESCHEDULE):
        if len(state.refused_slots) >= _MANY_REFUSED:
            draft.say("Then you had better tell me a day that suits you.", "Which day would suit you, then?")
            draft.say("Or shall we leave it?", "We can also leave it, as you like.")
            state.refused_slots = []
            draft.expect(Expectation.DAY_OR_LEAVE)
            return
        _other_times(draft)
        return
    if answer_questions(draft, admit=draft.moment.is_open and not draft.has(Intent.WANTS_APPOINTMENT)) or draft.has(
        Intent.WAIT, Intent.DOES_NOT_KNOW
    ):
        if not draft.sentences:
            draft.say("Take your time.", "No hurry.")
        draft.say(f"So, {name_slots(draft, state.offered)}?", f"I could offer {name_slots(draft, state.offered)}.")
        return
    state.failures += 1
    if state.failures >= 2 and analysis.polarity is not True:
        draft.say("I did not get the time, I am sorry.", "I am not sure which time you mean.")
        draft.say(
            "Which weekday would you like, and morning or afternoon?",
            "Just tell me a weekday, and morning or afternoon.",
        )
        return
    draft.say("Which of the two would you like?", "Which one shall I take?")
    draft.sentences[-1] = f"{name_slots(draft, state.offered)}, which one shall I take?"
    draft.sentences[-1] = draft.sentences[-1][:1].upper() + draft.sentences[-1][1:]


def _offer_compared(draft: Draft, *, later: bool) -> None:
    """Offers times before or after those offered, on the day that was named or on the same days."""
    named = [slot for slot in draft.state.offered if draft.moment.fits(local_start(draft, slot))] or draft.state.offered
    edge = max(named, key=lambda slot: slot.start) if later else min(named, key=lambda slot: slot.start)
    days = {local_start(draft, slot).date() for slot in named}
    beyond = [slot for slot in free_slots(draft) if (slot.start > edge.start if later else slot.start < edge.start)]
    same_day = [slot for slot in beyond if local_start(draft, slot).date() in days]
    found = same_day or beyond
    if not found:
        draft.say("I have nothing earlier, I am afraid." if not later else "I have nothing later, I am afraid.")
        offer_slots(draft, Moment())
        return
    draft.state.offered = spread(draft, found)
    draft.say(
        f"I could do {name_slots(draft, draft.state.offered)}.", f"There is {name_slots(draft, draft.state.offered)}."
    )
    draft.say("Would that be better?", "Does that suit you better?")
    draft.expect(Expectation.SLOT_CHOICE)


def _offer_for(draft: Draft, moment: Moment) -> None:
    """Goes after a wish that none of the offered times alone meets."""
    fitting = [slot for slot in free_slots(draft) if moment.fits(local_start(draft, slot))]
    if not moment.names_a_day:
        # "Three o'clock" after days were offered means three o'clock on one of these days.
        days = {local_start(draft, slot).date() for slot in draft.state.offered}
        fitting = [slot for slot in fitting if local_start(draft, slot).date() in days][
            : 1 if moment.at else None
        ] or fitting
    if len(fitting) == 1 or (fitting and moment.at is not None and moment.names_one_day):
        draft.state.chosen = fitting[0]
        draft.state.offered = fitting[:1]
        draft.say("Yes, that is free.", "That works.")
        ask_confirmation(draft, fitting[0])
        return
    offer_slots(draft, moment)


def _other_times(draft: Draft) -> None:
    """Offers other times after all offered ones were refused, preferring other days."""
    state = draft.state
    refused_days = {local_start(draft, slot).date() for slot in state.offered}
    state.refused_slots = [*state.refused_slots, *(slot.slot_id for slot in state.offered)][-60:]
    state.offered, state.chosen = [], None
    others = [slot for slot in free_slots(draft) if local_start(draft, slot).date() not in refused_days] or free_slots(
        draft
    )
    draft.say("No problem, let us look at other days.", "All right, let me look further.")
    if not others:
        offer_slots(draft, Moment())
        return
    chosen = spread(draft, others)
    state.offered = chosen
    draft.say(f"What about {name_slots(draft, chosen)}?", f"How about {name_slots(draft, chosen)}?")
    draft.say("Or tell me a day that suits you.", "Or which day would you prefer?")
    draft.expect(Expectation.SLOT_CHOICE)


def _confirm(draft: Draft, slot: Slot) -> None:
    """Books the chosen time on a yes, else finds another."""
    analysis, state = draft.analysis, draft.state
    moment = draft.moment
    if draft.has(Intent.LATER, Intent.EARLIER):
        state.offered, state.chosen = [slot], None
        _offer_compared(draft, later=draft.has(Intent.LATER))
        return
    others = [one for one in state.offered if one.slot_id != slot.slot_id]
    if len(others) == 1 and draft.has(Intent.OTHER_OFFERED_TIME):
        state.chosen = others[0]
        ask_confirmation(draft, others[0])
        return
    if not moment.is_open and not moment.fits(local_start(draft, slot)):
        state.chosen = None
        _offer_for(draft, moment)
        return
    refuses = analysis.polarity is False or draft.has(Intent.NO_OFFERED_TIME, Intent.BUSY_THEN, Intent.RESCHEDULE)
    if refuses and moment.is_open:
        state.chosen = None
        state.offered = [slot]
        _other_times(draft)
        return
    names_it = moment.names_one_day or moment.at is not None
    states = not analysis.asks and (names_it or draft.has(Intent.WANTS_APPOINTMENT, Intent.INTEREST))
    agrees = analysis.polarity is True or states or draft.has(Intent.ANY_TIME)
    if agrees and analysis.polarity is not False and not draft.has(Intent.ON_CONDITION, Intent.UNCLEAR_TIME):
        _book(draft, slot)
        return
    if not answer_questions(draft, admit=draft.moment.is_open and not draft.has(Intent.WANTS_APPOINTMENT)):
        state.failures += 1
        draft.say("Sorry, was that a yes?", "I did not quite get that.")
    ask_confirmation(draft, slot)


def _book(draft: Draft, slot: Slot) -> None:
    state = draft.state
    if not any(one.slot_id == slot.slot_id for one in free_slots(draft)):
        _lose_slot(draft, slot)
        return
    when = spoken_start(draft, slot)
    draft.actions.append(Book(slot.slot_id))
    state.booked, state.chosen, state.offered, state.failures = slot, None, [], 0
    draft.note_signal("booked")
    draft.say(f"You are booked for {when}.", f"It is booked, {when}.")
    draft.say("Is there anything else you would like to know?", "Can I help you with anything else?")
    draft.expect(Expectation.ANYTHING_ELSE)
    draft.workflow_state = WorkflowState.CLOSING


def _lose_slot(draft: Draft, slot: Slot) -> None:
    """Offers other times because somebody else has just taken the chosen one."""
    state = draft.state
    state.booked, state.chosen, state.offered = None, None, []
    state.refused_slots = [*state.refused_slots, slot.slot_id][-60:]
    draft.workflow_state = WorkflowState.SCHEDULING
    draft.say("I am sorry, that time has just been taken.", "Oh, somebody was faster, that time is gone now.")
    offer_slots(draft, Moment())


def _note_change(draft: Draft) -> None:
    """Notes the wish to move a booked appointment, which a human does."""
    draft.state.wish = draft.analysis.words[:120]
    if draft.has(Intent.CANCEL):
        draft.request("to cancel the appointment")
        draft.say("I cannot cancel it myself, but I have noted that you want to cancel the appointment.")
    else:
        draft.request("another time for the appointment")
        draft.say("I cannot move it myself, but I have noted that you would like another time.")
    draft.say("Is there anything else?", "Can I do anything else for you?")
    draft.expect(Expectation.ANYTHING_ELSE)
    draft.workflow_state = WorkflowState.CLOSING


def _without_calendar(draft: Draft) -> None:
    """Notes when an appointment would suit, where the calendar cannot be reached."""
    state = draft.state
    acknowledge(draft)
    answer_questions(draft, admit=draft.moment.is_open and not draft.has(Intent.WANTS_APPOINTMENT))
    asked_for_it = state.expecting in {Expectation.SLOT_CHOICE, Expectation.SLOT_CONFIRMATION}
    if draft.names_when or (asked_for_it and state.wish is None):
        state.wish = draft.analysis.words[:120]
        draft.request("an appointment at the time he named")
        draft.say("I have noted that time.", "Thank you, I have written that down.")
        draft.sentences.append(draft.campaign.prompts.call_back)
        draft.say("Is there anything else you would like to know?", "Can I help you with anything else?")
        draft.expect(Expectation.ANYTHING_ELSE)
        draft.workflow_state = WorkflowState.CLOSING
        return
    draft.sentences.append(draft.campaign.prompts.call_back)
    draft.say("Which day and time would suit you?", "When would suit you best?")
    draft.expect(Expectation.SLOT_CHOICE)
