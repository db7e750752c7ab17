"""Which of two offered times is meant, by a lone number; and what is said where nothing is understood of times."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.turns import Book
from fakes.spoken_calls import MONDAY, QUALIFIES, SpokenCall
from vocabulary.enums import Expectation
from vocabulary.turns import EndCall, Slot

PICKS = (
    "{}", "{}.", "{} is fine", "let's say {}", "{}'s smashing", "{} works", "yeah, {}", "{} please", "um, {} I suppose",
    "{} would suit me", "I'd go with {}", "I'll take {}", "could we do {}", "{} then", "{} it is", "{} sounds good",
    "make it {}", "{} will do", "the {} o'clock", "{}'d be grand", "rather {}",
)  # fmt: skip
IDIOMS = (
    "one moment", "just one thing", "no one", "one of you rang me", "one question first", "which one", "one more thing",
    "I already have one", "one day maybe", "my son is one", "we are two adults", "the two of us", "one hundred percent",
    "give me one second", "that's a good one", "one or the other", "one is enough of that", "nine of us live here",
)  # fmt: skip


def offered(*hours: tuple[int, int]) -> SpokenCall:
    """Returns a call in which times on two days were offered, at these hours and minutes."""
    slots = []
    for ahead, (hour, minute) in enumerate(hours, start=1):
        start = MONDAY.replace(day=MONDAY.day + ahead, hour=hour, minute=minute)
        slots.append(Slot(f"{start:%d-%H-%M}", "", start, start))
    call = SpokenCall(slots=slots)
    call.say(*QUALIFIES)
    assert [slot.start_time for slot in call.state.offered] == [slot.start_time for slot in slots[:2]]
    return call


@settings(max_examples=80, deadline=None)
@given(frame=st.sampled_from(PICKS), word=st.sampled_from(["nine", "one"]))
def test_a_lone_number_is_the_offered_hour(frame: str, word: str) -> None:
    call = offered((9, 0), (13, 0))
    call.say(frame.format(word))
    assert call.state.chosen is not None
    assert call.state.chosen.start_time.hour == {"nine": 9, "one": 13}[word]


@pytest.mark.parametrize("said", IDIOMS)
def test_a_number_that_counts_or_is_part_of_an_idiom_picks_nothing(said: str) -> None:
    call = offered((9, 0), (13, 0))
    call.say(said)
    assert (call.state.chosen, call.actions) == (None, [])


@pytest.mark.parametrize("said", ["half past", "half past is fine", "the half past", "the half hour one"])
def test_minutes_alone_pick_the_only_time_that_has_them(said: str) -> None:
    call = offered((9, 30), (13, 0))
    call.say(said)
    assert call.state.chosen is not None
    assert call.state.chosen.start_time.minute == 30


@pytest.mark.parametrize(
    ("said", "place"),
    [("the early one", 0), ("the late one", 1), ("the later of the two", 1), ("the Wednesday one", 1)],
)
def test_an_offered_time_is_picked_by_what_sets_it_apart(said: str, place: int) -> None:
    call = offered((9, 0), (13, 0))
    times = call.state.offered
    call.say(said)
    assert call.state.chosen == times[place]


@pytest.mark.parametrize(
    "lines",
    [
        ("the dog is big", "my cat too", "the bird sings", "the fish swims", "so it goes"),
        ("Tuesday after my shift", "after my shift", "when my shift is over", "when I am home", "once I am home"),
    ],
)
def test_whoever_is_not_understood_is_offered_other_days_then_a_human(lines: tuple[str, ...]) -> None:
    call = offered((9, 0), (13, 0), (10, 0), (11, 0))
    asked = [call.say(line).text for line in lines]
    assert sum("which one shall I take" in text or "exactly" in text for text in asked) == 1
    assert call.replies[-2].asks is not None
    assert call.replies[-2].asks.expectation is Expectation.HUMAN_OFFER
    assert not any(isinstance(action, Book | EndCall) for action in call.actions)


def test_a_time_is_still_picked_after_a_human_was_offered() -> None:
    call = offered((9, 0), (13, 0), (10, 0), (11, 0))
    call.say("the dog is big", "my cat too", "the bird sings", "the fish swims")
    assert call.state.expecting is Expectation.HUMAN_OFFER
    call.say("Wednesday at one then")
    assert call.state.chosen is not None
    assert (call.state.chosen.start_time.day, call.state.chosen.start_time.hour) == (25, 13)


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("The Wednesday one.", 14), ("I'll take the Wednesday one, please.", 14), ("That Tuesday one, yeah.", 10),
        ("The tomorrow one sounds good.", 10), ("Your Wednesday one suits me.", 14),
    ],
)  # fmt: skip
def test_the_one_of_a_day_is_the_time_that_was_offered_on_it(said: str, hour: int) -> None:
    call = offered((10, 0), (14, 0))
    call.say(said)
    assert call.state.chosen is not None
    assert call.state.chosen.start_time.hour == hour


@pytest.mark.parametrize(
    "said",
    [
        "Tomorrow works, but could it be a bit later in the day?", "Tomorrow suits me, later on in the day though.",
        "tomorrow's grand as long as it's later in the day", "I can do tomorrow, nine's a bit early for me.",
        "Tomorrow, only not so early.",
    ],
)  # fmt: skip
def test_a_day_with_another_hour_stays_the_day(said: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES)
    call.say(said)
    assert {slot.start_time.day for slot in call.state.offered} == {MONDAY.day + 1}
    assert all(slot.start_time.hour > 9 for slot in call.state.offered)
    assert call.state.chosen is None


@pytest.mark.parametrize("said", ["Friday, but later in the day.", "Is there anything later on Friday?"])
def test_later_on_a_day_that_was_not_offered_is_on_that_day(said: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES)
    call.say(said)
    assert {slot.start_time.weekday() for slot in call.state.offered} == {4}
