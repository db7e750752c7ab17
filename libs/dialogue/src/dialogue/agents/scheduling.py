"""The scheduler agent: offers free times, understands which one suits, repeats it and books it."""

import re

from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.drafting import Draft
from dialogue.agents.qualification import acknowledge
from dialogue.agents.slot_choice import ANY, NONE, picked_slot, said_moment
from dialogue.agents.slot_offers import (
    ask_confirmation,
    free_slots,
    local_start,
    name_slots,
    offer_slots,
    spoken_start,
    spread,
)
from dialogue.state import Slot, WorkflowState
from dialogue.turns import Book
from dialogue.understanding.intents import Intent
from dialogue.understanding.moments import Moment

_MANY_REFUSED = 3
_OTHER_ONE = re.compile(r"\bthe other (?:one|time|option)\b")
_BUSY = re.compile(
    r"\b(?:busy|out of town|away then|conflict|cannot (?:make|do) (?:it|that)|(?:have|got|am|is|work|working)\b.{1,30}"
    r"\b(?:that day|then|that time|that morning|that afternoon|at that hour))\b"
)
_COMPARED = re.compile(
    r"\b(?:bit|little|much|any(?:thing)?|something|even|slightly|somewhat) (earlier|later|sooner)\b"
    r"|\b(earlier|later|sooner) (?:on (?!one)|in the|than|that|if)|\btoo (early|late)\b"
)


def speak(draft: Draft) -> None:
    """Phrases the reply of the scheduler agent."""
    state = draft.state
    draft.workflow_state = WorkflowState.SCHEDULING
    state.pending = None
    if state.booked is not None:
        _note_change(draft)
        return
    if draft.slots is None:
        _without_calendar(draft)
        return
    expecting = state.expecting
    if expecting == "day_or_leave":
        _offer_for(draft, draft.heard.moment)
    elif expecting == "slot_confirmation" and state.chosen is not None:
        _confirm(draft, state.chosen)
    elif expecting == "slot_choice" and state.offered:
        _choose(draft)
    else:
        _first_offer(draft)


def _first_offer(draft: Draft) -> None:
    acknowledge(draft)
    answer_questions(draft, admit=draft.heard.moment.is_open and not draft.has(Intent.WANTS_APPOINTMENT))
    appointment = draft.campaign.appointment
    moment = draft.heard.moment
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
    spoke_of_it = draft.route.trigger == "appointment_requested"
    offer_slots(draft, moment if spoke_of_it else Moment())


def _choose(draft: Draft) -> None:
    """Understands which of the offered times was meant, or which other time is wanted."""
    heard, state = draft.heard, draft.state
    if compared := _COMPARED.search(heard.words.text):
        _offer_compared(draft, later="later" in compared.groups() or "early" in compared.groups())
        return
    slot = picked_slot(draft, state.offered)
    if slot is not None:
        state.chosen = slot
        draft.say("Perfect.", "Very good.", "Great choice.")
        ask_confirmation(draft, slot)
        return
    moment = said_moment(draft)
    if not moment.is_open:
        _offer_for(draft, moment)
        return
    if NONE.search(heard.words.text) or heard.polarity is False or draft.has(Intent.RESCHEDULE):
        if len(state.refused_slots) >= _MANY_REFUSED:
            draft.say("Then you had better tell me a day that suits you.", "Which day would suit you, then?")
            draft.say("Or shall we leave it?", "We can also leave it, as you like.")
            state.refused_slots = []
            draft.expect("day_or_leave")
            return
        _other_times(draft)
        return
    if answer_questions(
        draft, admit=draft.heard.moment.is_open and not draft.has(Intent.WANTS_APPOINTMENT)
    ) or draft.has(Intent.WAIT, Intent.DOES_NOT_KNOW):
        if not draft.sentences:
            draft.say("Take your time.", "No hurry.")
        draft.say(f"So, {name_slots(draft, state.offered)}?", f"I could offer {name_slots(draft, state.offered)}.")
        return
    state.failures += 1
    if state.failures >= 2 and heard.polarity is not True:
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
    named = [
        slot for slot in draft.state.offered if draft.heard.moment.fits(local_start(draft, slot))
    ] or draft.state.offered
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
    draft.expect("slot_choice")


def _offer_for(draft: Draft, moment: Moment) -> None:
    """Goes after a wish that none of the offered times alone meets."""
    fitting = [slot for slot in free_slots(draft) if moment.fits(local_start(draft, slot))]
    if not moment.names_a_day:
        # "Three o'clock" after days were offered means three o'clock on one of these days.
        days = {local_start(draft, slot).date() for slot in draft.state.offered}
        fitting = [slot for slot in fitting if local_start(draft, slot).date() in days][
            : 1 if moment.at else None
        ] or fitting
    if len(fitting) == 1 or (fitting and moment.at is not None and moment.names_a_day):
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
    draft.expect("slot_choice")


