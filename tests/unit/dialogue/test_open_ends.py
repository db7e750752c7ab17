"""Callers who take leave while a time, a move or a cancellation waits for their word."""

import pytest

from callwright_common.campaign import Capture
from dialogue import Book
from fakes.spoken_calls import QUALIFIES, SOLAR, TIME_READ_OUT, SpokenCall
from vocabulary.enums import WorkflowState

NOTHING_TO_ASK = SOLAR.model_copy(update={"capture": Capture()})
BOOKED = (*TIME_READ_OUT, "yes")
MOVE_READ_OUT = (*BOOKED, "Could we move it to Thursday at ten?")


def call_after(*said: str) -> SpokenCall:
    """Returns a call in which all this was said."""
    call = SpokenCall(NOTHING_TO_ASK)
    call.say(*said)
    return call


@pytest.mark.parametrize("before", [TIME_READ_OUT, MOVE_READ_OUT])
@pytest.mark.parametrize(
    "said", ["Great, see you then, bye!", "Perfect, thanks so much, bye now.", "Fine, we'll be expecting him. Goodbye."]
)
def test_a_goodbye_that_says_yes_to_the_time_takes_it(before: tuple[str, ...], said: str) -> None:
    reply = call_after(*before).say(said)
    assert any(isinstance(action, Book) for action in reply.actions)


@pytest.mark.parametrize("said", ["Gotta run, bye.", "No, that's all, thanks!", "Okay, I have to go, bye.", "Goodbye."])
@pytest.mark.parametrize("before", [TIME_READ_OUT, QUALIFIES, MOVE_READ_OUT, (*BOOKED, "Is there another day?")])
def test_what_is_open_is_asked_once_and_then_what_stands_is_said(before: tuple[str, ...], said: str) -> None:
    call = call_after(*before)
    booked = call.state.booked
    asked = call.say(said)
    assert "before" in asked.text.lower()
    assert not asked.actions
    assert asked.workflow_state is not WorkflowState.COMPLETED
    told = call.say("No, bye.")
    assert told.workflow_state is WorkflowState.COMPLETED
    assert call.state.booked == booked
    assert ("your appointment" in told.text or "stays" in told.text) if booked else "booked" in told.text


@pytest.mark.parametrize("said", ["No, leave it. Bye.", "No thanks, goodbye."])
def test_whoever_lets_it_go_is_not_asked(said: str) -> None:
    reply = call_after(*TIME_READ_OUT).say(said)
    assert reply.workflow_state is WorkflowState.COMPLETED
    assert "booked" in reply.text


def test_a_cancellation_that_was_asked_for_is_not_dropped() -> None:
    call = call_after(*BOOKED, "I might have to cancel that")
    reply = call.say("Goodbye then.")
    assert call.state.booked is not None
    assert "cancel" in reply.text or "stays" in reply.text
