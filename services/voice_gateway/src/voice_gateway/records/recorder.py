"""The one place that numbers a call's events.

The gateway is the only writer of a call's events, so the sequence has one source: the recorder of the call. An event
that is lost on its way keeps its number; `records.event_delivery` marks its place.
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
        """Takes an event; returns False, and logs it, if it cannot be kept."""
        ...


class CallEventRecorder:
    """Numbers the events of one call and hands them to the spool."""

    def __init__(self, call_id: str, spool: EventSpool, clock: Clock) -> None:
        self._call_id = call_id
        self._spool = spool
        self._clock = clock
        self._sequence = 0

    def record(self, event: Event) -> bool:
        """Records an event; returns False if it is lost, which is logged and never disturbs the call."""
        self._sequence += 1
        numbered = CallEvent(new_id(), self._call_id, self._sequence, self._clock.now(), event)
        try:
            payload = numbered.to_proto().SerializeToString()
        except (ValueError, OverflowError) as error:
            _logger.error(
                "a call event is lost, it has no form on the wire",
                call_id=self._call_id,
                kind=kind_of(event),
                error_type=type(error).__name__,
            )
            return False
        return self._spool.append(payload)
