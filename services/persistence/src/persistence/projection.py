"""What events change in the row of their call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from persistence.call_events import (
    AgentTransitioned,
    CallEnded,
    CallEvent,
    Score,
    ScoreChanged,
    TierEscalated,
)


@dataclass(slots=True)
class CallChange:
    """The sum of a call's new events; None leaves a column as it is.

    Attributes:
        transitions: How many agents took over.
        escalation_trigger: The agent that first led to the premium voice; an earlier one in the table stays.
        ended: The call's first end; further ones are kept in the log and change nothing.
    """

    call_id: str
    last_sequence: int
    last_event_time: datetime
    transitions: int = 0
    current_agent: str | None = None
    current_tier: str | None = None
    escalation_trigger: str | None = None
    score: Score | None = None
    ended: CallEnded | None = None
    end_time: datetime | None = None


def fold(events: Iterable[CallEvent], ended_calls: frozenset[str]) -> list[CallChange]:
    """Returns the changes by call.

    Args:
        events: New events, each call's in the order of their sequence.
        ended_calls: Calls whose end is stored already.
    """
    changes: dict[str, CallChange] = {}
    for event in events:
        change = changes.get(event.call_id)
        if change is None:
            change = changes[event.call_id] = CallChange(event.call_id, event.sequence, event.occurred_at)
        change.last_sequence = event.sequence
        change.last_event_time = event.occurred_at
        _apply(change, event, already_ended=event.call_id in ended_calls or change.ended is not None)
    return list(changes.values())


def _apply(change: CallChange, event: CallEvent, *, already_ended: bool) -> None:
    match event.detail:
        case AgentTransitioned(to_agent=agent):
            change.transitions += 1
            change.current_agent = agent
        case ScoreChanged(score=score):
            change.score = score
        case TierEscalated() as escalation:
            change.current_tier = escalation.tier_afterwards or change.current_tier
            if escalation.outcome == "switched" and escalation.to_tier == "premium":
                change.escalation_trigger = change.escalation_trigger or escalation.trigger_agent or "operator"
        case CallEnded() as ended if not already_ended:
            change.ended = ended
            change.end_time = event.occurred_at
            change.score = ended.score or change.score
        case _:
            pass
