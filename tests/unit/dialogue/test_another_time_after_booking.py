"""Callers who think of another time while they are asked for their details."""

import pytest

from dialogue import Book
from fakes.spoken_calls import QUALIFIES, SpokenCall
from vocabulary.enums import TransitionTrigger

BOOKED = (*QUALIFIES, "the first one", "yes")
AT_THE_NAME, AT_THE_PHONE = BOOKED, (*BOOKED, "Ruth Calloway")
READ_BACK = (*AT_THE_PHONE, "202 555 0144", "no e-mail")


@pytest.mark.parametrize("before", [AT_THE_NAME, AT_THE_PHONE, READ_BACK])
@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("Sorry, ten would suit me better.", 10), ("Hmm, could we say three rather?", 15),
        ("Can we make it two instead?", 14), ("Actually could he come at eleven?", 11),
    ],
)  # fmt: skip
def test_another_hour_is_heard_as_such(before: tuple[str, ...], said: str, hour: int) -> None:
    call = SpokenCall()
    call.say(*before)
    facts = dict(call.state.facts)
    reply = call.say(said)
    assert reply.trigger is TransitionTrigger.APPOINTMENT_CHANGED
    assert call.state.chosen is not None
    assert call.state.chosen.start_time.hour == hour
    assert call.state.facts == facts
    assert any(isinstance(action, Book) for action in call.say("yes please").actions)


def test_a_digit_that_is_put_right_moves_nothing() -> None:
    call = SpokenCall()
    call.say(*READ_BACK)
    reply = call.say("Make the last one a two instead of a four.")
    assert reply.trigger is TransitionTrigger.CONTACT_DISCUSSED
    assert call.value("phone").endswith("0142")


def test_a_question_that_names_a_day_before_the_appointment_moves_nothing() -> None:
    call = SpokenCall()
    call.say(*READ_BACK, "yes")
    assert call.say("Do I need to do anything before Tuesday?").trigger is not TransitionTrigger.APPOINTMENT_CHANGED
