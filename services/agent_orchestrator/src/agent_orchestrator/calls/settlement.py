"""Looks up what became of a change of the calendar that is in doubt."""

from agent_orchestrator.agents.appointments import Appointments
from agent_orchestrator.contexts.call_context import CallContext
from dialogue import settled
from vocabulary.turns import Booking, Slot


async def with_settled_bookings(context: CallContext, appointments: Appointments, attempt: int) -> CallContext:
    """Returns the context with what the calendar holds for the call, if that is in doubt and the calendar answers.

    Args:
        context: The call.
        appointments: Asked once.
        attempt: The last attempt that may have been made; what of it arrives later has no effect.
    """
    if not context.dialogue.is_in_doubt:
        return context
    bookings = await appointments.settle(context.call_id, context.campaign_id, attempt)
    if bookings is None:
        return context
    booking = next((one for one in bookings if one.cancel_time is None), None)
    dialogue = settled(context.dialogue, _slot(booking) if booking is not None else None)
    return context.model_copy(update={"dialogue": dialogue, "booking": booking or next(reversed(bookings), None)})


def _slot(booking: Booking) -> Slot:
    return Slot(booking.slot_id, booking.campaign_id, booking.start_time, booking.end_time)
