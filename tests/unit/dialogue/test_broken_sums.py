"""Sums with a pause in them or begun again, those of others, and those from which on somebody has to be asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.spoken_forms import amount

hesitation = st.sampled_from(["uh", "um", "er", "you know", "let me think", "what was it"])
tens = st.sampled_from(["twenty", "forty", "sixty", "ninety"])
units_behind = st.sampled_from(["", "-one", "-four", "-eight"])
TENS = {"twenty": 20, "forty": 40, "sixty": 60, "ninety": 90}
UNITS = {"": 0, "-one": 1, "-four": 4, "-eight": 8}


@given(hesitation, tens, units_behind, st.sampled_from(["one, {}, {}", "a hundred and, {}, {}", "one... {}... {}"]))
def test_a_number_that_pauses_is_one(pause: str, ten: str, unit: str, form: str) -> None:
    fact = amount(form.format(pause, ten + unit), "monthly_bill")
    assert fact is not None
    assert fact.number == 100 + TENS[ten] + UNITS[unit]


@given(st.sampled_from(["uh", "um", "er"]), st.sampled_from(["five", "two"]))
def test_hundreds_after_a_pause_belong_to_their_thousands(pause: str, hundreds: str) -> None:
    fact = amount(f"ten thousand, {pause}, {hundreds} hundred", "budget")
    assert fact is not None
    assert fact.number == {"five": 10_500, "two": 10_200}[hundreds]


@pytest.mark.parametrize(
    ("said", "question", "number"),
    [
        ("it was two, two hundred and twenty I think", "monthly_bill", 220),
        ("a hundred, uh, a hundred and eighty", "monthly_bill", 180),
        ("six thousand, well, six thousand five hundred", "budget", 6500),
        ("he pays about one seventy five", "monthly_bill", 175),
        ("He always said we'd put twelve thousand aside for it", "budget", 12000),
        ("about four grand if we can pay monthly", "budget", 4000),
        ("the owner signs off over ten K", "budget", None),
        ("over five thousand my boss has to sign", "budget", None),
        ("my neighbor paid eighteen thousand", "budget", None),
    ],
)
def test_sums_begun_again_told_of_others_and_of_those_who_sign(said: str, question: str, number: float | None) -> None:
    fact = amount(said, question)
    assert (fact.number if fact else None) == number
