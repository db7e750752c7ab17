"""What is read back and cut off: what the caller did not hear is said again before a yes to it counts."""

import pytest

from dialogue import answered, caught_up
from dialogue.contact import contact
from dialogue.state import DialogueState
from fakes.spoken_calls import RULES, SOLAR, TIME_READ_OUT, SpokenCall, at_once
from vocabulary.enums import Expectation, ReplySource
from vocabulary.turns import EndCall, TurnRecord, Utterance

BOOKED = (*TIME_READ_OUT, "yes")
DETAILS = ("Priya Nair", "yes", "priya at example dot org")
READ_BACKS = {
    "a time": TIME_READ_OUT,
    "the details": (*BOOKED, *DETAILS),
    "a corrected detail": (*BOOKED, *DETAILS, "no, it is priya dot nair at example dot org"),
    "the caller's number": (*BOOKED, "Priya Nair"),
}
ASSENTS = (
    "All right.", "Okay then.", "Yeah, that works.", "Mm-hm, yes.", "Correct.", "Sure, fine.", "Yes yes.",
    "Good, thank you.", "Great, sounds good.", "Yes please, book it.",
)  # fmt: skip


def called(*said: str) -> SpokenCall:
    call = SpokenCall()
    call.state = call.state.model_copy(update={"caller_number": "+12025550199"})
    call.say(*said)
    return call


def cut_off(call: SpokenCall, heard: str, before: DialogueState | None = None) -> None:
    """Tells the call that the caller spoke into its last reply and heard only a part of it.

    Args:
        call: The call.
        heard: The part that was heard.
        before: The state ahead of the reply, where that matters.
    """
    turn_id, words = f"t{len(call.replies) - 1}", "what was said"
    state = answered(before or call.state, call.state, turn_id, Utterance(words), ReplySource.ORCHESTRATOR)
    record = TurnRecord(
        turn_id, words, call.replies[-1].text, heard, ReplySource.ORCHESTRATOR, call.now, interrupted=True
    )
    call.state = at_once(caught_up(SOLAR, state, [record], analyzer=RULES, now=call.now))


def half_of(text: str) -> str:
    return text[: len(text) // 2]


@pytest.mark.parametrize("said", ASSENTS)
@pytest.mark.parametrize("before", READ_BACKS.values(), ids=READ_BACKS)
def test_what_was_not_heard_is_said_again_and_then_a_yes_counts(before: tuple[str, ...], said: str) -> None:
    call = called(*before)
    told, state, actions = call.replies[-1], call.state, len(call.actions)
    cut_off(call, half_of(told.text))
    again = call.say(said)
    assert told.text.endswith(again.text)
    assert (again.asks, len(call.actions)) == (told.asks, actions)
    assert (call.state.agreed, call.state.facts) == (state.agreed, state.facts)
    call.say("yes")
    assert call.state.expecting is not state.expecting


@pytest.mark.parametrize("said", ["All right.", "Mm.", "Sure, thanks."])
def test_of_what_was_heard_only_the_question_is_asked_again(said: str) -> None:
    call = called(*BOOKED, *DETAILS)
    *_, details, question = call.state.last_reply
    cut_off(call, call.replies[-1].text.removesuffix(question) + question[:4])
    assert call.say(said).text == question
    call.say("yes")
    assert contact(call.campaign, call.state) is not None
    assert "@example.org" in call.state.agreed["email"], details


def test_whoever_cuts_it_off_with_something_else_is_answered_and_hears_it_anew() -> None:
    call = called(*BOOKED, *DETAILS)
    cut_off(call, half_of(call.replies[-1].text))
    reply = call.say("no, it is priya dot nair at example dot org")
    assert "priya dot nair at example dot org" in reply.text
    assert "Priya Nair" in reply.text
    assert not call.state.agreed
    call.say("that's right")
    assert call.state.agreed.keys() == {"caller_name", "phone", "email"}


def test_a_question_into_a_time_is_answered_and_the_time_said_again() -> None:
    call = called(*TIME_READ_OUT)
    cut_off(call, half_of(call.replies[-1].text))
    reply = call.say("Yes, and how long does that take?")
    assert not reply.actions
    assert "sixty minutes" in reply.text
    assert "nine in the morning" in reply.text
    assert call.say("yes").actions


def test_whoever_asks_for_it_again_hears_all_of_it() -> None:
    call = called(*BOOKED, *DETAILS)
    cut_off(call, "Got it, thank you. Let me read that back: Priya Nair,")
    assert "ending in zero one nine nine" in call.say("sorry, what?").text
    call.say("yes")
    assert call.state.agreed.keys() == {"caller_name", "phone", "email"}


@pytest.mark.parametrize("said", ["No.", "Okay.", "Thanks."])
def test_nobody_is_let_go_who_did_not_hear_what_was_noted(said: str) -> None:
    call = called(*BOOKED, *DETAILS, "yes")
    assert call.state.expecting is Expectation.ANYTHING_ELSE
    told = call.replies[-1]
    cut_off(call, "")
    assert call.say(said).text == told.text
    assert not any(isinstance(action, EndCall) for action in call.actions)


def test_where_the_booking_itself_was_not_heard_it_is_told_first_and_the_answer_is_taken() -> None:
    call = called(*TIME_READ_OUT)
    before = call.state
    reply = call.say("yes")
    cut_off(call, half_of(reply.sentences[0].text), before)
    reply = call.say("Priya Nair")
    assert call.state.facts["caller_name"].value == "Priya Nair"
    assert "nine in the morning" in reply.sentences[0].text


def test_an_open_question_that_was_heard_stays_open_though_the_reply_after_it_was_cut_off() -> None:
    call = called(*TIME_READ_OUT)
    call.say("hold on a second please")
    assert "?" not in call.replies[-1].text
    cut_off(call, "")
    assert call.say("yes").actions
