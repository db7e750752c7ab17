"""Who stands in between hears who calls and why: a machine is waited for, a human asked how to reach who decides."""

import pytest

from fakes.spoken_calls import SOLAR, SpokenCall
from vocabulary.enums import Expectation, TransitionTrigger
from vocabulary.turns import EndCall

SCREENING_MACHINES = (
    "Please say your name and the reason for your call.", "The person you are calling screens calls, state your name.",
    "Announce your name and company and I will try the line.",
)  # fmt: skip
SCREENERS = (
    "Who shall I say is calling?", "What would this be regarding?", "May I tell him who's calling?",
    "Hello, Marsh residence. Who is calling, please?", "Can I ask what this concerns?",
    "What is the purpose of your call?", "How may I direct your call?", "Who are you trying to reach?",
    "I only answer the phones here, what is it about?", "Dr. Marsh's office, who did you want to speak with?",
)  # fmt: skip
SALES = ("Are you selling something?", "Is this a sales call?", "You're trying to sell us something, aren't you?")
WHERE_FROM = (
    "How'd you people get my number?", "Where did you folks find our number?", "How come you have my phone number?",
    "Who gave you the number?",
)  # fmt: skip
MACHINES = (
    "Please leave your name and the reason for your call after the tone.",
    "I can't come to the phone, leave a message and I'll call you back.",
    "You have reached the voicemail of the Marsh family. State your name and number after the beep.",
)  # fmt: skip


def asks_the_lead(call: SpokenCall) -> bool:
    return call.state.expecting is Expectation.ANSWER


@pytest.mark.parametrize("said", SCREENING_MACHINES)
def test_a_machine_in_between_hears_who_it_is_and_why_and_is_waited_for(said: str) -> None:
    call = SpokenCall()
    reply = call.say(said)
    assert reply.trigger is TransitionTrigger.WAIT_REQUESTED
    assert len(reply.sentences) == 1
    assert all(named in reply.text for named in ("Jamie", "automated", "Sunline Solar", "home solar"))
    assert "?" in call.say("Hello, this is Dan.").text


@pytest.mark.parametrize("said", SCREENERS)
def test_who_stands_in_between_hears_who_it_is_and_why_and_is_asked_for_who_decides(said: str) -> None:
    call = SpokenCall()
    reply = call.say(said)
    assert all(named in reply.text for named in ("Jamie", "automated", "Sunline Solar", "home solar"))
    assert "decides" in reply.text
    assert not call.state.facts
    assert not asks_the_lead(call)
    call.say("Hello, this is Dan.")
    assert asks_the_lead(call)


@pytest.mark.parametrize("said", SALES)
def test_who_stands_in_between_is_told_that_something_is_sold_and_nothing_of_the_lead_is_asked(said: str) -> None:
    call = SpokenCall()
    call.say("Marsh Implement, front desk, who are you trying to reach?")
    reply = call.say(said)
    assert "home solar" in reply.text
    assert call.state.expecting is not Expectation.ANSWER
    assert "do not know" not in reply.text


def test_when_who_decides_is_there_is_noted() -> None:
    call = SpokenCall()
    call.say("I just answer the phone here. What's this regarding?", "He's out on the lot.")
    assert "Thursday" in call.say("Thursday around two.").text
    assert "Thursday" in call.state.facts["callback_time"].value


@pytest.mark.parametrize("said", WHERE_FROM)
@pytest.mark.parametrize("tells", [True, False])
def test_where_the_number_is_from_is_answered_at_once_and_nothing_is_asked_for_it(said: str, tells: bool) -> None:
    prompts = SOLAR.prompts if tells else SOLAR.prompts.model_copy(update={"number_source": None})
    call = SpokenCall(SOLAR.model_copy(update={"prompts": prompts}))
    reply = call.say(said)
    assert "number" in reply.text
    assert call.state.expecting is not Expectation.ANSWER
    assert "an answer to a question" in call.state.requests or tells


@pytest.mark.parametrize("said", MACHINES)
def test_a_machine_that_takes_messages_is_left_one(said: str) -> None:
    assert EndCall in map(type, SpokenCall().say(said).actions)


def test_who_asks_it_in_the_middle_of_a_call_is_answered_and_asked_on() -> None:
    call = SpokenCall()
    call.say("My electric bill is too high.")
    assert "?" in call.say("Sorry, who is calling please?").text
