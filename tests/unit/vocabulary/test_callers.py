"""Numbers and ids as Twilio tells them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocabulary.callers import phone_number, twilio_sid


@pytest.mark.parametrize("number", ["+12025550123", "+442079460123", "+4930123456"])
def test_a_number_stays_as_it_is(number: str) -> None:
    assert phone_number(number) == number


@pytest.mark.parametrize(
    "text",
    [
        "+266696687",
        "+7378742833",
        "+2562533",
        "+8566696",
        "+8656696",
        "+86282452253",
        "+464",
        "anonymous",
        "sip:lead@example.com",
        "client:alice",
        "+",
        "+1",
        "12025550123",
        "+1202555012345678",
        "+12025550123x",
        "+0",
    ],
)
def test_everything_else_is_no_number(text: str) -> None:
    assert phone_number(text) == phone_number("") == ""


@given(text=st.text())
def test_a_number_is_empty_or_plus_and_digits(text: str) -> None:
    for candidate in (text, f"+{text}"):
        assert re.fullmatch(r"(\+[0-9]{3,17})?", phone_number(candidate))


@given(text=st.text())
def test_an_id_of_twilio_holds_nothing_that_no_id_has(text: str) -> None:
    assert re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9._:/-]{0,63})?", twilio_sid(text))
    assert twilio_sid(twilio_sid(text)) == twilio_sid(text)


def test_a_blank_in_an_id_costs_the_blank_alone() -> None:
    assert twilio_sid("CA 0123 ") == "CA0123"
