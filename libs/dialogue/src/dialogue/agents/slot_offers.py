"""Free times: which ones are offered, which one was picked, and how they are named."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dialogue.agents.calendar_hours import is_too_far, meant_day, say_if_closed, say_why_not
from dialogue.agents.drafting import Draft
from dialogue.intents import Intent
from dialogue.moments import ANY_TIME, Moment
from dialogue.spoken import spoken_date, spoken_time, spoken_zone
from dialogue.state import NEVER_HAD
from vocabulary.enums import Expectation
from vocabulary.turns import Slot

_NOON = 12
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


def bookable_slots(draft: Draft, *, even_refused: bool = False) -> list[Slot]:
    """Returns the free times by start; those that were refused only where they are named."""
    booked = draft.state.booked
    refused = {*(draft.state.refused_slots if not even_refused else ()), booked.slot_id if booked is not None else ""}
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
    is_exact = moment.names_an_hour and moment.names_a_day
    suiting = still_suiting(draft, bookable_slots(draft, even_refused=is_exact))
    fitting = [slot for slot in suiting if moment.fits(local_start(draft, slot))]
    if moment.at is None and not moment.bounds_hours:
        fitting = preferred(draft, fitting)
    weekdays = moment.weekdays.union(*(one.weekdays for one in moment.either))
    if fitting and weekdays:
        end = fitting[0].start_time + (_A_DAY if len(weekdays) == 1 else _A_WEEK)
        fitting = [slot for slot in fitting if slot.start_time < end]
    return _in_half_in_talk(draft, fitting) if moment.ambiguous_half else fitting


def _in_half_in_talk(draft: Draft, slots: list[Slot]) -> list[Slot]:
    """Returns those of some times in the half of the day in which all times in talk are, else those of both halves."""
    state = draft.state
    in_talk = [*state.offered, *([state.chosen] if state.chosen is not None else [])]
    halves = {local_start(draft, slot).hour < _NOON for slot in in_talk}
    return [slot for slot in slots if {local_start(draft, slot).hour < _NOON} == halves] or slots


def has_both_halves(draft: Draft, slots: list[Slot]) -> bool:
    """Whether some times are in the morning and others later."""
    return len({local_start(draft, slot).hour < _NOON for slot in slots}) > 1


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
    draft.state.named_day = None
    if fitting:
        draft.state.out_of_hours = 0
    elif not moment.is_open:
        draft.state.named_day = meant_day(draft, moment)
        if not is_closed:
            say_why_not(draft, moment)
        fitting = _nearest(draft, free, moment)
        if draft.state.out_of_hours >= NEVER_HAD:
            offer_colleague(draft, fitting)
            return
    if len(fitting) == 1:
        draft.state.chosen, draft.state.offered = fitting[0], fitting
        ask_confirmation(draft, fitting[0], lead=not moment.is_open)
        return
    draft.state.chosen = None
    offer_some(draft, fitting, "time.offer", "time.which_suits")


def offer_colleague(draft: Draft, nearest: list[Slot]) -> None:
    """Offers a human to a caller whom no time suits that the calendar has; he may still take one of those."""
    draft.state.offered, draft.state.chosen, draft.state.out_of_hours = _spread(draft, nearest), None, NEVER_HAD
    draft.ask_for(Expectation.HUMAN_OFFER, "line.offer_colleague")


def offer_some(draft: Draft, slots: list[Slot], deed: str, question: str) -> None:
    """Offers up to two of some times, and asks which of them suits."""
    draft.state.offered = _spread(draft, slots)
    draft.say(deed, times=name_slots(draft, draft.state.offered))
    draft.ask_for(Expectation.SLOT_CHOICE, question)


def _nearest(draft: Draft, free: list[Slot], moment: Moment) -> list[Slot]:
    """Returns the times of the same day, of a named hour the nearest, or those at the same hour; else all.

    Where the day has none in the part of the day that is wished for, the next one that is in it stands beside the
    nearest one of the day.
    """
    same_day = [slot for slot in free if moment.day_only.fits(local_start(draft, slot))]
    if moment.names_a_day and same_day:
        day = local_start(draft, same_day[0]).date()
        on_it = [slot for slot in same_day if local_start(draft, slot).date() == day]
        near = sorted(on_it, key=lambda slot: moment.minutes_off(local_start(draft, slot)))
        if not moment.minutes_off(local_start(draft, near[-1])):
            return same_day
        part = moment.part_of_day
        if any(part.fits(local_start(draft, slot)) for slot in on_it):
            return near[:2]
        in_part = [slot for slot in free if part.fits(local_start(draft, slot))]
        if not in_part:
            return near[:2]
        soonest = next((slot for slot in in_part if local_start(draft, slot).date() > day), in_part[0])
        beside = [one for one in in_part if local_start(draft, one).date() == local_start(draft, soonest).date()]
        closest = min(beside, key=lambda slot: moment.minutes_off(local_start(draft, slot)))
        return sorted([near[0], closest], key=lambda slot: slot.start_time)
    same_hour = [slot for slot in free if moment.fits_hour(local_start(draft, slot))]
    if is_too_far(draft, moment):
        latest = {local_start(draft, slot).date() for slot in same_hour or free}
        last_days = sorted(latest)[-2:]
        return [slot for slot in same_hour or free if local_start(draft, slot).date() in last_days]
    days = replace(moment.day_only, weekdays=frozenset())
    in_span = [slot for slot in same_hour if days.fits(local_start(draft, slot))] if days.names_a_day else []
    return in_span or same_hour or preferred(draft, free)


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
    draft.state.allow(slot)
    draft.say("time.repeat" if lead else "time.only_one", when=when)
    deed = "time.ask_to_book" if draft.state.booked is None else "time.ask_to_move"
    draft.ask_for(Expectation.SLOT_CONFIRMATION, deed)
