"""Times of day as callers name them, exact to the minute."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time
from itertools import islice

from dialogue.grammar.number_words import NO_NOUNS, SURE_NUMBERS, TENS, UNITS
from dialogue.grammar.passages import Passage
from dialogue.language import language
from dialogue.moments import Span

_HEARD = language("times").patterns
_AGE = language("numbers").patterns["age"]

_WORDS = {word: value for word, value in UNITS.items() if value}


def _words(least: int, most: int, words: dict[str, int] = _WORDS) -> str:
    """Returns the words for the numbers within a span, as a regular expression."""
    return f"(?:{'|'.join(word for word, value in words.items() if least <= value <= most)})"


_LANGUAGE = language(
    "clock_times",
    hour_word=_words(1, 12),
    late_hour=_words(13, 19),
    nine=_words(1, 9),
    teen=_words(10, 19),
    fifty=_words(20, 50, TENS),
    number=f"(?:{'|'.join(sorted(SURE_NUMBERS))})",
)
_NAMED = _LANGUAGE.patterns
_EARLIEST_OPENING = 5
_EXPLICIT = ("offset", "half", "digits", "minutes", "late", "ish", "military", "full", "hundred")
"""Parts of a clock time of which each can be of nothing else."""
_MOST_NAMED = 80
"""Nobody names more times in one utterance; each is looked at beside the words around it."""
_OFFSETS = _LANGUAGE.numbers["offsets"]
_FOLLOWERS = re.compile(
    rf"^(?:$| (?:{'|'.join(sorted(NO_NOUNS - {*_LANGUAGE.words['leads_on']}))}|{_LANGUAGE.parts['a_day']})\b)"
)


@dataclass(frozen=True)
class Hours:
    """What was said about the time of day.

    Attributes:
        at: The named time.
        ambiguous_half: Whether neither morning nor afternoon was said with it.
        not_before: The earliest time.
        not_after: The latest time.
        later: Whether the earliest time itself is meant not.
        earlier: Whether the latest time itself is meant not.
        excluded: Spans of hours that do not suit.
        bare: A number that is an hour where times are discussed, and nothing elsewhere.
        unclear: Whether several times were named, none of them as a correction.
    """

    at: time | None = None
    ambiguous_half: bool = False
    not_before: time | None = None
    not_after: time | None = None
    later: bool = False
    earlier: bool = False
    excluded: tuple[Span, ...] = ()
    bare: time | None = None
    unclear: bool = False


@dataclass(frozen=True)
class _Named:
    """A time that was named; `explicit` where it can be nothing else, `led` by words such as "at"."""

    match: re.Match[str]
    at: time
    open_half: bool
    explicit: bool
    led: bool


def find_hours(passage: Passage) -> Hours:
    """Returns what a text says about the time of day, and takes it away."""
    hours = Hours()
    for noon in _HEARD["noon"].finditer(passage.text):
        span = _span_with(passage, _Named(noon, time(12), False, True, True))
        if span is not None:
            hours = _with_range(hours, passage, *span)
            continue
        if passage.before(noon).search(_HEARD["hour_excluded"]):
            hours = _without(hours, time(12), time(12, 59))
        else:
            hours = _bounded(hours, passage, noon, time(12)) or replace(hours, at=time(12))
        passage.take(noon.start(), noon.end())
    named = list(_named(passage))
    position = 0
    while position < len(named):
        one = named[position]
        other = named[position + 1] if position + 1 < len(named) else None
        if other is not None and _is_range(passage, one, other):
            hours = _with_range(hours, passage, one, other)
            position += 2
            continue
        hours = _with_time(hours, passage, one)
        position += 1
    return _seen_from_it(hours, passage)


def _span_with(passage: Passage, noon: _Named) -> tuple[_Named, _Named] | None:
    """Returns the ends of a span of hours of which noon is one: "between nine and noon"; None where it is none."""
    pairs = [(one, noon) if one.match.end() <= noon.match.start() else (noon, one) for one in _named(passage)]
    return next((pair for pair in pairs if _is_range(passage, *pair)), None)


def _seen_from_it(hours: Hours, passage: Passage) -> Hours:
    """Returns the hours with "after that" and "before that", which speak of the time that was named."""
    for side, beside in (("after_that", hours.not_before), ("before_that", hours.not_after)):
        match = _HEARD[side].search(passage.text)
        if match is None or (hours.at is None and beside is None):
            continue
        passage.take(match.start(), match.end())
        if hours.at is not None:
            at, hours = hours.at, replace(hours, at=None, ambiguous_half=False)
            hours = replace(hours, not_before=at) if side == "after_that" else replace(hours, not_after=at)
    return hours


def _named(passage: Passage) -> Iterator[_Named]:
    of_the_day = [_HEARD[part].search(passage.text) is not None for part in ("early_in_the_day", "late_in_the_day")]
    is_early, is_late = of_the_day
    for match in islice(_NAMED["clock"].finditer(passage.text), _MOST_NAMED):
        before = passage.before(match)
        counts = not match["mark"] and _NAMED["counts"].match(passage.after(match))
        if not passage.free(match) or counts or before.search(_NAMED["behind_a_number"]):
            continue
        bare_one = _WORDS.get(match["hour"] or "") == 1 and not (match["digits"] or match["minutes"])
        if bare_one and " " in (match["mark"] or "") and before.search(_HEARD["one_of_several"]):
            continue  # "the one in the morning"
        if (
            bare_one
            and not match["mark"]
            and (before.search(_HEARD["one_of_several"]) or not before.search(_HEARD["leads_one"]))
            and not _stands_alone(passage, match)
        ):
            continue
        at = _clock_time(match)
        if at is None:
            continue
        explicit = any(match[part] for part in _EXPLICIT)
        open_half = not is_early and _is_open_half(match) and at.hour < 13
        late = open_half and is_late and at.hour < 12
        if late:
            at, open_half = at.replace(hour=at.hour + 12), False
        elif open_half and 1 <= at.hour <= 7:
            open_half = at.hour >= _EARLIEST_OPENING
            at = at.replace(hour=at.hour + 12)  # in business one to seven are in the afternoon
        led = before.search(_HEARD["surely_leads_a_time" if match["compact"] else "leads_a_time"]) is not None
        yield _Named(match, at, open_half and at.hour % 12 > 0, explicit or bool(match["mark"]), led)


def _stands_alone(passage: Passage, match: re.Match[str]) -> bool:
    """Whether a "one" counts nothing and nobody, so that it may be an hour."""
    before, after = passage.before(match), passage.after(match)
    return bool(before.search(_HEARD["before_lone_one"]) and _HEARD["after_lone_one"].search(after))


def _is_open_half(match: re.Match[str]) -> bool:
    """Whether it was left open if a time is in the morning or later; "08:30" and "morning" tell."""
    mark = match["mark"] or ""
    told = _HEARD["first_half"].search(mark) or _HEARD["second_half"].search(mark)
    military = bool(match["military"]) or (match["hour"] or match["compact"] or "").startswith("0")
    return not told and not military


def _clock_time(match: re.Match[str]) -> time | None:
    """Returns the time of day of a match, None if there is no such time."""
    minute = 0
    if match["offset"]:
        hour = _number(match["base"])
        minute = _offset(match["offset"]) * (1 if match["past"] else -1)
    elif match["half"]:
        hour, minute = _number(match["half"]), 30
    elif full := match["military"] or match["full"] or match["hundred"]:
        hour = _number(full)
    elif match["compact"]:
        hour, minute = int(match["compact"][:-2]), int(match["compact"][-2:])
    else:
        hour = _number(match["hour"] or match["late"])
        minute = _number(match["digits"] or match["minutes"] or match["late_minutes"] or "0")
    mark = match["mark"] or ""
    if _HEARD["second_half"].search(mark) and hour < 12:
        hour += 12
    elif _HEARD["first_half"].search(mark) and hour == 12:
        hour = 0
    total = (hour * 60 + minute) % (24 * 60)
    return time(total // 60, total % 60)


def _offset(words: str) -> int:
    return sum(_OFFSETS.get(word) or _number(word) for word in words.split())


def _number(words: str) -> int:
    """Returns the number of "05", "oh five", "twelve" or "thirty five"."""
    if words.isdecimal():
        return int(words)
    return sum(_WORDS.get(word, TENS.get(word, 0)) for word in words.replace("-", " ").split())


def _is_range(passage: Passage, first: _Named, second: _Named) -> bool:
    between = _HEARD["between_times"].match(passage.text[first.match.end() : second.match.start()])
    if not between:
        return False
    return not between["loose"] or passage.before(first.match).search(_HEARD["leads_a_range"]) is not None


def _with_range(hours: Hours, passage: Passage, first: _Named, second: _Named) -> Hours:
    lead = passage.before(first.match).search(_HEARD["leads_a_range"])
    begin = lead.start() if lead else first.match.start()
    passage.take(begin, second.match.end())
    before = passage.text[:begin]
    if first.at < second.at and (_HEARD["hour_excluded"].search(before) or _HEARD["busy_between"].search(before)):
        return _without(hours, first.at, second.at)
    return replace(hours, not_before=first.at, not_after=second.at, unclear=hours.unclear or first.at >= second.at)


def _with_time(hours: Hours, passage: Passage, named: _Named) -> Hours:
    """Returns the hours with one more named time taken in."""
    match, before = named.match, passage.before(named.match)
    if denied := before.search(_HEARD["time_denied"]) or before.search(_HEARD["hour_excluded"]):
        passage.take(denied.start(), match.end())
        return _without(hours, named.at, named.at)
    replaces = hours.at is not None and before.search(_HEARD["corrects_before"]) is not None
    certain = named.explicit or named.led or replaces
    bounded = _bounded(hours, passage, match, named.at) if certain or not match["compact"] else None
    if bounded is not None:
        return bounded
    if not certain:
        return _with_bare(hours, passage, named)
    several = hours.at not in {None, named.at} and not _HEARD["corrects_a_time"].search(passage.text)
    passage.take(match.start(), match.end())
    return replace(hours, at=named.at, ambiguous_half=named.open_half, unclear=hours.unclear or several)


def _without(hours: Hours, first: time, last: time) -> Hours:
    """Returns the hours without those from one time to another, which do not suit."""
    end = last.hour + (last.minute > 0 or first == last)
    return replace(hours, excluded=(*hours.excluded, (first.hour, end)))


def _bounded(hours: Hours, passage: Passage, match: re.Match[str], at: time) -> Hours | None:
    """Returns the hours with a named time as the earliest or the latest, None where nothing makes it one."""
    for bound in ("busy_from", "not_before", "not_after"):
        if limit := passage.before(match).search(_HEARD[bound]):
            passage.take(limit.start(), match.end())
            beyond = bool(limit.groupdict().get("beyond"))
            denied = beyond and _HEARD["bound_denied"].search(passage.after(match)) is not None
            if (bound == "not_before") is not denied:
                return replace(hours, not_before=at, later=beyond and not denied)
            return replace(hours, not_after=at, earlier=beyond and not denied)
    for bound in ("from_then_on", "until_then"):
        if limit := _HEARD[bound].search(passage.after(match)):
            passage.take(match.start(), match.end() + limit.end())
            return replace(hours, not_before=at) if bound == "from_then_on" else replace(hours, not_after=at)
    return None


def _with_bare(hours: Hours, passage: Passage, named: _Named) -> Hours:
    """Returns the hours with a bare number, which may be an hour if no noun follows it."""
    before = passage.before(named.match)
    if before.search(_AGE) or (before.search(_HEARD["leads_a_count"]) and _WORDS.get(named.match["hour"] or "") != 1):
        passage.take(named.match.start(), named.match.end())
        return hours
    after = passage.after(named.match)
    stands_alone = _FOLLOWERS.match(after) or _HEARD["follows_bare_hour"].search(after)
    if hours.bare not in {None, named.at} or not stands_alone:
        return hours
    passage.take(named.match.start(), named.match.end())
    return replace(hours, bare=named.at, ambiguous_half=hours.ambiguous_half or named.open_half)
