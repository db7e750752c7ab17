"""Answers turns: a turn is a function of the stored context and the input to a reply and the next context.

A turn is stored once it is completed, and what it asks of the calendar is noted before. What was streamed before a turn
failed or was left is known to the gateway alone, which tells with its next request what of it was heard.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime

from agent_orchestrator.agents.appointments import Appointments, untold_contact
from agent_orchestrator.agents.turn import TurnScope
from agent_orchestrator.calls.changes import Changes
from agent_orchestrator.calls.settlement import with_settled_bookings
from agent_orchestrator.calls.turn_admission import AdmittedTurn, TurnAdmission
from agent_orchestrator.contexts.call_context import CallContext, CompletedTurn, new_context
from agent_orchestrator.contexts.context_store import ContextStore, revision_mismatch
from agent_orchestrator.contexts.reconciliation import with_told_turns
from agent_orchestrator.metrics import OrchestratorMetrics
from agent_orchestrator.workflow.graph import Workflow
from agent_orchestrator.workflow.scoring import TurnResult
from callwright_common.campaign import Campaign, known_campaign
from callwright_common.clock import Clock
from callwright_common.errors import FailedPreconditionError
from callwright_common.rpc.deadlines import remaining
from dialogue import Analyzer, CalendarChange, DialogueState, answered, qualify
from vocabulary.enums import ReplySource
from vocabulary.exchange import TurnCompleted, TurnEvent, TurnRequest
from vocabulary.qualification import QualificationScore
from vocabulary.turns import AgentTransition, Booking, EndCall, KeyPresses, Sentence, Transfer, TurnRecord, caller_text

_SAFETY_SECONDS = 0.1
"""Kept back from the gateway's limits, for the way and for the rules' own reply."""


@dataclass(frozen=True)
class ModelLimits:
    """How long a model may take, in seconds."""

    first_sentence: float
    reply: float


@dataclass(frozen=True)
class Turns:
    """Answers turns of all calls."""

    campaigns: Mapping[str, Campaign]
    store: ContextStore
    analyzer: Analyzer
    workflow: Workflow
    appointments: Appointments
    admission: TurnAdmission
    changes: Changes
    limits: ModelLimits
    clock: Clock
    metrics: OrchestratorMetrics

    async def process(self, request: TurnRequest) -> AsyncGenerator[TurnEvent, None]:
        """Yields the events of a turn; closing the generator cancels it.

        Raises:
            AbortedError: if the request was made from another revision, or a newer turn of the call was faster.
            FailedPreconditionError: if the call has ended.
            NotFoundError: if there is no such campaign.
            ResourceExhaustedError: if too many turns are in work.
            UnavailableError: if the context store does not answer.
        """
        arrived_at = self.clock.monotonic()
        async with self.admission.admit(request.call_id, request.turn_id) as turn:
            stored = await self.store.load(request.call_id)
            context = stored or new_context(request.call_id, request.campaign_id)
            campaign = known_campaign(self.campaigns, context.campaign_id)
            completed = context.completed_turn(request.turn_id)
            if completed is not None:
                self.metrics.turns.labels(agent=context.dialogue.agent.value, outcome="replayed").inc()
                for event in completed.events():
                    yield event
                yield _told(completed, context, qualify(campaign, context.dialogue))
                return
            _require_answerable(context, request)
            turn.begin()
            async with aclosing(self._answer(request, context, campaign, turn, arrived_at)) as events:
                async for event in events:
                    yield event

    async def _answer(
        self, request: TurnRequest, stored: CallContext, campaign: Campaign, turn: AdmittedTurn, arrived_at: float
    ) -> AsyncGenerator[TurnEvent, None]:
        now = self.clock.now()
        entries, left = request.unsynced_entries, request.dialogue_state
        context = await with_told_turns(stored, entries, campaign, self.analyzer, now, left=left)
        context = await with_settled_bookings(context, self.appointments, stored.revision)
        ground = _Ground(stored, turn, self.store)
        told: list[TurnEvent] = []
        result: TurnResult | None = None
        outcome = "failed"
        scope = self._scope(request, context, campaign, ground, arrived_at, now)
        self.metrics.turns_running.inc()
        try:
            async with aclosing(self.workflow.run(scope)) as events:
                async for event in events:
                    if isinstance(event, TurnResult):
                        result = event
                    else:
                        told.append(event)
                        yield event
            if result is None:
                raise RuntimeError("the workflow ended without a result")
            booked = next((event for event in told if isinstance(event, Booking)), context.booking)
            context = await self._with_contact(campaign, result.reply.state, ground, context.with_booking(booked))
            completed = _completed(request.turn_id, ground.context.revision + 1, told, result)
            context = _after(request, context, completed, result, now)
            context = context.model_copy(update={"noted": ground.context.noted})
            await ground.save(context)
            outcome = "completed"
        except (asyncio.CancelledError, GeneratorExit):
            outcome = "cancelled"
            raise
        finally:
            self.metrics.turns_running.dec()
            self.metrics.turns.labels(agent=context.dialogue.agent.value, outcome=outcome).inc()
        if completed.transition is not None:
            change = completed.transition
            self.metrics.transitions.labels(to_agent=change.to_agent.value, trigger=change.trigger.value).inc()
        self.changes.announce(request.call_id)
        yield _told(completed, context, result.score)

    async def _with_contact(
        self, campaign: Campaign, dialogue: DialogueState, ground: "_Ground", context: CallContext
    ) -> CallContext:
        """Returns the context with what the caller told of himself kept with his booking, unless that is in doubt."""
        booking = context.booking
        told = untold_contact(campaign, dialogue, booking, in_doubt=context.contact_in_doubt)
        if booking is None or told is None or dialogue.is_in_doubt:
            return context
        kept = await self.appointments.with_contact(booking, told, await ground.note())
        return context.with_booking(kept or booking, contact_in_doubt=kept is None)

    def _scope(
        self,
        request: TurnRequest,
        context: CallContext,
        campaign: Campaign,
        ground: "_Ground",
        arrived_at: float,
        now: datetime,
    ) -> TurnScope:
        first = self.limits.first_sentence
        if request.first_text_seconds is not None:
            first = min(first, request.first_text_seconds - _SAFETY_SECONDS)
        left = remaining()
        complete_until = arrived_at + self.limits.reply
        if left is not None:
            complete_until = min(complete_until, self.clock.monotonic() + left - 2 * _SAFETY_SECONDS)
        return TurnScope(
            call_id=request.call_id,
            turn_id=request.turn_id,
            turn_input=request.input,
            campaign=campaign,
            dialogue=context.dialogue,
            booking=context.booking,
            history=context.history,
            context_preserved=context.preserved,
            now=now,
            arrived_at=arrived_at,
            first_text_until=min(arrived_at + first, complete_until),
            complete_until=complete_until,
            note=ground.note,
        )


@dataclass
class _Ground:
    """The stored context that a turn goes on from."""

    context: CallContext
    turn: AdmittedTurn
    store: ContextStore

    async def note(self, change: CalendarChange | None = None) -> int:
        """Returns a number for what the calendar is asked, and stores that it is in doubt whether a change was done.

        Raises:
            AbortedError: if another turn of the call was faster: then the calendar must not be asked.
        """
        await self.save(self.context.noting(change))
        return self.context.revision

    async def save(self, context: CallContext) -> None:
        """Stores the context that comes next."""
        self.turn.require_current()
        await self.store.save(context, self.context.revision)
        self.context = context


def _require_answerable(context: CallContext, request: TurnRequest) -> None:
    if context.result is not None:
        raise FailedPreconditionError("CALL_ENDED", "the call has ended")
    if not context.accepts(request.base_revision, request.unsynced_entries):
        raise revision_mismatch(context.revision)


def _completed(turn_id: str, revision: int, told: list[TurnEvent], result: TurnResult) -> CompletedTurn:
    """Returns what a turn answered."""
    return CompletedTurn(
        turn_id=turn_id,
        revision=revision,
        transition=next((event for event in told if isinstance(event, AgentTransition)), None),
        sentences=tuple(event for event in told if isinstance(event, Sentence)),
        booking=next((event for event in told if isinstance(event, Booking)), None),
        transfer=next((event for event in told if isinstance(event, Transfer)), None),
        end_call=next((event for event in told if isinstance(event, EndCall)), None),
        escalation=result.escalation,
    )


def _after(
    request: TurnRequest, context: CallContext, completed: CompletedTurn, result: TurnResult, now: datetime
) -> CallContext:
    """Returns the context after a turn, as if all of its reply had been heard."""
    before, reached = context.dialogue, result.reply.state
    dialogue = answered(before, reached, request.turn_id, request.input, ReplySource.ORCHESTRATOR)
    return context.after(completed, _record(request, completed, result, now), dialogue)


def _record(request: TurnRequest, completed: CompletedTurn, result: TurnResult, now: datetime) -> TurnRecord:
    """Returns the turn as it is known here: all of the reply counts as heard until the gateway tells otherwise."""
    text = " ".join(sentence.text for sentence in completed.sentences)
    return TurnRecord(
        turn_id=request.turn_id,
        caller_text=caller_text(request.input),
        reply_text=text,
        heard_text=text,
        source=ReplySource.ORCHESTRATOR,
        occur_time=now,
        asked=result.reply.asks,
        keys_pressed=isinstance(request.input, KeyPresses),
    )


def _told(turn: CompletedTurn, context: CallContext, score: QualificationScore) -> TurnCompleted:
    """Returns the last event of a turn; the gateway knows the history itself."""
    return TurnCompleted(replace(context.told(score), history=()), turn.escalation)
