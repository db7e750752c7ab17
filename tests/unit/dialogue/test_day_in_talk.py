"""Hours and comparisons that follow a day are meant on that day, whether or not it was free when first asked."""

import pytest

from dialogue.turns import Book
from fakes.spoken_calls import SpokenCall, free_slots

ANSWERS = ("lower bills", "180 dollars", "I own it, just me", "in two months", "fifteen grand")


@pytest.mark.parametrize(
    ("said", "day", "hour"),
    [
        (("Friday", "half past nine?", "ten then"), 27, 10),
        (("the first of December", "eight o'clock", "nine"), 1, 9),
        (("Thursday", "twelve fifteen", "one will do"), 26, 13),
        (("Friday", "five thirty in the afternoon", "four then"), 27, 16),
        (("Wednesday at one", "uh, earlier, say eleven"), 25, 11),
        (("Thursday at nine", "a little later, maybe three"), 26, 15),
        (("Friday at two", "make it ten in the morning"), 27, 10),
        (("Thursday at four", "could we say half past ten", "eleven"), 26, 11),
        (("next Monday at three", "sorry, make that ten"), 30, 10),
        (("Wednesday", "ten twenty", "ten"), 25, 10),
        (("tomorrow at one", "earlier, around ten"), 24, 10),
    ],
)
def test_a_lone_hour_is_meant_on_the_day_in_talk(said: tuple[str, ...], day: int, hour: int) -> None:
    call = SpokenCall()
    call.say(*ANSWERS, *said)
    assert call.state.chosen is not None, call.replies[-1].text
    assert (call.state.chosen.start_time.day, call.state.chosen.start_time.hour) == (day, hour)
    call.say("yes please")
    assert any(isinstance(action, Book) for action in call.actions)


@pytest.mark.parametrize("hour", ["ten fifteen", "twelve noon", "half past eight in the morning", "six in the evening"])
def test_an_hour_that_is_not_free_is_answered_with_hours_of_that_day(hour: str) -> None:
    call = SpokenCall()
    call.say(*ANSWERS, "Friday", hour)
    assert {slot.start_time.day for slot in call.state.offered} == {27}


def test_another_day_at_an_hour_leaves_the_day_in_talk() -> None:
    call = SpokenCall()
    call.say(*ANSWERS, "Friday at one", "no, another day at ten")
    assert 27 not in {slot.start_time.day for slot in call.state.offered}


def test_the_booked_day_is_in_talk_when_only_the_hour_is_moved() -> None:
    call = SpokenCall()
    call.say(*ANSWERS, "Thursday at one", "yes", "Ann Lee")
    call.say("could we move it to something earlier, like ten o'clock?")
    assert {slot.start_time.day for slot in call.state.offered} == {26}


@pytest.mark.parametrize("said", ["I'm off on Wednesday, so ten", "Wednesday, I am off then, say ten"])
def test_a_day_off_work_is_a_day_that_suits(said: str) -> None:
    call = SpokenCall()
    call.say(*ANSWERS, said)
    assert call.state.chosen is not None
    assert (call.state.chosen.start_time.day, call.state.chosen.start_time.hour) == (25, 10)


def test_beside_the_nearest_time_of_the_day_the_next_in_that_part_of_the_day_is_offered() -> None:
    slots = [slot for slot in free_slots() if slot.start_time.day != 27 or slot.start_time.hour == 13]
    call = SpokenCall(slots=slots)
    call.say(*ANSWERS, "Friday at one", "ten in the morning then")
    starts = [(slot.start_time.day, slot.start_time.hour) for slot in call.state.offered]
    assert starts[0] == (27, 13)
    assert starts[1][0] == 30
    assert starts[1][1] < 12
    assert "free" in call.replies[-1].text
