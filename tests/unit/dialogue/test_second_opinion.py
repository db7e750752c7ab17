"""A model's opinion on what a caller said: checked against his words, and of effect from the next turn on."""

import json
from typing import Any

import pytest

from dialogue import DialogueState, UnreadableOpinionError, corrected, opinion_messages, opinion_schema, read_opinion
from dialogue.state import Fact
from fakes.spoken_calls import MONDAY, SOLAR, SpokenCall
from vocabulary.enums import Expectation, TransitionTrigger

TEXT = "We would be about two eighty, the missus holds the purse, and I want nothing from the utility any more."


def opinion(
    *facts: tuple[str, str, str], intents: tuple[tuple[str, str], ...] = (), text: str = TEXT, **more: object
) -> Any:
    """Returns an opinion as a model writes it and as it is read."""
    written = {
        "intents": [{"intent": intent, "quote": quote} for intent, quote in intents],
        "facts": [{"question": question, "value": value, "quote": quote} for question, value, quote in facts],
        **more,
    }
    return read_opinion(json.dumps(written), text)


def taken_in(found: Any, state: DialogueState | None = None) -> DialogueState:
    return corrected(SOLAR, state or SpokenCall().state, found, turn_id="t1", now=MONDAY)


@pytest.mark.parametrize(
    ("question", "value", "quote", "noted", "number", "degree"),
    [
        ("monthly_bill", "280", "two eighty", "two eighty", 280, 1.0),
        ("decision", "somebody_else", "the missus holds the purse", "somebody else decides", None, 0.1),
        ("interest", "backup power", "nothing from the utility", "backup power", None, 0.9),
    ],
)
def test_what_stands_in_his_words_is_noted(
    question: str, value: str, quote: str, noted: str, number: float | None, degree: float
) -> None:
    fact = taken_in(opinion((question, value, quote))).facts[question]
    assert (fact.number, fact.degree, fact.quote, fact.turn_id) == (number, degree, quote, "t1")
    assert number is not None or fact.value == noted
    assert not fact.is_clear


@pytest.mark.parametrize(
    ("question", "value", "quote"),
    [
        ("monthly_bill", "280", "two hundred and eighty dollars"),
        ("monthly_bill", "900", "about two eighty"),
        ("monthly_bill", "280", ""),
        ("monthly_bill", "280", "..."),
        ("budget", "900000", "the missus holds the purse"),
        ("decision", "the neighbour", "the missus holds the purse"),
        ("interest", "a swimming pool", "nothing from the utility"),
        ("nothing_known", "280", "two eighty"),
    ],
)
def test_lies_are_not_noted(question: str, value: str, quote: str) -> None:
    state = taken_in(opinion((question, value, quote)))
    fact = state.facts.get(question)
    assert fact is None or fact.number == 280, "what the rules read in his own words"


@pytest.mark.parametrize(
    "written",
    ["", "{", "[]", "null", "{}", '{"intents": 1, "facts": []}', '{"intents": [], "facts": [], "score": 1}',
     '{"intents": [{"intent": "is_rich", "quote": "We"}], "facts": []}', "Sure! Here is the JSON: {}", "x" * 9_000,
     "[" * 5_000],
)  # fmt: skip
def test_what_is_no_opinion_is_refused(written: str) -> None:
    with pytest.raises(UnreadableOpinionError):
        read_opinion(written, TEXT)


def test_so_many_items_are_read() -> None:
    assert len(opinion(*[("monthly_bill", "280", "two eighty")] * 50).facts) == 8


