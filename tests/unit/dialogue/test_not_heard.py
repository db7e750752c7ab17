"""Callers who do not hear: each time other and shorter words, slower, then a human, and never without end."""

from itertools import pairwise

import pytest

from dialogue import CloseReason
from fakes.spoken_calls import SpokenCall
from vocabulary.enums import Expectation
from vocabulary.turns import EndCall, Transfer

COMPLAINTS = ("What?", "Pardon?", "Speak up, please.", "I can't hear you.", "Sorry, what did you say?", "Say again?")
STAGES = {
    "opening": [],
    "bill": ["My bill is too high."],
    "times": ["My bill is too high.", "180 dollars", "I decide alone", "in two months", "15000 dollars"],
}
LONGEST = 6


@pytest.mark.parametrize("first", range(len(COMPLAINTS)))
@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_nobody_hears_the_same_again_and_again(stage: list[str], first: int) -> None:
    call = SpokenCall()
    call.say(*stage) if stage else None
    begun = len(call.replies)
    for number in range(LONGEST):
        if call.actions:
            break
        call.say(COMPLAINTS[(first + number) % len(COMPLAINTS)])
    _, shorter, offer, *end = replies = call.replies[begun:]
    assert all(earlier.text != later.text for earlier, later in pairwise(call.replies[begun - 1 :]))
    assert len(shorter.text) < len(replies[0].text)
    assert all(sentence.slowly for reply in (shorter, offer, *end) for sentence in reply.sentences)
    assert offer.asks is not None
    assert offer.asks.expectation is Expectation.HUMAN_OFFER
    assert isinstance(call.actions[-1], EndCall)
    assert call.state.close_reason is CloseReason.NOT_UNDERSTOOD
    assert any("called back" in sentence.text for sentence in end[-1].sentences)


def test_what_is_open_stays_open() -> None:
    call = SpokenCall()
    call.say("My bill is too high.", "What?", "Pardon?")
    assert call.state.pending == "monthly_bill"
    call.say("180 dollars")
    assert call.state.facts["monthly_bill"].number == 180
    assert call.state.unheard == 0


def test_whoever_did_not_hear_is_spoken_to_slowly_from_then_on() -> None:
    call = SpokenCall()
    assert not any(sentence.slowly for sentence in call.say("My bill is too high.").sentences)
    call.say("What?", "You have to speak up.")
    assert all(sentence.slowly for sentence in call.say("180 dollars").sentences)


def test_a_human_is_offered_to_whoever_keeps_asking_whether_anybody_is_there() -> None:
    call = SpokenCall()
    offer = call.say("Hello?", "Hello? Hello?", "Is anybody there?")
    assert offer.asks is not None
    assert offer.asks.expectation is Expectation.HUMAN_OFFER
    assert isinstance(call.say("Yes please.").actions[0], Transfer)


def test_a_time_that_was_not_heard_is_said_again() -> None:
    call = SpokenCall()
    call.say(*STAGES["times"], "the first one")
    first = call.say("Sorry?")
    assert "nine" in first.text
    assert "nine" in call.say("I can't hear you.").text
    assert call.state.expecting is Expectation.SLOT_CONFIRMATION
