"""The one place that numbers a call's events.

The gateway is the only writer of a call's events, so the sequence has one source: the recorder of the call. An event
that is lost on its way keeps its number; `records.event_delivery` marks its place.
"""

from collections.abc import Callable
from dataclasses import dataclass

from callwright_common.clock import Clock
from callwright_common.ids import new_id
from callwright_common.logs import get_logger
from vocabulary.call_events import EVENTS, CallEvent, Event

_logger = get_logger(__name__)


@dataclass(slots=True)
class CallEventRecorder:
    """Numbers the events of one call.

    Attributes:
        append: Takes each encoded event, in order; returns False, and logs it, if it cannot be kept.
    """

    call_id: str
    append: Callable[[bytes], bool]
    clock: Clock
    _sequence: int = 0

    def record(self, event: Event) -> bool:
        """Records an event; returns False if it is lost, which is logged and never disturbs the call."""
        self._sequence += 1
        numbered = CallEvent(new_id(), self.call_id, self._sequence, self.clock.now(), event)
        try:
            payload = numbered.to_proto().SerializeToString()
        except (ValueError, OverflowError) as error:
            _logger.error(
                "a call event is lost, it has no form on the wire",
                call_id=self.call_id,
                kind=EVENTS.name_of(type(event)),
                error_type=type(error).__name__,
            )
            return False
        return self.append(payload)
