"""Whoever wants it in writing is believed: the address is taken and read back, and no visit is pressed on him."""

import pytest

from dialogue import summed_up
from fakes.spoken_calls import SOLAR, SpokenCall
from vocabulary.enums import EndReason, Expectation


@pytest.mark.parametrize(
    "said",
    [
        "Could you send me a brochure by email?",
        "I only want some literature to read",
        "Pop a leaflet in the mail for me, would you",
        "Just e-mail me the details",
        "Have you got something in print?",
    ],
)
@pytest.mark.parametrize("before", [(), ("Our bills keep climbing",)])
def test_whoever_wants_it_in_writing_is_asked_where_to_send_it(said: str, before: tuple[str, ...]) -> None:
    call = SpokenCall()
    call.say(*before, said)
    assert call.state.expecting is Expectation.CONTACT_DETAIL, call.replies[-1].text
    assert call.state.pending in {"email", "address"}


def test_the_address_is_read_back_and_noted_and_the_questions_stop() -> None:
    call = SpokenCall()
    call.say("Can you email me a brochure?", "it is nora dot lind at example dot com")
    assert call.state.expecting is Expectation.CONTACT_CONFIRMATION
    assert "example dot com" in call.replies[-1].text
    call.say("Yes, that is right")
    assert call.state.requested("in_writing")
    assert call.state.facts["email"].value == "nora.lind@example.com"
    call.say("No, that is all, thank you")
    assert call.replies[-1].actions
    assert not call.state.offered


def test_a_wrong_address_is_asked_for_anew() -> None:
    call = SpokenCall()
    call.say("Can you email me a brochure?", "nora at example dot com", "No, that is wrong")
    assert call.state.expecting is Expectation.CONTACT_DETAIL
    call.say("norah at example dot com", "yes")
    assert call.state.facts["email"].value == "norah@example.com"


def test_an_address_that_is_still_to_be_told_is_asked_for_in_every_reply() -> None:
    call = SpokenCall()
    call.say("Can you email me a brochure?")
    for said in ("how long is the warranty?", "and who are you?", "do you work in winter too?"):
        assert call.say(said).text.endswith("?")
        assert call.state.pending == "email"


@pytest.mark.parametrize(
    ("said", "told"),
    [("no, Nara with an a", "nara@"), ("it is example dot org, not dot com", "nora@example.org"),
     ("hm, perhaps", "nora@example.com"), ("what does it all cost?", "nora@example.com")],
)  # fmt: skip
def test_what_is_read_back_is_put_right_as_for_a_booking_and_settled_by_a_yes_alone(said: str, told: str) -> None:
    call = SpokenCall()
    call.say("Can you email me a brochure?", "nora at example dot com", said)
    assert call.state.expecting is Expectation.CONTACT_CONFIRMATION, call.replies[-1].text
    assert not call.state.agreed
    call.say("yes")
    assert call.state.agreed["email"].startswith(told)


def test_without_e_mail_it_goes_by_post() -> None:
    call = SpokenCall()
    call.say("Just send me a brochure", "I do not have an email, put it in the mail")
    assert call.state.pending == "address"


@pytest.mark.parametrize("said", ["Are you sending it or not?", "When will I get it?", "So will you send it today?"])
def test_it_says_honestly_who_sends_it(said: str) -> None:
    call = SpokenCall()
    call.say("Can you email me a brochure?", "nora at example dot com", "yes", said)
    assert "colleague" in call.replies[-1].text
    assert not call.state.offered


def test_the_wish_stands_in_the_summary_for_the_colleagues() -> None:
    call = SpokenCall()
    call.say("Can you email me a brochure?", "nora at example dot com", "yes", "no thanks, bye")
    result = summed_up(SOLAR, call.state, EndReason.AGENT_GOODBYE)
    assert "in writing" in result.summary


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("Can you email me a brochure?", "nora at example dot com", "yes"), "nora@example.com"),
        (("Please mail me a leaflet.", "joel dot ames at example dot org", "that's right"), "joel.ames@example.org"),
        (
            ("Just send me a brochure", "I have no email, put it in the mail", "12 Alder Lane, Dayton", "yes"),
            "12 Alder Lane",
        ),
    ],
)
def test_where_it_goes_stands_in_the_summary_for_the_colleagues(said: tuple[str, ...], told: str) -> None:
    call = SpokenCall()
    call.say(*said)
    assert told in summed_up(SOLAR, call.state, EndReason.AGENT_GOODBYE).summary


def test_what_is_told_for_nothing_that_is_asked_of_a_human_stands_in_no_summary() -> None:
    call = SpokenCall()
    call.say("My name is Nora Lind", "my email is nora at example dot com")
    summary = summed_up(SOLAR, call.state, EndReason.CALLER_HUNG_UP).summary
    assert "Nora" not in summary
    assert "example" not in summary


def test_whoever_wants_to_be_forgotten_has_no_address_in_the_summary() -> None:
    call = SpokenCall()
    call.say("Can you email me a brochure?", "nora at example dot com", "yes", "delete everything you have about me")
    summary = summed_up(SOLAR, call.state, EndReason.AGENT_GOODBYE).summary
    assert "erased" in summary
    assert "example" not in summary


@pytest.mark.parametrize(
    "said", ["Don't e-mail me then", "no need to send that", "forget the email", "actually do not send anything"]
)
def test_what_is_not_wanted_any_more_is_taken_back_with_its_address(said: str) -> None:
    call = SpokenCall()
    call.say("Can you email me a brochure?", "it is nora dot lind at example dot com", "yes", said)
    assert not call.state.requested("in_writing"), call.replies[-1].text
    assert "email" not in call.state.facts
