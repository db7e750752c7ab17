"""Brings a context in line with what really happened on the line."""

from collections.abc import Iterable
from datetime import datetime

from agent_orchestrator.call_context import CallContext, new_context
from agent_orchestrator.conversation import TurnRecord
from agent_orchestrator.requests import CallState, Mirror, SyncRequest
from callwright_common.campaign import Campaign
from dialogue import cut_short, heard


def take_in(context: CallContext, entries: Iterable[TurnRecord], campaign: Campaign, now: datetime) -> CallContext:
    """Returns the context with told turns in its history and in the state of the dialogue.

    Entries that tell nothing new change nothing.
    """
    known = {record.turn_id: record for record in context.history}
    dialogue = context.dialogue
    changed = []
    for entry in entries:
        before = known.get(entry.turn_id)
        told = entry if before is None else entry.model_copy(update={"occur_time": before.occur_time})
        if before == told:
            continue
        changed.append(told)
        if before is None:
            dialogue = heard(campaign, dialogue, entry.turn_id, entry.caller_text, entry.heard_text, now=now)
        elif before.source != entry.source:
            # This service's reply came too late and a fallback spoke: what the caller said is analysed already.
            dialogue = heard(campaign, dialogue, entry.turn_id, "", entry.heard_text, now=now)
        elif before.heard_text != entry.heard_text and entry.turn_id == context.last_turn_id:
            withdrawn = before.caller_text and not entry.caller_text
            undone = context.dialogue_without(entry.turn_id) if withdrawn else None
            # A turn whose words come again, with what the caller went on to say, had no effect.
            dialogue = undone or cut_short(campaign, dialogue, entry.heard_text)
    if not changed:
        return context
    return context.with_entries(changed).model_copy(update={"dialogue": dialogue})


def fresh_context(call_id: str, state: CallState) -> CallContext:
    """Returns the context of a call that is not known yet."""
    return new_context(call_id, state.campaign_id, state.tier, state.start_time, state.lead_data)


def reconcile(
    stored: CallContext | None, request: SyncRequest, campaign: Campaign, now: datetime
) -> tuple[CallContext, bool]:
    """Returns the context that both sides agree on, and whether it was rebuilt from the mirror.

    The stored context counts unless the gateway has seen a later one. What changed gets a revision of its own, above
    all that either side has seen; when nothing changed, the context is the stored one.
    """
    mirror = request.mirror
    rebuilt = mirror is not None and (stored is None or stored.revision < mirror.revision)
    if rebuilt and mirror is not None:
        base = _from_mirror(mirror, request, campaign, now)
    else:
        base = stored or fresh_context(request.call_id, request.call_state)
    context = take_in(base, request.unsynced_entries, campaign, now)
    if context is stored:
        return context, False
    seen = max(base.revision, request.base_revision, stored.revision if stored else 0)
    if context is base and rebuilt and seen == base.revision:
        return context, True
    return context.model_copy(update={"revision": seen + 1}), rebuilt


def _from_mirror(mirror: Mirror, request: SyncRequest, campaign: Campaign, now: datetime) -> CallContext:
    if mirror.snapshot is not None:
        return mirror.snapshot
    context = fresh_context(request.call_id, request.call_state).model_copy(update={"revision": mirror.revision})
    return take_in(context, mirror.history, campaign, now)
