"""Parts of the day, said before, behind or between the words of a day; and hours between which somebody is busy."""

from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words  # type: ignore[import-untyped]

from dialogue.intents import Intent
from dialogue.moments import PARTS_OF_DAY, bounds
from fakes.spoken_calls import QUALIFIES, SpokenCall
from fakes.spoken_forms import analysis
from unit.dialogue.test_spoken_times import call_at
from vocabulary.enums import Expectation

ORDERS = ("{part} {day}", "{day} {part}", "{day}, {part}", "{part} on {day}", "could we do {part} on {day}?",
          "well, {day} but {part}", "{day}. {part} if you can", "{part} works, {day} that is")  # fmt: skip
SAID = {
    "late": "end_of_the_day", "early": "early_morning", "first thing": "early_morning",
    "end of the day": "end_of_the_day", "late afternoon": "late_afternoon", "early afternoon": "early_afternoon",
    "mid-morning": "mid_morning", "the back end of the afternoon": "late_afternoon",
    "towards evening": "early_evening", "after lunch": "afternoon", "close of business": "end_of_the_day",
    "after the school run": "mid_morning", "as late as you can": "end_of_the_day", "before lunch": "morning",
    "over lunch": "lunch", "after work": "evening", "bright and early": "early_morning",
}  # fmt: skip
BUSY = (
    "I work",
    "I feed",
    "my wife is at the clinic",
    "I'm on shift",
    "the kids have practice",
    "I'm milking",
    "we're out",
)
ENDS = ("I get off at", "I finish work at", "my shift ends at", "I'm done at", "we get home at")
STARTS = ("I start work at", "I have to leave at", "I'm at work from", "I've got to be gone by", "I pick my son up at")


@settings(max_examples=100, deadline=None)
@given(part=st.sampled_from(sorted(SAID)), day=st.sampled_from(["Tuesday", "Friday"]), order=st.sampled_from(ORDERS))
def test_a_part_of_the_day_bounds_it_in_any_order(part: str, day: str, order: str) -> None:
    told = analysis(order.format(part=part, day=day))
    assert (told.moment.not_before, told.moment.not_after) == bounds(PARTS_OF_DAY[SAID[part]])
    assert told.moment.weekdays == {["Tuesday", "Friday"].index(day) * 3 + 1}
    assert not told.has(Intent.UNCLEAR_TIME)


@pytest.mark.parametrize("qualified", ["late {}{} afternoon", "the end of {}{} afternoon", "{}{} late afternoon"])
@pytest.mark.parametrize("lead", ["", "on "])
def test_the_day_may_stand_between_its_words(qualified: str, lead: str) -> None:
    moment = analysis(qualified.format(lead, "Tuesday")).moment
    assert (moment.not_before, moment.weekdays) == (time(15), frozenset({1}))


@settings(max_examples=60, deadline=None)
@given(hour=st.integers(2, 6), half=st.booleans(), until=st.sampled_from(["till", "until", "til"]),
       who=st.sampled_from(BUSY), day=st.sampled_from(["", ". Thursday?", " on Thursdays"]))  # fmt: skip
def test_who_is_busy_until_then_is_free_from_then_on(hour: int, until: str, who: str, day: str, *, half: bool) -> None:
    said = f"half past {num2words(hour)}" if half else num2words(hour)
    told = analysis(f"{who} {until} {said}{day}").moment
    assert (told.not_before, told.not_after, told.at) == (time(12 + hour, 30 * half), None, None)


@pytest.mark.parametrize("said", ENDS)
def test_what_ends_then_leaves_the_time_after_it(said: str) -> None:
    told = analysis(f"{said} three, so Tuesday").moment
    assert (told.not_before, told.not_after, told.at) == (time(15), None, None)


@pytest.mark.parametrize("said", STARTS)
def test_what_begins_then_leaves_the_time_before_it(said: str) -> None:
    told = analysis(f"{said} three, so Tuesday").moment
    assert (told.not_before, told.not_after, told.at) == (None, time(15), None)


@pytest.mark.parametrize(
    "said", ["I'm free until three", "I'm home till three", "I can do until three", "any time until three"]
)
def test_who_is_free_until_then_is_so_before_it(said: str) -> None:
    told = analysis(said).moment
    assert (told.not_before, told.not_after, told.at) == (None, time(15), None)


@pytest.mark.parametrize("said", ["ten or later", "from ten onwards", "I drop her off at ten, any time after that"])
def test_an_hour_and_what_comes_after_it_is_a_bound(said: str) -> None:
    told = analysis(f"Tuesday, {said}").moment
    assert (told.not_before, told.at) == (time(10), None)


@pytest.mark.parametrize(
    "said", ["I'm running late, sorry", "is it too late for solar?", "sooner or later", "too late"]
)
def test_late_is_not_always_a_part_of_the_day(said: str) -> None:
    assert analysis(said).moment.is_open


@pytest.mark.parametrize(
    "said", ["Tuesday after my shift", "Friday once the baby sleeps", "Tuesday before I go to mass"]
)
def test_a_bound_that_nobody_else_knows_is_asked_for(said: str) -> None:
    call = call_at(Expectation.SLOT_CHOICE)
    call.say(said)
    assert (call.state.chosen, call.actions) == (None, [])
    assert "exactly" in call.replies[-1].text


def test_the_hours_of_a_wish_hold_for_the_days_named_after_it() -> None:
    call = SpokenCall()
    call.say(*QUALIFIES)
    for said in ("I work till two", "Thursday?", "or Friday?"):
        call.say(said)
        times = [call.state.chosen] if call.state.chosen is not None else call.state.offered
        assert {slot.start_time.hour >= 14 for slot in times} == {True}, said
