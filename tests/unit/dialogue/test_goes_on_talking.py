"""A call is not over as long as the caller goes on: what he adds is taken up."""

import pytest

from dialogue import outcome
from fakes.spoken_calls import POOR, QUALIFIES, SOLAR, TIME_READ_OUT, SpokenCall
from vocabulary.enums import Expectation
from vocabulary.turns import EndCall


def has_ended(call: SpokenCall) -> bool:
    return any(isinstance(action, EndCall) for action in call.replies[-1].actions)


@pytest.mark.parametrize(
    "text",
    [
        "No, but tell him that the dog bites.", "No thanks, though the gate sticks a little.",
        "Thanks, and one more thing.",
        "That's all, but I do worry about the squirrels.", "Bye, oh, before I forget, the bell is broken.",
        "Nothing, except the driveway is steep.", "Thanks, what is the warranty?",
    ],
)  # fmt: skip
def test_what_is_said_beside_the_leave_is_taken_up(text: str) -> None:
    call = SpokenCall()
    call.say(*TIME_READ_OUT, "Yes.", "Ann Bell", "202 555 0147", "No.", "Yes.")
    call.say(text)
    assert not has_ended(call)
    assert call.state.expecting is Expectation.ANYTHING_ELSE


@pytest.mark.parametrize("text", ["No, thank you.", "That's all, bye.", "Thanks but no thanks.", "No, I am good, bye."])
def test_plain_leave_ends_the_call(text: str) -> None:
    call = SpokenCall()
    call.say(*TIME_READ_OUT, "Yes.", "Ann Bell", "202 555 0147", "No.", "Yes.")
    call.say(text)
    assert has_ended(call)


@pytest.mark.parametrize(
    "text", ["Well, it would cover your fitters.", "My firm has done that for years.", "It is the best in town."]
)
def test_who_tells_more_of_his_own_matter_is_not_hung_up_on(text: str) -> None:
    call = SpokenCall()
    call.say("I would like to sell you insurance.")
    call.say(text)
    assert not has_ended(call)
    call.say("No.")
    assert has_ended(call)


def test_a_noted_call_is_put_right_and_added_to() -> None:
    call = SpokenCall()
    call.say("Call me back tomorrow at three.")
    assert not has_ended(call)
    call.say("The kids are home then.")
    assert not has_ended(call)
    call.say("Rather on Wednesday at four.")
    assert "Wednesday" in call.state.facts["callback_time"].value
    call.say("No, thanks.")
    assert has_ended(call)
    assert outcome(SOLAR, call.state) == "not_qualified"
    assert call.state.close_reason == "postponed"


def test_an_hour_alone_puts_right_that_of_the_noted_day() -> None:
    call = SpokenCall()
    call.say("Call me back tomorrow at three.", "Make it four in the afternoon.")
    assert call.state.facts["callback_time"].value == "tomorrow, Tuesday, at four in the afternoon"


def test_who_is_asked_when_to_call_and_tells_something_else_is_not_hung_up_on() -> None:
    call = SpokenCall()
    call.say("Can you call me later?", "I am in the middle of lunch.", "The soup gets cold.")
    assert not has_ended(call)


def test_many_different_worries_are_each_answered() -> None:
    call = SpokenCall()
    worries = (
        "That is too expensive.", "I do not trust these firms.", "We might sell the house.",
        "Will you make holes in the roof?",
        "I have another offer already.", "I have to think about it.",
    )  # fmt: skip
    for worry in worries:
        call.say(worry)
        assert not has_ended(call)


def test_who_declines_the_call_and_goes_on_is_listened_to() -> None:
    call = SpokenCall()
    call.say(*POOR, "No.", "My sister had panels and they were stolen.")
    assert not has_ended(call)


@pytest.mark.parametrize(
    "text", ["I have one more question.", "Can I ask you something?", "One more question, please."]
)
def test_who_says_that_he_has_a_question_is_given_the_word(text: str) -> None:
    call = SpokenCall()
    reply = call.say(text)
    assert len(reply.sentences) == 1
    assert reply.asks is None
    assert "warranty" in call.say("What is the warranty?").text


def test_a_remark_to_offered_times_is_noted() -> None:
    call = SpokenCall()
    call.say(*QUALIFIES)
    assert (
        "noted" in call.say("That's all, but I worry about the resale value.").text or "note" in call.replies[-1].text
    )
    assert call.state.offered


def test_no_answer_to_the_last_open_question_leads_on_to_the_offer() -> None:
    call = SpokenCall()
    for _ in range(5):
        call.say("I'd rather not say.")
    assert call.state.expecting is Expectation.MOVE_ON
