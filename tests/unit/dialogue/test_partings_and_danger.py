"""How the agent takes leave of whom: no cheer for the unwelcome, his own words for a stranger, what helps in danger."""

import pytest

from dialogue.languages import known_languages
from fakes.spoken_calls import SpokenCall
from vocabulary.turns import EndCall, Transfer

ASK_TO_STOP = (
    "How do I make you people stop?", "What does it take to get these calls to stop?",
    "Is there any way to get you folks to quit?", "What must I do to be rid of you?",
)  # fmt: skip
FIRES = (
    "my kitchen is on fire",
    "there's smoke coming out of the wall",
    "I can smell gas",
    "there are flames everywhere",
)
HARM = ("my husband just collapsed", "somebody is breaking into my house", "she is not breathing")


@pytest.mark.parametrize("said", ["Take me off your list.", "Never call this number again."])
def test_who_wants_no_calls_is_not_wished_a_sunny_day(said: str) -> None:
    reply = SpokenCall().say(said)
    assert EndCall in map(type, reply.actions)
    assert "sunny" not in reply.text
    assert "oodbye" in reply.text


@pytest.mark.parametrize("said", ASK_TO_STOP)
def test_who_asks_how_to_make_it_stop_is_asked_whether_to_take_the_number_off(said: str) -> None:
    call = SpokenCall()
    assert "number" in call.say(said).text
    call.say("Yes please.")
    assert "not to be called again" in call.state.requests


@pytest.mark.parametrize("said", FIRES)
def test_where_it_burns_or_smells_of_gas_everybody_is_sent_out_first(said: str) -> None:
    call = SpokenCall()
    text = call.say(said).text
    assert "outside" in text
    assert text.index("outside") < text.index("emergency number")


@pytest.mark.parametrize("said", HARM)
def test_nobody_is_sent_out_where_nothing_burns(said: str) -> None:
    assert "outside" not in SpokenCall().say(said).text


def test_who_despairs_hears_a_human_word_before_the_number() -> None:
    assert "alone" in SpokenCall().say("I want to end my life.").text
    assert "no está a solas" in SpokenCall().say("Hola, buenas tardes", "La verdad, quiero matarme.").text


@pytest.mark.parametrize(
    ("said", "no", "code"),
    [
        ("Bonjour, est-ce que vous parlez français avec moi ?", "Non merci", "fr"),
        ("Guten Tag, ich hätte gern eine Auskunft zu Solaranlagen.", "Nein danke", "de"),
    ],
)
def test_who_speaks_another_language_is_taken_leave_of_in_it(said: str, no: str, code: str) -> None:
    known = known_languages()[code]
    call = SpokenCall()
    assert known.joins in call.say(said).text
    assert known.goodbye in call.say(no).text


def test_who_speaks_another_language_is_put_through_in_it() -> None:
    call = SpokenCall()
    call.say("Guten Tag, ich hätte gern eine Auskunft zu Solaranlagen.")
    reply = call.say("Ja bitte")
    assert reply.actions == (Transfer(),)
    assert known_languages()["de"].transfer in reply.text


def test_who_is_pestered_and_wants_nothing_is_asked_whether_to_take_the_number_off() -> None:
    call = SpokenCall()
    assert "number" in call.say("Your people ring me every week and I am not interested.").text
    assert EndCall in map(type, call.say("Yes.").actions)
    assert "not to be called again" in call.state.requests
