"""The statements that write call events, and events as the rows that these statements take."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Generic, TypeVar

from persistence.calls.admission import LOST_KIND, LogEntry
from persistence.tables.columns import Columns, Row, Table
from vocabulary.call_events import LATENCY_STEPS, AgentTransitioned, CallEvent, TierEscalation, TurnRecorded

E = TypeVar("E")

# Each event is looked up for itself, see `persistence.tables.call_rows`.
FIND_EVENTS = f"""
    SELECT e.event_id, e.call_id, e.sequence, e.kind = '{LOST_KIND}' AS lost
    FROM unnest(%s::text[]) AS wanted (event_id) CROSS JOIN LATERAL (
        SELECT * FROM persistence.call_events WHERE event_id = wanted.event_id LIMIT 1
    ) AS e
    UNION ALL
    SELECT event_id, call_id, sequence, true FROM persistence.call_events
    WHERE kind = '{LOST_KIND}' AND call_id = ANY (%s)
"""  # noqa: S608 - constants
READ_EVENTS = "SELECT encoded FROM persistence.call_events WHERE call_id = ANY (%s) ORDER BY call_id, sequence"
_EVENTS = Table(
    "call_events",
    {
        "call_id": "text",
        "sequence": "bigint",
        "event_id": "text",
        "kind": "text",
        "occur_time": "timestamptz",
        "encoded": "bytea",
        "received_at": "timestamptz",
    },
)
INSERT_EVENTS = _EVENTS.insertion.removesuffix("ON CONFLICT DO NOTHING")
REPLACE_LOST_EVENTS = f"""
    UPDATE persistence.call_events AS e SET
        event_id = n.event_id, kind = n.kind, occur_time = n.occur_time, encoded = n.encoded,
        received_at = n.received_at
    FROM {_EVENTS.rows} WHERE e.call_id = n.call_id AND e.sequence = n.sequence AND e.kind = '{LOST_KIND}'
"""  # noqa: S608 - constants


class FollowingTable(Generic[E]):
    """A table with a row for each event of one kind."""

    def __init__(self, name: str, columns: Columns[E], own_id: str = "") -> None:
        """Takes its columns.

        Args:
            name: The table's name.
            columns: What is written of an event's details.
            own_id: The column that takes the event's id where the details tell none.
        """
        self.columns = columns
        self.table = Table(name, {"call_id": "text", "sequence": "bigint", **columns.types})
        self._own_id = own_id

    def rows(self, events: Iterable[CallEvent]) -> list[Row]:
        """Returns the rows of those events that are of the table's kind."""
        return [
            (event.call_id, event.sequence, *self._cells(event.event, event.event_id))
            for event in events
            if isinstance(event.event, self.columns.kind)
        ]

    def _cells(self, detail: E, event_id: str) -> Iterable[Any]:
        cells = dict(zip(self.columns.types, self.columns.write(detail), strict=True))
        if self._own_id:
            cells[self._own_id] = cells[self._own_id] or event_id
        return cells.values()


TURNS = FollowingTable(
    "turns",
    Columns(
        TurnRecorded,
        {
            "expectation": "asked",
            "question_id": "asked_question_id",
            "heard_seconds": "heard_ms",
            "reply_seconds": "reply_length_ms",
            **{step: f"{step}_ms" for step in LATENCY_STEPS},
        },
        never_null=("caller_text", "reply_text", "heard_text"),
    ),
    own_id="turn_id",
)
TRANSITIONS = FollowingTable(
    "agent_transitions",
    Columns(
        AgentTransitioned,
        {
            "occur_time": "transition_timestamp",
            "trigger": "trigger_reason",
            "duration_seconds": "transition_duration_ms",
        },
    ),
)
ESCALATIONS = FollowingTable(
    "tier_escalation_events",
    Columns(TierEscalation, {"occur_time": "escalation_timestamp"}),
    own_id="escalation_id",
)
FOLLOWING: tuple[FollowingTable[Any], ...] = (TURNS, TRANSITIONS, ESCALATIONS)


def event_row(entry: LogEntry, now: datetime) -> Row:
    """Returns the row of `INSERT_EVENTS` and `REPLACE_LOST_EVENTS` of an entry."""
    event = entry.event
    return (event.call_id, event.sequence, event.event_id, entry.kind, event.occur_time, entry.encoded, now)
