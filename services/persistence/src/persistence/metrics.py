"""What the service counts besides its requests."""

from functools import partial

from prometheus_client import CollectorRegistry, Counter, Histogram


class PersistenceMetrics:
    """The service's metrics in a registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        counter = partial(Counter, registry=registry)
        self._events = counter("callwright_call_events_total", "Call events that were appended", ["result"])
        self.append_group_events = Histogram(
            "callwright_append_group_events",
            "Events that shared a transaction",
            buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500),
            registry=registry,
        )
        self.calls_lost = counter(
            "callwright_calls_lost_total", "Calls that were closed because their gateway vanished"
        )
        self.bookings = counter("callwright_bookings_total", "Appointments that were booked")
        self.cancellations = counter("callwright_cancelled_bookings_total", "Appointments that were cancelled")

    def count_appended(self, stored: int, skipped: int) -> None:
        """Counts the events of a batch."""
        self._events.labels(result="stored").inc(stored)
        self._events.labels(result="skipped").inc(skipped)
