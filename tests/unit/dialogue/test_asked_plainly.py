"""What is asked for in plain words: a visit, our question once more, no recording; what no fact tells is admitted."""

import pytest

from fakes.spoken_calls import SpokenCall
from vocabulary.enums import Expectation, TransitionTrigger
from vocabulary.turns import EndCall, Transfer

LOWER_BILLS = "my electric bill is too high"
VISITS = (
    "could you put us down for a visit?", "would you send one of your people round to give me an estimate?",
    "please just book me a home visit", "hi, can I get booked in for one of those free surveys?",
    "I'm on a train, could you just schedule me a consultation", "can you have somebody out to my place to measure up?",
)  # fmt: skip
DAYS = (
    "let's do Thursday",
    "no idea. could we just say Wednesday?",
    "okay, Friday then",
    "how about we go with Tuesday",
)
OUR_QUESTION = (
    "did you want my bill or my name?", "sorry, was that the bill you meant?", "did you just ask about my bill",
    "was it the bill you were asking about?",
)  # fmt: skip
NOTHING_TOLD = (
    "and is that with the battery or without?", "does the price include the inverter?", "is the battery included?",
    "what happens to the warranty if your company folds?", "who pays for the warranty once you folks are gone?",
)  # fmt: skip
NO_RECORDING = (
    "I do not want to be recorded", "please turn the recording off", "I'd rather not be taped", "stop recording me",
)  # fmt: skip


@pytest.mark.parametrize("said", VISITS)
def test_a_visit_asked_for_first_is_promised(said: str) -> None:
    call = SpokenCall()
    reply = call.say(said)
    assert reply.trigger is TransitionTrigger.APPOINTMENT_PROMISED, reply.text
    assert call.state.wants_appointment
    assert Transfer not in map(type, reply.actions)


@pytest.mark.parametrize("said", DAYS)
def test_a_day_proposed_in_the_middle_gets_times(said: str) -> None:
    call = SpokenCall()
    call.say(LOWER_BILLS, "two hundred a month", "I own it and decide alone", "in two months", said)
    assert call.state.offered, call.replies[-1].text


@pytest.mark.parametrize("said", OUR_QUESTION)
def test_whoever_says_our_question_over_is_asked_again(said: str) -> None:
    call = SpokenCall()
    call.say(LOWER_BILLS)
    reply = call.say(said)
    assert reply.trigger is TransitionTrigger.REPEAT_REQUESTED, reply.text
    assert not call.state.requested("answer")


@pytest.mark.parametrize("said", ["Oh do I own it. Since ninety-eight.", "Do I decide alone? Ha. Yes, on my own."])
def test_a_question_taken_up_in_the_answer_is_none(said: str) -> None:
    call = SpokenCall()
    call.say(LOWER_BILLS, "two hundred a month", said)
    assert not call.state.requested("answer")


@pytest.mark.parametrize("said", NOTHING_TOLD)
def test_what_a_fact_does_not_tell_is_admitted(said: str) -> None:
    call = SpokenCall()
    call.say(LOWER_BILLS, said)
    assert call.state.requested("answer"), call.replies[-1].text


@pytest.mark.parametrize("said", ["how long would the battery run the house?", "how long would the battery last?"])
def test_how_long_a_battery_holds_is_no_warranty(said: str) -> None:
    call = SpokenCall()
    assert "through the night" in call.say(LOWER_BILLS, said).text


@pytest.mark.parametrize("said", NO_RECORDING)
def test_the_recording_cannot_be_switched_off(said: str) -> None:
    call = SpokenCall()
    call.say(LOWER_BILLS)
    reply = call.say(said)
    assert "switch" in reply.text
    assert not reply.actions
    assert call.state.expecting is Expectation.MOVE_ON
    assert Transfer in map(type, call.say("connect me with a colleague").actions)


@pytest.mark.parametrize("said", ["we'll ring if we change our minds", "I'll tell my landlord then, thanks"])
def test_whoever_will_ring_himself_is_let_go(said: str) -> None:
    call = SpokenCall()
    assert EndCall in map(type, call.say("I'd like solar but I rent my home", said).actions)


def test_a_place_asked_for_after_a_no_is_answered_anew() -> None:
    call = SpokenCall()
    call.say("I would like solar, I live in Cheyenne, Wyoming")
    assert call.say("My aunt is in Boulder though. Do you do Boulder?").text.startswith("Yes")
    assert call.state.out_of_reach is None
