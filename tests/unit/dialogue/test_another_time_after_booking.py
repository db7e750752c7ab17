"""Callers who think of another time while they are asked for their details."""

import pytest

from dialogue import Book
from fakes.spoken_calls import QUALIFIES, SpokenCall
from vocabulary.enums import Expectation, TransitionTrigger

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


@pytest.mark.parametrize("before", [AT_THE_NAME, AT_THE_PHONE, (*AT_THE_PHONE, "202 555 0144"), READ_BACK])
@pytest.mark.parametrize(
    "said",
    [
        "Hold on, tomorrow at nine, was it?", "So that's tomorrow at nine o'clock, right?", "Tomorrow, did you say?",
        "Let me get this straight, nine o'clock tomorrow?", "And it definitely stands, yes?",
        "Does that stand now?", "Is it fixed then?",
    ],
)  # fmt: skip
def test_a_booked_time_that_is_said_again_is_confirmed_and_stands(before: tuple[str, ...], said: str) -> None:
    call = SpokenCall()
    call.say(*before)
    asked, facts, booked = call.state.expecting, dict(call.state.facts), call.state.booked
    reply = call.say(said)
    assert not reply.actions
    assert "nine in the morning" in reply.text
    assert "noted" not in reply.text
    assert (call.state.expecting, call.state.facts, call.state.booked) == (asked, facts, booked)


def test_a_no_to_a_detail_ahead_of_the_check_is_taken() -> None:
    call = SpokenCall()
    call.say(*AT_THE_PHONE, "202 555 0144")
    reply = call.say("No, none of that. Tomorrow at nine, right?")
    assert "nine in the morning" in reply.text
    assert "email" in call.state.withheld


@pytest.mark.parametrize(
    "said",
    [
        "Take me off for tomorrow again.",
        "My husband just vetoed it, so no.",
        "Scratch that.",
        "Oh, he's shaking his head.",
    ],
)
def test_who_takes_the_appointment_back_is_never_passed_over(said: str) -> None:
    call = SpokenCall()
    call.say(*BOOKED)
    reply = call.say(said)
    assert call.state.booked is None or call.state.expecting is Expectation.CANCELLATION_CHECK
    assert reply.trigger is TransitionTrigger.APPOINTMENT_CHANGED
