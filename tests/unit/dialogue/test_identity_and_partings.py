"""What the agent says of itself, who decides, and the words after the goodbye."""

import pytest

from dialogue import outcome
from dialogue.rules.utterances import understand
from fakes.spoken_calls import MONDAY, QUALIFIES, SOLAR, SpokenCall
from vocabulary.enums import EndReason, WorkflowState
from vocabulary.turns import EndCall


@pytest.mark.parametrize(
    "asked",
    [
        "is this a robot", "are you a robot?", "you a bot?", "this is a recording isn't it", "is this AI",
        "am i speaking with a machine", "so you're a computer", "is this automated", "is this one of those robocalls",
        "hold on is this a bot", "wait are you some kind of bot", "I feel like I'm talking to a computer",
        "do I talk to a machine here", "you sound like a robot", "is this a prerecorded message", "are you ChatGPT",
        "are you a virtual assistant", "this sounds automated", "who am I talking to, a robot?",
        "real talk are you a robot", "you don't sound like a robot", "are you one of them bots",
    ],
)  # fmt: skip
def test_whoever_asks_for_a_machine_hears_yes_first(asked: str) -> None:
    reply = SpokenCall().say(asked)
    assert reply.text.startswith("Yes, I am ")
    assert "automated assistant of Sunline Solar" in reply.sentences[0].text


@pytest.mark.parametrize(
    "asked",
    [
        "am I talking to a real person", "are you human", "you human?", "are you a real person", "are you real",
        "is that a real person", "are you an actual human being", "you're not a real person are you",
        "is there a real human on the line", "is this a live person", "are you alive", "this isn't a person is it",
        "is it a real lady I'm talking to", "so I'm not talking to a human", "you don't sound human",
        "is a human there", "so there's no real person there", "I thought you were a person",
    ],
)  # fmt: skip
def test_whoever_asks_for_a_person_hears_no_first(asked: str) -> None:
    reply = SpokenCall().say(asked)
    assert reply.text.startswith("No, I am ")
    assert "automated assistant of Sunline Solar" in reply.sentences[0].text


@pytest.mark.parametrize("asked", ["are you a person or a machine", "human or robot?", "are you people or robots"])
def test_whoever_asks_which_of_the_two_hears_it(asked: str) -> None:
    assert SpokenCall().say(asked).text.startswith("I am ")


@pytest.mark.parametrize("asked", ["is this a rebate program", "is it automatic", "is this a real company"])
def test_other_questions_are_not_about_being_a_machine(asked: str) -> None:
    assert not SpokenCall().say(asked).text.startswith(("Yes, I am", "No, I am"))


@pytest.mark.parametrize(
    "before", [QUALIFIES, (*QUALIFIES, "first one"), (*QUALIFIES, "first one", "yes"), ("call me later",)]
)
def test_the_answer_is_honest_at_any_stage(before: tuple[str, ...]) -> None:
    call = SpokenCall()
    reply = call.say(*before, "are you a robot")
    assert reply.text.startswith("Yes, I am ")
    assert not any(isinstance(action, EndCall) for action in reply.actions)


@pytest.mark.parametrize("wish", ["are you the robot or can I get a human", "can I talk to a real person"])
def test_a_wish_for_a_person_is_more_than_a_question(wish: str) -> None:
    assert SpokenCall().say(wish).workflow_state is WorkflowState.HANDING_OFF


@pytest.mark.parametrize(
    ("said", "authority"),
    [
        ("We own it and it's my decision.", "alone"),
        ("it's our house but I decide", "alone"),
        ("my husband leaves that to me", "alone"),
        ("my wife lets me handle these things", "alone"),
        ("we both own it, I handle this stuff", "alone"),
        ("my wife and I own it but it's my call", "alone"),
        ("my wife owns it but I decide", "alone"),
        ("I do, my wife doesn't care", "alone"),
        ("I don't need to ask anyone", "alone"),
        ("my name's on the deed, just mine", "alone"),
        ("we own the place together but I run the finances", "alone"),
        ("we make the decision together", "together"),
        ("it is my and my wife's decision", "together"),
        ("that'd be my mom's call", "somebody_else"),
        ("the wife and me", "together"),
        ("my wife's the boss", "somebody_else"),
        ("We own it.", "together"),
        ("it's ours", "together"),
        ("it's my decision and my wife's", "together"),
        ("I decide but I'd talk to my wife first", "together"),
        ("it's a family thing, we all vote", "together"),
        ("it is not my decision", "somebody_else"),
        ("my parents own it", "somebody_else"),
        ("I gotta run it by the HOA", "recommends"),
    ],
)
def test_who_decides_counts_more_than_who_owns(said: str, authority: str) -> None:
    assert understand(SOLAR, said, MONDAY).authority == authority


