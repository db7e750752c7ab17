"""How many there are, made from a number and said in many ways, and numbers that count something else."""

from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words  # type: ignore[import-untyped]

from fakes.spoken_forms import LEDGERLY, amount

WITH_NOUN = [
    "{n} people", "there are {n} of us", "we have {n} employees", "about {n} staff", "we're a team of {n}", "{n} folks",
    "{n} full time", "roughly {n} people altogether", "{n} people, give or take", "it's {n} people in the office",
    "currently {n} colleagues", "we employ {n} men and women", "somewhere around {n} heads",
]  # fmt: skip
BARE = [
    "{n}",
    "around {n}",
    "{n} I think",
    "we are {n}",
    "{n} in all",
    "{n} or so",
    "maybe {n}",
    "{n}, counting everybody",
]
NO_COUNTS = [
    "we pay {n} pounds a month", "since 20{n}", "we are on floor {n}", "it takes {n} minutes", "I am {n} years old",
    "{n} percent of it", "about £{n}", "we have {n} invoices open", "call me at {n}", "we sit in room {n}",
    "we have {n} offices", "option {n}", "we moved {n} years ago", "{n} pounds", "I'd pay {n} quid",
]  # fmt: skip


def count(said: str) -> float | None:
    found = amount(said, "team_size", LEDGERLY)
    return found.number if found is not None else None


def said(form: str, number: int, *, spoken: bool) -> str:
    return form.format(n=str(num2words(number)).replace(",", "") if spoken else number)


@settings(max_examples=200, deadline=None)
@given(number=st.integers(2, 4000), form=st.sampled_from(WITH_NOUN + BARE), spoken=st.booleans())
def test_a_count_is_understood_however_it_is_said(number: int, form: str, *, spoken: bool) -> None:
    assert count(said(form, number, spoken=spoken)) == number


@settings(max_examples=75, deadline=None)
@given(number=st.integers(2, 90), form=st.sampled_from([
    ("{n} and me", 1), ("me and {n} others", 1), ("{n} people plus myself", 1), ("{n} full time and 10 part time", 10),
    ("ten in the office and {n} on the road", 10), ("six, no, {n}", 0), ("not six, {n}", 0),
]), spoken=st.booleans())  # fmt: skip
def test_who_is_counted_beside_the_number_counts(number: int, form: tuple[str, int], *, spoken: bool) -> None:
    assert count(said(form[0], number, spoken=spoken)) == number + form[1]


@settings(max_examples=75, deadline=None)
@given(number=st.integers(11, 99), form=st.sampled_from(NO_COUNTS), spoken=st.booleans())
def test_a_number_of_something_else_is_no_count(number: int, form: str, *, spoken: bool) -> None:
    assert count(said(form, number, spoken=spoken and "20{n}" not in form)) is None
