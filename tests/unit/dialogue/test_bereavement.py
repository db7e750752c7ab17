"""Whoever told of a death is asked and sold nothing unless he asks for it: what he asks is noted or handed over."""

import pytest

from fakes.spoken_calls import SpokenCall
from vocabulary.enums import Expectation
from vocabulary.turns import EndCall, Transfer

DEATHS = ("My wife died in October.", "We lost my father last week.", "My husband passed away, he had been a customer.")
AFFAIRS = (
    "She had put down a thousand dollars, is that coming back?", "It was too expensive anyway, and who pays it now?",
    "There is a bill of two hundred dollars a month that still comes.", "What happens with the contract?",
    "We rent the place, do I owe you anything?", "Three letters have come in the mail since.",
    "I own the house now, what do I have to sign?",
)  # fmt: skip
WANTS_IT = ("I would like to go ahead with it all the same.", "Can I make an appointment for a visit?")


@pytest.mark.parametrize("death", DEATHS)
@pytest.mark.parametrize("said", AFFAIRS)
def test_what_is_to_be_seen_to_is_noted_and_a_colleague_offered(death: str, said: str) -> None:
    call = SpokenCall()
    call.say(death)
    reply = call.say(said)
    assert reply.asks is not None
    assert reply.asks.expectation is not Expectation.ANSWER
    assert "dollars" not in reply.text
    assert not [fact for fact in call.state.facts.values() if fact.degree is not None]
    assert not call.state.objections
    assert {"an answer to a question", "to have a remark read"} & set(call.state.requests)


def test_a_colleague_is_offered_once_and_connected_on_a_yes() -> None:
    call = SpokenCall()
    call.say(DEATHS[0])
    assert call.say("What becomes of the deposit?").asks.expectation is Expectation.HUMAN_OFFER  # type: ignore[union-attr]
    assert Transfer in map(type, call.say("Yes, please.").actions)


def test_whoever_wants_no_colleague_is_let_go_kindly() -> None:
    call = SpokenCall()
    call.say(DEATHS[1], "Do I get the deposit back?", "No, not today.")
    assert call.state.expecting is Expectation.ANYTHING_ELSE
    left = call.say("No, thank you.")
    assert EndCall in map(type, left.actions)
    assert "sunny" not in left.text


@pytest.mark.parametrize("said", WANTS_IT)
def test_whoever_asks_for_it_himself_goes_on(said: str) -> None:
    call = SpokenCall()
    call.say(DEATHS[0], said)
    assert call.state.matter is None


def test_who_tells_it_in_his_answer_goes_on_with_it() -> None:
    call = SpokenCall()
    call.say("lower bills", "180 dollars", "I own it, my husband died two years ago, so it is just me.")
    assert call.state.expecting is Expectation.ANSWER
    assert call.state.facts["decision"].value == "you decide yourself"
