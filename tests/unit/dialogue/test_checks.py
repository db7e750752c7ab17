"""What may be grave or is not understood is asked for, once, before anything follows from it."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime

import pytest

from callwright_common.campaign import Campaign
from dialogue import (
    Analysis,
    Concern,
    DialogueState,
    FoundConcern,
    FoundIntent,
    Intent,
    LearnedAnalyzer,
    Reply,
    take_turn,
)
from dialogue.confidence import LIKELY
from fakes.spoken_calls import MONDAY, SOLAR, SpokenCall, at_once
from intent_classifier import IntentClassifier
from vocabulary.enums import Expectation, TransitionTrigger, WorkflowState
from vocabulary.turns import KeyPresses, Transfer, Utterance

DOUBT = LIKELY - 0.02


class Understands:
    """Takes from every utterance what the test says."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

    async def analyse(
        self, campaign: Campaign, state: DialogueState, turn_input: Utterance | KeyPresses, *, now: datetime
    ) -> Analysis:
        return self.analysis


def perhaps(intent: Intent) -> Analysis:
    return Analysis(intents=(FoundIntent(intent, DOUBT),))


def said(state: DialogueState, *analyses: Analysis) -> list[Reply]:
    """Returns the replies to utterances that are understood so, one after the other."""
    replies: list[Reply] = []
    for number, analysis in enumerate(analyses):
        work = take_turn(
            SOLAR, state, Utterance("x"), analyzer=Understands(analysis), turn_id=f"t{number}", now=MONDAY, slots=None
        )
        replies.append(at_once(work))
        state = replies[-1].state
    return replies


def after(*answers: str) -> DialogueState:
    call = SpokenCall()
    for answer in answers:
        call.say(answer)
    return call.state


YES, NO, NOTHING = Analysis(polarity=True), Analysis(polarity=False), Analysis()
STATES: Sequence[tuple[str, ...]] = [(), ("lower bills",), ("lower bills", "about 180 dollars", "just me")]


@pytest.mark.parametrize("answers", STATES)
@pytest.mark.parametrize(
    ("intent", "expectation", "trigger"),
    [
        (Intent.DO_NOT_CALL, Expectation.OPT_OUT_CHECK, TransitionTrigger.DO_NOT_CALL),
        (Intent.WRONG_NUMBER, Expectation.WRONG_PERSON_CHECK, TransitionTrigger.WRONG_NUMBER),
        (Intent.WANTS_HUMAN, Expectation.HUMAN_OFFER, TransitionTrigger.HUMAN_REQUESTED),
    ],
)
def test_a_doubt_is_asked_for_and_done_when_it_is_confirmed(
    answers: tuple[str, ...], intent: Intent, expectation: Expectation, trigger: TransitionTrigger
) -> None:
    check, done = said(after(*answers), perhaps(intent), YES)
    assert (check.trigger, check.state.expecting) == (TransitionTrigger.DOUBTED, expectation)
    assert check.actions == ()
    assert check.sentences[-1].asks is not None
    assert done.trigger is trigger
    assert done.actions
    assert not check.may_be_reworded


@pytest.mark.parametrize("answers", STATES)
@pytest.mark.parametrize("intent", [Intent.DO_NOT_CALL, Intent.WRONG_NUMBER, Intent.WANTS_HUMAN])
def test_what_was_not_meant_is_let_go_and_the_open_question_comes_back(
    answers: tuple[str, ...], intent: Intent
) -> None:
    state = after(*answers)
    check, on = said(state, perhaps(intent), NO)
    assert on.actions == ()
    assert on.workflow_state is not WorkflowState.COMPLETED
    assert on.state.expecting is Expectation.ANSWER
    assert on.text != check.text


def test_a_caller_who_does_not_want_to_go_on_is_let_go() -> None:
    check, end = said(after(), perhaps(Intent.NOT_INTERESTED), NO)
    assert check.state.expecting is Expectation.MOVE_ON
    assert end.trigger is TransitionTrigger.REFUSED


@pytest.mark.parametrize(
    ("intent", "trigger"),
    [
        (Intent.DO_NOT_CALL, TransitionTrigger.DO_NOT_CALL),
        (Intent.WANTS_HUMAN, TransitionTrigger.HUMAN_REQUESTED),
    ],
)
def test_a_doubt_that_comes_back_is_no_doubt_where_missing_it_harms_most(
    intent: Intent, trigger: TransitionTrigger
) -> None:
    assert said(after(), perhaps(intent), NO, perhaps(intent))[-1].trigger is trigger


def test_a_doubt_is_asked_for_once() -> None:
    replies = said(after(), perhaps(Intent.WRONG_NUMBER), NO, perhaps(Intent.WRONG_NUMBER))
    assert [reply.trigger for reply in replies].count(TransitionTrigger.DOUBTED) == 1


@pytest.mark.parametrize("refusal", [Intent.NOT_INTERESTED, Intent.NO_THANKS, Intent.GOODBYE])
def test_whoever_refuses_when_asked_about_an_opt_out_is_called_no_more(refusal: Intent) -> None:
    answer = Analysis(intents=(FoundIntent(refusal, 0.9),))
    assert said(after(), perhaps(Intent.DO_NOT_CALL), answer)[-1].trigger is TransitionTrigger.DO_NOT_CALL


@pytest.mark.parametrize("answers", STATES)
def test_what_is_not_understood_leads_nowhere_and_then_to_a_human(answers: tuple[str, ...]) -> None:
    state = after(*answers)
    first, second, handoff = said(state, NOTHING, NOTHING, YES)
    assert first.trigger is TransitionTrigger.NOT_UNDERSTOOD
    assert first.state.pending == state.pending
    assert first.state.asked == state.asked
    assert second.state.expecting is Expectation.HUMAN_OFFER
    assert not {one.text for one in first.sentences} & {one.text for one in second.sentences}
    assert any(isinstance(action, Transfer) for action in handoff.actions)


def test_a_caller_who_is_understood_again_starts_anew() -> None:
    dear = Analysis(concern=FoundConcern(Concern.TOO_EXPENSIVE, 0.9))
    *_, last = said(after("lower bills"), NOTHING, dear, NOTHING)
    assert last.state.expecting is Expectation.ANSWER


def test_a_caller_who_is_never_understood_is_called_back() -> None:
    *_, last = said(after(), *[NOTHING] * 4)
    assert last.workflow_state is WorkflowState.COMPLETED
    assert "called back" in last.text


@pytest.fixture(scope="module")
def shipped() -> Iterator[LearnedAnalyzer]:
    with IntentClassifier() as classifier:
        yield LearnedAnalyzer(classifier)


@pytest.mark.parametrize("text", ["No.", "Nope.", "No, thanks.", "Of course not.", "No, keep me on it.", "Not at all."])
@pytest.mark.parametrize("intent", [Intent.DO_NOT_CALL, Intent.WRONG_NUMBER, Intent.WANTS_HUMAN])
def test_a_no_to_a_check_is_never_taken_for_what_was_asked(shipped: LearnedAnalyzer, intent: Intent, text: str) -> None:
    [check] = said(after("lower bills"), perhaps(intent))
    work = take_turn(SOLAR, check.state, Utterance(text), analyzer=shipped, turn_id="t", now=MONDAY, slots=None)
    reply = asyncio.run(work)
    assert reply.actions == ()
    assert not reply.state.requests
