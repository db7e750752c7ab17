"""The scheduler: offers free times, books the one that the caller agrees to, and cancels what was booked."""

import asyncio
from dataclasses import dataclass, field
from itertools import count

from langgraph.runtime import Runtime

from agent_orchestrator.agents.appointments import (
    Appointments,
    AppointmentsUnavailableError,
    OutcomeUnknownError,
    SlotTakenError,
)
from agent_orchestrator.agents.speaker import Speaker
from agent_orchestrator.agents.turn import TurnScope, TurnState
from callwright_common.rpc.deadlines import REPLY_IDLE_SECONDS, deadline_in
from dialogue import CalendarChange, Reply, Route, checking, left_in_doubt, slot_lost, wanted_change
from dialogue.agents import scheduler
from dialogue.contact import contact
from vocabulary.turns import Booking, Sentence

_PAUSE_SECONDS = 0.25
_PATIENCE_SECONDS = 0.8 * REPLY_IDLE_SECONDS
"""How long a calendar that leaves it in doubt what it did is asked again, within the request's deadline."""


@dataclass
class _Answered:
    """What came of a turn that changes the calendar: the reply that is true, and what was said before it."""

    reply: Reply
    booking: Booking | None = None
    ahead: list[Sentence] = field(default_factory=list)


class SchedulerAgent:
    """Speaks of appointments, in the rules' own words.

    A time is booked, or cancelled, before the sentences that confirm it are spoken, so that they are true. Before the
    calendar is asked, it is stored that it is in doubt what it does; so whoever answers the next turn looks it up, in
    whatever moment this one is left.
    """

    def __init__(self, speaker: Speaker, appointments: Appointments) -> None:
        self._speaker = speaker
        self._appointments = appointments
        self._clock = speaker.clock

    async def answer(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Offers, books, cancels, or promises a call back where the calendar does not answer."""
        scope, route = runtime.context, state["route"]
        slots = None
        if route.needs_slots and not route.state.is_in_doubt:
            slots = await self._appointments.free_slots(scope.campaign, route.lookup)
        reply = scheduler.answer(scope.campaign, route, slots=slots, now=scope.now)
        change = wanted_change(route.state, reply, scope.turn_id)
        answered = _Answered(reply)
        if change is not None:
            await self._carry_out(change, answered, route, runtime)
        return await self._speaker.say(answered.reply, runtime, answered.booking, answered.ahead)

    async def _carry_out(
        self, change: CalendarChange, answered: _Answered, route: Route, runtime: Runtime[TurnScope]
    ) -> None:
        """Books or cancels what the reply takes for granted; another reply takes its place where that is not so.

        Booking another time gives up the one before in the same step, so that nobody is left without either.
        """
        scope = runtime.context
        try:
            answered.booking = await self._changed(change, answered, route, runtime)
        except SlotTakenError:
            slots = await self._appointments.free_slots(scope.campaign, route.lookup, fresh=True)
            answered.reply = slot_lost(scope.campaign, route, change.slot.slot_id, slots=slots, now=scope.now)
        except AppointmentsUnavailableError:
            answered.reply = scheduler.answer(scope.campaign, route, slots=None, now=scope.now)
        except OutcomeUnknownError:
            answered.reply = left_in_doubt(scope.campaign, route, change, now=scope.now)

    async def _changed(
        self, change: CalendarChange, answered: _Answered, route: Route, runtime: Runtime[TurnScope]
    ) -> Booking:
        """Returns what was booked or cancelled; asks again, and says so, as long as it is in doubt."""
        scope = runtime.context
        attempt = await scope.note(change)
        until = min(self._clock.monotonic() + _PATIENCE_SECONDS, scope.complete_until)
        for tries in count(1):
            try:
                with deadline_in(until - self._clock.monotonic()):
                    return await self._change(change, answered.reply, scope, attempt)
            except OutcomeUnknownError:
                pass
            except AppointmentsUnavailableError:
                if tries == 1:
                    raise
            if self._clock.monotonic() + _PAUSE_SECONDS >= until:
                break
            if not answered.ahead:
                answered.ahead.append(checking(scope.campaign, route, now=scope.now))
                self._speaker.say_ahead(answered.ahead[0], runtime)
            await asyncio.sleep(_PAUSE_SECONDS)
        raise OutcomeUnknownError

    async def _change(self, change: CalendarChange, reply: Reply, scope: TurnScope, attempt: int) -> Booking:
        if change.kind != "cancel":
            known = contact(scope.campaign, reply.state)
            return await self._appointments.book(scope.call_id, change, contact=known, attempt=attempt)
        if scope.booking is None or scope.booking.cancel_time is not None:
            raise OutcomeUnknownError  # the dialogue knows of a booking that is not known here
        return await self._appointments.cancel(scope.booking, attempt=attempt)
