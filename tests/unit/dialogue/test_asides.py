"""What is put in between asks nobody anything, and is heard past."""

import pytest

from dialogue.grammar.asides import without_asides
from fakes.spoken_calls import SpokenCall

ASIDES = (
    "The bill, how you say, is very high.", "Our electric bill is too high, you know?",
    "I am fed up with the, what do you call it, the electric bill.", "My power bill is crazy, know what I mean?",
    "We want to save money on the bill, if you see what I mean.", "The bills are, how is it called, sky high.",
    "The electric bill doubled, who knows why. You know what I'm saying?", "It is the bill, you see.",
)  # fmt: skip
QUESTIONS = (
    "You know my address?", "Do you know what I mean?", "What is it?", "Hello, can you hear me?", "Do you understand?",
    "I don't know how you say that.", "Wednesday at one, right?", "Do you know where I live?",
)  # fmt: skip


@pytest.mark.parametrize("said", ASIDES)
def test_an_aside_is_no_question(said: str) -> None:
    call = SpokenCall()
    call.say(said)
    assert call.state.facts["interest"].value == "lower bills"
    assert "an answer to a question" not in call.state.requests


@pytest.mark.parametrize("said", QUESTIONS)
def test_what_is_asked_stays_asked(said: str) -> None:
    assert without_asides(said) == said
