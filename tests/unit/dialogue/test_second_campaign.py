"""A quite different business, started by a file alone."""

from pathlib import Path

from callwright_common.campaign import load_campaign
from dialogue import Book
from fakes.spoken_calls import SpokenCall
from vocabulary.enums import Agent

SOFTWARE = load_campaign(Path(__file__).parents[2] / "evals" / "ledgerly.yaml")


def test_another_business_needs_no_code() -> None:
    call = SpokenCall(SOFTWARE)
    assert "Robin" in call.replies[0].text
    assert call.replies[0].sentences[-1].text == "How many people work in your company?"
    call.say("We're about eighty people.")
    assert call.value("team_size") == "about 80 people"
    integration = call.say("Does it work with QuickBooks?")
    assert "accounting systems" in integration.text
    call.say("Oh yes, all the time.", "Around 400 pounds a month.")
    assert call.state.facts["spend"].degree is not None
    assert call.state.facts["spend"].degree > 0.7
    objection = call.say("Hmm, sounds too expensive though.")
    assert "pays for itself" in objection.text
    offer = call.say("I'm the CEO, so that's me.", "Within six weeks.")
    assert call.score.qualified
    assert offer.agent is Agent.SCHEDULER
    assert "live demo" in offer.text
    booked = call.say("the first one is fine", "yes please")
    assert isinstance(booked.actions[0], Book)


def test_the_weights_of_the_file_count() -> None:
    call = SpokenCall(SOFTWARE)
    call.say("a hundred people")
    weights = {factor.factor: round(factor.weight, 3) for factor in call.score.factors}
    assert weights == {"intent": 0.167, "budget": 0.167, "timeline": 0.167, "authority": 0.167, "need": 0.333}
