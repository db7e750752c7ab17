"""What others have, pay or want is not the caller's; what his own household or firm does is."""

import pytest

from fakes.spoken_calls import QUALIFIES, SpokenCall
from fakes.spoken_forms import analysis


@pytest.mark.parametrize(
    ("asked", "said", "number"),
    [
        ("budget", "my brother has a budget of forty thousand", None),
        ("budget", "my uncle put thirty thousand into his", None),
        ("budget", "the folks across the street spent twenty five thousand, we can do twelve", 12000),
        ("budget", "my dad gave me fifteen thousand", 15000),
        ("budget", "my wife has put aside eleven thousand", 11000),
        ("budget", "our company has eighteen thousand for it", 18000),
        ("budget", "my boss has fifty thousand to spend", 50000),
        ("monthly_bill", "the neighbour pays three hundred a month", None),
        ("monthly_bill", "My neighbor's bill went from three hundred to fifty, I want that", None),
        ("monthly_bill", "my mother pays about ninety a month but mine is two ten", 210),
        ("monthly_bill", "my wife says it's about two hundred", 200),
        ("start", "my sister wants it by March", None),
        ("start", "my in-laws want theirs before summer", None),
        ("start", "my friend got his done in two months", None),
        ("start", "my husband wants it by March", 4),
        ("start", "my parents want us to have it by March", 4),
    ],
)
def test_only_what_is_told_of_his_own_is_an_answer(asked: str, said: str, number: float | None) -> None:
    told = next((fact for fact in analysis(said, asked).told if fact.name == asked), None)
    assert (told.number if told else None) == number


def test_who_decides_with_him_is_none_of_the_others() -> None:
    call = SpokenCall()
    call.say(*QUALIFIES[:2], "my brother and I own it", "my brother wants it by March")
    assert call.state.facts["start"].value == "by March"


def test_in_spanish_too() -> None:
    call = SpokenCall()
    call.say("¿Habla español?", "quiero bajar mi recibo", "mi vecino paga trescientos dólares al mes")
    assert "monthly_bill" not in call.state.facts
    call.say("mi vecina paga trescientos, yo pago ciento ochenta")
    assert call.state.facts["monthly_bill"].number == 180
