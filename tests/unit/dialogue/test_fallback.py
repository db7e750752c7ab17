"""Turns without an orchestrator: from opaque state to opaque state, and what others said taken in."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from callwright_common.campaign import Campaign
from dialogue import (
    Analysis,
    DialogueState,
    RuleAnalyzer,
    caught_up,
    decode_state,
    encode_state,
    fall_back,
    initial_state,
    spoken_text,
    summary,
)
from dialogue.fallback import Fallback
from dialogue.history import cut_short
from fakes.spoken_calls import MONDAY, QUALIFIES, RULES, SOLAR, SpokenCall, at_once
from vocabulary.enums import EndReason, Expectation, ReplySource
from vocabulary.turns import EndCall, KeyPresses, Opening, Question, Silence, Transfer, TurnInput, TurnRecord, Utterance

TOLD = count(1)
BILL = Question(Expectation.ANSWER, "monthly_bill")


def go_on(state: bytes, turn_input: TurnInput, now: datetime = MONDAY) -> Fallback:
    return at_once(fall_back(SOLAR, "call-1", state, turn_input, turn_id="t", now=now, analyzer=RULES))


class DirectCall:
    """A call that the fallback alone answers."""

    def __init__(self) -> None:
        self.state = b""
        self.turn(Opening())

    def turn(self, turn_input: TurnInput) -> Fallback:
        fallback = go_on(self.state, turn_input)
        self.state = fallback.dialogue_state
        return fallback

    def say(self, *utterances: str) -> Fallback:
        for utterance in utterances:
            fallback = self.turn(Utterance(utterance))
        return fallback


def record(caller_text: str, heard_text: str, asked: Question | None = None) -> TurnRecord:
    return TurnRecord(
        turn_id=f"told-{next(TOLD)}",
        caller_text=caller_text,
        reply_text=heard_text,
        heard_text=heard_text,
        source=ReplySource.DIRECT_MODEL,
        occur_time=MONDAY,
        asked=asked,
    )


def take_in(state: DialogueState, told: TurnRecord) -> DialogueState:
    return at_once(caught_up(SOLAR, state, [told], analyzer=RULES, now=MONDAY))


def test_the_fallback_goes_on_from_the_last_state() -> None:
    call = DirectCall()
    assert call.say("The electric bill is too high.").reply.asks == BILL
    reply = call.say("about 180 dollars").reply
    assert reply.state.facts["monthly_bill"].number == 180
    assert "one hundred eighty dollars" in reply.text
    assert reply.asks == Question(Expectation.ANSWER, "decision")


def test_a_question_about_the_product_is_answered() -> None:
    assert "twenty-five years" in DirectCall().say("How long is the warranty?").reply.text


def test_without_a_calendar_the_wish_is_noted_and_a_call_back_promised() -> None:
    call = DirectCall()
    again = call.say("I want an appointment", "Please just book me an appointment now").reply
    assert SOLAR.prompts.call_back in again.text
    assert again.asks == Question(Expectation.SLOT_CHOICE)
    noted = call.say("Tuesday afternoon").reply
    assert "noted" in noted.text or "written" in noted.text
    assert not noted.actions


@pytest.mark.parametrize("damaged", [b"", b"\x01", b"rubbish", b"\x02" + b"0" * 40])
def test_a_state_that_cannot_be_read_is_the_beginning(damaged: bytes) -> None:
    fallback = go_on(damaged, Utterance("Hello?"))
    assert fallback.reply.text
    assert decode_state(fallback.dialogue_state, "call-1").turns == 1


@pytest.mark.parametrize(
    ("said", "action"),
    [
        (Utterance("never call me again"), EndCall(EndReason.AGENT_GOODBYE)),
        (Utterance("I want to talk to a real person"), Transfer()),
        (KeyPresses("0"), Transfer()),
        (Utterance("okay goodbye"), EndCall(EndReason.AGENT_GOODBYE)),
        (Utterance("You have reached the voicemail of Dan, leave a message"), EndCall(EndReason.AGENT_GOODBYE)),
        (Utterance("sorry, wrong number"), EndCall(EndReason.AGENT_GOODBYE)),
        (Utterance("I'm not interested"), EndCall(EndReason.AGENT_GOODBYE)),
        (Silence(count=3), EndCall(EndReason.SILENCE)),
    ],
)
def test_what_must_be_done_is_decisive(said: TurnInput, action: object) -> None:
    fallback = DirectCall().turn(said)
    assert fallback.reply.decisive
    assert fallback.reply.actions == (action,)


@pytest.mark.parametrize("said", ["the bills are too high", "how much is it", "tell me a joke", "hold on a second"])
def test_what_a_model_may_word_is_not(said: str) -> None:
    assert not DirectCall().say(said).reply.decisive


def test_what_others_said_is_taken_over() -> None:
    state = take_in(initial_state("call-1"), record("", SOLAR.opening, Question(Expectation.ANSWER, "interest")))
    state = take_in(state, record("The electric bill is too high.", "I see. How much is it?", BILL))
    assert state.facts["interest"].value == "lower bills"
    assert (state.pending, state.asks) == ("monthly_bill", BILL)


def test_a_reply_that_asked_nothing_leaves_nothing_open() -> None:
    state = take_in(initial_state("call-1"), record("", SOLAR.opening, Question(Expectation.ANSWER, "interest")))
    assert take_in(state, record("Hello?", "One moment.")).asks is None
    assert take_in(state, record("Hello?", "")).asks == Question(Expectation.ANSWER, "interest")


def test_a_question_that_was_not_heard_was_not_asked() -> None:
    call = SpokenCall()
    call.say("lower bills")
    assert call.state.asked["monthly_bill"] == 1
    assert cut_short(call.state, None).asked["monthly_bill"] == 0
    assert cut_short(call.state, BILL).asked["monthly_bill"] == 1


@pytest.mark.parametrize("said", ["okay", "yes", "sure, go ahead", "yes please, that one", "mm-hm"])
def test_a_confirmation_that_was_not_heard_never_books(said: str) -> None:
    call = SpokenCall()
    for words in QUALIFIES:
        call.say(words)
    reply = call.say("the first one")
    assert reply.asks == Question(Expectation.SLOT_CONFIRMATION)
    call.state = cut_short(call.state, None)
    assert not call.say(said).actions
    assert call.state.booked is None


def test_what_was_heard_of_a_reply_that_broke_off_is_open() -> None:
    call = SpokenCall()
    call.say("lower bills")
    other = Question(Expectation.ANSWER, "start")
    state = cut_short(call.state, other)
    assert (state.asks, state.asked["monthly_bill"], state.asked["start"]) == (other, 0, 1)


def test_the_turn_after_a_fallback_goes_on_where_it_stopped() -> None:
    call = SpokenCall()
    call.say("The electric bill is too high.")
    fallback = go_on(encode_state(call.state), Utterance("180"))
    call.state = take_in(call.state, record("180", fallback.reply.text, fallback.reply.asks))
    assert call.value("monthly_bill") == "$180 a month"
    reply = call.say("just me")
    assert call.value("decision") == "you decide yourself"
    assert fallback.reply.text not in reply.text


def test_a_wish_during_a_fallback_reaches_the_summary() -> None:
    state = take_in(initial_state("call-1"), record("Never call me again", "I am sorry."))
    assert "not to be called again" in summary(SOLAR, state)


@pytest.mark.parametrize(
    "text", ["", "?!", "12,345.67", "1e309", "\x00\x07", "C'est 50€ à 9h", "a" * 4000, "$" * 50, "99%", "\ud800 yes"]
)
def test_spoken_text_and_fallback_bear_odd_input(text: str) -> None:
    assert not any(character.isdigit() for character in spoken_text(text))
    assert DirectCall().say(text).reply.text


def test_the_work_of_a_fallback_does_not_grow_with_the_call() -> None:
    call = DirectCall()
    for number in range(60):
        call.turn(Utterance(f"how long does the installation take, {number}"))
    assert len(call.state) < 10_000
    late = go_on(call.state, Utterance("hi"), now=MONDAY + timedelta(hours=1))
    assert late.reply.text


@pytest.mark.parametrize(
    ("keys", "bill"), [("180", "$180 a month"), ("12", "$12 a month"), ("0", None), ("4500#", None)]
)
def test_keys_pressed_in_a_turn_that_others_answered_mean_what_they_mean_here(keys: str, bill: str | None) -> None:
    here = SpokenCall()
    here.say("lower bills")
    told = take_in(here.state, replace(record(keys, ""), keys_pressed=True))
    here.turn(KeyPresses(keys))
    facts = {name: fact.value for name, fact in told.facts.items()}
    assert facts == {name: fact.value for name, fact in here.state.facts.items()}
    assert facts.get("monthly_bill") == bill


class Pondering(RuleAnalyzer):
    """Understands as the rules do, but elsewhere than on the event loop."""

    async def analyse(
        self,
        campaign: Campaign,
        state: DialogueState,
        turn_input: Utterance | KeyPresses,
        *,
        now: datetime,
        corrects: bool | None = None,
    ) -> Analysis:
        await asyncio.sleep(0)
        return await super().analyse(campaign, state, turn_input, now=now, corrects=corrects)


async def test_an_analyzer_may_take_its_time() -> None:
    told = [record("The electric bill is too high.", "How much is it?", BILL), record("180", "Who decides?")]
    states = [
        await fall_back(
            SOLAR, "call-1", b"", Utterance("just me"), told=told, turn_id="t", now=MONDAY, analyzer=analyzer
        )
        for analyzer in (RULES, Pondering())
    ]
    assert states[0] == states[1]
    assert {"interest", "monthly_bill"} <= states[0].reply.state.facts.keys()