@pytest.mark.parametrize(
    ("intent", "said", "expectation"),
    [
        ("do_not_call", "about two hundred a month", Expectation.OPT_OUT_CHECK),
        ("wrong_number", "why do you ask?", Expectation.WRONG_PERSON_CHECK),
        ("wants_human", "about two hundred a month", Expectation.HUMAN_OFFER),
        ("not_interested", "why do you ask?", Expectation.MOVE_ON),
    ],
)
def test_what_is_grave_is_asked_for_in_the_next_turn_and_once(intent: str, said: str, expectation: Expectation) -> None:
    call = SpokenCall()
    call.say("my bill is too high")
    call.state = taken_in(opinion(intents=((intent, "nothing from the utility"),)), call.state)
    reply = call.say(said)
    assert reply.trigger is TransitionTrigger.DOUBTED
    assert reply.state.expecting is expectation
    assert ("monthly_bill" in reply.state.facts) == (said != "why do you ask?")
    assert not reply.state.suspected
    call.state = taken_in(opinion(intents=((intent, "nothing from the utility"),)), call.state)
    assert not call.state.suspected


def test_interest_counts_at_once_and_not_twice() -> None:
    heard = opinion(intents=(("wants_appointment", "about two eighty"), ("interest", "about two eighty")))
    state = taken_in(heard, taken_in(heard))
    assert state.wants_appointment
    assert [signal.kind for signal in state.signals] == ["appointment", "interest"]


def test_what_the_rules_are_sure_of_stays_and_older_answers_are_corrected() -> None:
    state = SpokenCall().state
    for turn_id, number in (("t1", 150.0), ("t0", 280.0)):
        state.facts["monthly_bill"] = Fact(
            name="monthly_bill", value="$150 a month", number=150, confidence=0.95, turn_id=turn_id
        )
        assert taken_in(opinion(("monthly_bill", "280", "two eighty")), state).facts["monthly_bill"].number == number


def test_a_call_that_is_over_stays_as_it_is() -> None:
    call = SpokenCall()
    call.say("goodbye")
    heard = opinion(("monthly_bill", "280", "two eighty"), intents=(("do_not_call", "any more"),))
    assert taken_in(heard, call.state) == call.state


def test_the_schema_is_strict_and_names_the_questions() -> None:
    schema = opinion_schema(SOLAR)
    for part in (schema, *schema["$defs"].values()):
        assert part["additionalProperties"] is False
        assert set(part["required"]) == set(part["properties"])
    asked = [question.id for question in SOLAR.questions]
    assert schema["$defs"]["ToldFact"]["properties"]["question"]["enum"] == asked
    system, said = opinion_messages(SOLAR, SpokenCall().state, TEXT)
    assert all(question in system.content for question in asked)
    assert TEXT in said.content


CLEAR = ("my electric bill is too high, it is two hundred dollars a month", "yes I own it and I decide alone")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("in about three months", ("decision", "somebody_else", "in")),
        ("in about three months", ("decision", "somebody_else", "in about three months")),
        ("in about three months", ("monthly_bill", "3", "three")),
        ("in about three months", ("interest", "just curious", "about three months")),
        ("in about three months", ("budget", "3", "about three")),
        ("I have three kids and 280 square meters", ("budget", "280", "280")),
        ("I have three kids and 280 square meters", ("start", "3 months", "three kids")),
        ("it is not five hundred dollars", ("monthly_bill", "500", "five hundred dollars")),
        ("I do what I like with it", ("interest", "a quote", "with it")),
    ],
)
def test_a_lie_overwrites_and_adds_nothing(said: str, told: tuple[str, str, str]) -> None:
    call = SpokenCall()
    call.say(*CLEAR)
    reply = call.say(said)
    lie = opinion(told, text=said)
    after = corrected(SOLAR, reply.state, lie, turn_id="t3", now=MONDAY)
    assert after.facts == reply.state.facts


def test_a_wish_that_is_denied_is_none() -> None:
    denied = opinion(intents=(("wants_appointment", "a visit"), ("interest", "visit")), text="I do not want a visit")
    assert not taken_in(denied).signals


@pytest.mark.parametrize("said", ["what?", "can you say that again", "hold on a second"])
def test_an_opt_out_that_a_model_found_is_asked_for_although_the_caller_says_something_else_first(said: str) -> None:
    call = SpokenCall()
    call.say("my bill is too high")
    call.state = taken_in(opinion(intents=(("do_not_call", "any more"),)), call.state)
    call.say(said)
    assert call.say("about two hundred a month").state.expecting is Expectation.OPT_OUT_CHECK
