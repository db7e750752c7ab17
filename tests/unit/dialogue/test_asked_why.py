"""Whoever asks why it is asked who decides has told nothing, and whoever is helped to decide does not decide alone."""

import pytest

from fakes.spoken_calls import SpokenCall

BEFORE = ("Our power bills keep climbing.", "About 180 dollars a month.")


@pytest.mark.parametrize(
    "said",
    [
        "Why do you need to know whether I own it?", "What's it to you who decides?", "Does it matter if I own it?",
        "Why's it matter who owns the house?", "What difference does it make whether it's mine?",
        "Is it important if I'm the owner?", "Why would you care whether anybody else decides?",
        "And you need to know if I own my home because?", "Do I have to own it for that?",
        "Does it matter whose name it's in?", "Para que quiere saber si la casa es mia?", "Importa si soy el dueño?",
    ],
)  # fmt: skip
def test_a_question_about_the_question_answers_nothing(said: str) -> None:
    call = SpokenCall()
    call.say(*BEFORE, said)
    assert "decision" not in call.state.facts
    assert call.state.pending == "decision"


@pytest.mark.parametrize(
    ("said", "decides"),
    [
        ("Does it matter if I own it? I do, it's mine.", "yourself"), ("I do, why?", "yourself"),
        ("Why do you ask? My wife and I own it together.", "together"),
        ("It's my house now, I suppose. My son helps me decide things.", "together"),
        ("It's mine, but my daughter helps me with the big decisions.", "together"),
        ("It's mine, my son helps around the house.", "yourself"),
        ("My wife helps out, but it's up to me.", "yourself"),
        ("La casa es mia y de mi esposo.", "together"), ("Es mia y de mi hermana.", "together"),
        ("La casa es de mi marido y mia.", "together"), ("Yo decido, pero mi hijo me ayuda a decidir.", "together"),
        ("Es mia, yo decido.", "yourself"),
    ],
)  # fmt: skip
def test_who_decides_is_told_beside_it(said: str, decides: str) -> None:
    call = SpokenCall()
    call.say(*BEFORE, said)
    assert decides in str(call.state.facts["decision"].value)


def test_why_it_is_asked_is_told() -> None:
    call = SpokenCall()
    reply = call.say(*BEFORE, "Does it matter if I own it?")
    assert "I ask so that" in reply.text
