"""Details as people tell them aloud: digits in groups, a part told anew, an address in pieces, a detail he lacks."""

import pytest

from dialogue.contact import contact
from fakes.spoken_calls import SpokenCall
from unit.dialogue.test_contact_corrections import booked, ends, known
from vocabulary.enums import Expectation

WHOLE = "+17205550143"


@pytest.mark.parametrize(
    "said",
    [
        "seven twenty, five five five, oh one four three",
        "seven twenty five five five oh one four three",
        "seven twenty, five fifty five, oh one forty three",
        "it's seven twenty, triple five, zero one four three",
        "seven two oh, five fifty-five, zero one forty-three",
    ],
)
def test_digits_in_groups_make_a_whole_number(said: str) -> None:
    assert known(booked("Ann Pruitt", said))["phone"] == WHOLE


@pytest.mark.parametrize(
    "said",
    [
        "seven two oh, uh, five five four, no wait, five five five, oh one four three",
        "720 555 0134. no, 0143",
        "720-555-0134, sorry, four three at the end",
        "seven one nine, hang on, seven two oh, five five five, oh one four three",
        "720 556 0143, I mean 555",
        "720 555 0134 or, no, make that 0143",
        "seven two oh five five, no, five five five oh one four three",
        "719 555 0134, let me start over, 720 555 0143",
    ],
)
def test_a_part_told_anew_keeps_the_rest(said: str) -> None:
    assert known(booked("Ann Pruitt", said))["phone"] == WHOLE


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ("720 556 0143", "no wait, five five five"),
        ("720 556 0143", "sorry, 555 0143"),
        ("720 555 0134", "no, 0143"),
        ("555 0143", "no, the area code is seven two oh"),
    ],
)
@pytest.mark.parametrize("more", [(), ("no",)])
def test_so_does_a_part_told_anew_later(first: str, said: str, more: tuple[str, ...]) -> None:
    assert known(booked("Ann Pruitt", first, *more, said))["phone"] == WHOLE


@pytest.mark.parametrize("said", ["I don't have that", "we never use that", "haven't got one of those", "there's none"])
def test_who_lacks_a_detail_declines_that_alone(said: str) -> None:
    call = booked("Ann Pruitt", "720 555 0143", said)
    assert call.state.expecting is Expectation.CONTACT_CONFIRMATION
    assert "seven two zero" in call.replies[-1].text


@pytest.mark.parametrize("said", ["Not now", "later", "not right now, thanks", "maybe later"])
@pytest.mark.parametrize("told", [(), ("Ann Pruitt",)])
def test_who_puts_a_detail_off_keeps_the_appointment_and_the_call(said: str, told: tuple[str, ...]) -> None:
    call = booked(*told, said)
    assert not ends(call)
    assert call.state.expecting is Expectation.CONTACT_DETAIL
    call.say("Lorna Teague")
    assert known(call)["name"] == (told[0] if told else "Lorna Teague")


@pytest.mark.parametrize(
    ("said", "address"),
    [
        (("shauna o dell at yahoo", "dot com"), "shaunaodell@yahoo.com"),
        (("kim at bright path", "bright path dot org"), "kim@brightpath.org"),
        (("lee at gmail", "com"), "lee@gmail.com"),
        (("rosa dot lima at comcast", "it's dot net"), "rosa.lima@comcast.net"),
    ],
)
def test_an_address_without_its_end_is_asked_on(said: tuple[str, str], address: str) -> None:
    call = booked("Ann Pruitt", "720 555 0143", said[0])
    assert "annoyed" not in call.replies[-1].text
    call.say(said[1])
    assert known(call)["email"] == address


@pytest.mark.parametrize("said", ["I'm at work", "not at all", "meet me at home", "look at that"])
def test_other_words_begin_no_address(said: str) -> None:
    assert not booked("Ann Pruitt", "720 555 0143", said).state.begun_email


@pytest.mark.parametrize(
    "said", ["c o m at the end, not org", "com, not org", "not org, com", "it ends in com", "no, com at the end"]
)
def test_the_end_of_an_address_is_put_right_without_its_dot(said: str) -> None:
    assert known(booked("Ann Pruitt", "720 555 0143", "ann at example dot org", said))["email"] == "ann@example.com"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("de Vito", "de Vito"),
        ("it's van Buren", "van Buren"),
        ("Danny de Vito", "Danny de Vito"),
    ],
)
def test_a_name_may_begin_with_a_small_word(said: str, name: str) -> None:
    assert known(booked(said))["name"] == name


@pytest.mark.parametrize("said", ["that's me", "yep, that's us", "sounds like me"])
def test_what_is_read_back_is_agreed_to(said: str) -> None:
    call: SpokenCall = booked("Ann Pruitt", "720 555 0143", "no email", said)
    found = contact(call.campaign, call.state)
    assert found is not None
    assert found.confirmed
    assert not ends(call)
