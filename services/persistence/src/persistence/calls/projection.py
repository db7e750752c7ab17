"""What events change in the row of their call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vocabulary.call_events import AgentTransitioned, CallEnded, CallEvent, CallStarted, ScoreChanged, TierEscalation
from vocabulary.enums import Agent, EscalationOutcome, Tier
from vocabulary.qualification import QualificationScore

UNKNOWN_START = CallStarted()
"""What is known of a call whose start was lost."""


@dataclass(slots=True)
class CallChange:
    """The sum of a call's new events; None leaves a column as it is.

    Attributes:
        first_event_time: When the first of the events happened.
        started: How the call began, as far as its first event is among these.
        transitions: How many agents took over.
        escalation_trigger: The agent that first led to the premium voice; an earlier one in the table stays.
        ended: The call's first end; further ones are kept in the log and change nothing.
    """

    call_id: str
    first_event_time: datetime
    last_sequence: int
    last_event_time: datetime
    started: CallStarted = UNKNOWN_START
    transitions: int = 0
    current_agent: Agent | None = None
    current_tier: Tier | None = None
    escalation_trigger: Agent | None = None
    score: QualificationScore | None = None
    ended: CallEnded | None = None
    end_time: datetime | None = None


def fold(events: Iterable[CallEvent], ended_calls: frozenset[str] = frozenset()) -> list[CallChange]:
    """Returns the changes by call.

    Args:
        events: Each call's in the order of their sequence: the new ones, or all that there are.
        ended_calls: Calls whose end is stored already.
    """
    changes: dict[str, CallChange] = {}
    for event in events:
        change = changes.get(event.call_id)
        if change is None:
            change = CallChange(event.call_id, event.occur_time, event.sequence, event.occur_time)
            changes[event.call_id] = change
        change.last_sequence = event.sequence
        change.last_event_time = event.occur_time
        _apply(change, event, already_ended=event.call_id in ended_calls or change.ended is not None)
    return list(changes.values())


def _apply(change: CallChange, event: CallEvent, *, already_ended: bool) -> None:
    match event.event:
        case CallStarted() as started:
            change.started = started
        case AgentTransitioned(transition):
            change.transitions += 1
            change.current_agent = transition.to_agent
        case ScoreChanged(score=score):
            change.score = score
        case TierEscalation() as escalation:
            change.current_tier = escalation.tier_afterwards or change.current_tier
            if escalation.outcome is EscalationOutcome.SWITCHED and escalation.to_tier is Tier.PREMIUM:
                change.escalation_trigger = change.escalation_trigger or escalation.trigger_agent
        case CallEnded() as ended if not already_ended:
            change.ended = ended
            change.end_time = event.occur_time
            change.score = ended.score or change.score
        case _:
            pass
