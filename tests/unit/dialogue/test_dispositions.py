"""Each call is sorted under exactly one disposition of its campaign, whatever was said in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright_common.campaign import CallEnding, Disposition
from dialogue import summed_up
from fakes.spoken_calls import SOLAR, SpokenCall
from unit.dialogue.test_random_walks import walk
from vocabulary.enums import EndReason, Outcome
from vocabulary.exchange import CallResult

ANSWERS = (
    "My electric bill is too high.", "About 220 dollars a month.", "I own it and decide alone.", "In two months.",
    "Fifteen thousand.",
)  # fmt: skip
FITTING = {
    Outcome.BOOKED: {"booked", "opted_out", "wants_erasure"},
    Outcome.TRANSFERRED: {"transferred", "support", "other_matter", "distress", "child", "cancelled"},
}


def sorted_under(*said: str, reason: EndReason = EndReason.CALLER_HUNG_UP) -> CallResult:
    """Returns how a call is summed up in which a caller says something and then hangs up."""
    call = SpokenCall()
    call.say(*said)
    return summed_up(SOLAR, call.state, reason)


@pytest.mark.parametrize(
    ("said", "disposition"),
    [
        (["take this number off your list please"], "opted_out"),
        (["you have the wrong number, no Oliver lives here"], "wrong_person"),
        (["I am not interested, thank you"], "not_interested"),
        (["can you ring me back on Friday at five"], "call_back"),
        (["Hello?"], "abandoned"),
        ([*ANSWERS, "the first one", "yes"], "booked"),
        ([*ANSWERS], "qualified"),
        (["leave your message after the tone and we will return your call"], "voicemail"),
        (["hi, I am looking for a job, are you hiring"], "other_matter"),
        (["your fitter put my panels up in May and the inverter is dead, I want it fixed"], "support"),
    ],
)
def test_what_was_said_tells_the_disposition(said: list[str], disposition: str) -> None:
    assert sorted_under(*said).disposition == disposition


def test_a_call_back_is_recorded_with_its_time() -> None:
    result = sorted_under("can you ring me back on Friday at five", "yes, Friday at five")
    assert result.disposition == "call_back"
    assert "Friday" in result.call_back
    assert result.call_back in result.summary


def test_a_caller_who_is_connected_is_sorted_so() -> None:
    assert sorted_under("I want to speak to a human", reason=EndReason.TRANSFERRED).disposition == "transferred"


@pytest.mark.parametrize("block", range(4))
def test_any_course_of_turns_ends_under_one_that_fits_its_outcome(block: int) -> None:
    for seed in range(block * 25, block * 25 + 25):
        call, replies = walk(seed)
        for reason in (EndReason.CALLER_HUNG_UP, EndReason.TRANSFERRED, EndReason.SILENCE):
            result = summed_up(call.campaign, call.state, reason)
            assert [one.id for one in call.campaign.dispositions].count(result.disposition) == 1, replies
            assert result.disposition in FITTING.get(result.outcome, {result.disposition}), replies


@given(st.sets(st.sampled_from(list(CallEnding))), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_a_campaign_lists_what_it_wants_and_every_call_finds_its_place(wanted: set[CallEnding], seed: int) -> None:
    listed = tuple(Disposition(id=f"x_{one}", label=f"X {one}", when=one) for one in {*wanted, CallEnding.ABANDONED})
    campaign = SOLAR.model_copy(update={"dispositions": listed})
    call = walk(seed * 2)[0]
    whole = summed_up(SOLAR, call.state, EndReason.CALLER_HUNG_UP)
    result = summed_up(campaign, call.state, EndReason.CALLER_HUNG_UP)
    assert result.disposition in {one.id for one in listed}
    if CallEnding(whole.disposition) in wanted:
        assert result.disposition == f"x_{whole.disposition}"
    assert result.outcome is whole.outcome
