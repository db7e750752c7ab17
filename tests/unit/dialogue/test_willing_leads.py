"""Whoever asks for a visit gets times, and a visit is not refused for answers that were not understood."""

import pytest

from fakes.spoken_calls import SpokenCall
from vocabulary.enums import Expectation, TransitionTrigger

POOR = ("lower bills", "fifty dollars", "my landlord decides", "next year", "three thousand dollars")


@pytest.mark.parametrize(
    "said",
    [
        "Do you have anything Friday?",
        "any openings this week?",
        "which days are free?",
        "what times have you got?",
        "have you got something on Thursday?",
        "I would like somebody to come and look",
        "is there anything free next Tuesday?",
        "got any slots tomorrow?",
        "what days have you open?",
        "any availability on the 2nd?",
    ],
)
def test_whoever_asks_for_times_gets_times(said: str) -> None:
    call = SpokenCall()
    call.say(*POOR)
    assert call.state.expecting is Expectation.CALLBACK_OFFER
    call.say(said)
    assert call.state.offered, call.replies[-1].text


@pytest.mark.parametrize("answers", [("lower bills", "190 dollars"), ("the outages", "220 a month")])
def test_a_half_heard_call_is_offered_the_visit(answers: tuple[str, ...]) -> None:
    call = SpokenCall()
    call.say(*answers)
    call.state.dropped.append("decision")
    call.state.pending = None
    call.say("in three months", "six thousand dollars")
    assert call.replies[-1].trigger is not TransitionTrigger.NOT_QUALIFIED
    assert call.state.expecting is Expectation.MOVE_ON or call.state.offered
