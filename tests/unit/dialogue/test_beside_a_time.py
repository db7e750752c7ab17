"""What callers say beside a time that was read out or offered: their name, a question, that they fetch a calendar."""

import pytest

from dialogue import Book
from fakes.spoken_calls import QUALIFIES, TIME_READ_OUT, SpokenCall
from vocabulary.enums import Expectation, TransitionTrigger


def call_after(*said: str) -> SpokenCall:
    """Returns a call in which all this was said."""
    call = SpokenCall()
    call.say(*said)
    return call


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Yep! Hannah Brooks.", "Hannah Brooks"), ("Yes. Leroy Adeyemi.", "Leroy Adeyemi"),
        ("Sure, put it under Moira Fentress.", "Moira Fentress"), ("Yes please, Dan Whitlock.", "Dan Whitlock"),
    ],
)  # fmt: skip
def test_a_name_that_is_told_with_the_yes_is_kept(said: str, name: str) -> None:
    call = call_after(*TIME_READ_OUT)
    assert any(isinstance(action, Book) for action in call.say(said).actions)
    assert call.value("caller_name") == name
    assert call.state.pending == "phone"


@pytest.mark.parametrize("said", ["Gwen Ostrander.", "My name is Gwen Ostrander.", "My number is 202 555 0177."])
def test_a_detail_that_is_told_instead_of_the_yes_is_kept_and_the_yes_is_asked_for(said: str) -> None:
    call = call_after(*TIME_READ_OUT)
    reply = call.say(said)
    assert call.state.expecting is Expectation.SLOT_CONFIRMATION
    assert not reply.actions
    assert call.state.facts.keys() & {"caller_name", "phone"}
    assert call.state.missed_times == 0


@pytest.mark.parametrize("said", ["Great, thank you.", "Thanks a lot.", "You're a star, cheers.", "See you then."])
def test_a_kind_word_takes_the_time(said: str) -> None:
    assert any(isinstance(action, Book) for action in call_after(*TIME_READ_OUT).say(said).actions)


@pytest.mark.parametrize(
    "said", ["Thanks, but I have to think about it.", "Thank you for your time.", "Thanks, maybe another day."]
)
def test_thanks_that_take_no_time_book_nothing(said: str) -> None:
    assert not any(isinstance(action, Book) for action in call_after(*TIME_READ_OUT).say(said).actions)


@pytest.mark.parametrize("before", [QUALIFIES, TIME_READ_OUT])
@pytest.mark.parametrize(
    "said",
    [
        "Can I still cancel if I get sick?", "And what if I need to call it off, is that okay?",
        "Could I cancel it later on if work gets in the way?", "How late can I cancel?",
    ],
)  # fmt: skip
def test_a_question_whether_it_can_be_cancelled_lets_no_time_go(before: tuple[str, ...], said: str) -> None:
    call = call_after(*before)
    offered, chosen = call.state.offered, call.state.chosen
    reply = call.say(said)
    assert "cancel" in reply.text
    assert (call.state.offered, call.state.chosen) == (offered, chosen)


@pytest.mark.parametrize("said", ["Hold on, let me grab my diary.", "One sec, I need to look at my calendar."])
@pytest.mark.parametrize("back", ["Okay, got it.", "I'm back.", "Okay, back."])
def test_whoever_fetches_his_calendar_hears_the_same_times_again(said: str, back: str) -> None:
    call = call_after(*QUALIFIES)
    offered = call.state.offered
    assert call.say(said).trigger is TransitionTrigger.WAIT_REQUESTED
    reply = call.say(back)
    assert call.state.offered == offered
    assert "tomorrow at nine" in reply.text.lower()


@pytest.mark.parametrize(
    "said",
    [
        "Yes please, and can you send me a text an hour ahead?", "Yeah, my sister comes along, she gets off at four.",
        "Sure, as long as he's gone by five, I fetch my boy at that hour.", "Yes but ask him to ring the side door.",
        "Perfect, yes. On Friday my parents are here, they'd like to hear of it as well.",
        "Yes. Could you ring me on the morning of it?",
    ],
)  # fmt: skip
def test_a_remark_beside_the_yes_books_though_it_names_another_time(said: str) -> None:
    call = call_after(*TIME_READ_OUT)
    chosen = call.state.chosen
    assert any(isinstance(action, Book) for action in call.say(said).actions)
    assert call.state.booked == chosen


@pytest.mark.parametrize("said", ["Yes, Thursday.", "Yes, but make it eleven.", "Sure, or rather Wednesday at one."])
def test_another_time_behind_a_yes_is_the_wished_one(said: str) -> None:
    assert not any(isinstance(action, Book) for action in call_after(*TIME_READ_OUT).say(said).actions)
