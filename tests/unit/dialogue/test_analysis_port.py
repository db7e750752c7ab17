"""Whoever understands the caller: routing, scoring and replies work on the result and nothing else."""

from datetime import datetime

import pytest

from callwright_common.campaign import Campaign
from dialogue import (
    Analysis,
    Analyzer,
    Book,
    Concern,
    DialogueState,
    Fact,
    FoundConcern,
    FoundIntent,
    Intent,
    take_turn,
)
from dialogue.language import WORDINGS, language
from dialogue.moments import Moment
from fakes.spoken_calls import MONDAY, RULES, SOLAR, SpokenCall, at_once, free_slots
from vocabulary.enums import Agent, Expectation, TransitionTrigger
from vocabulary.turns import KeyPresses, Utterance

GIBBERISH = Utterance("brillig slithy toves")


class Foretold:
    """Understands everything as it was told beforehand."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

    async def analyse(
        self, campaign: Campaign, state: DialogueState, turn_input: Utterance | KeyPresses, *, now: datetime
    ) -> Analysis:
        return self.analysis


def answer(state: DialogueState, analysis: Analysis) -> tuple[Agent, TransitionTrigger, DialogueState, str]:
    analyzer: Analyzer = Foretold(analysis)
    work = take_turn(SOLAR, state, GIBBERISH, analyzer=analyzer, turn_id="t", now=MONDAY, slots=free_slots())
    reply = at_once(work)
    return reply.agent, reply.trigger, reply.state, reply.text


@pytest.mark.parametrize(
    ("intent", "trigger"),
    [
        (Intent.WANTS_HUMAN, TransitionTrigger.HUMAN_REQUESTED),
        (Intent.DO_NOT_CALL, TransitionTrigger.DO_NOT_CALL),
        (Intent.GOODBYE, TransitionTrigger.GOODBYE),
        (Intent.VOICEMAIL, TransitionTrigger.VOICEMAIL),
        (Intent.WAIT, TransitionTrigger.WAIT_REQUESTED),
        (Intent.REPEAT, TransitionTrigger.REPEAT_REQUESTED),
        (Intent.WANTS_APPOINTMENT, TransitionTrigger.APPOINTMENT_PROMISED),
    ],
)
def test_an_intent_decides_and_a_doubtful_one_does_not(intent: Intent, trigger: TransitionTrigger) -> None:
    state = SpokenCall().state
    assert answer(state, Analysis(intents=(FoundIntent(intent, 0.8),)))[1] is trigger
    doubtful = Analysis(intents=(FoundIntent(intent, 0.3),), recognised=True)
    assert answer(state, doubtful)[1] is TransitionTrigger.SMALL_TALK


def test_a_fact_is_scored_and_said_back_as_it_was_found() -> None:
    call = SpokenCall()
    call.say("lower bills")
    fact = Fact("monthly_bill", "$180 a month", 180, 0.87, 0.7, "brillig")
    _, _, state, text = answer(call.state, Analysis(facts=(fact,)))
    assert state.facts["monthly_bill"].confidence == 0.7
    assert state.facts["monthly_bill"].turn_id == "t"
    assert "one hundred eighty dollars" in text


def test_a_doubtful_fact_is_said_back_and_a_vague_one_is_none() -> None:
    call = SpokenCall()
    call.say("lower bills")

    def noted(confidence: float) -> dict[str, Fact]:
        found = Fact("monthly_bill", "$180 a month", 180, 0.87, confidence, "brillig")
        return answer(call.state, Analysis(facts=(found,)))[2].facts

    assert not noted(0.1).keys() & {"monthly_bill"}
    doubtful, clear = noted(0.4)["monthly_bill"], noted(0.9)["monthly_bill"]
    assert (doubtful.is_doubtful, doubtful.is_clear) == (True, False)
    assert (clear.is_doubtful, clear.is_clear) == (False, True)
    assert clear.quote == "brillig"


def test_a_concern_that_is_not_likely_is_none() -> None:
    assert answer(SpokenCall().state, Analysis(concern=FoundConcern(Concern.NO_TRUST, 0.4)))[0] is Agent.CONVERSATION


@pytest.mark.parametrize("concern", Concern)
def test_every_common_concern_can_be_heard_and_has_an_answer(concern: Concern) -> None:
    assert concern in language("concerns").patterns
    assert f"concern.{concern}" in WORDINGS


def test_a_concern_that_only_the_campaign_knows_is_answered() -> None:
    agent, _, _, text = answer(SpokenCall().state, Analysis(concern=FoundConcern("roof_concern", 0.9)))
    assert agent is Agent.OBJECTION_HANDLER
    assert "We seal every mount" in text


def test_a_concern_that_nobody_has_an_answer_to_is_acknowledged() -> None:
    agent, _, _, text = answer(SpokenCall().state, Analysis(concern=FoundConcern("afraid_of_heights", 0.9)))
    assert agent is Agent.OBJECTION_HANDLER
    assert text


def test_a_moment_that_is_unclear_in_part_chooses_no_time() -> None:
    call = SpokenCall()
    call.say("lower bills", "180", "just me", "in two months", "fifteen grand")
    tomorrow = MONDAY.date().replace(day=24)
    moment = Moment(first_day=tomorrow, last_day=tomorrow)
    unclear = Analysis(moment=moment, intents=(FoundIntent(Intent.UNCLEAR_TIME, 0.9),))
    assert answer(call.state, unclear)[2].chosen is None
    assert answer(call.state, Analysis(moment=moment))[2].chosen is not None


@pytest.mark.parametrize(
    ("keys", "after", "trigger"),
    [
        ("0", 0, TransitionTrigger.HUMAN_REQUESTED),
        ("0#", 5, TransitionTrigger.HUMAN_REQUESTED),
        ("5", 0, TransitionTrigger.KEYS_PRESSED),
        ("*", 1, TransitionTrigger.KEYS_PRESSED),
        ("180#", 1, TransitionTrigger.LEAD_ENGAGED),
        ("9", 5, TransitionTrigger.KEYS_PRESSED),
        ("2", 5, TransitionTrigger.SLOT_DISCUSSED),
    ],
)
def test_pressed_keys_are_intents(keys: str, after: int, trigger: TransitionTrigger) -> None:
    call = SpokenCall()
    for said in ["lower bills", "180", "just me", "in two months", "fifteen grand"][:after]:
        call.say(said)
    assert call.press(keys).trigger is trigger


def test_pressed_figures_are_the_answer_and_a_pressed_place_the_choice() -> None:
    call = SpokenCall()
    call.say("lower bills")
    call.press("180#")
    assert (call.value("monthly_bill"), call.state.facts["monthly_bill"].confidence) == ("$180 a month", 1.0)
    call.say("just me", "in two months", "fifteen grand")
    offered = call.state.offered
    call.press("2")
    assert call.state.chosen == offered[1]
    assert call.state.expecting is Expectation.SLOT_CONFIRMATION
    assert isinstance(call.say("yes").actions[0], Book)


def test_the_rules_weigh_what_they_find() -> None:
    state = SpokenCall().state
    asked = at_once(RULES.analyse(SOLAR, state, Utterance("Am I speaking to a real person or what?"), now=MONDAY))
    wanted = at_once(RULES.analyse(SOLAR, state, Utterance("Can I speak to a real person?"), now=MONDAY))
    assert not asked.has(Intent.WANTS_HUMAN)
    assert asked.has(Intent.ARE_YOU_HUMAN)
    assert wanted.has(Intent.WANTS_HUMAN)
    assert all(0 < found.confidence <= 1 for found in (*asked.intents, *wanted.intents))
