"""Money never loses or gains a micro between text, integers and the wire."""

import pytest
from google.type.money_pb2 import Money
from hypothesis import given
from hypothesis import strategies as st

from callwright_common.errors import InvalidArgumentError
from callwright_common.money import MAX_MICROS, format_micros, from_money, parse_micros, to_money

MICROS = st.integers(min_value=0, max_value=MAX_MICROS)


@given(MICROS)
def test_text_and_wire_keep_every_amount(micros: int) -> None:
    assert parse_micros(format_micros(micros)) == micros
    assert from_money(to_money(micros, "USD"), "USD", "amount") == micros


@given(st.integers(min_value=1, max_value=MAX_MICROS))
def test_negative_amounts_have_one_sign_on_the_wire_and_are_refused_from_it(micros: int) -> None:
    money = to_money(-micros, "USD")
    assert money.units <= 0
    assert money.nanos <= 0
    with pytest.raises(InvalidArgumentError):
        from_money(money, "USD", "amount")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "not a decimal"),
        ("ten", "not a decimal"),
        ("NaN", "finite"),
        ("Infinity", "finite"),
        ("-1", "not negative"),
        ("0.0000001", "six decimal"),
        ("9007199254740993", "too large"),
    ],
)
def test_a_wrong_text_is_told_why(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_micros(text)


@pytest.mark.parametrize(
    ("money", "field"),
    [
        (Money(currency_code="EUR", units=1), "amount.currency_code"),
        (Money(units=1), "amount.currency_code"),
        (Money(currency_code="USD", units=1, nanos=1), "amount.nanos"),
        (Money(currency_code="USD", units=1, nanos=-1000), "amount"),
        (Money(currency_code="USD", nanos=1_000_000_000), "amount"),
        (Money(currency_code="USD", units=2**62), "amount"),
    ],
)
def test_a_wrong_amount_on_the_wire_names_its_field(money: Money, field: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        from_money(money, "USD", "amount")
    assert caught.value.metadata["field"] == field


@pytest.mark.parametrize(
    ("micros", "text"), [(0, "0.00"), (600_000, "0.60"), (25_000_000, "25.00"), (1, "0.000001"), (-1_500_000, "-1.50")]
)
def test_amounts_are_shown_with_at_least_two_decimals(micros: int, text: str) -> None:
    assert format_micros(micros) == text
