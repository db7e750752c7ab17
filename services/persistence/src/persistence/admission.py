"""Which events of a batch are new, and whether the batch may be stored at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from callwright_common.errors import AlreadyExistsError, FailedPreconditionError
from persistence.call_events import CallEvent


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
        stored_events: By event id, the call and the sequence under which it is stored.
    """

    def __init__(self, last_sequences: Mapping[str, int], stored_events: Mapping[str, tuple[str, int]]) -> None:
        self._last = dict(last_sequences)
        self._stored = dict(stored_events)
        self.admitted: list[CallEvent] = []

    def admit(self, batch: Sequence[CallEvent]) -> AppendResult:
        """Adds the batch's new events to `admitted`; a batch that is refused changes nothing.

        Raises:
            FailedPreconditionError: SEQUENCE_GAP, if an event before one of these is missing.
            AlreadyExistsError: EVENT_ID_USED or SEQUENCE_USED, if the id or the sequence belongs to another event.
        """
        last = {event.call_id: self._last.get(event.call_id, 0) for event in batch}
        seen: dict[str, tuple[str, int]] = {}
        new = []
        for index, event in enumerate(batch):
            place = (event.call_id, event.sequence)
            known = self._stored.get(event.event_id) or seen.get(event.event_id)
            if known is not None:
                if known != place:
                    raise AlreadyExistsError(
                        "EVENT_ID_USED", "the event id belongs to another event", field=f"events[{index}].event_id"
                    )
                continue
            expected = last[event.call_id] + 1
            if event.sequence < expected:
                raise AlreadyExistsError(
                    "SEQUENCE_USED", "the sequence belongs to another event", field=f"events[{index}].sequence"
                )
            if event.sequence > expected:
                raise FailedPreconditionError(
                    "SEQUENCE_GAP",
                    "an earlier event of the call is missing",
                    field=f"events[{index}].sequence",
                    call_id=event.call_id,
                    expected=str(expected),
                )
            last[event.call_id] = event.sequence
            seen[event.event_id] = place
            new.append(event)
        self._last.update(last)
        self._stored.update(seen)
        self.admitted += new
        return AppendResult(last, len(new), len(batch) - len(new))


def call_ids(batches: Iterable[Sequence[CallEvent]]) -> list[str]:
    """Returns the calls of the batches, sorted: locks are taken in this order everywhere."""
    return sorted({event.call_id for batch in batches for event in batch})
