"""Rules and classifier as each other's second opinion."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from dialogue import (
    Analysis,
    Concern,
    Fact,
    FoundConcern,
    FoundIntent,
    Intent,
    LearnedAnalyzer,
    RuleAnalyzer,
    initial_state,
)
from dialogue.analysis import OTHER_CHOICE
from dialogue.call_control import CHECKS
from dialogue.learned.context import in_context
from dialogue.learned.meanings import MEANINGS
from dialogue.learned.weighing import weighed
from fakes.classifiers import ToldClassifier
from fakes.spoken_calls import MONDAY, SOLAR
from vocabulary.enums import Expectation
from vocabulary.turns import KeyPresses, Utterance


def by_rules(*intents: Intent, **further: object) -> Analysis:
    return Analysis(intents=tuple(FoundIntent(intent, 0.9) for intent in intents), **further)  # type: ignore[arg-type]


@pytest.mark.parametrize("label", MEANINGS)
def test_what_is_probable_enough_counts_and_what_is_not_does_not(label: str) -> None:
    meaning = MEANINGS[label]
    assert weighed(by_rules(), {label: meaning.at_least}).has(meaning.adds)
    assert not weighed(by_rules(), {label: meaning.at_least - 0.01}).has(meaning.adds)


@pytest.mark.parametrize("intent", [Intent.DO_NOT_CALL, Intent.WANTS_HUMAN])
def test_what_harms_most_where_it_is_missed_is_asked_for_at_least(intent: Intent) -> None:
    found = weighed(by_rules(intent), dict.fromkeys(MEANINGS, 0.0))
    assert found.may_mean(intent)
    assert not found.has(intent)


@pytest.mark.parametrize("label", [label for label, meaning in MEANINGS.items() if meaning.adds not in CHECKS])
def test_an_intent_of_the_rules_stays_unless_it_has_no_chance(label: str) -> None:
    intent = MEANINGS[label].adds
    assert weighed(by_rules(intent), {label: 0.03}).has(intent)
    assert not weighed(by_rules(intent), {label: 0.01}).has(intent)


@pytest.mark.parametrize("label", [label for label, meaning in MEANINGS.items() if meaning.adds in CHECKS])
def test_what_harms_is_done_by_both_opinions_and_asked_for_by_one(label: str) -> None:
    meaning = MEANINGS[label]
    intent = meaning.adds
    assert weighed(by_rules(intent), {label: meaning.seconded}).has(intent)
    assert weighed(by_rules(intent), {label: meaning.seconded - 0.01}).may_mean(intent)
    assert weighed(by_rules(), {label: meaning.perhaps}).may_mean(intent)
    nothing = weighed(by_rules(), {label: meaning.perhaps - 0.01})
    assert not nothing.may_mean(intent)
    assert not nothing.has(intent)


def test_who_has_no_use_for_it_objects_and_only_a_refusal_ends_the_call() -> None:
    refuses = weighed(by_rules(), {"show_disinterest": 0.95, "objection_need": 0.0})
    assert refuses.has(Intent.NOT_INTERESTED)
    assert refuses.objection is None
    has_none = weighed(by_rules(), {"show_disinterest": 0.0, "objection_need": 0.7})
    assert has_none.objection == Concern.NO_NEED
    assert not has_none.may_mean(Intent.NOT_INTERESTED)


def test_an_open_answer_is_one_only_if_the_caller_tells_something_about_himself() -> None:
    fact = Fact("interest", OTHER_CHOICE)
    assert weighed(by_rules(facts=(fact,)), {"provide_need": 0.6}).told == (fact,)
    assert weighed(by_rules(facts=(fact,)), {"objection_trust": 0.9}).told == ()
    assert weighed(by_rules(facts=(replace(fact, value="lower bills"),)), {}).told


def test_what_the_classifier_does_not_know_is_left_to_the_rules() -> None:
    found = by_rules(Intent.RECORDING, Intent.SAYS_WHEN)
    assert weighed(found, {}).intents == found.intents


def test_an_objection_is_found_kept_and_taken_back() -> None:
    price = FoundConcern(Concern.TOO_EXPENSIVE, 0.9)
    assert weighed(by_rules(), {"objection_price": 0.8}).objection is Concern.TOO_EXPENSIVE
    assert weighed(by_rules(concern=price), {"objection_price": 0.1}).objection is Concern.TOO_EXPENSIVE
    assert weighed(by_rules(concern=price), {"objection_price": 0.01}).objection is None
    own = FoundConcern("my_own", 0.9)
    assert weighed(by_rules(concern=own), {"objection_price": 0.9}).objection == "my_own"


@pytest.mark.parametrize(
    ("affirm", "deny", "polarity"), [(0.95, 0.02, True), (0.02, 0.95, False), (0.95, 0.4, None), (0.7, 0.0, None)]
)
def test_yes_and_no_are_found_where_they_are_clear(affirm: float, deny: float, polarity: bool | None) -> None:
    assert weighed(by_rules(noise=True), {"affirm": affirm, "deny": deny}).polarity is polarity
    assert weighed(by_rules(), {"affirm": affirm, "deny": deny}).polarity is None
    assert weighed(by_rules(polarity=True), {"affirm": affirm, "deny": deny}).polarity is True


def test_what_was_understood_is_no_noise() -> None:
    assert weighed(by_rules(noise=True), {}).noise
    assert not weighed(by_rules(noise=True), {"opt_out": 0.9}).noise


async def test_the_classifier_reads_the_words_with_what_the_agent_said_and_no_keys() -> None:
    classifier = ToldClassifier(opt_out=0.99)
    analyzer = LearnedAnalyzer(classifier)
    state = initial_state("c1").model_copy(update={"last_reply": ["Hello.", "I see.", "Do you own the house?"]})
    found = await analyzer.analyse(SOLAR, state, Utterance("leave us in peace from now on"), now=MONDAY)
    assert found.has(Intent.DO_NOT_CALL)
    await analyzer.analyse(SOLAR, state, KeyPresses("1"), now=MONDAY)
    words = "leave us in peace from now on"
    assert classifier.asked == [("I see. Do you own the house?", words), ("", words)]


async def test_what_only_the_agents_words_sound_like_is_not_meant() -> None:
    class Led(ToldClassifier):
        async def probabilities(self, question: str, text: str) -> Mapping[str, float]:
            return {"callback_later": 0.9 if question else 0.05}

    state = initial_state("c1").model_copy(update={"last_reply": ["I will have somebody call you back. When?"]})
    found = await LearnedAnalyzer(Led()).analyse(SOLAR, state, Utterance("it suits me"), now=MONDAY)
    assert not found.has(Intent.CALL_LATER)


@pytest.mark.parametrize("text", ["please do not call me any more", "about two hundred dollars a month"])
async def test_where_the_classifier_fails_the_rules_understand_alone(text: str) -> None:
    class Broken(ToldClassifier):
        async def probabilities(self, question: str, text: str) -> Mapping[str, float]:
            raise RuntimeError("broken")

    found = await LearnedAnalyzer(Broken()).analyse(SOLAR, initial_state("c1"), Utterance(text), now=MONDAY)
    alone = await RuleAnalyzer().analyse(SOLAR, initial_state("c1"), Utterance(text), now=MONDAY)
    assert found == alone
    assert found.intents or found.facts or not found.noise


def test_a_time_is_taken_in_any_words_where_one_waits_for_it() -> None:
    waits = initial_state("c1").model_copy(update={"expecting": Expectation.SLOT_CONFIRMATION})
    accepts = {"schedule_accept": 0.9}
    assert in_context(by_rules(words="that suits me"), accepts, SOLAR, waits).polarity is True
    for said in ("that is thanksgiving", "my husband handles the diary", "let me think, sure"):
        assert in_context(by_rules(words=said), accepts, SOLAR, waits).polarity is None
    assert in_context(by_rules(), accepts, SOLAR, initial_state("c1")).polarity is None
    assert in_context(by_rules(Intent.RESCHEDULE), accepts, SOLAR, waits).polarity is None
    assert in_context(by_rules(polarity=False), accepts, SOLAR, waits).polarity is False


def test_a_sum_that_is_named_in_refusal_is_no_budget() -> None:
    found = by_rules(facts=(Fact("monthly_bill", "$290", 290), Fact("start", "in 2 months", 2)))
    state = initial_state("c1")
    refused = in_context(found, {"objection_price": 0.8, "provide_budget": 0.05}, SOLAR, state)
    assert [fact.name for fact in refused.facts] == ["start"]
    assert in_context(found, {"objection_price": 0.8, "provide_budget": 0.6}, SOLAR, state) == found
    assert in_context(found, {"objection_price": 0.2, "provide_budget": 0.0}, SOLAR, state) == found


def test_whoever_answers_the_open_question_objects_only_where_it_is_plain() -> None:
    asked = initial_state("c1").model_copy(update={"expecting": Expectation.ANSWER, "pending": "start"})
    fact = Fact("start", "in 13 months", 13, confidence=0.9)
    doubtful, plain = FoundConcern(Concern.NOT_NOW, 0.6), FoundConcern(Concern.NOT_NOW, 0.99)
    assert in_context(by_rules(facts=(fact,), concern=doubtful), {}, SOLAR, asked).objection is None
    assert in_context(by_rules(facts=(fact,), concern=plain), {}, SOLAR, asked).objection is Concern.NOT_NOW
    assert in_context(by_rules(concern=doubtful), {}, SOLAR, asked).objection is Concern.NOT_NOW


def test_a_yes_of_the_rules_is_a_no_where_only_that_is_probable() -> None:
    assert weighed(by_rules(polarity=True), {"affirm": 0.0, "deny": 0.97}).polarity is False
    assert weighed(by_rules(polarity=True), {"affirm": 0.1, "deny": 0.97}).polarity is True
    assert weighed(by_rules(polarity=False), {"affirm": 0.97, "deny": 0.0}).polarity is True


async def test_what_is_plain_without_the_agents_words_leaves_doubt_at_least() -> None:
    class Plain(ToldClassifier):
        async def probabilities(self, question: str, text: str) -> Mapping[str, float]:
            return {"wrong_number": 0.12 if question else 0.99}

    state = initial_state("c1").model_copy(update={"last_reply": ["What would you like to have done?"]})
    found = await LearnedAnalyzer(Plain()).analyse(SOLAR, state, Utterance("nobody of that name here"), now=MONDAY)
    assert found.may_mean(Intent.WRONG_NUMBER)


@pytest.mark.parametrize(
    ("said", "wants_it"),
    [
        ("Only when I chew, and I hide my teeth when I talk", False),
        ("You can ring anytime but my hearing is poor on the phone", False),
        ("I do not want a call, I want a visit", False),
        ("202 555 0133, and I may be busy so let it ring", False),
        ("Sorry, I have customers here", True),
        ("Hit me up around five", True),
        ("There is somebody at the door, later", True),
    ],
)
async def test_to_be_called_another_time_is_said_in_words_of_it(said: str, wants_it: bool) -> None:
    analyzer = LearnedAnalyzer(ToldClassifier(callback_later=0.98))
    found = await analyzer.analyse(SOLAR, initial_state("call-1"), Utterance(said), now=MONDAY)
    assert found.has(Intent.CALL_LATER) is wants_it


@pytest.mark.parametrize("said", ["all right", "okay", "right", "sure", "yes", "mm hm yes", "uh huh"])
def test_a_bare_assent_asks_nothing_however_the_agents_question_makes_it_sound(said: str) -> None:
    assert not weighed(by_rules(words=said, polarity=True), {"ask_question": 0.95, "ask_price": 0.99}).asks
    assert weighed(by_rules(words=f"{said} and what is it"), {"ask_question": 0.95}).asks
