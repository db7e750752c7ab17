"""The scheduler: offers free times, books the one that the caller agrees to, and cancels what was booked."""

from langgraph.runtime import Runtime

from agent_orchestrator.agents.appointments import Appointments, AppointmentsUnavailableError, SlotTakenError
from agent_orchestrator.agents.speaker import Speaker
from agent_orchestrator.agents.turn import TurnScope, TurnState
from dialogue import Book, Cancel, Reply, Route, slot_lost
from dialogue.agents import scheduler
from vocabulary.turns import Booking


class SchedulerAgent:
    """Speaks of appointments, in the rules' own words.

    A time is booked, or cancelled, before the sentences that confirm it are spoken, so that they are true.
    """

    def __init__(self, speaker: Speaker, appointments: Appointments) -> None:
        self._speaker = speaker
        self._appointments = appointments

    async def answer(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Offers, books, or promises a call back where the calendar does not answer."""
        scope, route = runtime.context, state["route"]
        slots = await self._appointments.free_slots(scope.campaign, route.lookup) if route.needs_slots else None
        reply = scheduler.answer(scope.campaign, route, slots=slots, now=scope.now)
        reply, booking = await self._carry_out(reply, route, scope)
        return await self._speaker.say(reply, runtime, booking)

    async def _carry_out(self, reply: Reply, route: Route, scope: TurnScope) -> tuple[Reply, Booking | None]:
        """Books or cancels what the reply takes for granted; returns the reply that is true then.

        Booking another time gives up the one before in the same step, so that nobody is left without either.
        """
        for action in reply.actions:
            match action:
                case Book(slot_id):
                    return await self._book(slot_id, reply, route, scope)
                case Cancel():
                    return await self._cancel(reply, route, scope)
        return reply, None

    async def _book(self, slot_id: str, reply: Reply, route: Route, scope: TurnScope) -> tuple[Reply, Booking | None]:
        try:
            return reply, await self._appointments.book(scope.call_id, scope.turn_id, slot_id)
        except SlotTakenError:
            slots = await self._appointments.free_slots(scope.campaign, route.lookup, fresh=True)
            return slot_lost(scope.campaign, route, slot_id, slots=slots, now=scope.now), None
        except AppointmentsUnavailableError:
            return scheduler.answer(scope.campaign, route, slots=None, now=scope.now), None

    async def _cancel(self, reply: Reply, route: Route, scope: TurnScope) -> tuple[Reply, Booking | None]:
        if scope.booking is None or scope.booking.cancel_time is not None:
            return reply, None
        try:
            return reply, await self._appointments.cancel(scope.booking)
        except AppointmentsUnavailableError:
            return scheduler.answer(scope.campaign, route, slots=None, now=scope.now), None
