"""The calendar as callers are offered it: slots of the campaign files without those that are taken."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Protocol

from callwright_common.campaign import Campaign
from callwright_common.clock import Clock
from callwright_common.errors import NotFoundError
from persistence.calendar.slot_calendar import SlotCalendar, campaign_of
from vocabulary.turns import Slot


class Holds(Protocol):
    """What is held and booked; see `persistence.tables.booking_store.BookingStore`."""

    async def busy(self, campaign_id: str, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """Returns the start and end of all that is held or booked within a span of time."""
        ...

    async def hold(self, slot: Slot, call_id: str, length: timedelta) -> datetime:
        """Holds a slot for a call and returns the end of the hold; raises AbortedError SLOT_TAKEN."""
        ...


class SlotService:
    """The slots of all campaigns; the clock decides which are still ahead."""

    def __init__(self, campaigns: Mapping[str, Campaign], store: Holds, clock: Clock) -> None:
        self._calendars = {key: SlotCalendar(key, campaign.calendar) for key, campaign in campaigns.items()}
        self._store = store
        self._clock = clock

    async def list_free(
        self, campaign_id: str, from_time: datetime | None, to_time: datetime | None, limit: int
    ) -> list[Slot]:
        """Returns the first free slots that start in a span of time, by their start.

        Raises:
            NotFoundError: CAMPAIGN_NOT_FOUND.
        """
        slots = list(self.calendar(campaign_id).slots(self._clock.now(), from_time, to_time))
        if not slots:
            return []
        busy = await self._store.busy(campaign_id, slots[0].start_time, slots[-1].end_time)
        free = (
            slot for slot in slots if not any(start < slot.end_time and slot.start_time < end for start, end in busy)
        )
        return list(islice(free, limit))

    def calendar(self, campaign_id: str) -> SlotCalendar:
        """Returns the calendar of a campaign.

        Raises:
            NotFoundError: CAMPAIGN_NOT_FOUND.
        """
        calendar = self._calendars.get(campaign_id)
        if calendar is None:
            raise NotFoundError("CAMPAIGN_NOT_FOUND", "there is no campaign with this id")
        return calendar

    async def hold(self, slot_id: str, call_id: str, length: timedelta) -> tuple[Slot, datetime]:
        """Returns the slot, now held for the call, and the end of the hold.

        Raises:
            NotFoundError: SLOT_NOT_FOUND, if the calendar does not offer the slot any more.
            AbortedError: SLOT_TAKEN.
        """
        calendar = self._calendars.get(campaign_of(slot_id))
        slot = calendar.find(slot_id, self._clock.now()) if calendar else None
        if slot is None:
            raise NotFoundError("SLOT_NOT_FOUND", "the calendar does not offer this slot")
        return slot, await self._store.hold(slot, call_id, length)
