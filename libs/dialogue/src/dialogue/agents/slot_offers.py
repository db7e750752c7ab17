"""Free times: which ones are offered, which one was picked, and how they are named."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dialogue.agents.calendar_hours import say_if_closed, say_why_not
from dialogue.agents.drafting import Draft
from dialogue.intents import Intent
from dialogue.moments import ANY_TIME, Moment
from dialogue.spoken import spoken_date, spoken_time, spoken_zone
from vocabulary.enums import Expectation
from vocabulary.turns import Slot

_A_DAY, _A_WEEK = timedelta(days=1), timedelta(days=7)


def local_start(draft: Draft, slot: Slot) -> datetime:
    """Returns the start of a slot in the calendar's time zone."""
    return slot.start_time.astimezone(ZoneInfo(draft.campaign.calendar.timezone))


def free_slots(draft: Draft) -> list[Slot]:
    """Returns the free times that may still be offered, by start: none that the caller said does not suit him."""
    return still_suiting(draft, bookable_slots(draft))


def still_suiting(draft: Draft, slots: list[Slot]) -> list[Slot]:
    """Returns those of some times that the caller did not say do not suit him."""
    ruled_out = draft.state.ruled_out or ANY_TIME
    return [slot for slot in slots if ruled_out.fits(local_start(draft, slot))]


def bookable_slots(draft: Draft) -> list[Slot]:
    """Returns the free times that were not refused, by start."""
    booked = draft.state.booked
    refused = {*draft.state.refused_slots, booked.slot_id if booked is not None else ""}
    future = [slot for slot in draft.slots or () if slot.slot_id not in refused and slot.start_time > draft.now]
    future = [slot for slot in future if not draft.campaign.calendar.is_closed_on(local_start(draft, slot).date())]
    return sorted(future, key=lambda slot: (slot.start_time, slot.slot_id))


def preferred(draft: Draft, slots: list[Slot]) -> list[Slot]:
    """Returns those of some times that are closest to the hours that were wished for before."""
    hours = draft.state.wished_hours
    if hours is None:
        return slots
    slots = [slot for slot in slots if hours.fits_hour(local_start(draft, slot))] or slots
    closest = min((hours.minutes_off(local_start(draft, slot)) for slot in slots), default=0)
    return [slot for slot in slots if hours.minutes_off(local_start(draft, slot)) == closest]


def fitting_slots(draft: Draft, moment: Moment) -> list[Slot]:
    """Returns the free times that a wish fits, soonest first; of weekdays those of the next that have any."""
    fitting = [slot for slot in free_slots(draft) if moment.fits(local_start(draft, slot))]
    if moment.at is None and not moment.bounds_hours:
        fitting = preferred(draft, fitting)
    weekdays = moment.weekdays.union(*(one.weekdays for one in moment.either))
    if not (fitting and weekdays):
        return fitting
    end = fitting[0].start_time + (_A_DAY if len(weekdays) == 1 else _A_WEEK)
    return [slot for slot in fitting if slot.start_time < end]


def offer_slots(draft: Draft, moment: Moment) -> None:
    """Offers two or three free times that fit what was said about when, or the nearest ones."""
    free = free_slots(draft)
    if not free and bookable_slots(draft):
        draft.state.offered, draft.state.chosen = [], None
        say_why_not(draft, draft.state.ruled_out or moment)
        draft.ask_for(Expectation.DAY_OR_LEAVE, "time.ask_day")
        return
    if not free:
        draft.say("time.none_free")
        draft.close_by_asking_for(Expectation.CALLBACK_TIME, "callback.ask_time_none_free")
        return
    fitting = fitting_slots(draft, moment)
    is_closed = say_if_closed(draft, moment)
    if not fitting and not moment.is_open:
        if not is_closed:
            say_why_not(draft, moment)
        fitting = _nearest(draft, free, moment)
    if len(fitting) == 1:
        draft.state.chosen, draft.state.offered = fitting[0], fitting
        ask_confirmation(draft, fitting[0], lead=not moment.is_open)
        return
    draft.state.chosen = None
    offer_some(draft, fitting, "time.offer", "time.which_suits")


def offer_some(draft: Draft, slots: list[Slot], deed: str, question: str) -> None:
    """Offers up to two of some times, and asks which of them suits."""
    draft.state.offered = _spread(draft, slots)
    draft.say(deed, times=name_slots(draft, draft.state.offered))
    draft.ask_for(Expectation.SLOT_CHOICE, question)


