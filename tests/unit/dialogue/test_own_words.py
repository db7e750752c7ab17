"""Who decides and how soon it is wanted, in people's own words; what is told by half is asked back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue import LearnedAnalyzer, Reply, take_turn
from fakes.classifiers import ToldClassifier
from fakes.spoken_calls import MONDAY, SpokenCall, at_once
from vocabulary.enums import Expectation
from vocabulary.turns import Utterance

TO_DECIDE = ("lower bills", "180 dollars")
TO_START = (*TO_DECIDE, "I own it, just me")
NOT_FOLLOWED = ("follow", "not sure what you meant", "that another way", "leave that open", "get this right")


def asked(*before: str) -> SpokenCall:
    call = SpokenCall()
    call.say(*before)
    return call


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("Own it, yep", "you decide yourself"),
        ("Own, sole decision", "you decide yourself"),
        ("Own, my call", "you decide yourself"),
        ("Aye, mine, lock stock and barrel", "you decide yourself"),
        ("Paid it off years ago, no one else to ask", "you decide yourself"),
        ("Wife's happy with whatever I pick", "you decide yourself"),
        ("Yes, own it, missus is on board", "you decide together"),
        ("Yeah it's ours, hubby's all for it", "you decide together"),
        ("Me and Janet, we do everything together", "you decide together"),
        ("It belongs to me and Tom", "you decide together"),
        ("Mine and Bill's", "you decide together"),
        ("Mine and my sister's", "you decide together"),
        ("It's his house, he'll sign, but I do the talking", "somebody else decides"),
        ("Her name's on the deed, she signs", "somebody else decides"),
        ("I own the condo but not the roof", "others sign it off"),
        ("I own the unit, not the outside walls", "others sign it off"),
    ],
)
def test_who_decides(said: str, who: str) -> None:
    call = asked(*TO_DECIDE)
    call.say(said)
    assert call.value("decision") == who


lead = st.sampled_from(["before", "after", "once", "when", "not till", "as soon as"])
season = st.sampled_from(
    ["the snow melts", "the ground thaws", "the kids are out of school", "school's out", "it warms up", "it gets hot",
     "the harvest is in", "the crop is in", "my taxes are done", "the clocks go forward", "school starts"]
)  # fmt: skip


@given(said=st.builds("{} {}".format, lead, season))
def test_seasons_of_the_year_and_of_life_are_timelines(said: str) -> None:
    call = asked(*TO_START)
    call.say(said)
    assert 0.5 <= (call.state.facts["start"].number or 0) <= 12


@pytest.mark.parametrize(
    ("said", "year"), [("not till I retire in twenty-eight", "in 2028"), ("in twenty twenty nine", "in 2029"),
                       ("when we retire, that's in 28", "in 2028")],
)  # fmt: skip
def test_a_year_is_said_in_words_and_by_its_last_figures(said: str, year: str) -> None:
    call = asked(*TO_START)
    call.say(said)
    assert call.value("start") == year


span = st.builds("{} {}".format, st.sampled_from(["two", "six", "ten"]), st.sampled_from(["months", "years", "weeks"]))


@given(said=st.builds("{} {}".format, st.sampled_from(
    ["the roof has leaked for", "we've lived here", "it's been broken", "I've had it", "we waited", "they took"]
), span))  # fmt: skip
def test_what_has_lasted_so_long_is_no_timeline(said: str) -> None:
    call = asked(*TO_START)
    call.say(said)
    assert "start" not in call.state.facts


condition = st.sampled_from(["we've moved in", "my bonus is paid", "the mortgage is gone", "the wedding"])


@given(said=st.builds("{} {}".format, st.sampled_from(["once", "when", "after", "not until", "before"]), condition))
def test_what_depends_on_something_is_asked_back_and_then_taken(said: str) -> None:
    call = asked(*TO_START)
    reply = call.say(said)
    assert "month" in reply.text
    assert not any(words in reply.text for words in NOT_FOLLOWED)
    call.say("April I guess")
    assert call.value("start") == "in April"


@pytest.mark.parametrize(
    ("label", "before", "question"),
    [("provide_authority", TO_DECIDE, "decision"), ("provide_timeline", TO_START, "start")],
)
def test_what_the_classifier_finds_told_is_asked_back_twice_at_most(
    label: str, before: tuple[str, ...], question: str
) -> None:
    call = asked(*before)
    state, replies = call.state, list[Reply]()
    for turn in range(3):
        analyzer = LearnedAnalyzer(ToldClassifier(**{label: 0.95}))
        reply = at_once(
            take_turn(call.campaign, state, Utterance("blah blah this and that"), analyzer=analyzer,
                      turn_id=f"x{turn}", now=MONDAY, slots=[])
        )  # fmt: skip
        replies.append(reply)
        state = reply.state
    for reply in replies[:2]:
        assert reply.asks is not None
        assert (reply.asks.expectation, reply.asks.question_id) == (Expectation.ANSWER, question)
        assert not any(words in reply.text for words in NOT_FOLLOWED)
    assert replies[0].text != replies[1].text
    assert question in state.dropped
