"""The appointment slots of a campaign, worked out from its opening hours.

Slots are not stored before somebody holds them: the same calendar gives the same slots with the same ids everywhere.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callwright_common.campaign import WEEKDAYS, Calendar
from vocabulary.turns import Slot

OFFER_LIFETIME = timedelta(minutes=30)
"""How long a slot that was offered may still be held although the calendar's notice is over."""

_STAMP = "%Y%m%dT%H%MZ"


class SlotCalendar:
    """The slots of one campaign."""

    def __init__(self, campaign_id: str, calendar: Calendar) -> None:
        self._campaign_id = campaign_id
        self._calendar = calendar
        self._zone = ZoneInfo(calendar.timezone)
        self._length = timedelta(minutes=calendar.slot_minutes)

    def slots(self, now: datetime, from_time: datetime | None, to_time: datetime | None) -> Iterator[Slot]:
        """Yields the slots that start in a span of time, as far as the calendar offers any now.

        Args:
            now: The time of the request.
            from_time: The earliest start; None for as soon as the calendar allows.
            to_time: Starts are before this; None for as late as the calendar allows.
        """
        earliest = now + timedelta(hours=self._calendar.notice_hours)
        if from_time is not None:
            earliest = max(earliest, from_time)
        today = now.astimezone(self._zone).date()
        for days in range(self._calendar.days_ahead + 1):
            for slot in self._slots_of(today + timedelta(days=days)):
                if to_time is not None and slot.start_time >= to_time:
                    return
                if slot.start_time >= earliest:
                    yield slot

    def find(self, slot_id: str, now: datetime) -> Slot | None:
        """Returns the slot with an id if the calendar has it and it may be held now, else None."""
        stamp = slot_id.removeprefix(f"{self._campaign_id}/").partition("/")[0]
        try:
            start = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            return None
        notice = timedelta(hours=self._calendar.notice_hours) - OFFER_LIFETIME
        if start < now + max(notice, timedelta()):
            return None
        day = start.astimezone(self._zone).date()
        if day > now.astimezone(self._zone).date() + timedelta(days=self._calendar.days_ahead):
            return None
        return next((slot for slot in self._slots_of(day) if slot.slot_id == slot_id), None)

    def _slots_of(self, day: date) -> Iterator[Slot]:
        """Yields the day's slots; hours that the clock change skips have none, repeated ones have them once."""
        if self._calendar.is_closed_on(day):
            return
        free_from = datetime.min.replace(tzinfo=UTC)
        for opens, closes in sorted(_span(hours) for hours in self._calendar.hours.get(WEEKDAYS[day.weekday()], ())):
            closing = datetime.combine(day, closes)
            local = datetime.combine(day, opens)
            while local + self._length <= closing:
                start = local.replace(tzinfo=self._zone).astimezone(UTC)
                end = start + self._length
                exists = start.astimezone(self._zone).replace(tzinfo=None) == local
                if exists and start >= free_from and end <= closing.replace(tzinfo=self._zone).astimezone(UTC):
                    minutes = self._length // timedelta(minutes=1)
                    slot_id = f"{self._campaign_id}/{start.strftime(_STAMP)}/{minutes}"
                    yield Slot(slot_id, self._campaign_id, start, end)
                    free_from = end
                local += self._length


def _span(hours: str) -> tuple[time, time]:
    opens, _, closes = hours.partition("-")
    return time.fromisoformat(opens), time.fromisoformat(closes)


def campaign_of(slot_id: str) -> str:
    """Returns the campaign that a slot's id names."""
    return slot_id.partition("/")[0]
