"""Why somebody rings: a polite opening hides no reason, and one that was not heard is asked for once more."""

import pytest

from dialogue.analysis import OTHER_CHOICE
from fakes.spoken_calls import SpokenCall
from vocabulary.enums import Expectation

MIDDLING = ("one hundred dollars", "I decide alone", "in five months", "nine thousand dollars")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("I was just wondering about panels, with the outages we get", "backup power"),
        ("We were only calling because our electric bill went up", "lower bills"),
        ("I am kind of curious whether it would do something for our rates", "lower bills"),
        ("I was simply wondering if you could put panels on my barn", "a quote"),
        ("just curious", "just curious"),
        ("no reason, just looking", "just curious"),
    ],
)
def test_a_polite_opening_hides_no_reason(said: str, reason: str) -> None:
    call = SpokenCall()
    call.say(said)
    assert call.state.facts["interest"].value == reason


def undecided() -> SpokenCall:
    call = SpokenCall()
    call.say("My sister has been going on and on")
    assert call.state.facts["interest"].value == OTHER_CHOICE
    call.say(*MIDDLING)
    return call


def test_a_reason_that_was_not_heard_is_asked_for_once_more_before_the_verdict() -> None:
    call = undecided()
    assert (call.state.expecting, call.state.pending) == (Expectation.ANSWER, "interest")
    call.say("we want solar panels on my roof, a quote")
    assert call.state.expecting is Expectation.MOVE_ON  # the visit is offered


def test_it_is_asked_for_once_alone() -> None:
    call = undecided()
    call.say("She keeps talking of it every day")
    assert call.state.pending != "interest"
    assert call.state.expecting is not Expectation.ANSWER
