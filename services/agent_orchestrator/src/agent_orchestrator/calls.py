"""What is asked about whole calls: agree on the state, read it, watch it, end it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from agent_orchestrator.call_context import CallContext, CallOutcome
from agent_orchestrator.campaign_catalogue import CampaignCatalogue
from agent_orchestrator.changes import Changes
from agent_orchestrator.context_store import ContextStore
from agent_orchestrator.metrics import OrchestratorMetrics
from agent_orchestrator.reconciliation import reconcile, take_in
from agent_orchestrator.requests import EndRequest, SyncRequest
from callwright_common.clock import Clock
from callwright_common.errors import AbortedError, NotFoundError
from dialogue import Qualification, WorkflowState, outcome, qualify, summary

_ATTEMPTS = 3
_TRANSFERRED = "transferred"


@dataclass(frozen=True)
class CallView:
    """A call's context and its score."""

    context: CallContext
    score: Qualification


class Calls:
    """Answers about all calls."""

    def __init__(
        self,
        *,
        campaigns: CampaignCatalogue,
        store: ContextStore,
        changes: Changes,
        watch_interval_seconds: float,
        clock: Clock,
        metrics: OrchestratorMetrics,
    ) -> None:
        self._campaigns = campaigns
        self._store = store
        self._changes = changes
        self._watch_interval = watch_interval_seconds
        self._clock = clock
        self._metrics = metrics

    async def sync(self, request: SyncRequest) -> tuple[CallView, bool]:
        """Brings the stored context and the gateway's view together; returns the result and whether it was rebuilt."""
        campaign = self._campaigns.campaign(request.call_state.campaign_id)
        attempt = 1
        while True:
            stored = await self._store.load(request.call_id)
            context, rebuilt = reconcile(stored, request, campaign, self._clock.now())
            if context is not stored:
                try:
                    await self._store.save(context, stored.revision if stored else 0)
                except AbortedError:
                    if attempt == _ATTEMPTS:
                        raise
                    attempt += 1
                    continue
                self._changes.announce(request.call_id)
                self._metrics.contexts_rebuilt.inc(rebuilt)
            return self._view(context), rebuilt

    async def read(self, call_id: str) -> CallView:
        """Returns a call's context.

        Raises:
            NotFoundError: with reason CALL_NOT_FOUND.
        """
        return self._view(await self._load(call_id))

    async def watch(self, call_id: str) -> AsyncGenerator[CallView, None]:
        """Yields the context now and after each change until the call has ended or the context is gone.

        Changes made by another replica are noticed within the watch interval.
        """
        view = await self.read(call_id)
        yield view
        while view.context.outcome is None:
            await self._changes.wait(call_id, self._watch_interval)
            revision = await self._store.revision(call_id)
            if revision == 0:
                return
            if revision != view.context.revision:
                view = await self.read(call_id)
                yield view

    async def end(self, request: EndRequest) -> CallView:
        """Ends the conversation; a call that has ended keeps its outcome."""
        attempt = 1
        while True:
            stored = await self._load(request.call_id)
            if stored.outcome is not None:
                return self._view(stored)
            context = self._ended(stored, request)
            try:
                await self._store.save(context, stored.revision)
            except AbortedError:
                if attempt == _ATTEMPTS:
                    raise
                attempt += 1
                continue
            self._changes.announce(request.call_id)
            return self._view(context)

    def _ended(self, stored: CallContext, request: EndRequest) -> CallContext:
        campaign = self._campaigns.campaign(stored.campaign_id)
        context = take_in(stored, request.unsynced_entries, campaign, self._clock.now())
        state = context.dialogue
        if request.reason == _TRANSFERRED and state.close_reason is None:
            state = state.model_copy(update={"close_reason": _TRANSFERRED})
        return context.model_copy(
            update={
                "revision": stored.revision + 1,
                "outcome": CallOutcome(outcome=outcome(campaign, state), summary=summary(campaign, state)),
                "dialogue": state.model_copy(update={"workflow_state": WorkflowState.COMPLETED}),
            }
        )

    async def _load(self, call_id: str) -> CallContext:
        context = await self._store.load(call_id)
        if context is None:
            raise NotFoundError("CALL_NOT_FOUND", "there is no context of this call")
        return context

    def _view(self, context: CallContext) -> CallView:
        return CallView(context, qualify(self._campaigns.campaign(context.campaign_id), context.dialogue))
