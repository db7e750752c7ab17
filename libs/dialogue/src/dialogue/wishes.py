"""What a caller wishes about when, given what was spoken of before."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from callwright_common.campaign import Campaign
from dialogue.analysis import Analysis
from dialogue.intents import Intent
from dialogue.moments import ANY_TIME, Moment
from dialogue.state import ABOUT_TIMES, DialogueState
from vocabulary.enums import Expectation


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
    if moment.bounds_hours:
        state.wished_hours = moment.hours_only
    elif moment.at is not None:
        state.wished_hours = None
    if moment.first_day is not None and moment.last_day is not None and moment.first_day != moment.last_day:
        state.wished_days = (moment.first_day, moment.last_day)
    elif moment.first_day is not None:
        state.wished_days = None
