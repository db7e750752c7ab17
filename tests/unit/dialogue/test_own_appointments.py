"""An appointment that a caller has from before the call: a human sees to it, and nobody is qualified or hung up on."""

import pytest

from dialogue.turns import Book
from fakes.spoken_calls import SpokenCall
from vocabulary.enums import TransitionTrigger, WorkflowState
from vocabulary.turns import EndCall, Transfer

MOVES = (
    "one of your advisors is supposed to come tomorrow at ten but I have to take my mother to the clinic",
    "I did all that already, I just need it moved", "your fella's due at mine tomorrow and I'm stuck at work",
    "I have an appointment with you folks on Friday and need to change it", "can we move my appointment to next week?",
    "someone's coming on Thursday and nobody will be home", "I booked online for Thursday but I got the flu",
    "I've already got somebody booked to come out Friday, just want a different time",
    "my visit is on Tuesday, could we make that a bit later?", "do you have me down for tomorrow?",
    "stop the fitter who is coming tomorrow, I'm ill", "I'm ringing to confirm my survey",
    "you guys were going to stop by on Monday, that won't work any more", "about my survey on Friday, I can't make it",
)  # fmt: skip
CANCELS = (
    "my visit tomorrow has to be cancelled", "I had an appointment for Tuesday and want to cancel it",
    "I'd like to call off my appointment", "the visit you set up for us on Thursday, cancel that please",
)  # fmt: skip
NONE = (
    "I'd like an appointment on Thursday", "could someone come out on Friday and have a look", "I want to book a visit",
    "my wife has an appointment on Friday so Thursday is better", "I booked a vacation for Friday", "send someone out",
    "is someone coming to look at the roof?", "my neighbor had a visit from you on Tuesday and liked it",
    "are you coming to Pueblo tomorrow?", "I have a meeting at two", "when could somebody come?", "I need it changed",
    "I made an appointment with another company", "I would like to have a visit tomorrow",
    "can I have an appointment on Tuesday?", "I'd love to have an appointment for my roof",
)  # fmt: skip


@pytest.mark.parametrize("told", [(), ("My electric bill is too high.", "two hundred a month")])
@pytest.mark.parametrize("said", MOVES + CANCELS)
def test_whoever_has_an_appointment_is_put_through(said: str, told: tuple[str, ...]) -> None:
    call = SpokenCall()
    reply = call.say(*told, said)
    assert reply.trigger is TransitionTrigger.SUPPORT_REQUESTED
    assert [type(action) for action in reply.actions] == [Transfer]
    assert "your appointment" in reply.text or "the appointment that you have" in reply.text
    assert call.state.wish is not None
    assert ("to cancel the appointment" in call.state.requests) == (said in CANCELS)


@pytest.mark.parametrize("said", MOVES[:3])
def test_without_a_human_at_hand_it_is_noted_and_nobody_is_hung_up_on(said: str) -> None:
    alone = SpokenCall().campaign
    call = SpokenCall(alone.model_copy(update={"handoff": alone.handoff.model_copy(update={"number": None})}))
    call.say(said, "It's under Ferris, Angela Ferris")
    assert not any(isinstance(action, EndCall | Book) for action in call.actions)
    assert "a call back by a human" in call.state.requests
    assert "after five" in call.say("tomorrow after five").text


@pytest.mark.parametrize("said", NONE)
def test_whoever_wants_one_or_speaks_of_another_is_not(said: str) -> None:
    assert SpokenCall().say(said).trigger is not TransitionTrigger.SUPPORT_REQUESTED


def test_whoever_asks_for_a_human_again_where_nobody_can_be_put_through_is_let_go_with_the_note() -> None:
    alone = SpokenCall().campaign
    call = SpokenCall(alone.model_copy(update={"handoff": alone.handoff.model_copy(update={"number": None})}))
    call.say("I want to speak to a real person", "No machine please, get me a human being")
    assert call.state.requested("call_back_by_human")
    assert call.state.workflow_state is WorkflowState.COMPLETED
