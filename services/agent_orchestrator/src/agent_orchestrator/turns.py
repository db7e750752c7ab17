"""Answers turns: a turn is a function of the stored context and the input to a reply and the next context.

Only a completed turn is stored. What was streamed before a turn failed or was left is known to the gateway alone, which
tells with its next request what of it was heard.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from agent_orchestrator.call_context import (
    REPLAYABLE_TURNS,
    CallContext,
    CompletedTurn,
    TokenUsage,
    TurnTimings,
)
from agent_orchestrator.campaign_catalogue import CampaignCatalogue
from agent_orchestrator.changes import Changes
from agent_orchestrator.context_store import ContextStore, revision_mismatch
from agent_orchestrator.conversation import CallAction, ReplySource, Transition, TurnRecord
from agent_orchestrator.events import ActionWanted, AgentChosen, ReplyPiece, ReplySpoken, TurnDone, TurnEvent
from agent_orchestrator.metrics import OrchestratorMetrics
from agent_orchestrator.reconciliation import fresh_context, take_in
from agent_orchestrator.reply import ReplyLimits, ReplyUsage
from agent_orchestrator.requests import TurnRequest
from agent_orchestrator.running_turns import RunningTurn, RunningTurns
from agent_orchestrator.turn_state import TurnScope
from agent_orchestrator.workflow import TurnResult, Workflow
from callwright_common.campaign import Campaign
from callwright_common.clock import Clock
from callwright_common.deadlines import remaining
from callwright_common.errors import FailedPreconditionError
from dialogue import qualify

_SAFETY_SECONDS = 0.1
"""Kept back from the gateway's limits, for the way and for the rules' own reply."""


@dataclass(frozen=True)
class ModelLimits:
    """How long a model may take, in seconds."""

    first_sentence: float
    reply: float


class Turns:
    """Answers turns of all calls."""

    def __init__(
        self,
        *,
        campaigns: CampaignCatalogue,
        store: ContextStore,
        workflow: Workflow,
        running: RunningTurns,
        changes: Changes,
        limits: ModelLimits,
        clock: Clock,
        metrics: OrchestratorMetrics,
    ) -> None:
        self._campaigns = campaigns
        self._store = store
        self._workflow = workflow
        self._running = running
        self._changes = changes
        self._limits = limits
        self._clock = clock
        self._metrics = metrics

    async def process(self, request: TurnRequest) -> AsyncGenerator[TurnEvent, None]:
        """Yields the events of a turn; closing the generator cancels it.

        Raises:
            AbortedError: if the request was made from another revision, or a newer turn of the call was faster.
            FailedPreconditionError: if the call has ended.
            NotFoundError: if there is no such campaign.
            ResourceExhaustedError: if too many turns are in work.
            UnavailableError: if the context store does not answer.
        """
        arrived_at = self._clock.monotonic()
        async with self._running.admit(request.call_id, request.turn_id) as turn:
            context = await self._store.load(request.call_id)
            if context is None:
                self._campaigns.campaign(request.call_state.campaign_id)
                context = fresh_context(request.call_id, request.call_state)
            completed = context.completed_turn(request.turn_id)
            if completed is not None:
                for event in self._replay(completed, context):
                    yield event
                return
            self._require_answerable(context, request)
            turn.begin()
            async with aclosing(self._answer(request, context, turn, arrived_at)) as events:
                async for event in events:
                    yield event

    def _require_answerable(self, context: CallContext, request: TurnRequest) -> None:
        if context.outcome is not None:
            raise FailedPreconditionError("CALL_ENDED", "the call has ended")
        if not context.accepts(request.base_revision, request.unsynced_entries):
            raise revision_mismatch(context.revision)

    def _replay(self, turn: CompletedTurn, context: CallContext) -> list[TurnEvent]:
        """Returns the events of a turn that was completed before; the context is as it stands now."""
        score = qualify(self._campaigns.campaign(context.campaign_id), context.dialogue)
        chosen = [AgentChosen(turn.transition)] if turn.transition else []
        self._metrics.turns.labels(agent=context.dialogue.agent.value, outcome="replayed").inc()
        return [
            *chosen,
            *(ReplyPiece(piece) for piece in turn.pieces),
            ReplySpoken("".join(turn.pieces)),
            *(ActionWanted(action) for action in turn.actions),
            TurnDone(turn, context, score, replayed=True),
        ]

    async def _answer(
        self, request: TurnRequest, stored: CallContext, turn: RunningTurn, arrived_at: float
    ) -> AsyncGenerator[TurnEvent, None]:
        campaign = self._campaigns.campaign(stored.campaign_id)
        loaded_at = self._clock.monotonic()
        context = take_in(stored, request.unsynced_entries, campaign, self._clock.now())
        scope = self._scope(request, context, campaign, arrived_at)
        transition: Transition | None = None
        actions: list[CallAction] = []
        result: TurnResult | None = None
        outcome = "failed"
        self._metrics.turns_running.inc()
        try:
            async with aclosing(self._workflow.run(scope)) as events:
                async for event in events:
                    match event:
                        case TurnResult():
                            result = event
                            continue
                        case AgentChosen():
                            transition = event.transition
                        case ActionWanted():
                            actions.append(event.action)
                    yield event
            if result is None:
                raise RuntimeError("the workflow ended without a result")
            completed = CompletedTurn(
                turn_id=request.turn_id,
                revision=stored.revision + 1,
                transition=transition,
                pieces=result.speech.pieces,
                actions=tuple(actions),
                escalation=result.escalation,
                timings=self._timings(result, arrived_at, loaded_at),
                usage=_usage(scope.usage),
            )
            context = _after(context, request, completed, result, scope)
            turn.require_current()
            await self._store.save(context, stored.revision)
            outcome = "completed"
        except (asyncio.CancelledError, GeneratorExit):
            outcome = "cancelled"
            raise
        finally:
            self._metrics.turns_running.dec()
            agent = result.speech.reply.agent if result else context.dialogue.agent
            self._metrics.turns.labels(agent=agent.value, outcome=outcome).inc()
        self._observe(completed)
        self._changes.announce(request.call_id)
        yield TurnDone(completed, context, result.score, replayed=False)

    def _scope(self, request: TurnRequest, context: CallContext, campaign: Campaign, arrived_at: float) -> TurnScope:
        first = self._limits.first_sentence
        if request.first_text_seconds is not None:
            first = min(first, request.first_text_seconds - _SAFETY_SECONDS)
        left = remaining()
        complete_at = arrived_at + self._limits.reply
        if left is not None:
            complete_at = min(complete_at, self._clock.monotonic() + left - 2 * _SAFETY_SECONDS)
        return TurnScope(
            call_id=request.call_id,
            turn_id=request.turn_id,
            turn_input=request.input,
            caller_text=request.caller_text,
            campaign=campaign,
            dialogue=context.dialogue,
            history=context.history,
            booking=context.booking,
            now=self._clock.now(),
            arrived_at=arrived_at,
            limits=ReplyLimits(first_sentence_at=min(arrived_at + first, complete_at), complete_at=complete_at),
            usage=ReplyUsage(),
        )

    def _timings(self, result: TurnResult, arrived_at: float, loaded_at: float) -> TurnTimings:
        now, speech = self._clock.monotonic(), result.speech
        return TurnTimings(
            load=loaded_at - arrived_at,
            route=result.routed_at - loaded_at,
            first_text=speech.first_piece_at - arrived_at,
            speech=speech.ended_at - speech.first_piece_at,
            analysis=now - speech.ended_at,
            total=now - arrived_at,
        )

    def _observe(self, turn: CompletedTurn) -> None:
        self._metrics.first_text_seconds.labels(provider=turn.usage.provider).observe(turn.timings.first_text)
        if turn.transition is not None:
            self._metrics.transitions.labels(
                to_agent=turn.transition.to_agent.value, trigger=turn.transition.trigger
            ).inc()


def _after(
    context: CallContext, request: TurnRequest, turn: CompletedTurn, result: TurnResult, scope: TurnScope
) -> CallContext:
    """Returns the context after a completed turn."""
    record = TurnRecord(
        turn_id=request.turn_id,
        caller_text=request.caller_text,
        reply_text="".join(turn.pieces).rstrip(),
        heard_text="".join(turn.pieces).rstrip(),
        source=ReplySource.ORCHESTRATOR,
        occur_time=scope.now,
    )
    return context.with_entries([record]).model_copy(
        update={
            "revision": turn.revision,
            "tier": request.call_state.tier,
            "dialogue": result.speech.reply.state,
            "dialogue_before": context.dialogue,
            "booking": result.speech.booking,
            "completed": (*context.completed, turn)[-REPLAYABLE_TURNS:],
        }
    )


def _usage(usage: ReplyUsage) -> TokenUsage:
    return TokenUsage(
        provider=usage.provider,
        model=usage.model,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
    )
