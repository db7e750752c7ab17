"""Choices and facts that the classifier finds in words which no campaign has."""

from collections.abc import Mapping
from typing import Any

import pytest

from callwright_common.campaign import Campaign, CampaignFact, Factor, YesNoQuestion
from dialogue import Analysis, LearnedAnalyzer, initial_state
from dialogue.analysis import OTHER_CHOICE
from dialogue.confidence import CLEAR
from fakes.classifiers import ToldClassifier
from fakes.spoken_calls import MONDAY, SOLAR
from vocabulary.enums import Expectation
from vocabulary.turns import Utterance

IN_OWN_WORDS = "they got us for the third time since easter"
WARRANTY = next(fact for fact in SOLAR.facts if "warranty" in fact.topics)
WINTER = next(fact for fact in SOLAR.facts if "winter" in fact.topics)


async def understood(
    said: str, asked: str | None, means: Mapping[str, float] | None = None, campaign: Campaign = SOLAR
) -> Analysis:
    state = initial_state("call-1")
    state.pending, state.expecting = asked, Expectation.ANSWER
    classifier = ToldClassifier(provide_need=0.9, ask_question=0.9 if said.endswith("?") else 0.1)
    classifier.means = dict(means or {})
    return await LearnedAnalyzer(classifier).analyse(campaign, state, Utterance(said), now=MONDAY)


def value(found: Analysis, question: str) -> str | None:
    return next((fact.value for fact in found.told if fact.name == question), None)


def named(fact: CampaignFact) -> str:
    return ", ".join(fact.topics)


async def test_a_choice_is_found_in_words_that_it_has_not() -> None:
    assert value(await understood(IN_OWN_WORDS, "interest"), "interest") == OTHER_CHOICE
    found = await understood(IN_OWN_WORDS, "interest", {"lower bills": 0.9})
    assert value(found, "interest") == "lower bills"
    assert all(fact.confidence > CLEAR for fact in found.told)


async def test_a_choice_that_is_only_likely_commits_to_little() -> None:
    found = await understood(IN_OWN_WORDS, "interest", {"lower bills": 0.5})
    assert value(found, "interest") == "lower bills"
    assert all(fact.confidence <= CLEAR for fact in found.told)
    assert value(await understood(IN_OWN_WORDS, "interest", {"lower bills": 0.3}), "interest") == OTHER_CHOICE


async def test_a_choice_is_found_only_where_it_was_asked() -> None:
    assert value(await understood(IN_OWN_WORDS, "budget", {"lower bills": 0.99}), "interest") is None


async def test_what_the_rules_read_stands_unless_it_is_improbable_and_another_is_plain() -> None:
    said = "my bills are one thing, the blackouts are the other"
    read = value(await understood(said, "interest"), "interest")
    assert read in {"lower bills", "backup power"}
    other = "the environment"
    assert value(await understood(said, "interest", {"the environment": 0.85}), "interest") == read
    assert value(await understood(said, "interest", {"the environment": 0.95}), "interest") == other


async def test_yes_and_no_are_found_in_words_that_imply_them() -> None:
    shaded = YesNoQuestion(
        id="shaded", kind="yes_no", factor=Factor.INTENT, label="shade", ask="Does anything shade the roof?",
        ask_again="Is there a tree in the way?", fact_yes="shaded", fact_no="in the sun",
    )  # fmt: skip
    campaign = SOLAR.model_copy(update={"questions": (shaded, *SOLAR.questions)})
    assert value(await understood("the old oak is right over it", "shaded", campaign=campaign), "shaded") is None
    assert (
        value(await understood("the old oak is right over it", "shaded", {"yes": 0.8}, campaign), "shaded") == "shaded"
    )
    assert value(await understood("open field all around", "shaded", {"no": 0.8}, campaign), "shaded") == "in the sun"


@pytest.mark.parametrize(("chance", "answers"), [(0.95, [WARRANTY]), (0.3, [])])
async def test_a_fact_is_found_in_words_that_it_has_not(chance: float, answers: list[object]) -> None:
    said = "and who do I shout at in ten years?"
    found = await understood(said, "budget", {named(WARRANTY): chance})
    assert list(found.answers) == answers
    assert found.asks


async def test_words_that_do_not_look_like_a_question_need_a_plain_one() -> None:
    said = "suppose you never come back once it is up"
    assert not (await understood(said, "budget", {named(WARRANTY): 0.7})).answers
    found = await understood(said, "budget", {named(WARRANTY): 0.95})
    assert found.answers == (WARRANTY,)
    assert found.asks


async def test_a_fact_that_the_rules_found_stands_unless_it_is_improbable() -> None:
    said = "does it work when there is snow?"
    assert (await understood(said, "budget")).answers == (WINTER,)
    doubtful = await understood(said, "budget", {named(WINTER): 0.3, named(WARRANTY): 0.95})
    assert doubtful.answers == (WINTER,)
    wrong = await understood(said, "budget", {named(WINTER): 0.02, named(WARRANTY): 0.95})
    assert wrong.answers == (WARRANTY,)


async def test_only_the_sentences_that_ask_are_looked_at() -> None:
    asked: list[str] = []

    class Heard(ToldClassifier):
        async def facts(self, question: str, text: str, options: Any) -> list[float]:
            asked.append(text)
            return [0.0 for _ in options]

    state = initial_state("call-1")
    said = "We pay two ten. More in the winter. But would it run his oxygen? I have to know."
    await LearnedAnalyzer(Heard()).analyse(SOLAR, state, Utterance(said), now=MONDAY)
    assert asked == ["But would it run his oxygen?"]


async def test_all_that_a_campaign_offers_is_read_ahead() -> None:
    read: list[str] = []

    class Reading(ToldClassifier):
        async def choices(self, question: str, text: str, ask: str, options: Any) -> list[float]:
            read.extend(name for name, _ in options)
            return [0.0 for _ in options]

        async def facts(self, question: str, text: str, options: Any) -> list[float]:
            read.extend(name for name, _ in options)
            return [0.0 for _ in options]

    await LearnedAnalyzer(Reading()).read_ahead([SOLAR])
    assert {"lower bills", "just curious", named(WARRANTY)} <= set(read)