def _nearest(draft: Draft, free: list[Slot], moment: Moment) -> list[Slot]:
    """Returns the times of the same day or, failing that, at the same hour, else all; of a named hour the nearest."""
    same_day = [slot for slot in free if moment.day_only.fits(local_start(draft, slot))]
    if moment.names_a_day and same_day:
        day = local_start(draft, same_day[0]).date()
        on_it = [slot for slot in same_day if local_start(draft, slot).date() == day]
        near = sorted(on_it, key=lambda slot: moment.minutes_off(local_start(draft, slot)))
        return near[:2] if moment.minutes_off(local_start(draft, near[-1])) else same_day
    same_hour = [slot for slot in free if moment.fits_hour(local_start(draft, slot))]
    return same_hour or preferred(draft, free)


def _spread(draft: Draft, slots: list[Slot]) -> list[Slot]:
    """Returns up to two times that differ as much as they can: another day and the other half of the day."""
    if len(slots) <= 1:
        return slots
    first = slots[0]
    start = local_start(draft, first)

    def difference(slot: Slot) -> tuple[bool, bool, float]:
        other = local_start(draft, slot)
        return (
            other.date() == start.date(),
            (other.hour < 12) == (start.hour < 12),
            abs((other - start).total_seconds()),
        )

    second = min(slots[1:], key=difference)
    return sorted([first, second], key=lambda slot: slot.start_time)


def picked_slot(draft: Draft, offered: list[Slot]) -> Slot | None:
    """Returns the offered time that the caller picked, or None if it is not clear."""
    analysis = draft.analysis
    if draft.has(Intent.BUSY_THEN) or (draft.has(Intent.NO_OFFERED_TIME) and analysis.picks is None):
        return None
    fitting = [slot for slot in offered if draft.moment.fits(local_start(draft, slot))]
    if not draft.moment.is_open and len(fitting) <= 1:
        return fitting[0] if fitting else None
    if analysis.picks is not None and analysis.picks < len(offered):
        return offered[analysis.picks]
    if draft.has(Intent.ANY_TIME) or (len(offered) == 1 and analysis.polarity is True):
        return (fitting or offered)[0]
    return None


def name_slots(draft: Draft, slots: list[Slot]) -> str:
    """Returns the times as they are offered: "tomorrow at ten in the morning or Friday at two in the afternoon".

    A caller who told his time zone is told them in it.
    """
    parts = []
    days = set()
    for slot in slots:
        start, today = _seen_by_caller(draft, slot.start_time), _seen_by_caller(draft, draft.now)
        day = spoken_date(start.date(), today.date())
        at = spoken_time(start.time())
        [named] = draft.wordings("time.same_day" if day in days else "time.day_and_hour", day=day, hour=at)
        parts.append(named)
        days.add(day)
    named = parts[0]
    if len(parts) > 1:
        [named] = draft.wordings("time.one_of", first=", ".join(parts[:-1]), last=parts[-1])
    return f"{named} {spoken_zone(draft.state.zone)}" if draft.state.zone else named


def spoken_start(draft: Draft, slot: Slot) -> str:
    """Returns the start of a slot in full: "tomorrow, Tuesday, at nine in the morning".

    A caller who told his time zone is told it in both: "at nine in the morning Pacific time, which is ten here".
    """
    start, today = _seen_by_caller(draft, slot.start_time), _seen_by_caller(draft, draft.now)
    day, hour = spoken_date(start.date(), today.date(), full=True), spoken_time(start.time())
    [named] = draft.wordings("time.day_and_hour", day=day, hour=hour)
    when = named.replace(",,", ",")
    if not draft.state.zone:
        return when
    here = local_start(draft, slot)
    when = f"{when} {spoken_zone(draft.state.zone)}"
    if here.utcoffset() == start.utcoffset():
        return when
    there = spoken_time(here.time())
    if here.date() != start.date():
        [there] = draft.wordings("time.day_and_hour", day=spoken_date(here.date(), draft.now.date()), hour=there)
    zone = spoken_zone(draft.campaign.calendar.timezone)
    [both] = draft.wordings("time.in_both_zones", when=when, there=there, zone=zone)
    return both


def _seen_by_caller(draft: Draft, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(draft.state.zone or draft.campaign.calendar.timezone))


def ask_confirmation(draft: Draft, slot: Slot, *, lead: bool = True) -> None:
    """Repeats the chosen time and asks whether to book it."""
    when = spoken_start(draft, slot)
    draft.say("time.repeat" if lead else "time.only_one", when=when)
    deed = "time.ask_to_book" if draft.state.booked is None else "time.ask_to_move"
    draft.ask_for(Expectation.SLOT_CONFIRMATION, deed)
