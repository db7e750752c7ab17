"""The one place that numbers a call's events.

The gateway is the only writer of a call's events, so the sequence has one source: the recorder of the call. A number is
used up only when the spool took the event, so that the sequence has no gap.
"""

from typing import Protocol

from callwright_common.clock import Clock
from callwright_common.ids import new_id
from callwright_common.logs import get_logger
from vocabulary.call_events import CallEvent, Event, kind_of

_logger = get_logger(__name__)


class EventSpool(Protocol):
    """Takes encoded events in order."""

    def append(self, payload: bytes) -> bool:
        """Takes an event; returns False if there is no room."""
        ...


class CallEventRecorder:
    """Numbers the events of one call and hands them to the spool."""

    def __init__(self, call_id: str, spool: EventSpool, clock: Clock) -> None:
        self._call_id = call_id
        self._spool = spool
        self._clock = clock
        self._sequence = 0

    def record(self, event: Event) -> bool:
        """Records an event; returns False, and logs it, if the spool has no room."""
        numbered = CallEvent(new_id(), self._call_id, self._sequence + 1, self._clock.now(), event)
        if not self._spool.append(numbered.to_proto().SerializeToString()):
            _logger.error("call event lost, the spool is full", call_id=self._call_id, kind=kind_of(event))
            return False
        self._sequence += 1
        return True
