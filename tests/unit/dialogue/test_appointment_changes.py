"""Booked appointments that are cancelled, moved or kept, and wishes that a calendar cannot meet."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from callwright_common.campaign import Capture
from dialogue import Book, Cancel
from dialogue.outcomes import outcome, summary
from fakes.spoken_calls import MONDAY, QUALIFIES, SOLAR, SpokenCall
from vocabulary.enums import Expectation, Outcome, WorkflowState
from vocabulary.turns import EndCall, Slot, Transfer

NOTHING_TO_ASK = SOLAR.model_copy(update={"capture": Capture()})
TUESDAY = "tomorrow, Tuesday, at nine in the morning"


def booked_call(slots: list[Slot] | None = None) -> SpokenCall:
    """Returns a call with an appointment tomorrow at nine."""
    call = SpokenCall(NOTHING_TO_ASK, slots=slots)
    call.say(*QUALIFIES, "the first one", "yes")
    assert call.state.booked is not None
    return call


def start(slot: Slot | None) -> tuple[int, int] | None:
    """Returns day and hour of a time."""
    return (slot.start_time.day, slot.start_time.hour) if slot is not None else None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("I need to cancel the appointment", None), ("I might have to cancel", Expectation.CANCELLATION_CHECK),
        ("Actually, could we move it to Friday?", Expectation.SLOT_CHOICE),
        ("No, that was everything. Thank you and goodbye.", None),
    ],
)  # fmt: skip
def test_whoever_is_asked_for_his_name_may_speak_of_the_appointment_instead(
    said: str, expected: Expectation | None
) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES, "the first one", "yes", said)
    assert call.state.expecting in {expected, Expectation.ANYTHING_ELSE if "cancel the" in said else expected}
    assert "caller_name" not in call.state.facts


@pytest.mark.parametrize(
    "said",
    [
        "never mind, cancel that", "please cancel the appointment", "Can you cancel it for me?", "can I cancel?",
        "call the whole thing off", "take me off the calendar", "sorry, scrap the visit",
        "on second thought, never mind the whole thing", "I do not want the appointment any more",
        "forget the visit, my wife says no", "I'd like to cancel if that's okay",
    ],
)  # fmt: skip
def test_a_clear_cancel_is_done_and_said(said: str) -> None:
    call = booked_call()
    reply = call.say(said)
    assert reply.actions == (Cancel(),)
    assert f"{TUESDAY} is cancelled" in reply.text or f"cancelled your appointment {TUESDAY}" in reply.text
    assert call.state.booked is None
    assert outcome(SOLAR, call.state) is Outcome.DECLINED
    assert "was cancelled" in summary(SOLAR, call.state)
    assert reply.workflow_state is WorkflowState.CLOSING
    assert isinstance(call.say("no, that's it").actions[0], EndCall)


def test_a_cancelled_appointment_lowers_the_score() -> None:
    call = booked_call()
    before = call.score.overall
    call.say("cancel it please")
    assert call.score.overall < before


@pytest.mark.parametrize(
    "said",
    ["never mind", "I might have to cancel", "maybe we should cancel", "I'm having second thoughts", "forget it",
     "I'm not sure about it any more", "perhaps not after all"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("answer", "cancels"), [("yes please", True), ("no, leave it in", False), ("yes, cancel it", True)]
)
def test_a_doubtful_cancel_is_asked(said: str, answer: str, *, cancels: bool) -> None:
    call = booked_call()
    reply = call.say(said)
    assert call.state.expecting is Expectation.CANCELLATION_CHECK
    assert TUESDAY in reply.text
    assert not reply.actions
    after = call.say(answer)
    assert after.actions == ((Cancel(),) if cancels else ())
    assert (call.state.booked is None) == cancels
    assert TUESDAY in after.text


@pytest.mark.parametrize(
    "said",
    ["I don't want to cancel, what time was it?", "what happens if I need to cancel?", "is there a cancellation fee?",
     "can I cancel later if I have to?", "I am not cancelling, just checking the time"],
)  # fmt: skip
def test_who_only_speaks_of_cancelling_keeps_his_appointment(said: str) -> None:
    call = booked_call()
    reply = call.say(said)
    assert not any(isinstance(action, Cancel | EndCall | Transfer) for action in reply.actions)
    assert start(call.state.booked) == (24, 9)


@pytest.mark.parametrize(
    ("said", "moved_to"),
    [
        (("could we do Thursday at ten instead?", "yes"), (26, 10)),
        (("can you move it to Friday", "the first one", "yes please"), (27, 9)),
        (("I can't make tomorrow after all", "Wednesday at two", "yes"), (25, 14)),
        (("an hour later would be better", "yes"), (24, 10)),
        (("same time on Thursday instead", "yes"), (26, 9)),
        (("make it the day after", "the one in the morning", "yes"), (25, 9)),
    ],
)
def test_a_move_books_the_new_time_in_one_step(said: tuple[str, ...], moved_to: tuple[int, int]) -> None:
    call = booked_call()
    for one in said[:-1]:
        call.say(one)
        assert start(call.state.booked) == (24, 9)  # until the new one is booked
    reply = call.say(said[-1])
    [action] = reply.actions
    assert isinstance(action, Book)
    assert start(call.state.booked) == moved_to
    assert outcome(SOLAR, call.state) is Outcome.BOOKED


@pytest.mark.parametrize("said", ["no, leave it as it is", "never mind, leave it", "no, forget about it"])
def test_who_gives_up_a_move_keeps_what_he_has(said: str) -> None:
    call = booked_call()
    call.say("can we move it to Friday?")
    reply = call.say(said)
    assert start(call.state.booked) == (24, 9)
    assert TUESDAY in reply.text
    assert not reply.actions
    assert outcome(SOLAR, call.state) is Outcome.BOOKED


def test_a_time_that_is_gone_while_moving_leaves_the_old_one() -> None:
    call = booked_call()
    call.say("can we move it to Friday at ten?")
    assert call.slots is not None
    call.slots = [slot for slot in call.slots if start(slot) != (27, 10)]
    reply = call.say("yes")
    assert not reply.actions
    assert start(call.state.booked) == (24, 9)


@pytest.mark.parametrize("said", ["cancel it please", "move it to Friday please"])
def test_without_a_calendar_a_change_is_noted_and_nothing_else_is_claimed(said: str) -> None:
    call = booked_call()
    call.slots = None
    reply = call.say(said)
    assert "noted" in reply.text
    assert not reply.actions
    assert start(call.state.booked) == (24, 9)
    assert outcome(SOLAR, call.state) is Outcome.BOOKED


@pytest.mark.parametrize("said", ["That's it", "That'll do", "No, that's it", "nope we're good", "all sorted, cheers",
                                  "that's the lot", "No, that's me done"])  # fmt: skip
def test_after_a_booking_the_call_ends_with_a_goodbye(said: str) -> None:
    reply = booked_call().say(said)
    assert reply.trigger in {"goodbye", "closing"}
    assert isinstance(reply.actions[0], EndCall)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Yes, how long does it take?", "sixty minutes"), ("Yes please, who is coming?", "solar advisors"),
        ("Yes, and do I have to be home?", "be there"), ("Sure, will you text me?", "confirmation"),
    ],
)  # fmt: skip
def test_a_question_beside_a_yes_is_answered_and_the_time_booked(said: str, answer: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES, "the first one")
    reply = call.say(said)
    assert any(isinstance(action, Book) for action in reply.actions)
    assert answer in reply.text


@pytest.mark.parametrize("said", ["Which advisor is it gonna be?", "how long will it take", "do I need to be there",
                                  "will you text me", "who turns up?", "does my wife have to be in?"])  # fmt: skip
@pytest.mark.parametrize("choice", ["", "the first one"])
def test_a_question_about_the_appointment_is_answered_and_the_times_stay(said: str, choice: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES, *filter(None, [choice]))
    before = (call.state.chosen, call.state.offered)
    reply = call.say(said)
    assert not reply.actions
    assert (call.state.chosen, call.state.offered) == before
    assert call.state.expecting in {Expectation.SLOT_CHOICE, Expectation.SLOT_CONFIRMATION}


def test_a_weekday_is_that_of_the_week_that_is_spoken_of() -> None:
    call = SpokenCall()
    call.say(*QUALIFIES, "have you got anything next week?", "Eleven then, on the Tuesday")
    assert call.state.chosen is not None
    assert call.state.chosen.start_time.date() == datetime(2026, 12, 1, tzinfo=MONDAY.tzinfo).date()
    assert call.state.chosen.start_time.hour == 11


def test_what_the_calendar_never_has_is_told_once() -> None:
    call = SpokenCall()
    call.say(*QUALIFIES)
    hours = "Monday to Friday, between nine in the morning and five in the afternoon"
    assert hours in call.say("Have you got a Saturday?").text
    for said in ("Sunday then?", "What about evenings after six?"):
        again = call.say(said).text
        assert hours not in again
        assert "nothing is free" not in again
        assert call.state.offered


@pytest.mark.parametrize(("said", "told"), [("the twentieth of January", "until"), ("this afternoon", "soon")])
def test_a_wish_too_far_or_too_near_is_told_as_such(said: str, told: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES)
    assert told in call.say(said).text


def test_a_time_off_the_hour_is_answered_with_the_nearest() -> None:
    call = SpokenCall()
    call.say(*QUALIFIES, "Wednesday at half past ten")
    assert [start(slot) for slot in call.state.offered] == [(25, 10), (25, 11)]


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("no appointment today, ring me Friday after five when my wife is in",
         "Friday, November twenty-seventh after five in the afternoon"),
        ("just give me a call Thursday morning instead", "Thursday, November twenty-sixth in the morning"),
        ("could you phone me back tomorrow at three?", "tomorrow, Tuesday, at three in the afternoon"),
    ],
)  # fmt: skip
def test_a_call_that_is_wanted_instead_is_read_back_and_recorded(said: str, when: str) -> None:
    call = SpokenCall()
    reply = call.say(*QUALIFIES, said)
    assert when in reply.text
    assert call.value("callback_time") == when
    assert f"A call back is wanted {when}." in summary(SOLAR, call.state)
    assert call.state.booked is None


def test_times_are_said_in_the_callers_zone_and_the_calendars() -> None:
    call = SpokenCall()
    reply = call.say(*QUALIFIES, "we are in Boston, by the way, so Thursday at noon our time")
    assert "noon Eastern time, which is ten in the morning Mountain time" in reply.text
    reply = call.say("yes")
    assert "Eastern time" in reply.text
    booked = call.state.booked
    assert booked is not None
    assert booked.start_time.astimezone(ZoneInfo("America/New_York")).hour == 12


def test_a_day_that_does_not_suit_is_not_taken() -> None:
    for said in ("Tuesdays are murder for me", "I'm at work tomorrow", "mornings are hard", "tomorrow's a bit soon"):
        call = SpokenCall()
        call.say(*QUALIFIES, said)
        taken = [call.state.chosen] if call.state.chosen is not None else call.state.offered
        assert (24, 9) not in [start(slot) for slot in taken]


def test_after_a_cancel_another_time_can_be_booked() -> None:
    call = booked_call()
    call.say("cancel that please", "Actually, have you got anything on Thursday?", "the first one", "yes")
    assert start(call.state.booked) == (26, 9)
    assert outcome(SOLAR, call.state) is Outcome.BOOKED
    assert "was cancelled" not in summary(SOLAR, call.state)


def test_a_booked_time_is_not_offered_again() -> None:
    call = booked_call()
    call.say("do you have another time on Tuesday?")
    assert all(start(slot) != (24, 9) for slot in call.state.offered)
