"""Answers that the classifier finds, and figures that it tells from answers."""

from pathlib import Path

import pytest

from callwright_common.campaign import Authority, load_campaign
from dialogue import Analysis, Intent, LearnedAnalyzer, initial_state
from dialogue.analysis import AUTHORITY_VALUES
from dialogue.confidence import CLEAR
from fakes.classifiers import ToldClassifier
from fakes.spoken_calls import MONDAY, SOLAR
from vocabulary.enums import Expectation
from vocabulary.turns import Utterance

CAMPAIGNS = Path(__file__).parents[2] / "evals" / "campaigns"
UNREADABLE = "ask the lady of the house"


async def understood(said: str, asked: str = "", **probable: float) -> Analysis:
    state = initial_state("call-1")
    state.pending, state.expecting = asked or None, Expectation.ANSWER
    return await LearnedAnalyzer(ToldClassifier(**probable)).analyse(SOLAR, state, Utterance(said), now=MONDAY)


def value(found: Analysis, question: str) -> str | None:
    return next((fact.value for fact in found.told if fact.name == question), None)


@pytest.mark.parametrize("authority", Authority)
async def test_who_decides_is_found_where_no_pattern_reads_it(authority: Authority) -> None:
    found = await understood(UNREADABLE, "decision", **{f"decides_{authority}": 0.6})
    assert value(found, "decision") == AUTHORITY_VALUES[authority]
    assert all(fact.confidence >= CLEAR for fact in found.told)


async def test_who_decides_is_volunteered_only_where_it_is_plain() -> None:
    assert value(await understood(UNREADABLE, "monthly_bill", decides_together=0.6), "decision") is None
    found = await understood(UNREADABLE, "monthly_bill", decides_together=0.9)
    assert value(found, "decision") == AUTHORITY_VALUES[Authority.TOGETHER]


async def test_what_the_rules_read_stands_unless_it_is_improbable_and_another_is_plain() -> None:
    said = "I decide alone"
    doubtful = await understood(said, "decision", decides_alone=0.2, decides_together=0.9)
    plain = await understood(said, "decision", decides_alone=0.05, decides_together=0.9)
    assert value(doubtful, "decision") == AUTHORITY_VALUES[Authority.ALONE]
    assert value(plain, "decision") == AUTHORITY_VALUES[Authority.TOGETHER]


@pytest.mark.parametrize(("label", "spoken"), [("wanted_soon", "as soon as possible"), ("wanted_any_time", "no hurry")])
async def test_how_soon_is_found_where_it_was_asked(label: str, spoken: str) -> None:
    assert value(await understood("it presses me", "start", **{label: 0.7}), "start") == spoken
    assert value(await understood("it presses me", "budget", **{label: 0.9}), "start") is None
    named = await understood("in two months", "start", **{label: 0.9})
    assert value(named, "start") == "in 2 months"


async def test_a_time_told_in_passing_is_not_when_it_is_wanted() -> None:
    said = "I need the fridge before summer comes, and I want it cheap"
    assert value(await understood(said, "monthly_bill", provide_timeline=0.1), "start") is None
    assert value(await understood(said, "monthly_bill", provide_timeline=0.8), "start") == "before summer"


@pytest.mark.parametrize(
    "said",
    [
        "bill's two twenty, we both own it, by March, twenty thousand tops",
        "two hundred, I own it alone, by March, fifteen thousand", "about one ninety, by March",
        "two hundred a month, just me, hopefully by March, and I've got twelve thousand set aside",
    ],
)  # fmt: skip
async def test_a_time_among_several_answers_is_no_time_told_in_passing(said: str) -> None:
    assert value(await understood(said, "monthly_bill", provide_timeline=0.05), "start") == "by March"


@pytest.mark.parametrize("said", ["I called you in March about this, my bill is two hundred"])
async def test_a_time_beside_one_answer_is_told_in_passing_unless_it_stands_alone(said: str) -> None:
    assert value(await understood(said, "monthly_bill", provide_timeline=0.05), "start") is None


async def test_a_figure_in_words_that_tell_of_no_sum_is_no_budget() -> None:
    said = "maybe around four then"
    assert value(await understood(said, "budget", provide_budget=0.05, schedule_propose=0.9), "budget") is None
    assert value(await understood(said, "budget", provide_budget=0.9), "budget") is not None


@pytest.mark.parametrize("said", ["hello?", "yes", "no", "sorry?", "it depends", "whatever", "let me think", "skip"])
async def test_few_words_that_tell_nobody_tell_not_who_decides(said: str) -> None:
    assert value(await understood(said, "decision", decides_alone=0.95, provide_authority=0.95), "decision") is None


@pytest.mark.parametrize("said", ["just mine", "nobody", "I do", "it's my money"])
async def test_few_words_may_tell_who_decides(said: str) -> None:
    assert value(await understood(said, "decision", decides_alone=0.95, provide_authority=0.95), "decision") is not None


@pytest.mark.parametrize("asked", ["monthly_bill", "decision", "budget"])
@pytest.mark.parametrize("said", ["I'd rather not say.", "I'd prefer not to say.", "I'd rather not tell you that."])
async def test_who_keeps_an_answer_to_himself_does_not_refuse_the_offer(said: str, asked: str) -> None:
    found = await understood(said, asked, show_disinterest=0.95)
    assert found.has(Intent.DECLINES_TO_SAY)
    assert not found.has(Intent.NOT_INTERESTED)


async def test_who_only_asks_why_decides_nothing_by_the_classifier_either() -> None:
    found = await understood("Why do you need to know whether I own it?", "decision", decides_alone=0.9)
    assert value(found, "decision") is None


@pytest.mark.parametrize("said", ["Haven't thought about that one.", "I'd want to think it over.", "not sure yet"])
async def test_who_has_not_thought_of_it_yet_refuses_nothing(said: str) -> None:
    assert not (await understood(said, "budget", show_disinterest=0.97)).has(Intent.NOT_INTERESTED)


@pytest.mark.parametrize(("campaign", "question"), [("harbor-dental", "payer"), ("ironleaf-gym", "decision")])
async def test_a_bare_yes_tells_who_decides_where_nothing_else_was_asked(campaign: str, question: str) -> None:
    asks = load_campaign(CAMPAIGNS / f"{campaign}.yaml")
    asked = asks.question(question)
    assert asked is not None
    state = initial_state("call-1")
    state.pending, state.expecting, state.last_reply = question, Expectation.ANSWER, ["I see.", asked.ask]
    found = await LearnedAnalyzer(ToldClassifier(affirm=0.99)).analyse(asks, state, Utterance("Yes."), now=MONDAY)
    assert value(found, question) == AUTHORITY_VALUES[Authority.ALONE]
