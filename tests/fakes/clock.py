"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class ManualClock:
    """Fulfils `callwright_common.clock.Clock`."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._monotonic = 1000.0

    def monotonic(self) -> float:
        return self._monotonic

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        """Moves both sides of the clock."""
        self._monotonic += seconds
        self._now += timedelta(seconds=seconds)

    def jump_wall_clock(self, seconds: float) -> None:
        """Moves the wall clock alone, as an administrator or NTP does."""
        self._now += timedelta(seconds=seconds)
