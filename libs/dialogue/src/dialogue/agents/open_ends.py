"""What is said to callers who take leave while something of their appointment is open."""

from dialogue.agents.drafting import Draft
from dialogue.agents.slot_offers import name_slots, spoken_start
from dialogue.intents import Intent
from dialogue.open_ends import is_open_ended
from vocabulary.enums import Expectation


def ask_before_leaving(draft: Draft) -> None:
    """Asks plainly what is to become of what is open."""
    state, asked = draft.state, draft.route.state.expecting
    state.checked.append(Intent.GOODBYE)
    booked = spoken_start(draft, state.booked) if state.booked is not None else ""
    if asked is Expectation.SLOT_CONFIRMATION and state.chosen is not None:
        when = spoken_start(draft, state.chosen)
        draft.ask_for(asked, "parting.move" if booked else "parting.book", when=when, booked=booked)
    else:
        times = name_slots(draft, state.offered)
        deed = "parting.choose_or_stay" if booked else "parting.choose"
        draft.ask_for(Expectation.SLOT_CHOICE, deed, times=times, booked=booked)


def say_what_stands(draft: Draft) -> None:
    """Tells a caller who leaves something open what is booked now."""
    if not is_open_ended(draft.route.state):
        return
    state = draft.state
    if state.booked is not None:
        draft.say("appointment.stays", when=spoken_start(draft, state.booked))
    else:
        draft.say("parting.nothing_booked")
    state.offered, state.chosen = [], None
