"""Who wants to be told something before he answers gets it, or an honest word, and is not asked in the same breath."""

import pytest

from fakes.spoken_calls import SpokenCall
from vocabulary.enums import Expectation

PRICE = "between fifteen and twenty-five thousand dollars"


@pytest.mark.parametrize(
    "text",
    [
        "I want the price before I answer anything.", "No, first tell me the price.", "Price first.",
        "I am not telling you anything until you tell me what it costs.", "How about you give me a number first?",
        "You tell me the price first, then we will talk.", "Before you ask me anything, what does it cost?",
        "I'd like to know what it costs first.", "Just a ballpark before anything else.",
    ],
)  # fmt: skip
def test_a_price_that_is_demanded_first_is_told_and_nothing_is_asked_with_it(text: str) -> None:
    call = SpokenCall()
    reply = call.say(text)
    assert PRICE in reply.text
    assert reply.asks is None
    assert "lower bills" in call.say("Fine, my bills are too high.").text or "interest" in call.state.facts


@pytest.mark.parametrize(
    "text",
    ["I'll answer when you tell me the name of your boss.", "Before anything else, do your vans run on diesel?"],
)
def test_what_nobody_knows_is_admitted_and_a_human_offered(text: str) -> None:
    call = SpokenCall()
    call.say(text)
    assert call.state.expecting is Expectation.HUMAN_OFFER
    assert "an answer to a question" in call.state.requests


def test_a_question_that_waits_for_the_answer_is_not_given_up() -> None:
    call = SpokenCall()
    call.say("My bills are too high.", "I won't say a number until you tell me what it costs.", "Okay, 180 dollars.")
    assert call.state.facts["monthly_bill"].number == 180
    assert not call.state.dropped


@pytest.mark.parametrize(
    "text",
    [
        "I need to talk to my wife before I decide.", "I'll tell you when I know.", "First the roof has to be mended.",
        "We want it before we sell the house.",
    ],
)  # fmt: skip
def test_what_comes_first_in_a_callers_life_is_no_demand(text: str) -> None:
    call = SpokenCall()
    assert call.say(text).asks is not None
