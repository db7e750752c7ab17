"""Whoever or whatever stands in between is told who it is and why, and waited for."""

import pytest

from fakes.spoken_calls import SpokenCall
from vocabulary.enums import TransitionTrigger
from vocabulary.turns import EndCall

SCREENERS = (
    "Please say your name and the reason for your call.", "The person you are calling screens calls, state your name.",
    "Who shall I say is calling?", "What would this be regarding?", "May I tell him who's calling?",
    "Hello, Marsh residence. Who is calling, please?", "Can I ask what this concerns?",
    "What is the purpose of your call?",
    "Announce your name and company and I will try the line.", "How may I direct your call?",
)  # fmt: skip
MACHINES = (
    "Please leave your name and the reason for your call after the tone.",
    "I can't come to the phone, leave a message and I'll call you back.",
    "You have reached the voicemail of the Marsh family. State your name and number after the beep.",
)  # fmt: skip


@pytest.mark.parametrize("said", SCREENERS)
def test_who_stands_in_between_hears_who_it_is_and_why_and_is_waited_for(said: str) -> None:
    call = SpokenCall()
    reply = call.say(said)
    assert reply.trigger is TransitionTrigger.WAIT_REQUESTED
    assert len(reply.sentences) == 1
    assert all(named in reply.text for named in ("Jamie", "automated", "Sunline Solar", "home solar"))
    assert not call.state.facts
    assert "?" in call.say("Hello, this is Dan.").text


@pytest.mark.parametrize("said", MACHINES)
def test_a_machine_that_takes_messages_is_left_one(said: str) -> None:
    assert EndCall in map(type, SpokenCall().say(said).actions)


def test_who_asks_it_in_the_middle_of_a_call_is_answered_and_asked_on() -> None:
    call = SpokenCall()
    call.say("My electric bill is too high.")
    assert "?" in call.say("Sorry, who is calling please?").text
