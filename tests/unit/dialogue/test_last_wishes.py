"""The last wish counts, in the hours that were offered; what the calendar never has is told as it is."""

from datetime import datetime, time, timedelta

import pytest

from fakes.spoken_calls import MONDAY, QUALIFIES, SOLAR, SpokenCall
from vocabulary.enums import Expectation, WorkflowState
from vocabulary.turns import Slot

_WORKDAYS = ("monday", "tuesday", "wednesday", "thursday")
_HOURS = dict.fromkeys(_WORKDAYS, ("06:00-12:00", "15:00-20:00")) | {"friday": ("06:00-12:00",)}
EARLY = SOLAR.model_copy(update={"calendar": SOLAR.calendar.model_copy(update={"hours": _HOURS})})
"""A campaign with times before work and after it, on Fridays only before noon."""


def early_call(*said: str) -> SpokenCall:
    slots = []
    for ahead in range(1, 15):
        day = MONDAY.date() + timedelta(days=ahead)
        for span in _HOURS.get(f"{day:%A}".lower(), ()):
            for hour in range(int(span[:2]), int(span[6:8])):
                start = datetime.combine(day, time(hour), MONDAY.tzinfo)
                slots.append(Slot(f"{start:%m-%d-%H}", "", start, start + timedelta(hours=1)))
    call = SpokenCall(EARLY, slots=slots)
    call.say(*QUALIFIES, *said)
    return call


def solar_call(*said: str) -> SpokenCall:
    call = SpokenCall()
    call.say(*QUALIFIES, *said)
    return call


def starts(call: SpokenCall) -> list[tuple[int, int]]:
    """Returns the day and hour of what was offered last."""
    return [(slot.start_time.day, slot.start_time.hour) for slot in call.state.offered]


def days(call: SpokenCall) -> set[int]:
    return {day for day, _ in starts(call)}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Tomorrow at nine works. Oh dear, no, tomorrow the roofers are here. Anything on Thursday?", {26}),
        ("The Wednesday one, I think. Hang on, my son has a recital Wednesday. Could it be Friday?", {27}),
        ("Wednesday at one. You know what, Wednesday is our anniversary. Friday would be better.", {27}),
        ("Thursday at ten, I guess. Ah, that is the parade. What about the week after?", {30, 1}),
        ("It's Thanksgiving this week and the house is full. How about next week?", {30, 1}),
        ("The first one. No wait, tomorrow I have the dentist. Do you have Monday next week?", {30}),
        ("Not Wednesday, I'm away Wednesday. Friday.", {27}),
        ("Thursday's out, we have guests. I'd say the week after, a Friday.", {4}),
    ],
)
def test_of_several_wishes_the_last_one_counts(said: str, meant: set[int]) -> None:
    assert days(solar_call(said)) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Thursday or Friday, both are good", {26, 27}),
        ("Thursday is good. Friday works too.", {26, 27}),
    ],
)
def test_a_wish_beside_another_takes_nothing_back(said: str, meant: set[int]) -> None:
    assert days(solar_call(said)) == meant


@pytest.mark.parametrize("said", ["Seven", "Six, I suppose", "let us do seven then"])
def test_a_bare_hour_is_the_one_that_was_offered(said: str) -> None:
    call = early_call("Thursday before work", said)
    assert call.state.chosen is not None
    assert call.state.chosen.start_time.hour < 12


def test_an_hour_of_the_evening_stays_one_where_evenings_were_offered() -> None:
    call = early_call("Thursday evening after five", "seven's good")
    assert call.state.chosen is not None
    assert call.state.chosen.start_time.hour == 19


def test_of_an_hour_that_the_day_has_twice_both_are_offered() -> None:
    assert starts(early_call("Thursday at seven")) == [(26, 7), (26, 19)]


def test_an_hour_is_put_right_by_its_half_of_the_day() -> None:
    call = early_call("Thursday at seven in the evening", "No, morning. Seven in morning.")
    assert call.state.chosen is not None
    assert call.state.chosen.start_time.hour == 7


@pytest.mark.parametrize("said", ["Friday afternoon", "Friday at three", "Friday night", "Friday after lunch"])
def test_the_hours_of_a_day_are_told_and_two_ways_out_are_offered(said: str) -> None:
    call = early_call(said)
    assert "Friday" in call.replies[-1].text
    assert "noon" in call.replies[-1].text
    assert starts(call)[0] == (27, 11)
    assert starts(call)[1][0] == 30
    assert starts(call)[1][1] >= 12


def test_whoever_insists_on_the_part_of_the_day_takes_the_next_one_in_it() -> None:
    call = early_call("Friday afternoon", "No, it has to be an afternoon.")
    assert call.state.chosen is not None
    assert (call.state.chosen.start_time.day, call.state.chosen.start_time.hour) == (30, 15)


def test_hours_are_meant_on_the_day_that_was_named_before() -> None:
    call = early_call("Friday", "I said afternoon. Like two or three.")
    assert 27 in days(call)
    assert not days(call) & {24, 25, 26}


def test_what_was_cancelled_is_offered_again_only_to_whoever_names_it() -> None:
    call = early_call("Wednesday at three", "yes", "Ann Lee", "Shoot, cancel that, I am busy on Wednesday.")
    assert call.state.booked is None
    call.say("I would like another appointment, in the afternoon")
    assert 25 not in days(call)
    call.say("Wednesday at three after all")
    assert starts(call) == [(25, 15)]


@pytest.mark.parametrize(
    "said",
    [
        "I work out of town all week, Saturdays he's home",
        "It would have to be a Saturday",
        "Could he come on Saturday?",
    ],
)
def test_a_day_that_the_calendar_never_has_is_told_once_and_then_a_human_is_offered(said: str) -> None:
    call = solar_call(said)
    assert "on a Saturday" in call.replies[-1].text
    assert "Monday to Friday" in call.replies[-1].text
    call.say("No, only Saturdays.")
    assert "Monday to Friday" not in call.replies[-1].text
    assert call.state.expecting is Expectation.HUMAN_OFFER


@pytest.mark.parametrize("said", ["no, that is all right", "No thanks", "nah"])
def test_whom_no_time_suits_and_no_human_is_let_go(said: str) -> None:
    call = solar_call("Saturday?", "No, only Saturdays.", said)
    assert call.state.workflow_state is WorkflowState.CLOSING
    assert not call.state.offered or call.state.expecting is Expectation.ANYTHING_ELSE


def test_whom_no_time_suits_may_take_one_after_all() -> None:
    call = solar_call("Saturday?", "No, only Saturdays.", "well, tomorrow at nine then")
    assert call.state.expecting is Expectation.SLOT_CONFIRMATION


@pytest.mark.parametrize(
    "said",
    [
        "You're open till five on Friday. Ugh. Fine, never mind, I'll just come by.",
        "Forget it, we'll just drop in some time",
        "I don't want an appointment",
        "You know what, skip it, I'll just walk in one day",
    ],
)
def test_whoever_lets_it_go_is_offered_no_further_time(said: str) -> None:
    call = solar_call("Friday in the evening?", said)
    assert call.state.expecting in {Expectation.ANYTHING_ELSE, None}
    assert call.state.workflow_state in {WorkflowState.CLOSING, WorkflowState.COMPLETED}
