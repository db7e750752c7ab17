"""Whoever asks for a visit gets times, and a visit is not refused for answers that were not understood."""

import pytest

from fakes.spoken_calls import POOR, SpokenCall
from vocabulary.enums import Expectation


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
        "any availability on the 2nd?",
    ],
)
def test_whoever_asks_for_times_gets_times(said: str) -> None:
    call = SpokenCall()
    call.say(*POOR)
    assert call.state.expecting is Expectation.CALLBACK_OFFER
    call.say(said)
    assert call.state.offered, call.replies[-1].text
