"""The scheduler: offers free times and books the one that the caller agrees to."""

from langgraph.runtime import Runtime

from agent_orchestrator.agents.appointments import Appointments, AppointmentsUnavailableError, SlotTakenError
from agent_orchestrator.agents.speaker import Speaker
from agent_orchestrator.agents.turn import TurnScope, TurnState
from dialogue import Book, Reply, Route, slot_lost
from dialogue.agents import scheduler
from vocabulary.turns import Booking


class SchedulerAgent:
    """Speaks of appointments, in the rules' own words.

    A time is booked before the sentences that confirm it are spoken, so that they are true.
    """

    def __init__(self, speaker: Speaker, appointments: Appointments) -> None:
        self._speaker = speaker
        self._appointments = appointments

    async def answer(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Offers, books, or promises a call back where the calendar does not answer."""
        scope, route = runtime.context, state["route"]
        slots = await self._appointments.free_slots(scope.campaign) if route.needs_slots else None
        reply = scheduler.answer(scope.campaign, route, slots=slots, now=scope.now)
        reply, booking = await self._book(reply, route, scope)
        return await self._speaker.say(reply, runtime, booking)

    async def _book(self, reply: Reply, route: Route, scope: TurnScope) -> tuple[Reply, Booking | None]:
        """Carries out the booking that the reply takes for granted; returns the reply that is true then."""
        wanted = next((action for action in reply.actions if isinstance(action, Book)), None)
        if wanted is None:
            return reply, None
        try:
            return reply, await self._appointments.book(scope.call_id, wanted.slot_id)
        except SlotTakenError:
            slots = await self._appointments.free_slots(scope.campaign, fresh=True)
            return slot_lost(scope.campaign, route, wanted.slot_id, slots=slots, now=scope.now), None
        except AppointmentsUnavailableError:
            return scheduler.answer(scope.campaign, route, slots=None, now=scope.now), None
