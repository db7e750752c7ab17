"""Times as callers say them: whatever the form, the booked time is the one that was meant, or nothing is booked."""

from datetime import date, datetime, time, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words  # type: ignore[import-untyped]

from fakes.spoken_calls import MONDAY, QUALIFIES, SpokenCall
from vocabulary.enums import Expectation
from vocabulary.turns import Slot

DAYS = 45
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
COUNTED = [*((number, "day", 1) for number in range(1, 15)), (1, "week", 7), (2, "week", 7)]
NOWS = [MONDAY, *(MONDAY.replace(year=year, month=month, day=day) for year, month, day in (
    (2026, 12, 31), (2027, 2, 27), (2028, 2, 24), (2026, 10, 30),
))]  # fmt: skip


def every_quarter_of_an_hour(now: datetime) -> list[Slot]:
    """Returns a calendar where any wrong time is free too."""
    slots = []
    for ahead in range(1, DAYS):
        for quarter in range(7 * 4, 20 * 4):
            day = (now + timedelta(days=ahead)).replace(hour=quarter // 4, minute=quarter % 4 * 15)
            slots.append(Slot(f"{day:%m-%d-%H-%M}", "", day, day))
    return slots


@cache
def offered_at(now: datetime) -> SpokenCall:
    """Returns a call in which times were just offered."""
    call = SpokenCall(slots=every_quarter_of_an_hour(now), now=now)
    call.say(*QUALIFIES)
    return call


def call_at(stage: Expectation, now: datetime = MONDAY) -> SpokenCall:
    """Returns a call in which times were offered, or one of them waits for a yes."""
    offered = offered_at(now)
    call = SpokenCall(slots=offered.slots, now=now)
    call.state = offered.state
    if stage is Expectation.SLOT_CONFIRMATION:
        call.say("the first one")
    assert call.state.expecting is stage
    return call


def words(number: int) -> str:
    return str(num2words(number))


def counts(number: int) -> st.SearchStrategy[str]:
    ways = [str(number), words(number), words(number).replace("-", " ")]
    return st.sampled_from(ways + (["a", "one"] if number == 1 else []))


@st.composite
def days(draw: st.DrawFn) -> tuple[datetime, str, date]:
    """Draws a day on which a call takes place, another as it is said then, and the day that is meant."""
    now = draw(st.sampled_from(NOWS))
    return (now, *draw(days_seen_from(now.date())))


@st.composite
def days_seen_from(draw: st.DrawFn, today: date) -> tuple[str, date]:
    """Draws a day as it is said, and the day that is meant."""
    kind = draw(st.sampled_from(["counted", "in", "weekday", "date", "near", "mixed"]))
    anchors = {
        "today": today, "now": today, "tomorrow": today + timedelta(days=1),
        "the day after tomorrow": today + timedelta(days=2),
        **{f"{today + timedelta(days=number):%A}": today + timedelta(days=number) for number in range(1, 7)},
    }  # fmt: skip
    anchor = draw(st.sampled_from(sorted(anchors)))
    number, unit, size = draw(st.sampled_from(COUNTED))
    count = draw(counts(number))
    plural = unit if number == 1 else f"{unit}s"
    match kind:
        case "counted":
            side = draw(st.sampled_from(["from", "after"]))
            return f"{count} {plural} {side} {anchor}", anchors[anchor] + timedelta(days=number * size)
        case "mixed":
            extra = draw(counts(3))
            meant = anchors[anchor] + timedelta(days=number * size + 3)
            return f"{count} {plural} and {extra} days from {anchor}", meant
        case "in":
            lead = draw(st.sampled_from(["in", "about", ""]))
            tail = draw(st.sampled_from([" from now", " from today", " hence"]))
            if lead == "in" and unit == "day":
                return f"in {count} {plural}", today + timedelta(days=number)
            return f"{count} {plural}{tail}", today + timedelta(days=number * size)
        case "weekday":
            ahead = draw(st.integers(1, 6))
            name = f"{today + timedelta(days=ahead):%A}"
            weeks = draw(
                st.sampled_from(["", " week", "a week on ", "a week from ", "two weeks from ", "two weeks on "])
            )
            meant = today + timedelta(days=ahead + 7 * (2 if "two" in weeks else bool(weeks)))
            return (f"{weeks}{name}" if weeks.endswith(" ") else f"{name}{weeks}"), meant
        case "date":
            meant = today + timedelta(days=draw(st.integers(1, DAYS - 1)))
            month = f"{meant:%B}"
            ordinal = num2words(meant.day, to=draw(st.sampled_from(["ordinal", "ordinal_num"])))
            forms = [f"{month} {ordinal}", f"the {ordinal} of {month}", f"{month} {meant.day}", f"{meant.day} {month}"]
            forms += [f"{meant:%A}, {month} {ordinal}", f"{meant:%Y-%m-%d}", f"{meant.month}/{meant.day}",
                      f"{meant:%m/%d/%Y}", f"{meant:%b} {meant.day}", f"{meant.day} {meant:%b}"]  # fmt: skip
            return draw(st.sampled_from(forms)), meant
        case _:
            near = [("tomorrow", 1), ("the day after tomorrow", 2), ("day after tomorrow", 2)]
            said = draw(st.sampled_from([*near, ("a week today", 7), ("a week tomorrow", 8), ("two weeks today", 14)]))
            return said[0], today + timedelta(days=said[1])


@st.composite
def hours(draw: st.DrawFn) -> tuple[str, time]:
    """Draws a time of day as it is said or written, and the time that is meant."""
    at = time(draw(st.integers(8, 17)), draw(st.sampled_from([0, 15, 30, 45, 5, 35, 50])))
    hour, following = at.hour % 12 or 12, at.hour % 12 + 1
    early = at.hour < 12
    mark = draw(st.sampled_from(["am", "a.m.", "in the morning"] if early else ["pm", "p.m.", "in the afternoon"]))
    spoken = words(at.minute) if at.minute >= 10 else f"oh {words(at.minute)}"
    if not at.minute:
        forms = [f"{hour} {mark}", f"{words(hour)} {mark}", f"{hour}{'am' if early else 'pm'}",
                 f"{hour}:00 {mark}", f"{hour}.00 {mark}", f"{words(hour)} o'clock {mark}", f"{at:%H:%M}",
                 f"{words(at.hour)} hundred hours", f"{hour} {'a' if early else 'p'} m"]  # fmt: skip
    else:
        forms = [f"{hour}:{at:%M} {mark}", f"{hour}.{at:%M} {mark}", f"{hour}{at:%M} {mark}", f"{hour} {at:%M} {mark}",
                 f"{words(hour)} {spoken} {mark}", f"{words(hour)} {spoken.replace('-', ' ')} {mark}", f"{at:%H:%M}",
                 f"{at:%H.%M}"]  # fmt: skip
        forms += {15: [f"quarter past {words(hour)} {mark}", f"a quarter past {hour} {mark}"],
                  30: [f"half past {words(hour)} {mark}", f"half past {hour} {mark}"],
                  45: [f"quarter to {words(following)}", f"quarter to {following}"],
                  5: [f"five past {words(hour)} {mark}", f"5 minutes past {hour} {mark}"],
                  50: [f"ten to {words(following)}", f"10 to {following}"]}.get(at.minute, [])  # fmt: skip
    return draw(st.sampled_from(forms)), at


leads = st.sampled_from(["", "uh, ", "how about ", "could we do ", "Let's say ", "What about ", "I'd prefer ", "no, "])
tails = st.sampled_from(["", " please", ", if that works", ".", " would be good", "?"])
stages = st.sampled_from([Expectation.SLOT_CHOICE, Expectation.SLOT_CONFIRMATION])


@settings(max_examples=600, deadline=None)
@given(stage=stages, day=days(), hour=hours(), hour_first=st.booleans(), lead=leads, tail=tails)
def test_the_booked_time_is_the_meant_one_or_nothing_is_booked(
    stage: Expectation, day: tuple[datetime, str, date], hour: tuple[str, time], hour_first: bool, lead: str, tail: str
) -> None:
    now, named, meant_day = day
    said = f"{hour[0]} {named}" if hour_first else f"{named} at {hour[0]}"
    call = call_at(stage, now)
    call.say(f"{lead}{said}{tail}")
    call.say("yes please")
    if call.state.booked is not None:
        meant = datetime.combine(meant_day, hour[1], now.tzinfo)
        assert call.state.booked.start_time == meant, (said, call.replies[-2].text)


@settings(max_examples=300, deadline=None)
@given(day=days(), lead=leads, tail=tails)
def test_the_offered_day_is_the_meant_one_or_nothing_is_offered(
    day: tuple[datetime, str, date], lead: str, tail: str
) -> None:
    now, named, meant = day
    call = call_at(Expectation.SLOT_CHOICE, now)
    before = call.state.offered
    reply = call.say(f"{lead}{named}{tail}")
    times = [call.state.chosen] if call.state.chosen else call.state.offered
    if times != before:
        offered = {slot.start_time.date() for slot in times}
        assert meant in offered, (day, reply.text)
        assert len(offered) == 1 or named in WEEKDAYS, (day, reply.text)


@settings(max_examples=200, deadline=None)
@given(
    stage=stages,
    digits=st.text("0123456789", min_size=7, max_size=10),
    form=st.sampled_from(["{}", "my number is {}", "call me on {}", "it's {} actually", "you can reach me at {}"]),
    grouped=st.sampled_from(["", " ", "-", ".", "words"]),
)
def test_a_phone_number_is_no_time(stage: Expectation, digits: str, form: str, grouped: str) -> None:
    if grouped == "words":
        number = " ".join(words(int(digit)) for digit in digits)
    else:
        number = grouped.join([digits[:-7], digits[-7:-4], digits[-4:]]).strip(" -.")
    call = call_at(stage)
    chosen = call.state.chosen
    call.say(form.format(number))
    assert call.state.chosen in {None, chosen}
    assert call.state.booked is None


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("four days from today at ten", (11, 27, 10, 0)),
        ("two weeks from tomorrow at nine am", (12, 8, 9, 0)),
        ("Tuesday at 10.30", (11, 24, 10, 30)),
        ("Tuesday 1030", (11, 24, 10, 30)),
        ("Wednesday, ten thirty", (11, 25, 10, 30)),
        ("tomorrow at two thirty five pm", None),
        ("tomorrow at two forty five pm", (11, 24, 14, 45)),
        ("a week from Thursday, half past two", (12, 3, 14, 30)),
        ("Friday week at a quarter to nine", (12, 4, 8, 45)),
        ("tomorrow evening at seven", (11, 24, 19, 0)),
        ("December 3rd at 14:15", (12, 3, 14, 15)),
        ("in three days at noon", (11, 26, 12, 0)),
        ("Tuesday at two, no, three", (11, 24, 15, 0)),
        ("this time tomorrow", (11, 24, 10, 0)),
        ("next Tuesday at ten", (12, 1, 10, 0)),
        ("ten a m mountain time on Tuesday", (11, 24, 10, 0)),
    ],
)
def test_these_forms_are_understood_exactly(said: str, start: tuple[int, int, int, int] | None) -> None:
    call = call_at(Expectation.SLOT_CHOICE)
    call.say(said, "yes please")
    booked = call.state.booked
    if start is None:  # no time of the calendar is meant
        assert booked is None
    else:
        assert booked is not None
        assert booked.start_time == datetime(2026, *start, tzinfo=MONDAY.tzinfo)


