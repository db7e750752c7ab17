"""What a caller is asked is left when he leaves it: it is asked for once more, and nothing else is read as it."""

from zoneinfo import ZoneInfo

import pytest

from dialogue.language import WORDINGS
from fakes.spoken_calls import SOLAR, TIME_READ_OUT, SpokenCall
from vocabulary.enums import Expectation
from vocabulary.turns import EndCall

QUALIFIED = (
    "My electric bill is too high.", "About 180 dollars a month.", "I own it, I decide alone.", "In two months.",
    "fifteen thousand dollars",
)  # fmt: skip


def is_noted(call: SpokenCall) -> bool:
    return call.replies[-1].sentences[0].text in WORDINGS["open.noted"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("He barks at strangers, the dog.", "My neighbour wants hers done too."),
        ("It's for the garage roof, mind.", "We park our van round the back."),
        ("The gate code is four four one two.", "We had a nightmare with the last people."),
    ],
)
@pytest.mark.parametrize("detail", ["caller_name", "phone"])
def test_what_is_told_in_place_of_a_detail_is_noted_and_the_detail_is_left(
    detail: str, first: str, second: str
) -> None:
    call = SpokenCall()
    call.say(*TIME_READ_OUT, "yes", *(["Ann Bell"] if detail == "phone" else []))
    assert call.state.pending == detail
    asked = call.replies[-1].sentences[-1].text
    call.say(first)
    assert is_noted(call)
    assert (call.state.pending, detail in call.state.facts) == (detail, False)
    assert call.replies[-1].sentences[-1].text != asked
    call.say(second)
    assert is_noted(call)
    assert call.state.pending != detail
    assert detail not in call.state.facts


@pytest.mark.parametrize("said", ["It's Ann Bell.", "Put it under Ann Bell.", "That is Ann Bell, B E L L."])
def test_a_detail_in_a_sentence_is_one(said: str) -> None:
    call = SpokenCall()
    call.say(*TIME_READ_OUT, "yes", said)
    assert call.value("caller_name") == "Ann Bell"


@pytest.mark.parametrize(
    "said", ["My old gym closed at eight.", "The last fitter came at seven.", "We live at 12 Elm Street."]
)
def test_a_time_in_passing_is_none_that_is_wished_for(said: str) -> None:
    call = SpokenCall()
    offered = call.say(*QUALIFIED).state.offered
    call.say(said)
    assert is_noted(call)
    assert (call.state.offered, call.state.chosen) == (offered, None)


@pytest.mark.parametrize("said", ["We said Thursday at eleven.", "I wanted Thursday at eleven.", "Thursday at eleven."])
def test_a_wish_told_in_the_past_is_one(said: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIED, said)
    assert call.state.chosen is not None


@pytest.mark.parametrize("said", ["Scrap the call, I can talk now.", "Actually forget the call, I have time now."])
def test_a_call_that_was_noted_is_taken_back(said: str) -> None:
    call = SpokenCall()
    call.say("My bill is too high.", "Call me back tomorrow at three.")
    assert "callback_time" in call.state.facts
    call.say(said)
    assert "callback_time" not in call.state.facts
    assert call.state.expecting is Expectation.ANSWER
    assert not any(isinstance(action, EndCall) for action in call.replies[-1].actions)


def test_a_wish_for_a_time_ahead_of_the_offer_is_kept_for_it() -> None:
    call = SpokenCall()
    call.say("I would like to book a home visit.", "Next week in the afternoon.")
    assert call.state.expecting is Expectation.ANSWER
    call.say(*QUALIFIED[1:])
    starts = [slot.start_time.astimezone(ZoneInfo(SOLAR.calendar.timezone)) for slot in call.state.offered]
    assert {start.isocalendar().week for start in starts} == {call.now.isocalendar().week + 1}
    assert all(start.hour >= 12 for start in starts)


def test_whoever_goes_on_telling_in_grief_is_sold_nothing() -> None:
    call = SpokenCall()
    call.say("My wife died last month.", "Yeah, thirty years we had together.")
    assert call.state.expecting is not Expectation.ANSWER
