"""What a caller wishes about when, given what was spoken of before."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from callwright_common.campaign import Campaign
from dialogue.analysis import Analysis
from dialogue.intents import Intent
from dialogue.moments import ANY_TIME, Moment, Span
from dialogue.state import ABOUT_TIMES, DialogueState
from vocabulary.enums import Expectation

_MOST_RULED_OUT = 31


def wished(state: DialogueState, analysis: Analysis) -> Moment:
    """Returns when the caller wants to be met, open unless all that he said about it was understood.

    A weekday is that of the days that are spoken of: "the Tuesday" is next week's once next week was named.
    """
    if analysis.has(Intent.UNCLEAR_TIME):
        return ANY_TIME
    moment = analysis.moment
    if moment.is_open and state.expecting is Expectation.CALL_OR_APPOINTMENT:
        return state.proposed or moment
    names_no_week = moment.first_day is None and moment.last_day is None
    if state.expecting in ABOUT_TIMES and state.wished_days is not None and moment.weekdays and names_no_week:
        first, last = state.wished_days
        days = [first + timedelta(days=ahead) for ahead in range(min(31, (last - first).days + 1))]
        if any(day.weekday() in moment.weekdays for day in days):
            return replace(moment, first_day=first, last_day=last)
    return moment


def wishes_before_times(campaign: Campaign, state: DialogueState, analysis: Analysis) -> bool:
    """Whether a caller who was promised an appointment tells when it suits while he is asked something else."""
    asked = state.expecting is Expectation.ANSWER and state.pending is not None and state.booked is None
    if (
        not (asked and state.wants_appointment)
        or analysis.moment.is_open
        or analysis.has(Intent.CALL_ME, Intent.CALL_LATER)
    ):
        return False
    return not analysis.asks and not any(campaign.question(fact.name) for fact in analysis.told)


def ahead_of_times(state: DialogueState, wish: Moment) -> bool:
    """Whether what was wished for before any time was offered still tells what to offer."""
    return state.wants_appointment and state.booked is None and not state.offered and not wish.names_a_day


def on_day_of(before: Moment | None, wish: Moment) -> Moment:
    """Returns a wish on the days that were wished for before, where it names none itself."""
    if before is None or wish.names_a_day:
        return wish
    return replace(wish, first_day=before.first_day, last_day=before.last_day, weekdays=before.weekdays)


def looked_up(campaign: Campaign, state: DialogueState, wish: Moment) -> Moment:
    """Returns the days to look up: those that are wished for, or those of the times that were offered."""
    discussed = [*state.offered, *([state.chosen] if state.chosen is not None else [])]
    if wish.names_a_day or not discussed:
        return wish
    zone = ZoneInfo(campaign.calendar.timezone)
    days = sorted({slot.start_time.astimezone(zone).date() for slot in discussed})
    return Moment(either=tuple(Moment(day, day) for day in days))


def spoken_of(moment: Moment, state: DialogueState) -> None:
    """Notes the bounds of a wish, for the days that are named after it: its hours, and the span of its days."""
    if moment.at is not None:
        state.wished_hours = None
    elif moment.bounds_hours:
        state.wished_hours = moment.hours_only
    if moment.first_day is not None and moment.last_day is not None and moment.first_day != moment.last_day:
        state.wished_days = (moment.first_day, moment.last_day)
    elif moment.first_day is not None:
        state.wished_days = None


def rule_out(wish: Moment, state: DialogueState) -> None:
    """Notes what does not suit by all that was said about when; what is wished for after all suits again."""
    before, wishes = state.ruled_out or ANY_TIME, wish.either or (wish,)
    days = {one.first_day for one in wishes if one.first_day is not None and one.first_day == one.last_day}
    weekdays = {day.weekday() for day in days}.union(*(one.weekdays for one in wishes))
    parts = [part for part in before.excluded_parts if not any(_lies_in(one, part) for one in wishes)]
    begin = before.first_day
    if wish.first_day is not None and wish.last_day is None:
        begin = wish.first_day
    elif begin is not None and any(one.last_day is not None and one.last_day < begin for one in wishes):
        begin = None
    ruled_out = Moment(
        first_day=begin,
        excluded_weekdays=(before.excluded_weekdays - weekdays) | wish.excluded_weekdays,
        excluded_days=frozenset(sorted((before.excluded_days - days) | wish.excluded_days)[-_MOST_RULED_OUT:]),
        excluded_parts=tuple(dict.fromkeys((*parts, *wish.excluded_parts)))[-_MOST_RULED_OUT:],
        zone=wish.zone or before.zone,
    )
    state.ruled_out = None if ruled_out.is_open else ruled_out


def _lies_in(wish: Moment, part: Span) -> bool:
    """Whether the hours that are wished for lie in a part of the day."""
    if wish.at is not None:
        return any(part[0] <= at.hour < part[1] for at in wish.hours)
    if wish.not_before is None and wish.not_after is None:
        return False
    begin = wish.not_before.hour if wish.not_before is not None else 0
    end = wish.not_after.hour if wish.not_after is not None else 24
    return part[0] <= begin and end <= part[1]
