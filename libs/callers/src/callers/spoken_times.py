"""Appointment times as people say them on the telephone."""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from num2words import num2words  # type: ignore[import-untyped]

_WEEKDAYS = tuple(name.lower() for name in calendar.day_name)
_RELATIVE_DAYS = ("today", "tomorrow")
_MONTHS = "|".join(calendar.month_name[1:]).lower()
_FIGURES = (
    {num2words(number): str(number) for number in (*range(1, 16), 30, 45)}
    | {num2words(number, to="ordinal"): f"{number}th" for number in range(1, 32)}
)  # fmt: skip
_HALF = r"am|pm|in\ the\ (?:morning|afternoon|evening)"
_TOKEN = re.compile(
    rf"""
    \b(?P<weekday>{"|".join(_WEEKDAYS)})\b
  | \b(?P<relative>today|tomorrow)\b
  | \b(?:{_MONTHS})\ (?P<month_day>\d{{1,2}})(?:st|nd|rd|th)?\b
  | \b(?P<day>\d{{1,2}})(?:st|nd|rd|th)\b
  | \b(?P<hour>1[0-2]|0?[1-9])(?:[:.\ ]?(?P<minute>00|15|30|45))?\ ?(?P<half>{_HALF})\b
  | (?<=\bat\ |\bor\ )(?P<bare_hour>1[0-2]|0?[1-9])(?:[:.\ ]?(?P<bare_minute>00|15|30|45))?\b
  | \b(?P<clock_hour>1[0-2]|0?[1-9])[:.]?(?P<clock_minute>00|15|30|45)\b
    """,
    re.VERBOSE,
)
_FIRST_HOUR_OF_A_BUSINESS_DAY = 7


@dataclass(frozen=True, slots=True)
class SpokenTime:
    """A time as it was understood; what was not said is None.

    Attributes:
        weekday: 0 for Monday.
        day: Day of the month.
        hour: 0 to 23.
        minute: 0 to 59.
        days_ahead: 0 for today, 1 for tomorrow.
    """

    weekday: int | None
    day: int | None
    hour: int
    minute: int
    days_ahead: int | None = None

    @property
    def has_day(self) -> bool:
        """Whether a day was named, not only a time of day."""
        return (self.weekday, self.day, self.days_ahead) != (None, None, None)

    def matches(self, moment: datetime, *, said_on: date) -> bool:
        """Returns whether a moment is the one that was said on a day, both in the calendar's time zone."""
        return (
            self.days_ahead in (None, (moment.date() - said_on).days)
            and self.weekday in (None, moment.weekday())
            and self.day in (None, moment.day)
            and (self.hour, self.minute) == (moment.hour, moment.minute)
        )

    def spoken(self) -> str:
        """Returns the time as the caller says it, for example `Tuesday at 10 thirty`."""
        minute = {0: "", 15: " fifteen", 30: " thirty", 45: " forty-five"}.get(self.minute, f" {self.minute}")
        clock = f"{(self.hour - 1) % 12 + 1}{minute}"
        if self.days_ahead is not None:
            return f"{_RELATIVE_DAYS[self.days_ahead].capitalize()} at {clock}"
        return f"{_WEEKDAYS[self.weekday].capitalize()} at {clock}" if self.weekday is not None else clock


def spoken_times(text: str) -> list[SpokenTime]:
    """Returns the times named in a text, in order; a day counts for every time that follows it."""
    found: list[SpokenTime] = []
    named = SpokenTime(None, None, 0, 0)
    for token in _TOKEN.finditer(_with_figures(text)):
        if token["weekday"]:
            named = SpokenTime(_WEEKDAYS.index(token["weekday"]), None, 0, 0)
        elif token["relative"]:
            named = SpokenTime(None, None, 0, 0, days_ahead=_RELATIVE_DAYS.index(token["relative"]))
        elif token["month_day"] or token["day"]:
            named = replace(named, day=int(token["month_day"] or token["day"]))
        else:
            hour, minute = _clock(token)
            time = replace(named, hour=hour, minute=minute)
            if time not in found:
                found.append(time)
    return found


def _clock(token: re.Match[str]) -> tuple[int, int]:
    hour = int(token["hour"] or token["bare_hour"] or token["clock_hour"])
    minute = int(token["minute"] or token["bare_minute"] or token["clock_minute"] or 0)
    if token["half"] is None:
        afternoon = hour < _FIRST_HOUR_OF_A_BUSINESS_DAY or hour == 12
    else:
        afternoon = token["half"] not in ("am", "in the morning")
    return hour % 12 + (12 if afternoon else 0), minute


def _with_figures(text: str) -> str:
    text = text.lower().replace("a.m.", "am").replace("p.m.", "pm").replace("o'clock", "").replace(",", "")
    text = re.sub(r"\b(?:noon|midday)\b", "12 pm", text)
    text = re.sub(r"\b(twenty|thirty) (first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)\b", r"\1-\2", text)
    text = re.sub(r"\bforty five\b", "forty-five", text)
    text = re.sub(r"[a-z]+(?:-[a-z]+)?", lambda match: _FIGURES.get(match[0], match[0]), text)
    text = re.sub(r"\bhalf past (\d{1,2})\b", r"\1:30", text)
    text = re.sub(r"\bquarter past (\d{1,2})\b", r"\1:15", text)
    text = re.sub(r"\bquarter to (\d{1,2})\b", lambda hour: f"{(int(hour[1]) + 10) % 12 + 1}:45", text)
    return re.sub(r"\s+", " ", text)