def _confirm(draft: Draft, slot: Slot) -> None:
    """Books the chosen time on a yes, else finds another."""
    heard, state = draft.heard, draft.state
    moment = said_moment(draft)
    if compared := _COMPARED.search(heard.words.text):
        state.offered, state.chosen = [slot], None
        _offer_compared(draft, later="later" in compared.groups() or "early" in compared.groups())
        return
    others = [one for one in state.offered if one.slot_id != slot.slot_id]
    if len(others) == 1 and _OTHER_ONE.search(heard.words.text):
        state.chosen = others[0]
        ask_confirmation(draft, others[0])
        return
    if not moment.is_open and not moment.fits(local_start(draft, slot)):
        state.chosen = None
        _offer_for(draft, moment)
        return
    refuses = (
        heard.polarity is False
        or NONE.search(heard.words.text)
        or _BUSY.search(heard.words.text)
        or draft.has(Intent.RESCHEDULE)
    )
    if refuses and moment.is_open:
        state.chosen = None
        state.offered = [slot]
        _other_times(draft)
        return
    states = not heard.questions and (not moment.is_open or draft.has(Intent.WANTS_APPOINTMENT, Intent.INTEREST))
    agrees = heard.polarity is True or states
    conditional = bool(heard.questions) and re.search(r"\b(?:first|before|but)\b", heard.words.text) is not None
    if (agrees or ANY.search(heard.words.text)) and heard.polarity is not False and not conditional:
        _book(draft, slot)
        return
    if not answer_questions(draft, admit=draft.heard.moment.is_open and not draft.has(Intent.WANTS_APPOINTMENT)):
        state.failures += 1
        draft.say("Sorry, was that a yes?", "I did not quite get that.")
    ask_confirmation(draft, slot)


def _book(draft: Draft, slot: Slot) -> None:
    state = draft.state
    if not any(one.slot_id == slot.slot_id for one in free_slots(draft)):
        lose_slot(draft, slot)
        return
    when = spoken_start(draft, slot)
    draft.actions.append(Book(slot.slot_id))
    state.booked, state.chosen, state.offered, state.failures = slot, None, [], 0
    draft.note_signal("booked")
    draft.say(f"You are booked for {when}.", f"It is booked, {when}.")
    draft.say("Is there anything else you would like to know?", "Can I help you with anything else?")
    draft.expect("anything_else")
    draft.workflow_state = WorkflowState.CLOSING


def lose_slot(draft: Draft, slot: Slot) -> None:
    """Offers other times because somebody else has just taken the chosen one."""
    state = draft.state
    state.booked, state.chosen, state.offered = None, None, []
    state.refused_slots = [*state.refused_slots, slot.slot_id][-60:]
    draft.workflow_state = WorkflowState.SCHEDULING
    draft.say("I am sorry, that time has just been taken.", "Oh, somebody was faster, that time is gone now.")
    offer_slots(draft, Moment())


def _note_change(draft: Draft) -> None:
    """Notes the wish to move a booked appointment, which a human does."""
    draft.state.wish = draft.heard.words.text[:120]
    if re.search(r"\bcancel", draft.heard.words.text):
        draft.request("to cancel the appointment")
        draft.say("I cannot cancel it myself, but I have noted that you want to cancel the appointment.")
    else:
        draft.request("another time for the appointment")
        draft.say("I cannot move it myself, but I have noted that you would like another time.")
    draft.say("Is there anything else?", "Can I do anything else for you?")
    draft.expect("anything_else")
    draft.workflow_state = WorkflowState.CLOSING


def _without_calendar(draft: Draft) -> None:
    """Notes when an appointment would suit, where the calendar cannot be reached."""
    state = draft.state
    acknowledge(draft)
    answer_questions(draft, admit=draft.heard.moment.is_open and not draft.has(Intent.WANTS_APPOINTMENT))
    moment = draft.heard.moment
    if not moment.is_open or (state.expecting in {"slot_choice", "slot_confirmation"} and state.wish is None):
        state.wish = draft.heard.words.text[:120]
        draft.request("an appointment at the time he named")
        draft.say("I have noted that time.", "Thank you, I have written that down.")
        draft.sentences.append(draft.campaign.prompts.call_back)
        draft.say("Is there anything else you would like to know?", "Can I help you with anything else?")
        draft.expect("anything_else")
        draft.workflow_state = WorkflowState.CLOSING
        return
    draft.sentences.append(draft.campaign.prompts.call_back)
    draft.say("Which day and time would suit you?", "When would suit you best?")
    draft.expect("slot_choice")
