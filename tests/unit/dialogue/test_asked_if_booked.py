"""Whoever asks whether it is booked, moved or cancelled is told what is so, at any time."""

import pytest

from dialogue.calendar_changes import in_doubt
from dialogue.state import CalendarChange
from fakes.spoken_calls import SpokenCall
from unit.dialogue.test_contact_corrections import EMAIL, NAME, PHONE, QUALIFIED, QUALIFIED_IN_SPANISH, booked

QUESTIONS = (
    "So is it booked now?", "Am I booked in?", "Did that go through?", "It's all booked, right?",
    "Were you able to get that booked?", "Has it been moved?", "So that's cancelled, is it?",
    "Is it in the calendar?",
    "What is the status of my appointment?", "Which time do I have now?",
)  # fmt: skip
IS_BOOKED = ("booked for", "Your appointment is")
NONE_IS = ("Nothing is booked", "no appointment is booked")


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("told", [(NAME,), (NAME, PHONE, EMAIL), (NAME, PHONE, EMAIL, "yes")])
def test_what_is_booked_is_said(question: str, told: tuple[str, ...]) -> None:
    call = booked(*told, question)
    assert any(words in call.replies[-1].text for words in IS_BOOKED)
    assert call.state.booked is not None
    assert not call.replies[-1].actions


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_not_booked_is_said_too(question: str) -> None:
    offered = SpokenCall()
    offered.say(*QUALIFIED[:-2], question)
    cancelled = booked(NAME, "please cancel my appointment", question)
    for call in (offered, cancelled):
        assert any(words in call.replies[-1].text for words in NONE_IS)
        assert call.state.booked is None


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("kind", ["book", "move", "cancel"])
def test_what_nobody_knows_is_not_claimed(question: str, kind: str) -> None:
    call = booked(NAME, PHONE, EMAIL, "yes")
    slot = call.state.booked
    assert slot is not None
    change = CalendarChange.model_validate({"kind": kind, "slot": slot, "turn_id": "turn-9", "told": True})
    call.state = in_doubt(call.state, change)
    call.say(question)
    text = call.replies[-1].text
    assert "still does not answer" in text or "still do not see" in text
    assert not any(words in text for words in (*IS_BOOKED, *NONE_IS))


@pytest.mark.parametrize("question", ["¿Ya quedó reservada?", "¿Tengo cita o no?", "¿Me la agendó?"])
def test_in_spanish_too(question: str) -> None:
    call = booked(NAME, question, qualified=("hola, hablo español, por favor", *QUALIFIED_IN_SPANISH))
    assert any(words in call.replies[-1].text for words in ("reserva para", "está reservado"))


@pytest.mark.parametrize("said", ["Is it free in winter?", "Is that off the grid?", "Have you moved your office?"])
def test_before_an_appointment_was_spoken_of_nothing_is_said_of_one(said: str) -> None:
    call = SpokenCall()
    call.say("my electric bill is too high", said)
    assert not any(words in call.replies[-1].text for words in (*IS_BOOKED, *NONE_IS))
