"""What is asked about whole calls: agree on the state, read it, watch it, end it."""

import asyncio
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from agent_orchestrator.agents.appointments import Appointments, LastContact, untold_contact
from agent_orchestrator.calls.changes import Changes
from agent_orchestrator.calls.last_contacts import last_contact
from agent_orchestrator.calls.settlement import with_settled_bookings
from agent_orchestrator.contexts.call_context import CallContext, new_context
from agent_orchestrator.contexts.context_store import ContextStore
from agent_orchestrator.contexts.reconciliation import reconcile, with_told_turns
from agent_orchestrator.metrics import OrchestratorMetrics
from callwright_common.campaign import Campaign, known_campaign
from callwright_common.clock import Clock
from callwright_common.errors import AbortedError, NotFoundError
from callwright_common.rpc.deadlines import bounded, deadline_in
from dialogue import Analyzer, qualify, summed_up
from vocabulary.exchange import CallResult, EndRequest, SyncRequest, WorkflowContext

_TRIES = 3
"""So often a context is stored that others store meanwhile."""
_SETTLING_SECONDS = 1.4
_SETTLING_PAUSE_SECONDS = 0.2
"""How long, and between which pauses, a silent calendar is asked what an ending call booked."""
_STORING_SECONDS = 0.2
"""Kept back from the request's deadline, for storing what came of the call."""
_T = TypeVar("_T")


@dataclass(frozen=True)
class Calls:
    """Answers about all calls."""

    campaigns: Mapping[str, Campaign]
    store: ContextStore
    analyzer: Analyzer
    appointments: Appointments
    changes: Changes
    watch_interval_seconds: float
    clock: Clock
    metrics: OrchestratorMetrics

    async def sync(self, request: SyncRequest) -> WorkflowContext:
        """Brings the stored context and the gateway's view together and returns the result."""
        campaign = known_campaign(self.campaigns, request.campaign_id)
        context, rebuilt = await self._changed(
            request.call_id, lambda stored: reconcile(stored, request, campaign, self.analyzer, self.clock.now())
        )
        if rebuilt:
            self.metrics.contexts_rebuilt.labels(source="dialogue_state" if context.preserved else "history").inc()
        return self._told(context)

    async def read(self, call_id: str) -> WorkflowContext:
        """Returns a call's context.

        Raises:
            NotFoundError: with reason CALL_NOT_FOUND.
        """
        return self._told(await self._load(call_id))

    async def watch(self, call_id: str) -> AsyncGenerator[WorkflowContext, None]:
        """Yields the context now and after each change until the call has ended or the context is gone.

        Changes made by another replica are noticed within the watch interval.
        """
        context = await self._load(call_id)
        yield self._told(context)
        while context.result is None:
            await self.changes.wait(call_id, self.watch_interval_seconds)
            revision = await self.store.revision(call_id)
            if revision == 0:
                return
            if revision != context.revision:
                context = await self._load(call_id)
                yield self._told(context)

    async def end(self, request: EndRequest) -> CallResult:
        """Ends the conversation; a call that has ended keeps its result.

        A call that has no context yet gets one that has ended, if the request names its campaign: a turn that is still
        in work cannot be stored after it.
        """
        _, (result, last) = await self._changed(request.call_id, lambda stored: self._ended(stored, request))
        if last is not None:
            self.appointments.keep_last(last)
        return result

    async def _ended(
        self, found: CallContext | None, request: EndRequest
    ) -> tuple[CallContext, tuple[CallResult, LastContact | None]]:
        """Returns the call once it is over, what came of it, and whom it booked with if that is still to be kept."""
        unseen = new_context(request.call_id, request.campaign_id) if request.campaign_id else None
        stored = _known(found or unseen)
        if stored.result is not None:
            return stored, (stored.result, None)
        campaign = known_campaign(self.campaigns, stored.campaign_id)
        entries, left = request.unsynced_entries, request.dialogue_state
        context = await with_told_turns(stored, entries, campaign, self.analyzer, self.clock.now(), left=left)
        context = await self._settled(context, stored.revision)
        result = summed_up(campaign, context.dialogue, request.reason)
        in_doubt = context.contact_in_doubt
        untold = untold_contact(campaign, context.dialogue, context.booking, in_doubt=in_doubt)
        ended = context.ended(result, untold=untold)
        return ended, (result, last_contact(ended))

    async def _settled(self, context: CallContext, attempt: int) -> CallContext:
        """Returns the context with what the calendar holds for the call; a silent one is asked for a while."""
        left = min(_SETTLING_SECONDS, bounded(math.inf) - _STORING_SECONDS)
        until = self.clock.monotonic() + left
        while True:
            with deadline_in(until - self.clock.monotonic()):
                context = await with_settled_bookings(context, self.appointments, attempt)
            if not context.dialogue.is_in_doubt or self.clock.monotonic() + _SETTLING_PAUSE_SECONDS >= until:
                return context
            await asyncio.sleep(_SETTLING_PAUSE_SECONDS)

    async def _changed(
        self, call_id: str, change: Callable[[CallContext | None], Awaitable[tuple[CallContext, _T]]]
    ) -> tuple[CallContext, _T]:
        """Stores what `change` makes of the stored context, anew if somebody else was faster; returns what it made."""
        for tries in count(1):
            stored = await self.store.load(call_id)
            context, told = await change(stored)
            if context is stored:
                break
            try:
                await self.store.save(context, stored.revision if stored else 0)
            except AbortedError:
                if tries == _TRIES:
                    raise
            else:
                self.changes.announce(call_id)
                break
        return context, told

    async def _load(self, call_id: str) -> CallContext:
        return _known(await self.store.load(call_id))

    def _told(self, context: CallContext) -> WorkflowContext:
        if context.result is not None and context.result.score is not None:
            return context.told(context.result.score)
        return context.told(qualify(known_campaign(self.campaigns, context.campaign_id), context.dialogue))


def _known(context: CallContext | None) -> CallContext:
    if context is None:
        raise NotFoundError("CALL_NOT_FOUND", "there is no context of this call")
    return context