@pytest.mark.parametrize("stage", [Expectation.SLOT_CHOICE, Expectation.SLOT_CONFIRMATION])
@pytest.mark.parametrize(
    "said",
    [
        "a week and three days from today", "two and a half weeks from tomorrow", "in a couple of hours",
        "31/31 at ten", "Tuesday the 3rd at ten",
        "three weeks ago", "tomorrow or Thursday at ten", "half an hour before ten",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_asked_back(stage: Expectation, said: str) -> None:
    call = call_at(stage)
    reply = call.say(said)
    assert "exactly" in reply.text
    assert reply.text.endswith("?")
    assert call.state.chosen is None
    call.say("yes")
    assert call.state.booked is None


@pytest.mark.parametrize(
    ("said", "spoken"),
    [
        ("Call me in the second week of January.", "in the second week of January"),
        ("Can you ring me tomorrow at quarter to six?", "at quarter to six in the afternoon"),
        ("Ring me tomorrow at a quarter to eleven in the morning.", "at quarter to eleven in the morning"),
    ],
)
def test_times_are_said_back_as_people_say_them(said: str, spoken: str) -> None:
    assert spoken in SpokenCall().say(said).text


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("Nine tomorrow is lovely, I'm up at six anyhow.", 9), ("Wednesday at one, my boys are home at four.", 13),
        ("What's the latest slot you have on Wednesday?", 16), ("wed", 13),
    ],
)  # fmt: skip
def test_an_hour_of_something_else_and_the_latest_of_a_day_choose(said: str, hour: int) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES, said)
    assert call.state.chosen is not None
    assert call.state.chosen.start_time.hour == hour


@pytest.mark.parametrize("said", ["Wednesday at two or three", "Two or three on Wednesday"])
def test_either_of_two_hours_is_offered_on_the_named_day(said: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES, said)
    assert [slot.start_time.hour for slot in call.state.offered] == [14, 15]
    assert len({slot.start_time.date() for slot in call.state.offered}) == 1
