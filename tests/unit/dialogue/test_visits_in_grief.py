"""Whoever grieves and speaks of a booked visit has it taken out: noted with its name and said back."""

import pytest

from dialogue import outcome, summed_up
from dialogue.intents import Matter
from fakes.spoken_calls import SOLAR, SpokenCall
from vocabulary.enums import EndReason, Outcome, TransitionTrigger
from vocabulary.turns import EndCall, Transfer

OFF = (
    "My brother died and one of your people is supposed to come on Monday. I don't want anyone at the door.",
    "My mother passed away, please cancel her appointment.",
    "There is a visit in my late wife's name, take it out please.",
    "We buried my dad yesterday. You have him down for Thursday, please take him off.",
    "My husband is in intensive care, so nobody is to come on Friday.",
)  # fmt: skip
SPOKEN_OF = (
    "My aunt had an appointment with you. She died on Monday.",
    "My son was killed last week and he is on your calendar for Tuesday.",
    "My dad just died and there is some man of yours coming out here.",
    "My wife passed away and she'd set up a visit with your company.",
)  # fmt: skip
OTHERWISE = (
    "My husband died two years ago, I'd like somebody to come and look at the roof.",
    "My father died and left me the house, I want panels on it.", "My late husband always wanted solar.",
)  # fmt: skip


@pytest.mark.parametrize("said", OFF)
def test_a_visit_that_is_to_be_taken_out_is_noted_with_its_name_and_said_back(said: str) -> None:
    call = SpokenCall()
    first = call.say(said)
    assert "sorry" in first.text
    assert "noted" in first.text
    assert "name" in first.text
    noted = call.say("It's under Conrad Whitlow.")
    assert "Conrad Whitlow" in noted.text
    assert "to cancel the appointment" in call.state.requests
    assert call.state.facts["caller_name"].value == "Conrad Whitlow"
    assert "Conrad Whitlow" in summed_up(SOLAR, call.state, EndReason.AGENT_GOODBYE).summary
    assert EndCall in map(type, call.say("No, thank you.").actions)
    assert not any(isinstance(action, Transfer) for action in call.actions)
    assert "sunny" not in call.replies[-1].text
    assert outcome(SOLAR, call.state) is Outcome.NOT_QUALIFIED


@pytest.mark.parametrize("said", SPOKEN_OF)
def test_a_visit_that_is_only_spoken_of_is_asked_about(said: str) -> None:
    call = SpokenCall()
    assert "taken out" in call.say(said).text
    assert "to cancel the appointment" not in call.state.requests
    assert "Whitlow" in call.say("Yes please. Conrad Whitlow.").text
    assert "to cancel the appointment" in call.state.requests


def test_whoever_grieves_and_speaks_of_no_visit_is_asked_about_none() -> None:
    assert "name" not in SpokenCall().say("My mother died and I cannot talk to you today.").text


def test_a_no_ahead_of_the_name_is_to_the_visit() -> None:
    call = SpokenCall()
    call.say(SPOKEN_OF[0])
    assert "Conrad Whitlow" in call.say("No. The booking has to come out, that's all. Conrad Whitlow.").text


def test_whoever_wants_to_keep_it_keeps_it() -> None:
    call = SpokenCall()
    call.say(SPOKEN_OF[0], "No, leave it as it is.")
    assert "to cancel the appointment" not in call.state.requests
    assert call.state.matter == Matter.DISTRESS


def test_without_a_name_it_is_noted_all_the_same_and_nobody_is_pressed() -> None:
    call = SpokenCall()
    call.say(OFF[0])
    assert "name" in call.say("I don't know what I am to do.").text
    assert "nothing more" in call.say("I don't know.").text or "anything else" in call.replies[-1].text
    assert "to cancel the appointment" in call.state.requests


def test_a_human_who_is_asked_for_comes_first() -> None:
    call = SpokenCall()
    call.say(OFF[1])
    assert Transfer in map(type, call.say("Let me talk to a person please.").actions)


@pytest.mark.parametrize("said", OTHERWISE)
def test_whoever_wants_a_visit_of_his_own_is_not_taken_for_one(said: str) -> None:
    call = SpokenCall()
    assert call.say(said).trigger is not TransitionTrigger.OTHER_MATTER
    assert call.state.matter is None


def test_who_cannot_talk_now_is_not_asked_to_go_on() -> None:
    call = SpokenCall()
    assert "another day" in call.say("My mother passed away last night, I can't do this right now.").text
    assert EndCall in map(type, call.say("No. Some other time.").actions)
