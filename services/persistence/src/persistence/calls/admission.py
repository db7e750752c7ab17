"""Which events of a batch are new, and whether the batch may be stored at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from callwright_common.errors import AlreadyExistsError, FailedPreconditionError
from vocabulary.call_events import EVENTS, CallEvent, EventLost, without_personal_data

Place = tuple[str, int]
"""A call and a sequence in it."""
UNKNOWN_KIND, LOST_KIND = "unknown", EVENTS.name_of(EventLost)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An event as it is kept.

    Attributes:
        event: What is known of it here; without details where a newer gateway sent a kind that is unknown here.
        encoded: The bytes of the contract as they came, with all that this build does not know.
    """

    event: CallEvent
    encoded: bytes

    @property
    def kind(self) -> str:
        """The event's kind."""
        return EVENTS.name_of(type(self.event.event)) if self.event.event else UNKNOWN_KIND

    @property
    def place(self) -> Place:
        """Where in its call it stands."""
        return self.event.call_id, self.event.sequence

    @property
    def is_lost(self) -> bool:
        """Whether it stands for an event that could not be delivered."""
        return isinstance(self.event.event, EventLost)

    def without_personal_data(self) -> "LogEntry":
        """Returns the entry without numbers and words of the caller and without all that this build does not know."""
        detail = self.event.event
        event = replace(self.event, event=without_personal_data(detail) if detail else None)
        return LogEntry(event, event.to_proto().SerializeToString())


Batch = Sequence[LogEntry]


@dataclass(frozen=True, slots=True)
class AppendResult:
    """What became of a batch.

    Attributes:
        durable_sequences: By call, the sequence up to which every event is stored.
        stored_count: Events that were stored by this batch.
        skipped_count: Events that were stored before.
    """

    durable_sequences: Mapping[str, int]
    stored_count: int
    skipped_count: int


class Admission:
    """Decides about batches, one after the other, on top of what is stored.

    Args:
        last_sequences: By call, the last stored sequence; calls that are missing have no event yet.
        stored_events: By event id, the place under which it is stored.
        lost: The places that an `EventLost` holds until the event itself comes.
    """

    def __init__(
        self, last_sequences: Mapping[str, int], stored_events: Mapping[str, Place], lost: Iterable[Place] = ()
    ) -> None:
        self._last = dict(last_sequences)
        self._stored = dict(stored_events)
        self._lost = set(lost)
        self.appended: list[LogEntry] = []
        """New events, each call's in the order of its sequence."""
        self.found: list[LogEntry] = []
        """Events that take the place of an `EventLost`, which may be among the new ones."""

    def admit(self, batch: Batch) -> AppendResult:
        """Adds the batch's new events to `appended` and `found`; a batch that is refused changes nothing.

        Raises:
            FailedPreconditionError: SEQUENCE_GAP, if an event before one of these is missing.
            AlreadyExistsError: EVENT_ID_USED or SEQUENCE_USED, if the id or the sequence belongs to another event.
        """
        last = {entry.event.call_id: self._last.get(entry.event.call_id, 0) for entry in batch}
        lost = set(self._lost)
        seen: dict[str, Place] = {}
        appended, found = [], []
        for index, entry in enumerate(batch):
            call_id, sequence = entry.place
            known = self._stored.get(entry.event.event_id) or seen.get(entry.event.event_id)
            if known is not None:
                if known != entry.place:
                    raise AlreadyExistsError(
                        "EVENT_ID_USED", "the event id belongs to another event", field=f"events[{index}].event_id"
                    )
                continue
            expected = last[call_id] + 1
            if sequence > expected:
                raise FailedPreconditionError(
                    "SEQUENCE_GAP",
                    "an earlier event of the call is missing",
                    field=f"events[{index}].sequence",
                    call_id=call_id,
                    expected=str(expected),
                )
            if sequence == expected:
                last[call_id] = sequence
                appended.append(entry)
                if entry.is_lost:
                    lost.add(entry.place)
            elif entry.is_lost:
                continue
            elif entry.place in lost:
                lost.remove(entry.place)
                found.append(entry)
            else:
                raise AlreadyExistsError(
                    "SEQUENCE_USED", "the sequence belongs to another event", field=f"events[{index}].sequence"
                )
            seen[entry.event.event_id] = entry.place
        self._last.update(last)
        self._stored.update(seen)
        self._lost = lost
        self.appended += appended
        self.found += found
        stored = len(appended) + len(found)
        return AppendResult(last, stored, len(batch) - stored)


def call_ids(batches: Iterable[Batch]) -> list[str]:
    """Returns the calls of the batches, sorted: locks are taken in this order everywhere."""
    return sorted({entry.event.call_id for batch in batches for entry in batch})
