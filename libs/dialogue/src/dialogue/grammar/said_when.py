"""Reads the days and hours of an utterance; whatever looks like a time and was not understood makes it unclear."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dialogue.grammar.clock_times import Hours, find_hours
from dialogue.grammar.days import MONTH, Weekdays, find_days, find_weekdays
from dialogue.grammar.number_words import NO_NOUNS, SURE_NUMBERS
from dialogue.grammar.parts_of_day import find_parts
from dialogue.grammar.passages import Passage
from dialogue.grammar.phones import take_phones
from dialogue.grammar.relative_days import Days, weekday_number
from dialogue.grammar.slot_picks import PLACE
from dialogue.grammar.wished_days import hindrances, in_one, only_tells, wished_clauses
from dialogue.grammar.zones import without_zone
from dialogue.language import language
from dialogue.moments import ANY_TIME, Moment, bounds

_TIMES = language("times")
_HEARD, _WORDS = _TIMES.patterns, _TIMES.words
_TIME_WORDS = frozenset(_WORDS["time_words"])

_OR = f" {_WORDS['or'][0]} "
_WEEK = 7
_MONTH_FIRST = ("America/", "US/")
_MOST_WORDS_WITH_A_BARE_HOUR = 10
_SOON = timedelta(days=7)
"""What somebody does after which a later day would suit is why, and no hour of that day."""
_NUMBER = rf"(?:\d+(?:[:./-]\d+)*|{'|'.join(sorted(SURE_NUMBERS))})"
_NO_NOUN = rf"(?:$| ?·| (?:{'|'.join(sorted(NO_NOUNS | _TIME_WORDS))})\b)"
_UNCLEAR = language("unclear_times", number=_NUMBER, no_noun=_NO_NOUN, month=MONTH).patterns
"""What is left of a text where a time was named that nothing understood."""


@dataclass(frozen=True)
class SaidWhen:
    """What an utterance says about when.

    Attributes:
        moment: The days and hours that were understood.
        bare_hour: The hours with a number that stands alone, an hour only where times are discussed.
        unclear: Whether something about when was said that was not understood.
        without_days: The text without the days in it, where "the 3rd" is no date any more.
        zone: The time zone that was named; empty for none.
    """

    moment: Moment = ANY_TIME
    bare_hour: Moment = ANY_TIME
    unclear: bool = False
    without_days: str = ""
    zone: str = ""


def find_moment(text: str, now: datetime, zone: str = "", spoken_of: datetime | None = None) -> SaidWhen:
    """Returns what a plain text says about when; of two moments either fits.

    Args:
        text: Plain words.
        now: The local time in the calendar.
        zone: The time zone of the caller, if he told one before: his hours are meant in it.
        spoken_of: The time that is spoken of: "the day after", "the same time" are told by it.
    """
    text, named = without_zone(text)
    there = ZoneInfo(named or zone) if named or zone else now.tzinfo
    said = _either_moment(text, now.astimezone(there), spoken_of.astimezone(there) if spoken_of is not None else None)
    if not (named or zone):
        return said
    moment, bare_hour = (_in_zone(one, named or zone) for one in (said.moment, said.bare_hour))
    return replace(said, moment=moment, bare_hour=bare_hour, zone=named)


def read_when(clauses: tuple[str, ...], now: datetime, zone: str = "", spoken_of: datetime | None = None) -> SaidWhen:
    """Returns what the clauses of an utterance wish about when, given what others tell of days that do not suit.

    What is only told beside a wish that is clear by itself makes it no less clear.
    """
    wished, busy = wished_clauses(clauses), hindrances(clauses)
    spoken_of = _only_day(busy, now) or spoken_of
    when = find_moment(in_one(wished), now, zone, spoken_of)
    if when.unclear:
        clear = in_one(piece for piece in wished if not only_tells(piece))
        beside = find_moment(clear, now, zone, spoken_of)
        if not (beside.unclear or (beside.moment.is_open and beside.bare_hour.is_open)):
            when = beside
    if when.unclear:
        when = _last_named(wished, now, zone, spoken_of) or when
    if when.unclear:
        return when
    for hindrance in busy:
        when = _without(when, find_moment(hindrance, now, zone).moment, _HEARD["until_day"].search(hindrance))
    denied = find_weekdays(Passage(" ".join(clauses))).excluded
    return when if when.moment.is_open else _without(when, Moment(excluded_weekdays=denied))


def _only_day(busy: tuple[str, ...], now: datetime) -> datetime | None:
    """Returns the one day on which somebody is busy, from which "the day after" is seen; None for none or several."""
    moment = find_moment(busy[0], now).moment if len(busy) == 1 else ANY_TIME
    named = {day for day in _days_from(now.date()) if day.weekday() in moment.weekdays | moment.excluded_weekdays}
    if moment.first_day is not None and moment.first_day == moment.last_day:
        named.add(moment.first_day)
    return datetime.combine(named.pop(), now.time(), now.tzinfo) if len(named) == 1 else None


def _last_named(pieces: tuple[str, ...], now: datetime, zone: str, spoken_of: datetime | None) -> SaidWhen | None:
    """Returns the day and hour of the last clause that says anything of when, if it is clear by itself."""
    for piece in reversed(pieces):
        when = find_moment(piece, now, zone, spoken_of)
        if when.unclear or not when.moment.is_open:
            return when if when.moment.names_one_day and when.moment.at is not None and not when.unclear else None
    return None


def _without(when: SaidWhen, busy: Moment, until: re.Match[str] | None = None) -> SaidWhen:
    """Returns the same without the days on which somebody has no time; who is away until a day is back then."""
    first, last = busy.first_day, busy.last_day
    one_day = frozenset({first}) if first is not None and first == last else frozenset[date]()
    begin = first if last is None else None
    if last is not None and first != last:
        begin = last if until is not None else last + timedelta(days=1)

    def cleared(moment: Moment) -> Moment:
        if moment.either:
            return moment
        return replace(
            moment,
            first_day=moment.first_day or begin,
            excluded_weekdays=moment.excluded_weekdays | ((busy.weekdays | busy.excluded_weekdays) - moment.weekdays),
            excluded_days=moment.excluded_days | busy.excluded_days | (one_day - {moment.first_day}),
        )

    bare_hour = when.bare_hour if when.bare_hour.is_open else cleared(when.bare_hour)
    return replace(when, moment=cleared(when.moment), bare_hour=bare_hour)


def _in_zone(moment: Moment, zone: str) -> Moment:
    if moment.is_open:
        return moment
    return replace(moment, zone=zone, either=tuple(_in_zone(one, zone) for one in moment.either))


def _either_moment(text: str, now: datetime, spoken_of: datetime | None) -> SaidWhen:
    sides = [_find_moment(side, now, spoken_of) for side in text.split(_OR)] if text.count(_OR) == 1 else []
    moments = tuple(side.moment for side in sides)
    if sides and all(one.names_a_day and (one.at or one.not_before or one.not_after) for one in moments):
        unclear = any(side.unclear for side in sides)
        return SaidWhen(Moment(either=moments), unclear=unclear, without_days=text)
    return _either_hour(sides, text) or _find_moment(text, now, spoken_of)


def _either_hour(sides: list[SaidWhen], text: str) -> SaidWhen | None:
    """Returns the two hours of "three thirty or four", on the day that is named with one of them; None for no such."""
    moments = [side.moment if side.moment.at is not None else side.bare_hour for side in sides]
    if any(one.at is None for one in moments) or any(side.unclear for side in sides) or not sides:
        return None
    if _HEARD["corrects_a_side"].search(text):
        return replace(sides[1], without_days=text)
    day = next((one.day_only for one in moments if one.names_a_day), ANY_TIME)
    both = tuple(one if one.names_a_day else _on_day(day, one) for one in moments)
    return SaidWhen(day, Moment(either=both), without_days=text)


def _on_day(day: Moment, hour: Moment) -> Moment:
    return replace(day, at=hour.at, ambiguous_half=hour.ambiguous_half, zone=hour.zone)


def _find_moment(text: str, now: datetime, spoken_of: datetime | None) -> SaidWhen:
    passage = Passage(text)
    phone = bool(take_phones(passage))
    zone = now.tzinfo.key if isinstance(now.tzinfo, ZoneInfo) else ""
    days = _weekday_after_that(passage, now.date(), spoken_of)
    days = days or find_days(passage, now.date(), day_first=not zone.startswith(_MONTH_FIRST))
    named = find_weekdays(passage)
    weekdays, excluded = named.fitting, named.excluded
    days = _days_beside(passage, days, _only_denied(days, named, now.date()), spoken_of)
    shifted = _HEARD["shifted"].search(text) if spoken_of is not None and days == Days() else None
    if spoken_of is not None and shifted is not None:
        passage.take(shifted.start(), shifted.end())
        at = spoken_of + _shift(shifted)
        return SaidWhen(Moment(at.date(), at.date(), at=at.time()), without_days=passage.rest)
    without_days = passage.rest
    for match in PLACE.finditer(without_days):
        passage.take(match.start(), match.end())
    rest = passage.rest
    hours = find_hours(passage)
    if hours == Hours() and (same := _HEARD["this_time"].search(text)):
        hours = Hours(at=now.time().replace(second=0, microsecond=0))
        passage.take(same.start(), same.end())
    if hours == Hours() and spoken_of is not None and (same := _HEARD["same_time"].search(text)):
        hours = Hours(at=spoken_of.time())
        passage.take(same.start(), same.end())
    bounded = hours.not_before is not None or hours.not_after is not None
    if bounded and named.in_part and not weekdays:
        weekdays, excluded = excluded, weekdays  # "Thursdays I work until three"
    unclear = days.unclear or hours.unclear
    if days.first is not None and days.first == days.last:
        unclear = unclear or bool(weekdays and days.first.weekday() not in weekdays)
        weekdays = frozenset()
    moment = Moment(days.first, days.last, weekdays, excluded, days.denied)
    moment = _with_parts(moment, hours, passage, rest)
    bare_hour = ANY_TIME
    short = len(text.split()) <= _MOST_WORDS_WITH_A_BARE_HOUR and not _HEARD["money"].search(text)
    if short and hours.bare is not None and hours.at is None and hours.not_before is None and hours.not_after is None:
        bare_hour = replace(moment, at=hours.bare, ambiguous_half=hours.ambiguous_half, not_before=None, not_after=None)
    unclear = unclear or (phone and moment.names_a_day and moment.at is None)  # an hour may be among its digits
    if not (moment.is_open and bare_hour.is_open and _HEARD["money"].search(text)):
        unclear = unclear or _UNCLEAR["left"].search(passage.rest) is not None
    soon = days.first is None or days.first <= now.date() + _SOON
    names_only_days = soon and moment.names_a_day and moment.at is None and not moment.bounds_hours
    unclear = unclear or (names_only_days and _UNCLEAR["own_bound"].search(passage.rest) is not None)
    return SaidWhen(moment, bare_hour, unclear, without_days)


def _weekday_after_that(passage: Passage, today: date, spoken_of: datetime | None) -> Days | None:
    """Returns the day of "the Monday after that": behind the day that is spoken of, else the next one."""
    match = _HEARD["weekday_after_that"].search(passage.text)
    if match is None:
        return None
    weekday = weekday_number(match["weekday"])
    seen_from = spoken_of.date() if spoken_of is not None else today
    day = seen_from + timedelta(days=(weekday - seen_from.weekday() - 1) % _WEEK + 1)
    passage.take(match.start(), match.end())
    return Days(day, day)


def _only_denied(days: Days, named: Weekdays, today: date) -> date | None:
    """Returns the one day that was named, if only to say that it does not suit; None for none or several."""
    if named.fitting or days.unclear or len(days.denied) + len(named.excluded) != 1:
        return None
    if days.denied:
        return min(days.denied)
    return next(day for day in _days_from(today) if day.weekday() in named.excluded) if days == Days() else None


def _days_from(today: date) -> Iterator[date]:
    """Yields the days of the week that begins tomorrow."""
    return (today + timedelta(days=ahead) for ahead in range(1, 8))


def _days_beside(passage: Passage, days: Days, denied: date | None, spoken_of: datetime | None) -> Days:
    """Returns the day of "the day after" or "the same day", seen from the one denied or spoken of; else `days`."""
    seen_from = denied or (spoken_of.date() if spoken_of is not None and days == Days() else None)
    if seen_from is None:
        return days
    for name, ahead in (("day_after_that", 1), ("day_before_that", -1), ("same_day", 0)):
        if match := _HEARD[name].search(passage.text):
            passage.take(match.start(), match.end())
            day = seen_from + timedelta(days=ahead)
            return replace(days, first=day, last=day)
    if match := _HEARD["that_week"].search(passage.text):
        passage.take(match.start(), match.end())
        monday = seen_from - timedelta(days=seen_from.weekday())
        return replace(days, first=monday, last=monday + timedelta(days=6))
    return days


def _shift(match: re.Match[str]) -> timedelta:
    """Returns how far "an hour later" or "push it back a day" moves a time."""
    count, unit = match["count"] or match["number"], match["unit"] or match["measure"]
    length = timedelta(hours=_TIMES.numbers["hours_of"][unit]) * _TIMES.measures["shifts"].get(count, 1)
    return length if (match["way"] or match["turn"]) in _WORDS["later_ways"] else -length


def _with_parts(moment: Moment, hours: Hours, passage: Passage, without_days: str) -> Moment:
    """Returns the moment with the hours and the parts of the day that were named; a part narrows a bound."""
    not_before, not_after = hours.not_before, hours.not_after
    part, excluded = find_parts(passage, without_days)
    if part is not None and hours.at is None:
        begin, end = bounds(part)
        narrowed = max(begin, not_before or begin), min(end, not_after or end)
        if narrowed[0] < narrowed[1]:
            not_before, not_after = narrowed
    return replace(
        moment,
        at=hours.at,
        ambiguous_half=hours.at is not None and hours.ambiguous_half,
        not_before=not_before,
        not_after=not_after,
        later=hours.later and not_before == hours.not_before,
        earlier=hours.earlier and not_after == hours.not_after,
        excluded_parts=(*excluded, *hours.excluded),
    )
