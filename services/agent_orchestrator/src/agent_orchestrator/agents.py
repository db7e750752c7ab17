"""The five agents as nodes of the workflow graph.

Conversation, qualification and objection handler may speak with a model's words, as long as the turn ends or books
nothing. Whatever commits the company stays in the rules' own words, whichever provider is configured: the opening with
its disclosure, offered and booked times, the goodbye, the hand-over to a human. An appointment is booked before the
sentences that confirm it are spoken, so that they are true.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from langgraph.runtime import Runtime
from langgraph.types import StreamWriter

from agent_orchestrator.appointments import Appointments, AppointmentsUnavailableError, SlotTakenError
from agent_orchestrator.conversation import Booking, EndOfCall, Transition
from agent_orchestrator.conversation import Transfer as TransferWanted
from agent_orchestrator.events import ActionWanted, AgentChosen, ReplyPiece, ReplySpoken
from agent_orchestrator.language_model import ReplyRequest
from agent_orchestrator.reply import ReplyWriter
from agent_orchestrator.turn_state import Speech, TurnScope, TurnState
from callwright_common.chat_models import ChatMessage
from callwright_common.clock import Clock
from dialogue import (
    Agent,
    Book,
    EndCall,
    Reply,
    Transfer,
    Utterance,
    WorkflowState,
    respond,
    slot_lost,
    system_prompt,
)

_FREE_STATES = frozenset({WorkflowState.GREETING, WorkflowState.QUALIFYING, WorkflowState.HANDLING_OBJECTION})
_PROMPT_TURNS = 12


class Agents:
    """The agents; each method of the first five is a node and returns what was said."""

    def __init__(self, writer: ReplyWriter, appointments: Appointments, clock: Clock, max_tokens: int) -> None:
        self._writer = writer
        self._appointments = appointments
        self._clock = clock
        self._max_tokens = max_tokens

    async def conversation(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Greets, answers questions, says goodbye."""
        return await self._answer(Agent.CONVERSATION, state, runtime)

    async def qualification(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Finds out whether the lead is worth a human's time."""
        return await self._answer(Agent.QUALIFICATION, state, runtime)

    async def objection_handler(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Answers concerns."""
        return await self._answer(Agent.OBJECTION_HANDLER, state, runtime)

    async def scheduler(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Offers free times and books the one that the caller agrees to."""
        return await self._answer(Agent.SCHEDULER, state, runtime)

    async def handoff(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Hands over to a human."""
        return await self._answer(Agent.HANDOFF, state, runtime)

    async def _answer(self, agent: Agent, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        scope, write, route = runtime.context, runtime.stream_writer, state["route"]
        self._announce(agent, route.trigger, scope, write)
        slots = await self._appointments.free_slots(scope.campaign) if route.needs_slots else None
        reply = respond(scope.campaign, route, slots=slots, now=scope.now)
        reply, booking = await self._book(reply, state, scope)
        return {"speech": await self._speak(reply, booking, scope, write)}

    def _announce(self, agent: Agent, trigger: str, scope: TurnScope, write: StreamWriter) -> None:
        """Tells that another agent speaks than in the turn before."""
        before = scope.dialogue.agent if scope.dialogue.turns else None
        if agent is before:
            return
        write(
            AgentChosen(
                Transition(
                    from_agent=before,
                    to_agent=agent,
                    occur_time=scope.now,
                    trigger=trigger,
                    seconds=max(0.0, self._clock.monotonic() - scope.arrived_at),
                    turn_id=scope.turn_id,
                )
            )
        )

    async def _book(self, reply: Reply, state: TurnState, scope: TurnScope) -> tuple[Reply, Booking | None]:
        """Carries out the booking that the reply takes for granted; returns the reply that is true then."""
        wanted = next((action for action in reply.actions if isinstance(action, Book)), None)
        if wanted is None:
            return reply, None
        try:
            return reply, await self._appointments.book(scope.call_id, wanted.slot_id)
        except SlotTakenError:
            slots = await self._appointments.free_slots(scope.campaign, fresh=True)
            return slot_lost(scope.campaign, state["route"], wanted.slot_id, slots=slots, now=scope.now), None
        except AppointmentsUnavailableError:
            return respond(scope.campaign, state["route"], slots=None, now=scope.now), None

    async def _speak(self, reply: Reply, booking: Booking | None, scope: TurnScope, write: StreamWriter) -> Speech:
        first_at: float | None = None
        pieces: list[str] = []
        async with aclosing(self._sentences(reply, scope)) as sentences:
            async for sentence in sentences:
                first_at = first_at or self._clock.monotonic()
                pieces.append(f"{sentence} ")
                write(ReplyPiece(pieces[-1]))
        ended_at = self._clock.monotonic()
        write(ReplySpoken("".join(pieces)))
        if booking is not None:
            write(ActionWanted(booking))
        for action in reply.actions:
            match action:
                case Transfer(reason):
                    write(ActionWanted(TransferWanted(reason=reason)))
                case EndCall(reason):
                    write(ActionWanted(EndOfCall(reason=reason)))
        return Speech(
            reply=reply,
            pieces=tuple(pieces),
            booking=booking or scope.booking,
            first_piece_at=first_at or ended_at,
            ended_at=ended_at,
        )

    def _sentences(self, reply: Reply, scope: TurnScope) -> AsyncGenerator[str, None]:
        """Returns the reply's sentences, in the model's words where it may choose them."""
        free = _may_be_rephrased(reply, scope)
        request = ReplyRequest(
            messages=_messages(reply, scope) if free else (),
            phrased=reply.sentences,
            speaker=scope.campaign.company.agent_name,
            max_tokens=self._max_tokens,
        )
        if free:
            return self._writer.write(request, scope.limits, scope.usage)
        return self._writer.phrased(request, scope.usage)


def _may_be_rephrased(reply: Reply, scope: TurnScope) -> bool:
    return isinstance(scope.turn_input, Utterance) and not reply.actions and reply.workflow_state in _FREE_STATES


def _messages(reply: Reply, scope: TurnScope) -> tuple[ChatMessage, ...]:
    """Returns the instructions, the last turns as they were heard, and what the caller just said."""
    messages = [ChatMessage("system", system_prompt(scope.campaign, reply, now=scope.now))]
    for record in scope.history[-_PROMPT_TURNS:]:
        if record.caller_text:
            messages.append(ChatMessage("user", record.caller_text))
        if record.heard_text:
            messages.append(ChatMessage("assistant", record.heard_text))
    messages.append(ChatMessage("user", scope.caller_text))
    return tuple(messages)
