"""Brings a context in line with what really happened on the line."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from agent_orchestrator.contexts.call_context import CallContext, new_context
from callwright_common.campaign import Campaign
from dialogue import Analyzer, CorruptStateError, cut_short, decode_state, heard
from vocabulary.enums import ReplySource
from vocabulary.exchange import SyncRequest, WorkflowContext
from vocabulary.turns import TurnRecord


def take_in(
    context: CallContext, entries: Iterable[TurnRecord], campaign: Campaign, analyzer: Analyzer, now: datetime
) -> CallContext:
    """Returns the context with told turns in its history and in the state of the dialogue.

    Entries that tell nothing new change nothing.
    """
    known = {record.turn_id: record for record in context.history}
    dialogue = context.dialogue
    changed = []
    for entry in entries:
        before = known.get(entry.turn_id)
        told = entry if before is None else replace(entry, occur_time=before.occur_time)
        if before == told:
            continue
        changed.append(told)
        if before is None:
            dialogue = heard(campaign, dialogue, entry, analyzer=analyzer, now=now)
        elif before.source is not entry.source:
            # This service's reply came too late and a fallback spoke: what the caller said is analysed already.
            dialogue = heard(campaign, dialogue, replace(entry, caller_text=""), analyzer=analyzer, now=now)
        elif before.heard_text != entry.heard_text and entry.turn_id == context.last_turn_id:
            withdrawn = before.caller_text and not entry.caller_text
            undone = context.dialogue_without(entry.turn_id) if withdrawn else None
            # A turn whose words come again, with what the caller went on to say, had no effect.
            dialogue = undone or cut_short(dialogue, entry.asked)
    if not changed:
        return context
    return context.with_entries(changed).model_copy(update={"dialogue": dialogue})


def reconcile(
    stored: CallContext | None, request: SyncRequest, campaign: Campaign, analyzer: Analyzer, now: datetime
) -> tuple[CallContext, bool]:
    """Returns the context that both sides agree on, and whether it was rebuilt from the mirror.

    The stored context counts unless the gateway has seen a later one. What changed gets a revision of its own, above
    all that either side has seen; when nothing changed, the context is the stored one.
    """
    mirror, revision = request.mirror, stored.revision if stored else 0
    rebuilt = mirror is not None and mirror.revision > revision
    if rebuilt and mirror is not None:
        base = _rebuilt(mirror, request, campaign, analyzer, now)
    else:
        base = stored or _unknown(request)
    context = take_in(base, request.unsynced_entries, campaign, analyzer, now)
    if context is stored:
        return context, False
    seen = max(base.revision, request.base_revision, revision)
    if context is base and rebuilt and seen == base.revision:
        return context, True
    return context.model_copy(update={"revision": seen + 1}), rebuilt


def _unknown(request: SyncRequest) -> CallContext:
    """Returns the context of a call of which neither side has one; the gateway may have seen one that is lost."""
    context = new_context(request.call_id, request.campaign_id)
    return context.model_copy(update={"preserved": request.base_revision == 0})


def _rebuilt(
    mirror: WorkflowContext, request: SyncRequest, campaign: Campaign, analyzer: Analyzer, now: datetime
) -> CallContext:
    """Returns the context of the mirror's revision; where its dialogue cannot be used, the history has to do."""
    base = new_context(request.call_id, request.campaign_id).model_copy(
        update={"revision": mirror.revision, "booking": mirror.booking}
    )
    told_now = {entry.turn_id for entry in request.unsynced_entries}
    try:
        dialogue = decode_state(mirror.dialogue_state, request.call_id)
    except CorruptStateError:
        history = [record for record in mirror.history if record.turn_id not in told_now]
        return take_in(base.model_copy(update={"preserved": False}), history, campaign, analyzer, now)
    return base.with_entries(_as_of_its_revision(mirror, told_now)).model_copy(
        update={"dialogue": dialogue, "last_turn_id": mirror.last_turn_id}
    )


def _as_of_its_revision(mirror: WorkflowContext, told_now: set[str]) -> Iterator[TurnRecord]:
    """Yields the turns of a mirror as its dialogue knows them: without what the gateway tells only now.

    A reply that was completed counts as heard until then; other turns that are told now are not known at all.
    """
    ids = [record.turn_id for record in mirror.history]
    last = ids.index(mirror.last_turn_id) if mirror.last_turn_id in ids else -1
    for place, record in enumerate(mirror.history):
        if record.turn_id not in told_now:
            yield record
        elif place <= last and record.source is ReplySource.ORCHESTRATOR:
            yield replace(record, heard_text=record.reply_text)
