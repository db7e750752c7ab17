"""What a caller says does not suit him is never offered, over as many turns as he tells it in."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dialogue.turns import Book
from fakes.spoken_calls import MONDAY, QUALIFIES, SOLAR, SpokenCall
from fakes.spoken_forms import analysis

ZONE = ZoneInfo(SOLAR.calendar.timezone)
Suits = Callable[[datetime], bool]


def starts(call: SpokenCall) -> list[datetime]:
    """Returns when the times begin that were offered last, or wait for a yes."""
    slots = [*call.state.offered, *([call.state.chosen] if call.state.chosen else [])]
    return [slot.start_time.astimezone(ZONE) for slot in slots]


@pytest.mark.parametrize(
    ("said", "suits"),
    [
        (("Not tomorrow. The day after, but later than one",), lambda at: at.day == 25 and at.hour > 13),
        (("Not Wednesday, the day after that, earlier than eleven",), lambda at: at.day == 26 and at.hour < 11),
        (("Next week but not Monday or Tuesday",), lambda at: at.day > 1 and at.weekday() > 1),
        (("Friday's no good and neither is Thursday",), lambda at: at.weekday() not in {3, 4}),
        (("Any time Wednesday except between eleven and two",), lambda at: at.day == 25 and not 11 <= at.hour < 14),
        (("The week after next, mornings are out",), lambda at: at.hour >= 12),
        (("I'd rather avoid Wednesdays", "at ten"), lambda at: at.weekday() != 2 and at.hour == 10),
        (("Tuesdays and Wednesdays are no use to me", "in the afternoon"), lambda at: at.weekday() not in {1, 2}),
        (("Not this week", "nothing before two"), lambda at: at.day != 25 and at.hour >= 14),
        (("Mornings don't suit us", "Friday"), lambda at: at.weekday() == 4 and at.hour >= 12),
        (("Anything but Tuesday", "what else is there"), lambda at: at.weekday() != 1),
        (
            ("No Wednesdays and no Thursdays", "none of those", "none of those either"),
            lambda at: at.weekday() not in {2, 3},
        ),
        (("Next week, though not before Wednesday",), lambda at: at.month == 12 and at.weekday() >= 2),
    ],
)  # fmt: skip
def test_no_time_is_offered_that_was_ruled_out(said: tuple[str, ...], suits: Suits) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES)
    for one in said:
        call.say(one)
        assert starts(call)
    assert all(map(suits, starts(call))), starts(call)


def test_what_is_ruled_out_when_an_appointment_is_asked_for_holds_when_times_are_offered() -> None:
    call = SpokenCall()
    call.say("I'd like to book a visit, but not on a Tuesday or a Wednesday", *QUALIFIES)
    assert {start.weekday() for start in starts(call)}.isdisjoint({1, 2})


@pytest.mark.parametrize(
    "said", ["Not the first one, the other", "Anything but the first one", "The first doesn't work, the other is fine"]
)
def test_of_two_times_the_other_is_meant_where_one_is_denied(said: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES)
    second = call.state.offered[1]
    call.say(said, "yes")
    assert [action.slot_id for action in call.actions if isinstance(action, Book)] == [second.slot_id]


def test_a_day_that_is_wished_for_after_all_is_offered() -> None:
    call = SpokenCall()
    call.say(*QUALIFIES, "not on a Tuesday", "actually, Tuesday would do after all")
    assert {start.weekday() for start in starts(call)} == {1}


def test_where_all_is_ruled_out_another_day_is_asked_for() -> None:
    call = SpokenCall()
    call.say(*QUALIFIES, "mornings are out", "and afternoons are no good either")
    assert starts(call) == []
    assert call.say("Wednesday at ten then").text
    assert [(start.day, start.hour) for start in starts(call)][-1:] == [(25, 10)]


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("any day but Friday, after four", "any day but Friday after four in the afternoon"),
        ("not tomorrow, the day after, but later than one", "Wednesday, November twenty-fifth after one"),
        ("not on the weekend and not before six", "any day but Saturday or Sunday after six in the evening"),
        ("next week, only not on Monday", "but not Monday"),
    ],
)
def test_a_call_back_is_noted_with_what_does_not_suit(said: str, noted: str) -> None:
    call = SpokenCall()
    call.say("I'm busy, call me back another time", said)
    assert noted in call.state.facts["callback_time"].value


@pytest.mark.parametrize(
    ("said", "weekdays", "excluded"),
    [
        ("Thursdays I am at work till four", {3}, set()), ("I'm at work on Thursday until four", {3}, set()),
        ("Fridays are out, and after four please", set(), {4}), ("not Monday, Tuesday or Wednesday", set(), {0, 1, 2}),
        ("not Monday and Wednesday works", {2}, {0}), ("why not Friday", {4}, set()),
        ("Monday is no good, Wednesday afternoon?", {2}, {0}), ("neither Thursday nor Friday", set(), {3, 4}),
        ("I won't be home on Wednesday", set(), {2}), ("nothing on Wednesday or Friday, please", set(), {2, 4}),
    ],
)  # fmt: skip
def test_days_that_are_named_are_told_from_days_that_are_denied(
    said: str, weekdays: set[int], excluded: set[int]
) -> None:
    moment = analysis(said).moment
    assert (set(moment.weekdays), set(moment.excluded_weekdays)) == (weekdays, excluded)


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("before four", {9, 13, 15}), ("later than three", {16}), ("after three", {15, 16}), ("by three", {9, 13, 15}),
        ("not after three", {9, 13, 15}), ("nothing earlier than three", {15, 16}), ("between nine and noon", {9}),
        ("earlier than three is no good", {15, 16}), ("any time but nine", {13, 15, 16}),
    ],
)  # fmt: skip
def test_a_bound_holds_or_lets_in_the_hour_itself_as_it_is_said(said: str, fits: set[int]) -> None:
    moment = analysis(said).moment
    day = MONDAY.astimezone(ZONE)
    assert {hour for hour in (9, 13, 15, 16) if moment.fits(day.replace(hour=hour, minute=0))} == fits


def test_beyond_the_calendar_its_last_days_and_a_call_are_offered() -> None:
    call = SpokenCall()
    call.say(*QUALIFIES)
    reply = call.say("December twentieth, once the kids are back from college")
    assert "call you" in reply.text
    assert {at.isocalendar().week for at in starts(call)} <= {49, 50}


def test_what_does_not_suit_is_kept_from_before_times_were_offered() -> None:
    call = SpokenCall()
    call.say(*QUALIFIES[:-1], "Not on Tuesdays or Wednesdays though", QUALIFIES[-1])
    assert not {at.weekday() for at in starts(call)} & {1, 2}
