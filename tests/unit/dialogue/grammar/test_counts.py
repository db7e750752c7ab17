"""How many there are, made from a number and said in many ways, and numbers that count something else."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words  # type: ignore[import-untyped]

from callwright_common.campaign import load_campaign
from fakes.spoken_forms import LEDGERLY, amount

GYM = load_campaign(Path(__file__).parents[3] / "evals" / "campaigns" / "ironleaf-gym.yaml")

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
    ("{n} full time and three seasonal", 3), ("me, my brother and {n} fitters", 2),
    ("just me, the wife and {n} lads", 2),
    ("{n}. {n} people.", 0), ("{n} staff, three of them in accounts", 0), ("{n}, soon to be 150", 0),
    ("we have {n} employees but only two in the office", 0),
]), spoken=st.booleans())  # fmt: skip
def test_who_is_counted_beside_the_number_counts(number: int, form: tuple[str, int], *, spoken: bool) -> None:
    assert count(said(form[0], number, spoken=spoken)) == number + form[1]


@settings(max_examples=75, deadline=None)
@given(number=st.integers(11, 99), form=st.sampled_from(NO_COUNTS), spoken=st.booleans())
def test_a_number_of_something_else_is_no_count(number: int, form: str, *, spoken: bool) -> None:
    assert count(said(form, number, spoken=spoken and "20{n}" not in form)) is None


PEOPLE = ["my brother", "the wife", "a bookkeeper", "our dad", "an apprentice", "my sister"]


@settings(max_examples=50, deadline=None)
@given(others=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=5, unique=True), last=st.booleans())
def test_people_who_are_listed_are_counted(others: list[str], *, last: bool) -> None:
    listed = [*others, "me"] if last else ["me", *others]
    assert count(f"{', '.join(listed[:-1])} and {listed[-1]}") == len(listed)


@settings(max_examples=50, deadline=None)
@given(number=st.integers(2, 7), form=st.sampled_from([
    "{n} evenings", "{n} mornings a week I guess", "{n} sessions", "{n} days, I mean it", "{n} nights after work",
]), spoken=st.booleans())  # fmt: skip
def test_occasions_are_how_many_times(number: int, form: str, *, spoken: bool) -> None:
    found = amount(said(form, number, spoken=spoken), "visits", GYM)
    assert found is not None
    assert found.number == number


@settings(max_examples=50, deadline=None)
@given(number=st.integers(50_000, 900_000), form=st.sampled_from(["{n}", "around {n}", "{n}. What is the deposit?"]))
def test_a_bare_number_that_is_far_too_large_is_no_count(number: int, form: str) -> None:
    assert count(form.format(n=number)) is None
