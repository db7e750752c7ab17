"""What is to become of a booked appointment: the clause that commands decides, and the last word counts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue import Cancel
from fakes.spoken_calls import QUALIFIES, SpokenCall
from unit.dialogue.test_appointment_changes import booked_call
from vocabulary.enums import Expectation
from vocabulary.turns import EndCall, Transfer

COMMANDS = ("cancel it", "can you cancel it?", "please cancel my visit", "call it off", "scrap the appointment",
            "take it off the calendar", "I need to cancel", "drop the visit")  # fmt: skip
REVERSALS = ("actually no", "no, wait, keep it", "hm, no, leave it as it is", "no no, don't cancel it", "never mind",
             "actually, keep it", "wait, no", "no sorry, leave it", "just kidding")  # fmt: skip
JOINED = (". ", "? ", ", ", "... ", " ")
REPORTS = (
    "I had to cancel work for this", "I cancelled my dentist to fit this in", "they cancelled my shift so I am home",
    "my flight got cancelled", "Xcel cancelled our old plan", "I cancelled my other appointment for this",
    "do you cancel if it rains?", "school was cancelled anyway", "my wife cancelled her class for it",
)  # fmt: skip
GIVES_UP = (
    "actually forget it, no appointment, goodbye", "we changed our minds, no visit please", "no, don't come after all",
    "scrap the appointment, I should ask my wife first", "I would rather not have anybody come",
    "we do not need the visit any more", "call the whole thing off, bye", "take me off the books again, would you",
)  # fmt: skip


def stands(call: SpokenCall) -> bool:
    """Whether the appointment still stands, the call goes on and nothing is asked of it."""
    ended = any(isinstance(action, Cancel | EndCall | Transfer) for action in call.replies[-1].actions)
    return call.state.booked is not None and not ended and call.state.expecting is Expectation.ANYTHING_ELSE


@settings(max_examples=60, deadline=None)
@given(command=st.sampled_from(COMMANDS), reversal=st.sampled_from(REVERSALS), joined=st.sampled_from(JOINED))
def test_the_last_word_counts(command: str, reversal: str, joined: str) -> None:
    call = booked_call()
    call.say(command.rstrip("?") + joined + reversal)
    assert stands(call)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "before", ["keep it. no, actually, ", "leave it as it is. hm, no, wait, ", "they cancelled my trip. "]
)
def test_what_is_kept_first_and_cancelled_then_is_cancelled(before: str, command: str) -> None:
    assert booked_call().say(before + command).actions == (Cancel(),)


@pytest.mark.parametrize("said", REPORTS)
def test_a_report_of_something_else_cancels_nothing(said: str) -> None:
    call = booked_call()
    call.say(said)
    assert stands(call)


@pytest.mark.parametrize("said", GIVES_UP)
@pytest.mark.parametrize("details", [False, True])
def test_giving_it_up_in_other_words_cancels_it(said: str, *, details: bool) -> None:
    call = SpokenCall() if details else booked_call()
    if details:
        call.say(*QUALIFIES, "the first one", "yes")
        assert call.state.expecting is Expectation.CONTACT_DETAIL
    assert call.say(said).actions == (Cancel(),)


@pytest.mark.parametrize(
    "said", ["actually I better not", "I am having second thoughts", "I shouldn't have booked this"]
)
def test_second_thoughts_are_asked_back_while_details_are_asked(said: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES, "the first one", "yes", said)
    assert call.state.expecting is Expectation.CANCELLATION_CHECK
    assert call.say("yes").actions == (Cancel(),)


@pytest.mark.parametrize("said", ["I'd rather not", "never mind that", "forget it"])
def test_a_detail_is_declined_in_like_words(said: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES, "the first one", "yes", said)
    assert call.state.booked is not None
    assert call.state.expecting is not Expectation.CANCELLATION_CHECK


@pytest.mark.parametrize(
    "said",
    ["cancel that and put me on Friday instead", "don't cancel it, just move it to Friday",
     "cancel Tuesday, make it Friday instead"],
)  # fmt: skip
def test_whoever_names_another_day_moves_it(said: str) -> None:
    call = booked_call()
    call.say(said)
    times = [call.state.chosen] if call.state.chosen is not None else call.state.offered
    assert {slot.start_time.strftime("%A") for slot in times} == {"Friday"}
    assert call.state.booked is not None


@pytest.mark.parametrize(
    "said",
    ["I didn't ask about canceling, I asked about the contract", "nobody said anything about calling it off",
     "forget it, I'll look it up, bye now", "never mind, I'll find out when I'm there, bye"],
)  # fmt: skip
def test_words_that_cancel_nothing_cancel_nothing(said: str) -> None:
    call = booked_call()
    assert Cancel() not in call.say(said).actions
    assert call.state.booked is not None
    assert call.state.expecting is not Expectation.CANCELLATION_CHECK


@pytest.mark.parametrize(
    "said",
    ["no, don't cancel it, put it back", "I don't want it cancelled, book it again", "why did you cancel it?",
     "I never told you to cancel, put me back in"],
)  # fmt: skip
def test_what_was_cancelled_against_the_callers_will_is_booked_again(said: str) -> None:
    call = booked_call()
    booked = call.state.booked
    call.say("cancel the appointment")
    assert call.state.booked is None
    call.say(said)
    assert call.state.booked == booked


@pytest.mark.parametrize("said", ["don't book it again", "I don't want it back", "did he rebook it?"])
def test_what_was_cancelled_stays_so_unless_it_is_wanted_back(said: str) -> None:
    call = booked_call()
    call.say("cancel the appointment", said)
    assert call.state.booked is None


def test_whether_to_cancel_is_asked_at_most_once() -> None:
    call = booked_call()
    call.say("I might have to cancel")
    assert call.state.expecting is Expectation.CANCELLATION_CHECK
    call.say("keep it, keep it")
    assert call.state.expecting is not Expectation.CANCELLATION_CHECK
    call.say("maybe we should cancel")
    assert call.state.expecting is not Expectation.CANCELLATION_CHECK
    assert call.state.booked is not None
