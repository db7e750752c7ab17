"""Talk that goes round in circles has an end that a good human would choose, and no reply comes a third time."""

from collections import Counter

import pytest

from fakes.spoken_calls import QUALIFIES, TIME_READ_OUT, SpokenCall
from vocabulary.enums import Expectation, TransitionTrigger
from vocabulary.turns import EndCall, Transfer

SAID_AGAIN = (
    "What is the warranty?", "Do you put in heat pumps?", "Are you a robot?", "Why do you want to know?",
    "Sing me a song.", "My uncle keeps bees in the attic.", "Do you have a shop in town?",
)  # fmt: skip


def ends(call: SpokenCall) -> bool:
    return any(isinstance(action, EndCall | Transfer) for reply in call.replies for action in reply.actions)


def say_until_it_ends(call: SpokenCall, text: str, at_most: int = 12) -> None:
    for _ in range(at_most):
        if ends(call):
            return
        call.say(text)


def most_often(call: SpokenCall) -> int:
    return max(Counter(reply.text for reply in call.replies).values())


@pytest.mark.parametrize("text", SAID_AGAIN)
def test_who_asks_the_same_again_and_again_is_offered_a_human_and_then_let_go_kindly(text: str) -> None:
    call = SpokenCall()
    say_until_it_ends(call, text)
    assert ends(call)
    asked = [reply.asks.expectation for reply in call.replies if reply.asks is not None]
    assert Expectation.HUMAN_OFFER in asked
    assert call.state.requests
    assert most_often(call) < 3


def test_a_yes_to_the_offered_human_connects() -> None:
    call = SpokenCall()
    for _ in range(3):
        call.say("Do you put in heat pumps?")
    assert any(isinstance(action, Transfer) for action in call.say("Yes.").actions)


@pytest.mark.parametrize("text", ["Another time please.", "Do you have anything else?", "None of these."])
def test_who_wants_other_times_again_and_again_is_not_offered_them_without_end(text: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES)
    say_until_it_ends(call, text)
    assert ends(call)
    assert most_often(call) < 3


def test_who_only_says_yes_after_the_booking_is_told_what_is_booked_and_let_go() -> None:
    call = SpokenCall()
    call.say(*TIME_READ_OUT, "Yes.")
    say_until_it_ends(call, "Yes.", at_most=14)
    assert ends(call)
    assert "tomorrow, Tuesday, at nine in the morning" in call.replies[-1].text
    assert call.state.booked is not None


def test_something_new_breaks_the_circle() -> None:
    call = SpokenCall()
    call.say("What is the warranty?", "What is the warranty?", "My electric bill is 180 dollars.")
    assert "?" in call.say("What is the warranty?").text
    assert call.state.expecting is not Expectation.HUMAN_OFFER


def test_a_yes_to_each_of_several_questions_is_no_circle() -> None:
    call = SpokenCall()
    call.say(*TIME_READ_OUT, "Yes.", "Ann Bell", "202 555 0147", "No.")
    call.say("Yes.")
    assert call.state.expecting is Expectation.ANYTHING_ELSE


def test_who_asks_to_wait_again_and_again_is_waited_for_in_other_words() -> None:
    call = SpokenCall()
    for text in ("Hold on.", "One moment.", "Wait.", "Hang on.", "Just a second."):
        assert not call.say(text).actions
    assert most_often(call) == 1


def test_a_screener_hears_the_reason_and_is_waited_for_and_left_with_it_in_the_end() -> None:
    call = SpokenCall()
    call.say("This call is being screened. Please state your name and the reason for your call.")
    held = call.say("Please hold while I connect you.")
    assert held.trigger is TransitionTrigger.WAIT_REQUESTED
    assert not held.actions
    say_until_it_ends(call, "Please state your name and the reason for your call.")
    assert ends(call)
    assert "home solar" in call.replies[-1].text
    assert most_often(call) < 3


def test_who_comes_to_the_phone_behind_a_screener_is_talked_to() -> None:
    call = SpokenCall()
    call.say("Who may I say is calling?", "Please hold.")
    assert call.say("Hello, this is Dan Reed, what is it about?").trigger is not TransitionTrigger.WAIT_REQUESTED
