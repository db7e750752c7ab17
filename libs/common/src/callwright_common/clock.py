"""Time as a dependency, so that tests own it."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time: `monotonic` for durations and leases, `now` for what is stored or shown."""

    def monotonic(self) -> float:
        """Returns seconds from an arbitrary start; never goes back."""
        ...

    def now(self) -> datetime:
        """Returns the wall clock as an aware UTC time."""
        ...


class SystemClock:
    """The machine's clocks."""

    def monotonic(self) -> float:
        """Returns the machine's monotonic seconds."""
        return time.monotonic()

    def now(self) -> datetime:
        """Returns the machine's wall clock in UTC."""
        return datetime.now(UTC)
