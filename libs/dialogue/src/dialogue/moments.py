"""Days and hours together, as callers name them when they choose an appointment."""

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True)
class Moment:
    """What was said about when; every part may be open.

    Attributes:
        first_day: The first day that fits, or None for any.
        last_day: The last day that fits, or None for any.
        weekdays: Weekdays that fit (0 is Monday), empty for any.
        excluded_weekdays: Weekdays that do not fit.
        at: The named time of day.
        ambiguous_half: Whether neither morning nor afternoon was said with the time.
        not_before: The earliest time of day.
        not_after: The latest time of day.
        excluded_parts: Spans of hours that do not fit.
        either: Moments of which any one fits: "Tuesday at nine or Wednesday at two".
    """

    first_day: date | None = None
    last_day: date | None = None
    weekdays: frozenset[int] = frozenset()
    excluded_weekdays: frozenset[int] = frozenset()
    at: time | None = None
    ambiguous_half: bool = False
    not_before: time | None = None
    not_after: time | None = None
    excluded_parts: tuple[tuple[int, int], ...] = ()
    either: tuple["Moment", ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nothing was said about when."""
        return self == Moment()

    @property
    def names_a_day(self) -> bool:
        """Whether a day or a span of days was named."""
        return self.first_day is not None or bool(self.weekdays or self.either)

    @property
    def names_one_day(self) -> bool:
        """Whether a single day was named; of a weekday it is the next one."""
        return bool(self.weekdays) or (self.first_day is not None and self.first_day == self.last_day)

    def fits(self, start: datetime) -> bool:
        """Whether a local start time agrees with everything that was said."""
        if self.either:
            return any(one.fits(start) for one in self.either)
        day, hour = start.date(), start.time()
        if (self.first_day and day < self.first_day) or (self.last_day and day > self.last_day):
            return False
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        if day.weekday() in self.excluded_weekdays:
            return False
        if any(begin <= hour.hour < end for begin, end in self.excluded_parts):
            return False
        return self.fits_hour(hour)

    def fits_hour(self, hour: time) -> bool:
        """Whether a time of day agrees with what was said about hours."""
        if self.either:
            return any(one.fits_hour(hour) for one in self.either)
        if self.at is not None and not self._same_time(hour):
            return False
        if self.not_before and hour < self.not_before:
            return False
        return not (self.not_after and hour > self.not_after)

    def _same_time(self, hour: time) -> bool:
        if self.at is None:
            return True
        if hour == self.at:
            return True
        return self.ambiguous_half and self.at.hour < 12 and hour == self.at.replace(hour=self.at.hour + 12)


ANY_TIME = Moment()
"""Nothing was said about when."""
