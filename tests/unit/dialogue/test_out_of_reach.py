"""Whoever cannot have it is told so plainly, with the reason, and is asked nothing more."""

import pytest

from callwright_common.campaign import CallEnding
from dialogue import summed_up
from fakes.spoken_calls import SOLAR, SpokenCall
from vocabulary.enums import EndReason, Expectation, TransitionTrigger

BILLS = "Our power bills keep climbing."
NOT_SERVED = [
    "We live near Omaha",
    "I am calling from Salt Lake City",
    "Would you come out to Amarillo?",
    "My house is in New Mexico",
    "Montana. Do you work there?",
]
RENTERS = ["We rent our place", "I am only a tenant", "It's a rented apartment", "My landlord owns the house"]


@pytest.mark.parametrize("said", [*NOT_SERVED, *RENTERS])
@pytest.mark.parametrize("before", [(), (BILLS,), (BILLS, "180 dollars")])
def test_the_no_is_plain_and_the_questions_stop(said: str, before: tuple[str, ...]) -> None:
    call = SpokenCall()
    call.say(*before, said)
    reply = call.replies[-1]
    assert reply.trigger is TransitionTrigger.NOT_QUALIFIED, reply.text
    assert "sorry" in reply.text
    assert call.state.expecting is Expectation.ANYTHING_ELSE
    assert call.state.pending is None
    call.say("So that is a no?")
    assert call.state.expecting is Expectation.ANYTHING_ELSE, call.replies[-1].text
    call.say("No, that is all, thanks")
    assert call.replies[-1].actions
    assert summed_up(SOLAR, call.state, EndReason.AGENT_GOODBYE).disposition == CallEnding.NOT_QUALIFIED


@pytest.mark.parametrize(
    "said",
    [
        "I live in Boulder",
        "We moved here from Texas last spring",
        "My cousin in Nevada loves his panels",
        "I own it and we rent out the basement",
        "I rent, and my landlord has agreed to it",
    ],
)
def test_others_are_not_turned_away(said: str) -> None:
    call = SpokenCall()
    call.say(BILLS, said)
    assert call.replies[-1].trigger is not TransitionTrigger.NOT_QUALIFIED, call.replies[-1].text


def test_whoever_has_the_owners_yes_goes_on() -> None:
    call = SpokenCall()
    call.say(BILLS, "We rent our place", "But my landlord has agreed to it")
    assert call.state.out_of_reach is None
    assert call.state.expecting is Expectation.ANSWER, call.replies[-1].text


@pytest.mark.parametrize(
    "said",
    [
        "Drop it, would you",
        "You've been very kind, but no thanks",
        "We'll leave it at that",
        "Let's call it a day",
        "I don't think I'll take it any further",
        "It's a no from us, thank you",
    ],
)
@pytest.mark.parametrize("before", [(), (BILLS,), (BILLS, "180 dollars")])
def test_a_kind_refusal_is_taken(said: str, before: tuple[str, ...]) -> None:
    call = SpokenCall()
    call.say(*before, said)
    assert call.replies[-1].trigger is TransitionTrigger.REFUSED, call.replies[-1].text
    assert call.replies[-1].actions


@pytest.mark.parametrize("said", ["We'll be in touch", "I'll give you a buzz when I know", "Let me ring you next week"])
def test_whoever_will_ring_himself_is_not_asked_when_to_call(said: str) -> None:
    call = SpokenCall()
    call.say(BILLS, said)
    assert call.replies[-1].trigger is TransitionTrigger.POSTPONED
    assert call.replies[-1].actions


@pytest.mark.parametrize("said", ["I would rather not say", "not really", "I would say no more than that"])
def test_what_only_sounds_like_a_refusal_ends_nothing(said: str) -> None:
    call = SpokenCall()
    call.say(BILLS, "180 dollars", "I own it", "in two months", said)
    assert not call.replies[-1].actions


def test_whoever_was_misunderstood_about_the_place_goes_on() -> None:
    call = SpokenCall()
    call.say(BILLS, "My office is in Texas, I am calling from Dallas", "But the house is in Denver")
    assert call.state.out_of_reach is None
    assert call.state.expecting is Expectation.ANSWER, call.replies[-1].text
