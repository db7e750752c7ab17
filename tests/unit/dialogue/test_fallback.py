"""Answers from a short history alone, as when the orchestrator is gone."""

import pytest

from dialogue import cut_short, fallback_reply, heard, initial_state, spoken_text, summary
from fakes.spoken_calls import MONDAY, SOLAR, SpokenCall

HISTORY = [
    ("", SOLAR.opening),
    ("The electric bill is too high.", "I see, lower bills. Roughly how much is your electric bill each month?"),
]


def test_the_open_question_is_known_from_what_was_heard() -> None:
    reply = fallback_reply(SOLAR, "call-1", HISTORY, "about 180 dollars", now=MONDAY)
    assert reply.state.facts["monthly_bill"].number == 180
    assert "one hundred eighty dollars" in reply.text
    assert "own the home" in reply.text


def test_a_question_about_the_product_is_answered() -> None:
    reply = fallback_reply(SOLAR, "call-1", HISTORY, "How long is the warranty?", now=MONDAY)
    assert "twenty-five years" in reply.text


def test_without_a_calendar_the_wish_is_noted_and_a_call_back_promised() -> None:
    asked = fallback_reply(SOLAR, "call-1", HISTORY, "I want an appointment", now=MONDAY)
    history = [*HISTORY, ("I want an appointment", asked.text)]
    again = fallback_reply(SOLAR, "call-1", history, "Please just book me an appointment now", now=MONDAY)
    assert SOLAR.prompts.call_back in again.text
    history.append(("Please just book me an appointment now", again.text))
    noted = fallback_reply(SOLAR, "call-1", history, "Tuesday afternoon", now=MONDAY)
    assert "noted" in noted.text or "written" in noted.text
    assert not noted.actions


def test_an_empty_history_is_enough() -> None:
    assert fallback_reply(SOLAR, "call-1", [], "Hello?", now=MONDAY).text


def test_facts_of_foreign_turns_are_taken_over() -> None:
    state = initial_state("call-1")
    for index, (caller, agent) in enumerate(HISTORY):
        state = heard(SOLAR, state, f"t{index}", caller, agent, now=MONDAY)
    assert state.facts["interest"].value == "lower bills"
    assert state.pending == "monthly_bill"


def test_a_question_that_was_not_heard_was_not_asked() -> None:
    call = SpokenCall()
    call.say("lower bills")
    assert call.state.asked["monthly_bill"] == 1
    assert cut_short(SOLAR, call.state, "I see, lower").asked["monthly_bill"] == 0
    assert cut_short(SOLAR, call.state, call.replies[-1].text).asked["monthly_bill"] == 1


def test_the_turn_after_a_fallback_goes_on_where_it_stopped() -> None:
    call = SpokenCall()
    call.say("The electric bill is too high.")
    history = [("", call.replies[0].text), ("The electric bill is too high.", call.replies[1].text)]
    fallback = fallback_reply(SOLAR, "call-1", history, "180", now=MONDAY)
    call.state = heard(SOLAR, call.state, "t9", "180", fallback.text, now=MONDAY)
    assert call.value("monthly_bill") == "$180 a month"
    reply = call.say("just me")
    assert call.value("decision") == "you decide yourself"
    assert not set(reply.sentences) & set(fallback.sentences)


def test_a_wish_during_a_fallback_reaches_the_summary() -> None:
    state = heard(SOLAR, initial_state("call-1"), "t1", "Never call me again", "I am sorry.", now=MONDAY)
    assert "not to be called again" in summary(SOLAR, state)


@pytest.mark.parametrize(
    "text", ["", "?!", "12,345.67", "1e309", "\x00\x07", "C'est 50€ à 9h", "a" * 4000, "$" * 50, "99%"]
)
def test_spoken_text_and_fallback_bear_odd_input(text: str) -> None:
    assert not any(character.isdigit() for character in spoken_text(text))
    assert fallback_reply(SOLAR, "call-1", HISTORY, text, now=MONDAY).text
