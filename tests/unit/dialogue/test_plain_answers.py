"""Plain answers, ordinary reasons and what follows a doubt that was out of place."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright_common.campaign import load_campaign
from dialogue import Intent, LearnedAnalyzer, initial_state
from dialogue.learned.weighing import said_in_words
from dialogue.rules.analyzer import RuleAnalyzer
from fakes.classifiers import ToldClassifier
from fakes.spoken_calls import MONDAY, SOLAR, SpokenCall, at_once
from vocabulary.enums import Expectation, TransitionTrigger
from vocabulary.turns import Utterance

GYM = load_campaign(Path(__file__).parents[2] / "evals" / "campaigns" / "ironleaf-gym.yaml")
TO_START = ["My electric bill is too high.", "180 dollars", "I own it, I decide alone."]

whoever = st.sampled_from(["you", "I", "we", "they", "y'all", "somebody"])
soon = (
    st.builds("as soon as {} can".format, whoever)
    | st.builds("{} as {} can".format, st.sampled_from(["soon", "quick", "as fast", "as early"]), whoever)
    | st.builds("the {} you can".format, st.sampled_from(["minute", "moment", "second"]))
)
spans = st.sampled_from(["within weeks", "in a matter of weeks", "Weeks.", "a few weeks", "in two weeks"])
months = st.sampled_from(["June", "October", "February", "August"])
named = (
    st.builds("{}".format, months)
    | st.builds("so {} or {}".format, months, months)
    | st.builds("after harvest, so {}".format, months)
    | st.builds("once the kids are out of school, {} I guess".format, months)
    | st.builds("I'd say {}".format, months)
)


@given(said=soon)
def test_as_soon_as_anybody_can_is_a_timeline(said: str) -> None:
    call = SpokenCall()
    call.say(*TO_START, said)
    assert call.value("start") == "as soon as possible"


@given(said=spans | named)
def test_spans_and_months_are_timelines(said: str) -> None:
    call = SpokenCall()
    call.say(*TO_START, said)
    assert "start" in call.state.facts


@pytest.mark.parametrize(
    ("said", "visits"),
    [
        ("Twice a week", 2), ("twice maybe", 2), ("once, tops", 1), ("just the once", 1), ("every day", 7),
        ("Mondays and Thursdays", 2), ("every other day", 3), ("daily if I can", 7), ("weekdays", 5), ("three", 3),
    ],
)  # fmt: skip
def test_how_often_is_understood(said: str, visits: int) -> None:
    call = SpokenCall(GYM)
    call.say("I want to lose weight", said)
    assert call.state.facts["visits"].number == visits


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("nobody to ask", "you decide yourself"), ("no one but me", "you decide yourself"),
        ("the buck stops with me", "you decide yourself"), ("nobody else has a say", "you decide yourself"),
        ("it isn't me that decides", "somebody else decides"), ("that'd be my wife", "somebody else decides"),
        ("my wife has the last word", "somebody else decides"), ("it's my mother's house", "somebody else decides"),
        ("he pays half so he gets a say", "you decide together"), ("we're both on the title", "you decide together"),
    ],
)  # fmt: skip
def test_who_decides_is_understood(said: str, who: str) -> None:
    call = SpokenCall()
    call.say(*TO_START[:2], said)
    assert call.value("decision") == who


CHECKS = [
    Expectation.OPT_OUT_CHECK,
    Expectation.WRONG_PERSON_CHECK,
    Expectation.HUMAN_OFFER,
    Expectation.MOVE_ON,
]


@pytest.mark.parametrize("check", CHECKS)
@given(before=st.sampled_from(["", "Yes, ", "No, ", "no no, ", "Sorry, ", "right, "]), after=st.sampled_from(["",
       ", I said", " please"]), said=st.sampled_from(["twice a week", "three times", "twice"]))  # fmt: skip
def test_an_answer_to_the_open_question_goes_on_with_it(check: Expectation, before: str, after: str, said: str) -> None:
    call = SpokenCall(GYM)
    call.say("I want to lose weight")
    call.state = call.state.model_copy(update={"expecting": check})
    reply = call.say(before + said + after)
    assert "visits" in call.state.facts
    assert reply.trigger is TransitionTrigger.LEAD_ENGAGED


def test_a_yes_alone_is_to_what_was_asked_last() -> None:
    call = SpokenCall(GYM)
    call.say("I want to lose weight")
    call.state = call.state.model_copy(update={"expecting": Expectation.OPT_OUT_CHECK})
    assert call.say("Yes, please.").trigger is TransitionTrigger.DO_NOT_CALL


def meant(said: str, **probable: float) -> Mapping[str, float]:
    found = at_once(RuleAnalyzer().analyse(SOLAR, initial_state("c1"), Utterance(said), now=MONDAY))
    return said_in_words(probable, found, initial_state("c1"))


REASONS = [
    "the roof is brand new and faces south", "we're building a house", "I just retired and I'm on a fixed income",
    "summer cooling costs me an arm and a leg", "there's a draught in every room", "I'm out of breath on the stairs",
    "I sit at a desk all day", "I don't want to type everything twice", "my dentures are loose",
]  # fmt: skip


@pytest.mark.parametrize("said", REASONS)
@pytest.mark.parametrize("label", ["opt_out", "objection_need", "ask_human"])
def test_a_doubt_for_which_no_word_stands_is_none(said: str, label: str) -> None:
    assert meant(said, **{label: 0.7})[label] == 0.0


def test_an_opt_out_that_is_as_good_as_certain_is_asked_for_in_whatever_words() -> None:
    assert meant("the wife and I would like our evenings back", opt_out=0.94)["opt_out"] == 0.5


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("leave him in peace from now on", "opt_out"), ("nobody is to ring this house", "opt_out"),
        ("wipe my details", "opt_out"), ("it would be wasted here", "objection_need"),
        ("we have decided to leave things as they are", "show_disinterest"), ("no use for it", "objection_need"),
        ("I would sooner deal with somebody on your staff", "ask_human"),
        ("you are after the chap who sat here earlier", "wrong_number"),
        ("nobody called Oliver lives here", "wrong_number"),
    ],
)  # fmt: skip
def test_a_doubt_that_was_put_into_words_stays(said: str, label: str) -> None:
    assert meant(said, **{label: 0.8})[label] == 0.8


def test_what_is_beyond_doubt_needs_no_words() -> None:
    assert meant("enough now", opt_out=0.99)["opt_out"] == 0.99


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        ("I was told there is a rebate still", True), ("the wood has had it for good", True),
        ("bone jaw common tally view", False), ("we have decided to leave things as they are", False),
    ],
)  # fmt: skip
async def test_a_statement_answers_the_open_question_and_noise_does_not(said: str, *, answers: bool) -> None:
    call = SpokenCall()
    found = await LearnedAnalyzer(ToldClassifier(provide_need=0.1, opt_out=0.05)).analyse(
        SOLAR, call.state, Utterance(said), now=MONDAY
    )
    assert any(fact.name == "interest" for fact in found.told) is answers


def test_the_words_of_a_soothing_come_round_only_when_all_were_said() -> None:
    call = SpokenCall()
    texts = [call.say("blorb fizz wug").text for _ in range(2)]
    assert len(set(texts)) == 2


def test_what_stands_whole_is_chosen_before_what_is_near() -> None:
    call = SpokenCall()
    call.say("I got a flyer from you about solar panels")
    assert call.value("interest") == "a neighbor"


def test_a_question_is_answered_by_what_stands_before_it() -> None:
    assert "roof" in SpokenCall().say("I've got a tile roof, is that a problem?").text


@pytest.mark.parametrize(
    "said", ["who gets my data?", "do you record these calls?", "what happens to what I say?", "is this being taped?"]
)
def test_questions_about_the_record_are_answered(said: str) -> None:
    assert "recorded" in SpokenCall().say(said).text


def test_a_question_in_place_of_the_time_for_a_call_back_is_answered() -> None:
    call = SpokenCall()
    call.say("can you call me back another time")
    reply = call.say("you're a computer, aren't you")
    assert "automated assistant" in reply.text
    assert not reply.actions
    assert Intent.DO_NOT_CALL not in call.state.checked
