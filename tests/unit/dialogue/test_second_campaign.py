"""A quite different business, started by a file alone."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words  # type: ignore[import-untyped]

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
    integration = call.say("Does it work with Abacusly?")
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


amounts_of_money = st.sampled_from(
    ["I can pay around {}", "we spend {} a month", "{} dollars", "our budget is {}", "it costs us {}", "${}", "{} quid"]
)
others = st.sampled_from(
    [
        "at {}", "room {}", "it's {} percent", "{} laptops", "I am {} now", "since {}", "{} years ago", "{} pm",
        "my extension is {}, call 202 555 0147", "we open at {}", "December {}", "{} of our clients",
    ]
)  # fmt: skip


@given(number=st.integers(2, 4000), form=amounts_of_money | others, spoken=st.booleans())
def test_a_number_of_something_else_is_no_count(number: int, form: str, *, spoken: bool) -> None:
    call = SpokenCall(SOFTWARE)
    reply = call.say(form.format(num2words(number).replace(",", "") if spoken else number))
    assert "team_size" not in call.state.facts
    assert call.state.pending == "team_size"
    assert reply.text.endswith("?")


@given(number=st.integers(2, 900), form=st.sampled_from(
    ["{}", "about {}", "{} people", "we are {}", "I'd say {}", "{} of us", "{} full time employees", "{} or so"]
), spoken=st.booleans())  # fmt: skip
def test_a_count_is_taken_however_it_is_said(number: int, form: str, *, spoken: bool) -> None:
    call = SpokenCall(SOFTWARE)
    call.say(form.format(num2words(number).replace(",", "") if spoken else number))
    assert call.state.facts["team_size"].number == number


def test_figures_may_be_pressed() -> None:
    call = SpokenCall(SOFTWARE)
    call.press("80#")
    assert call.value("team_size") == "80 people"
    assert call.state.facts["team_size"].confidence == 1.0
