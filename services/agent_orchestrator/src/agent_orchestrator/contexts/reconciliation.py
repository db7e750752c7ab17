"""Brings a context in line with what really happened on the line."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from agent_orchestrator.contexts.call_context import CallContext, new_context
from callwright_common.campaign import Campaign
from callwright_common.logs import get_logger
from dialogue import Analyzer, CorruptStateError, caught_up, decode_state, gone_on
from vocabulary.exchange import SyncRequest, WorkflowContext
from vocabulary.turns import TurnRecord

_logger = get_logger(__name__)

_UNSEEN_REVISIONS = 100
"""More than a lost context can have had beyond the last one that the gateway was told: the calendar takes nothing under
a number that is settled, and what it was asked under a lower one for older."""


async def with_told_turns(
    context: CallContext,
    entries: Iterable[TurnRecord],
    campaign: Campaign,
    analyzer: Analyzer,
    now: datetime,
    *,
    left: bytes = b"",
) -> CallContext:
    """Returns the context with told turns in its history and in the state of the dialogue.

    Entries that tell nothing new change nothing. A fallback that answered meanwhile has `left` the dialogue's state.
    """
    began = {record.turn_id: record.occur_time for record in context.history}
    told = [replace(entry, occur_time=began.get(entry.turn_id, entry.occur_time)) for entry in entries]
    dialogue, preserved = context.dialogue, context.preserved
    try:
        dialogue = gone_on(dialogue, left) if left else dialogue
    except CorruptStateError as error:
        _logger.warning("what a fallback left of a dialogue cannot be read", cause=str(error))
        preserved = False
    dialogue = await caught_up(campaign, dialogue, told, analyzer=analyzer, now=now)
    after = context.with_entries(told).model_copy(update={"dialogue": dialogue, "preserved": preserved})
    return context if after == context else after


async def reconcile(
    stored: CallContext | None, request: SyncRequest, campaign: Campaign, analyzer: Analyzer, now: datetime
) -> tuple[CallContext, bool]:
    """Returns the context that both sides agree on, and whether it was rebuilt from the mirror.

    The stored context counts unless the gateway has seen a later one. What changed gets a revision of its own, above
    all that either side has seen; when nothing changed, the context is the stored one. Nothing is told of a call that
    has ended.
    """
    if stored is not None and stored.result is not None:
        return stored, False
    mirror, revision = request.mirror, stored.revision if stored else 0
    rebuilt = mirror is not None and mirror.revision > revision
    if rebuilt and mirror is not None:
        base = await _rebuilt(mirror, request, campaign, analyzer, now)
    else:
        base = stored or _unknown(request)
    entries, left = request.unsynced_entries, request.dialogue_state
    context = await with_told_turns(base, entries, campaign, analyzer, now, left=left)
    if context is stored:
        return context, False
    seen = max(base.revision, request.base_revision, revision)
    is_lost = seen > revision
    return context.model_copy(update={"revision": seen + (_UNSEEN_REVISIONS if is_lost else 1)}), rebuilt


def _unknown(request: SyncRequest) -> CallContext:
    """Returns the context of a call of which neither side has one; the gateway may have seen one that is lost."""
    context = new_context(request.call_id, request.campaign_id)
    return context.model_copy(update={"preserved": request.base_revision == 0})


async def _rebuilt(
    mirror: WorkflowContext, request: SyncRequest, campaign: Campaign, analyzer: Analyzer, now: datetime
) -> CallContext:
    """Returns the context of the mirror's revision; where its dialogue cannot be used, the history has to do."""
    told_now = {entry.turn_id for entry in request.unsynced_entries}
    history = [record for record in mirror.history if record.turn_id not in told_now]
    base = new_context(request.call_id, request.campaign_id).model_copy(
        update={"revision": mirror.revision, "booking": mirror.booking, "last_turn_id": mirror.last_turn_id}
    )
    try:
        dialogue = decode_state(mirror.dialogue_state, request.call_id)
    except CorruptStateError:
        return await with_told_turns(base.model_copy(update={"preserved": False}), history, campaign, analyzer, now)
    return base.with_entries(history).model_copy(update={"dialogue": dialogue})
