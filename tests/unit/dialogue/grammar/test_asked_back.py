"""What a closed form leaves open comes back in the reply: another currency, a time zone, two times that both suit."""

import pytest

from fakes.spoken_calls import QUALIFIES, SpokenCall
from vocabulary.enums import Expectation

FOUR_ANSWERS = QUALIFIES[:4]


@pytest.mark.parametrize("said", ["twelve thousand euros", "£9,000 I should think", "forty thousand pesos"])
def test_a_sum_in_another_currency_is_asked_back_and_given_up_in_the_end(said: str) -> None:
    call = SpokenCall()
    reply = call.say(*FOUR_ANSWERS, said)
    assert "currency" in reply.text
    assert call.state.pending == "budget"
    call.say(said)
    assert "budget" in call.state.dropped
    assert "budget" not in call.state.facts


def test_two_times_that_both_suit_are_both_offered() -> None:
    call = SpokenCall()
    reply = call.say(*FOUR_ANSWERS, "fifteen grand", "Tuesday 10 or Wednesday 2, either works")
    assert [(slot.start_time.day, slot.start_time.hour) for slot in call.state.offered] == [(24, 10), (25, 14)]
    assert reply.text.endswith("?")


def test_of_two_times_that_both_suit_an_offered_one_is_taken() -> None:
    call = SpokenCall()
    call.say(*FOUR_ANSWERS, "fifteen grand", "Tuesday 9 or Wednesday 2, either works")
    assert call.state.chosen is not None
    assert (call.state.chosen.start_time.day, call.state.chosen.start_time.hour) == (24, 9)


def test_a_time_in_another_zone_is_said_back_in_both() -> None:
    call = SpokenCall()
    reply = call.say(*FOUR_ANSWERS, "fifteen grand", "Tuesday at noon Pacific, I am in Seattle")
    assert "noon Pacific time, which is one in the afternoon Mountain time" in reply.text
    assert call.state.chosen is not None
    assert (call.state.chosen.start_time.day, call.state.chosen.start_time.hour) == (24, 13)
    assert call.state.expecting is Expectation.SLOT_CONFIRMATION
