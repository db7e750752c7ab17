"""Days and hours together, as callers name them when they choose an appointment."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from dialogue.language import language

Span = tuple[int, int]
"""The first hour of a part of the day and the hour that it ends at."""
_HOURS = language("parts_of_day").numbers
PARTS_OF_DAY: dict[str, Span] = {name: (begin, _HOURS["ends"][name]) for name, begin in _HOURS["begins"].items()}


def bounds(span: Span) -> tuple[time, time]:
    """Returns the first and the last minute of a part of the day."""
    return time(span[0]), time(span[1] - 1, 59)


@dataclass(frozen=True)
class Moment:
    """What was said about when; every part may be open.

    Attributes:
        first_day: The first day that fits, or None for any.
        last_day: The last day that fits, or None for any.
        weekdays: Weekdays that fit (0 is Monday), empty for any.
        excluded_weekdays: Weekdays that do not fit.
        excluded_days: Days that do not fit.
        at: The named time of day.
        ambiguous_half: Whether neither morning nor afternoon was said with the time, which is the likelier one.
        not_before: The earliest time of day.
        not_after: The latest time of day.
        later: Whether only what is later than `not_before` fits, not that time itself: "later than one".
        earlier: Whether only what is earlier than `not_after` fits: "before five".
        excluded_parts: Spans of hours that do not fit.
        either: Moments of which any one fits: "Tuesday at nine or Wednesday at two".
        zone: The time zone in which it was said, by its entry in the time zone database; empty for the calendar's.
    """

    first_day: date | None = None
    last_day: date | None = None
    weekdays: frozenset[int] = frozenset()
    excluded_weekdays: frozenset[int] = frozenset()
    excluded_days: frozenset[date] = frozenset()
    at: time | None = None
    ambiguous_half: bool = False
    not_before: time | None = None
    not_after: time | None = None
    later: bool = False
    earlier: bool = False
    excluded_parts: tuple[Span, ...] = ()
    either: tuple["Moment", ...] = ()
    zone: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nothing was said about when."""
        return self == Moment(zone=self.zone)

    @property
    def names_a_day(self) -> bool:
        """Whether a day or a span of days was named."""
        return self.first_day is not None or bool(self.weekdays) or any(one.names_a_day for one in self.either)

    @property
    def begins(self) -> date | None:
        """The first day on which anything that was said fits, None for any."""
        days = [one.begins for one in self.either] if self.either else [self.first_day]
        known = [day for day in days if day is not None]
        return min(known) if known and len(known) == len(days) else None

    @property
    def names_one_day(self) -> bool:
        """Whether a single day was named; of a weekday it is the next one."""
        return bool(self.weekdays) or (self.first_day is not None and self.first_day == self.last_day)

    @property
    def bounds_hours(self) -> bool:
        """Whether an earliest or latest time of day was said, or a part of the day that does not fit."""
        return self.not_before is not None or self.not_after is not None or bool(self.excluded_parts)

    @property
    def names_an_hour(self) -> bool:
        """Whether a time of day was named."""
        return self.at is not None or any(one.names_an_hour for one in self.either)

    @property
    def only_excludes(self) -> bool:
        """Whether nothing was said but what does not fit: "any day but Friday", "not in the morning"."""
        wishes = (self.first_day, self.last_day, self.at, self.not_before, self.not_after)
        return not (self.is_open or self.weekdays or self.either or any(one is not None for one in wishes))

    @property
    def hours_only(self) -> "Moment":
        """The same without the days."""
        either = tuple(one.hours_only for one in self.either)
        return replace(
            self,
            first_day=None,
            last_day=None,
            weekdays=frozenset(),
            excluded_weekdays=frozenset(),
            excluded_days=frozenset(),
            either=either,
        )

    def on(self, day: date) -> "Moment":
        """Returns the same hours on a day."""
        return replace(self.hours_only, first_day=day, last_day=day, either=tuple(one.on(day) for one in self.either))

    @property
    def hours(self) -> tuple[time, ...]:
        """The named time of day; both that it may be where neither morning nor afternoon was said with it."""
        if self.at is None or not self.ambiguous_half:
            return () if self.at is None else (self.at,)
        return tuple(sorted((self.at, self.at.replace(hour=(self.at.hour + 12) % 24))))

    @property
    def day_only(self) -> "Moment":
        """The same without the hours."""
        if self.either:
            return Moment(either=tuple(one.day_only for one in self.either))
        days = self.first_day, self.last_day, self.weekdays, self.excluded_weekdays, self.excluded_days
        return Moment(*days, zone=self.zone)

    @property
    def part_of_day(self) -> "Moment":
        """The part of the day in which the hours are, on whatever day; the hours themselves where they are bounded."""
        hours = self.hours_only
        if self.at is None:
            return hours
        inside = (bounds(PARTS_OF_DAY[name]) for name in ("morning", "afternoon", "evening"))
        begin, end = next(part for part in inside if part[0] <= self.at <= part[1])
        return Moment(not_before=begin, not_after=end, zone=self.zone)

    def fits(self, start: datetime) -> bool:
        """Whether a start time in the calendar's zone agrees with everything that was said."""
        if self.either:
            return any(one.fits(start) for one in self.either)
        start = self._as_said(start)
        return self.fits_day(start.date()) and self._fits_hour(start.time())

    def fits_day(self, day: date) -> bool:
        """Whether a day agrees with what was said about days."""
        if self.either:
            return any(one.fits_day(day) for one in self.either)
        if (self.first_day and day < self.first_day) or (self.last_day and day > self.last_day):
            return False
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        return day.weekday() not in self.excluded_weekdays and day not in self.excluded_days

    def fits_hour(self, start: datetime) -> bool:
        """Whether the hour of a start time in the calendar's zone agrees with what was said about hours."""
        if self.either:
            return any(one.fits_hour(start) for one in self.either)
        return self._fits_hour(self._as_said(start).time())

    def minutes_off(self, start: datetime) -> int:
        """Returns how many minutes a start time's hour is off the named one or its bounds; 0 where none was named."""
        if self.either:
            return min(one.minutes_off(start) for one in self.either)
        said = _minutes(self._as_said(start).time())
        if self.hours:
            return min(abs(said - _minutes(one)) for one in self.hours)
        too_early = _minutes(self.not_before) - said if self.not_before is not None else 0
        too_late = said - _minutes(self.not_after) if self.not_after is not None else 0
        return max(too_early, too_late, 0)

    def _as_said(self, start: datetime) -> datetime:
        return start.astimezone(ZoneInfo(self.zone)) if self.zone else start

    def _fits_hour(self, hour: time) -> bool:
        if any(begin <= hour.hour < end for begin, end in self.excluded_parts):
            return False
        if self.at is not None and hour not in self.hours:
            return False
        if self.not_before and (hour < self.not_before or (self.later and hour == self.not_before)):
            return False
        return not (self.not_after and (hour > self.not_after or (self.earlier and hour == self.not_after)))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


ANY_TIME = Moment()
"""Nothing was said about when."""
