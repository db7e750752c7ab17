"""Changes of the calendar whose outcome was not known at once: a booking, a move or a cancellation.

Until it is known, nothing is said to be booked or not booked, and nothing else is asked of the calendar. Once the
calendar has been read, the caller is told what it holds, and the conversation goes on from there.
"""

from zoneinfo import ZoneInfo

from callwright_common.campaign import Campaign
from dialogue.analysis import Analysis
from dialogue.intents import TAKES_BACK, Intent
from dialogue.matters import Decision
from dialogue.state import ABOUT_TIMES, CalendarChange, CloseReason, DialogueState
from dialogue.turns import Book, Cancel, Reply
from vocabulary.enums import Agent, Expectation, TransitionTrigger, WorkflowState
from vocabulary.turns import Slot

_WANTS_NONE = (
    *TAKES_BACK, Intent.NO_APPOINTMENT, Intent.NOT_INTERESTED, Intent.NO_OFFERED_TIME, Intent.BUSY_THEN,
)  # fmt: skip
_SPEAKS_OF_IT = (
    Intent.RESCHEDULE, Intent.WANTS_APPOINTMENT, Intent.ASKS_WHEN_IT_IS, Intent.ASKS_IF_BOOKED,
    Intent.KEEPS_APPOINTMENT,
)  # fmt: skip
_ABOUT_IT = ABOUT_TIMES | {Expectation.CANCELLATION_CHECK}
_ON_THE_APPOINTMENT = frozenset(
    {
        TransitionTrigger.APPOINTMENT_REQUESTED, TransitionTrigger.APPOINTMENT_CHANGED,
        TransitionTrigger.APPOINTMENT_DECLINED, TransitionTrigger.APPOINTMENT_PROMISED,
        TransitionTrigger.SLOT_DISCUSSED, TransitionTrigger.LEAD_QUALIFIED,
    }
)  # fmt: skip
_GIVES_WAY = frozenset(
    {
        TransitionTrigger.CLOSING, TransitionTrigger.NOT_UNDERSTOOD, TransitionTrigger.LEAD_ENGAGED,
        TransitionTrigger.LEAD_QUALIFIED, TransitionTrigger.NOT_QUALIFIED, TransitionTrigger.SMALL_TALK,
        TransitionTrigger.APPOINTMENT_DECLINED, TransitionTrigger.WAIT_REQUESTED,
    }
)  # fmt: skip
"""What can wait until the caller knows about his appointment."""
_PARTS = frozenset({TransitionTrigger.GOODBYE, TransitionTrigger.REFUSED})


def wanted_change(before: DialogueState, reply: Reply, turn_id: str) -> CalendarChange | None:
    """Returns what a reply takes for granted that the calendar does, None if that is nothing."""
    for action in reply.actions:
        if isinstance(action, Book) and reply.state.booked is not None:
            kind = "book" if before.booked is None else "move"
            return CalendarChange(kind=kind, slot=reply.state.booked, turn_id=turn_id)
        if isinstance(action, Cancel) and before.booked is not None:
            return CalendarChange(kind="cancel", slot=before.booked, turn_id=turn_id)
    return None


def in_doubt(state: DialogueState, change: CalendarChange) -> DialogueState:
    """Returns the state as long as it is not known what became of a change: what is booked is not known either."""
    return state.model_copy(update={"change": change, "booked": None})


def settled(state: DialogueState, booked: Slot | None) -> DialogueState:
    """Returns the state once it is known what the calendar holds for the call.

    Args:
        state: A state with a change in doubt.
        booked: The time that is booked, None if there is none.
    """
    change = state.change
    if change is None or change.done is not None:
        return state
    state = state.fork()
    state.booked = booked
    done = booked is None if change.kind == "cancel" else booked is not None and booked.slot_id == change.slot.slot_id
    state.change = change.model_copy(update={"done": done})
    if done:
        state.chosen, state.offered, state.failures = None, [], 0
        if state.expecting in _ABOUT_IT:
            state.expecting, state.pending = Expectation.ANYTHING_ELSE, None
    if done and change.kind == "cancel":
        state.add_signal("cancelled", change.turn_id, "")
        state.wants_appointment, state.close_reason = False, CloseReason.DECLINED
    elif done and change.kind == "book":
        state.add_signal("booked", change.turn_id, "")
    return state


def takes_back(change: CalendarChange, analysis: Analysis) -> bool:
    """Whether the caller seems not to want any more what he wanted of the calendar."""
    if change.kind == "cancel":
        moves = analysis.has(Intent.RESCHEDULE) and not analysis.has(*TAKES_BACK)
        return moves or analysis.has(Intent.KEEPS_APPOINTMENT) or analysis.polarity is False
    return analysis.has(*_WANTS_NONE) or analysis.polarity is False


def wants_back(campaign: Campaign, state: DialogueState, analysis: Analysis) -> bool:
    """Whether a caller wants the appointment all the same that was cancelled in the call, at that time."""
    if state.booked is not None or state.taken_back is None or not analysis.has(Intent.KEEPS_APPOINTMENT):
        return False
    moment, start = analysis.moment, state.taken_back.start_time.astimezone(ZoneInfo(campaign.calendar.timezone))
    return not moment.names_a_day or moment.fits(start)


def about_the_change(state: DialogueState, analysis: Analysis, decision: Decision) -> Decision:
    """Returns the decision where a change of the calendar is in doubt or was so until now, given what it were else."""
    change, trigger = state.change, decision[2]
    if change is None:
        return decision
    wants_none = analysis.has(*_WANTS_NONE)
    if change.done is None:
        # Neither is anything to be changed in the meantime nor to be said of what is booked.
        speaks_of_it = wants_none or analysis.has(*_SPEAKS_OF_IT)
        gives_way = trigger in _ON_THE_APPOINTMENT or (trigger in _GIVES_WAY and (speaks_of_it or not change.told))
    else:
        gives_way = trigger in _GIVES_WAY or (trigger in _PARTS and wants_none and state.booked is not None)
    if not gives_way:
        return decision
    return Agent.SCHEDULER, WorkflowState.SCHEDULING, TransitionTrigger.SLOT_DISCUSSED