@pytest.mark.parametrize(
    ("before", "result"),
    [
        (("not interested",), "declined"),
        (("take me off your list",), "declined"),
        ((*QUALIFIES, "first one", "yes", "no that's all bye"), "booked"),
    ],
)
@pytest.mark.parametrize("said", ["ok bye", "thanks", "you too", "okay then", "bye bye bye", "you have a good day now"])
def test_words_after_the_goodbye_get_a_short_one(before: tuple[str, ...], result: str, said: str) -> None:
    call = SpokenCall()
    call.say(*before)
    reason = call.state.close_reason
    for _ in range(3):
        reply = call.say(said)
        assert "oodbye" in reply.text
        assert "?" not in reply.text
        assert len(reply.text.split()) <= 10
        assert reply.actions == (EndCall(EndReason.AGENT_GOODBYE),)
        assert reply.workflow_state is WorkflowState.COMPLETED
    assert call.state.close_reason == reason
    assert outcome(SOLAR, call.state) == result


@pytest.mark.parametrize(
    "said",
    [
        "alrighty, take it easy",
        "cool, later",
        "gotta run, bye",
        "alright I'm off",
        "no more questions",
        "have a good one",
    ],
)
def test_colloquial_partings_end_the_call(said: str) -> None:
    call = SpokenCall()
    assert call.say(*QUALIFIES, "first one", "yes", said).actions == (EndCall(EndReason.AGENT_GOODBYE),)


def test_a_question_after_the_goodbye_is_answered() -> None:
    call = SpokenCall()
    reply = call.say("not interested", "wait, how much is it")
    assert "twenty-five thousand" in reply.text
    assert not reply.actions


def test_small_talk_does_not_use_up_a_question() -> None:
    call = SpokenCall()
    replies = [call.say(said) for said in ("who is this", "is this a robot", "how are you", "is this recorded")]
    assert all(reply.sentences[-1].text.endswith("?") for reply in replies)
    assert call.state.asked == {"interest": 1}
    assert not call.state.dropped
    call.say("the bills are too high")
    assert call.value("interest") == "lower bills"


def test_a_time_that_something_lasts_is_no_start() -> None:
    call = SpokenCall()
    call.say("lower bills", "I don't wanna be locked in for 20 years")
    assert "start" not in call.state.facts
    call.say("180", "just me", "not for another six months")
    assert call.state.facts["start"].number == 6


@pytest.mark.parametrize("told", range(4))
@pytest.mark.parametrize(
    "said",
    [
        "Oh well, never mind, thanks anyway", "I think I'll leave it, thank you", "No, let's just drop it",
        "You know what, forget it. Thanks for your time", "I've heard all I needed, cheers", "We'll give it a miss",
        "I'll pass, but thank you very much", "Okay, leave it there then", "Sorry, count me out",
    ],
)  # fmt: skip
def test_a_kind_refusal_is_taken_whatever_was_asked(said: str, told: int) -> None:
    call = SpokenCall()
    reply = call.say(*QUALIFIES[:told], said)
    assert any(isinstance(action, EndCall) for action in reply.actions)
    assert "?" not in reply.text


@pytest.mark.parametrize(
    "said", ["I'll pass it on to my wife", "I never mind paying for quality", "leave it on the roof"]
)
def test_what_only_sounds_like_a_refusal_ends_no_call(said: str) -> None:
    assert not SpokenCall().say(said).actions


@pytest.mark.parametrize(
    "said",
    [
        "I'd rather call you back", "let me ring you next month", "no, we'll phone you after the holidays",
        "I'll call you on Friday", "can I call you later", "I will ring you myself, thanks",
    ],
)  # fmt: skip
def test_who_wants_to_ring_himself_is_asked_for_no_time(said: str) -> None:
    call = SpokenCall()
    reply = call.say(*QUALIFIES, said)
    assert any(isinstance(action, EndCall) for action in reply.actions)
    assert "?" not in reply.text
    assert "callback_time" not in reply.state.facts


def test_whoever_calls_if_something_comes_between_keeps_his_time() -> None:
    call = SpokenCall()
    call.say(*QUALIFIES, "the first one", "yes please")
    assert not any(isinstance(action, EndCall) for action in call.say("I'll call you if I can't make it").actions)


@pytest.mark.parametrize("said", ["yes do it", "please do", "sure, why not", "yes is good", "do that please", "do"])
def test_a_yes_that_begins_like_a_question_is_none(said: str) -> None:
    assert not understand(SOLAR, said, MONDAY).questions


@pytest.mark.parametrize("said", ["I didn't get the last bit", "couldn't catch the second part", "the last half again"])
def test_who_missed_a_part_hears_it_again(said: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES)
    assert "tomorrow at nine" in call.say(said).text


def test_how_old_the_company_is_is_told_by_its_experience() -> None:
    assert "since two thousand nine" in SpokenCall().say("And how old is your company?").text


def test_a_brochure_by_mail_is_no_appointment() -> None:
    call = SpokenCall()
    reply = call.say("lower bills", "Couldn't you just mail me a leaflet or some brochure?")
    assert not reply.state.wants_appointment
    assert any("writing" in request for request in reply.state.requests)
