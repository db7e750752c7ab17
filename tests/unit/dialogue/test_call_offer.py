"""Where a call was offered in the appointment's place: who wants to be met gets times, a bare time is no call yet."""

import pytest

from dialogue import DialogueState, Fact
from dialogue.qualification import may_qualify, qualify
from fakes.spoken_calls import POOR, SOLAR, SpokenCall
from vocabulary.enums import Expectation, WorkflowState


def offered() -> SpokenCall:
    call = SpokenCall()
    call.say(*POOR)
    assert call.state.expecting is Expectation.CALLBACK_OFFER
    return call


@pytest.mark.parametrize(
    "said",
    [
        "I would sooner have one of your chaps round",
        "Could he drop by on Thursday at ten?",
        "No call, I want the visit",
        "Why is that too early? I told you I want it",
        "Get somebody out here, please",
        "Face to face would be better",
        "Put me down for the visit on Monday",
        "I want it all the same",
    ],
)
def test_whoever_wants_to_be_met_gets_times(said: str) -> None:
    call = offered()
    call.say(said)
    assert call.state.offered, call.replies[-1].text


@pytest.mark.parametrize("said", ["Wednesday suits me", "After two on Tuesday", "Could we do Thursday at eleven?"])
def test_a_bare_time_is_asked_for_what_it_is(said: str) -> None:
    call = offered()
    call.say(said)
    assert not call.replies[-1].actions
    assert call.state.expecting is Expectation.CALL_OR_APPOINTMENT
    call.say("the visit")
    assert call.state.offered
    assert call.state.wants_appointment


def test_a_time_that_is_for_a_call_is_noted() -> None:
    call = offered()
    call.say("Wednesday suits me", "a call will do")
    assert "callback_time" in call.state.facts
    assert not call.state.offered


@pytest.mark.parametrize("said", ["yes please", "sure, ring me on Friday", "a phone call is fine"])
def test_a_plain_wish_for_a_call_is_one(said: str) -> None:
    call = offered()
    call.say(said)
    assert not call.state.offered
    assert call.state.expecting is Expectation.CALLBACK_TIME or "callback_time" in call.state.facts


def test_what_is_no_answer_is_taken_up_and_the_offer_stands_once_more() -> None:
    call = offered()
    after = [call.say(said).state.expecting for said in ("My sister has one too", "She lives by the lake")]
    assert after == [Expectation.CALLBACK_OFFER, Expectation.ANYTHING_ELSE]


def of_answers(**degrees: tuple[float, float]) -> DialogueState:
    facts = {name: Fact(name, "v", degree=degree, confidence=sure) for name, (degree, sure) in degrees.items()}
    return DialogueState(call_id="c", facts=facts, dropped=[q.id for q in SOLAR.questions if q.id not in facts])


def test_what_was_heard_with_doubt_turns_nobody_away() -> None:
    state = of_answers(
        interest=(0.6, 0.6), monthly_bill=(0.7, 0.9), decision=(0.75, 0.85), start=(1.0, 0.9), budget=(1.0, 0.85)
    )
    assert not qualify(SOLAR, state).qualified
    assert may_qualify(SOLAR, state)


def test_one_good_answer_is_not_enough_to_judge_the_rest_by() -> None:
    state = of_answers(monthly_bill=(1.0, 1.0)).model_copy(update={"dropped": []})
    assert not may_qualify(SOLAR, state)
    state = of_answers(
        interest=(0.9, 1.0), monthly_bill=(0.1, 1.0), decision=(0.3, 1.0), start=(0.2, 1.0), budget=(0.1, 1.0)
    )
    assert not may_qualify(SOLAR, state)


def asked_when() -> SpokenCall:
    call = SpokenCall()
    call.say("lower bills", "I am driving right now")
    assert call.state.expecting is Expectation.CALLBACK_TIME
    return call


@pytest.mark.parametrize(
    "said",
    [
        "I do not need a call, let us go on",
        "No call please, I have the time after all",
        "Actually, never mind calling me",
        "An appointment instead of a call, please, can I have an appointment",
        "I would like to book a visit",
    ],
)
def test_whoever_wants_no_call_is_asked_on(said: str) -> None:
    call = asked_when()
    call.say(said)
    assert call.state.expecting is Expectation.ANSWER, call.replies[-1].text
    assert not call.state.requested("call_back")
    assert not call.replies[-1].actions


@pytest.mark.parametrize("said", ["no calls before nine, Tuesday is fine", "A call on Friday would be fine"])
def test_whoever_says_when_wants_the_call(said: str) -> None:
    call = asked_when()
    call.say(said)
    assert "callback_time" in call.state.facts


def test_a_bare_yes_names_no_time_for_a_call() -> None:
    call = asked_when()
    call.say("yes")
    assert call.state.expecting is Expectation.CALLBACK_TIME
    assert "callback_time" not in call.state.facts
    assert not call.replies[-1].actions


@pytest.mark.parametrize(
    "said", ["Could you ring on Monday?", "Can one of you phone on Thursday?", "Just a call on Friday"]
)
def test_who_asks_to_be_rung_among_offered_times_is(said: str) -> None:
    call = SpokenCall()
    call.say("lower bills", "two hundred dollars", "I decide alone", "next month", "fifteen thousand dollars")
    assert call.state.offered
    call.say(said)
    assert "callback_time" in call.state.facts, call.replies[-1].text


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("Does the visit cost me anything?", "visit is free"),
        ("How long is the warranty on the panels?", "twenty-five years"),
        ("Where is your office?", "Denver"),
        ("Do you work on Saturdays?", ""),
        ("What would they call me about?", ""),
    ],
)
def test_a_question_gets_its_answer_and_the_offer_stands(said: str, heard: str) -> None:
    call = offered()
    call.say(said)
    assert heard in call.replies[-1].text
    assert call.state.expecting is Expectation.CALLBACK_OFFER
    assert not call.state.offered


@pytest.mark.parametrize("said", ["No, that is too expensive for me", "No, I cannot afford that, thanks all the same"])
def test_who_refuses_with_a_reason_is_let_go(said: str) -> None:
    call = offered()
    call.say(said)
    assert call.state.workflow_state is WorkflowState.COMPLETED, call.replies[-1].text
    assert not call.state.offered


@pytest.mark.parametrize(
    "said", ["Could I talk to a real person about the visit?", "I would rather speak with a human about an appointment"]
)
def test_who_asks_for_a_human_is_put_through(said: str) -> None:
    call = offered()
    call.say(said)
    assert call.state.workflow_state is WorkflowState.HANDING_OFF, call.replies[-1].text
