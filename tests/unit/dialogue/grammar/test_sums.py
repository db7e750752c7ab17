"""Sums made from a value and said in many ways, and numbers that are no sum."""

import itertools

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from num2words import num2words  # type: ignore[import-untyped]

from dialogue import Fact
from fakes.spoken_forms import amount, analysis

LEADS = st.sampled_from([
    "", "about ", "I'd say ", "maybe around ", "up to ", "no more than ", "it's roughly ", "well, we have ",
    "um, like ",
    "at least ", "the most we can do is ", "let's call it ", "I was thinking ", "north of ", "somewhere near ",
    "we set aside ", "my wife says ", "yeah, ", "honestly? ",
])  # fmt: skip
TAILS = st.sampled_from([
    "", " dollars", " bucks", " or so", " tops", " give or take", ", if that helps", " all in", ". Does that work?",
    ", but not a cent more", " roughly", " I guess", " at the most", ", something like that", " in total", " please",
])  # fmt: skip
CORRECTIONS = st.sampled_from([
    ", no, ", ", sorry, ", " I mean ", ", actually ", ", no wait, ", ", scratch that, ", ", no, sorry, ",
    ", make that ", ". No, I meant ", ", I said ",
])  # fmt: skip
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
no_sums = st.sampled_from([
    "our zip code is {digits}", "I'm {small} years old", "I am {small}, dear", "we won the match {digit} {digit}",
    "it was built in {year}", "the house is from {year}", "the roof is {small} years old", "it is apartment {small}",
    "{small} percent they wanted", "we have {small} windows", "there are {small} solar panels already",
    "my daughter scored {small} points", "it has {large} square feet", "call me on 202 555 01{small}",
    "I'm not paying {large} for that", "I can't do {large}", "{large}? you must be joking", "{large}, no way",
    "my neighbour paid {large}", "they quoted me {large}", "he is {small} and she is {small}",
    "we are at number {small}",
    "it took {small} weeks", "bus {small} stops outside", "one moment", "the last one was better",
])  # fmt: skip
values = st.one_of(
    st.integers(10, 300).map(lambda hundreds: hundreds * 100), st.integers(60, 999), st.integers(1000, 9_999),
    st.integers(200, 600).map(lambda fifties: fifties * 50),
)  # fmt: skip


@st.composite
def sums(draw: st.DrawFn) -> tuple[str, int]:
    """Draws a sum as it is said, and its value."""
    value = draw(values)
    words = str(num2words(value)).replace(",", "")
    ways = [str(value), f"{value:,}", f"${value:,}", words, words.replace("-", " "), words.replace(" and ", " ")]
    hundreds = value // 100
    if value >= 1000:
        ways += [f"{value // 1000} {value % 1000:03}", f"{value:,}.00", f"US${value}"]
        if value % 100 == 0:
            ways += [f"{value / 1000:g}k", f"{value / 1000:g} grand", f"${value / 1000:g} K", f"{value / 1000:g} thou"]
            rest = value % 1000 // 100
            if rest and hundreds > 9:
                ways += [f"{num2words(value // 1000)} grand {num2words(rest)}", f"{value // 1000}k {rest}"]
        if value % 100 == 0 and hundreds < 100 and hundreds % 10:
            ways += [f"{num2words(hundreds)} hundred", f"{hundreds} hundred"]
        ways.append(digit_by_digit(draw, value))
    elif value > 100 and value % 100:
        small = num2words(value % 100)
        ways += [f"{num2words(hundreds)} {small if value % 100 > 9 else f'oh {small}'}", digit_by_digit(draw, value)]
    return draw(st.sampled_from(ways)), value


def digit_by_digit(draw: st.DrawFn, value: int) -> str:
    """Says the digits of a number one by one, some of them doubled."""
    zero, gap = draw(st.sampled_from(["zero", "oh", "o"])), draw(st.sampled_from([" ", ", "]))
    words = [DIGITS[int(digit)] if digit != "0" else zero for digit in str(value)]
    if len(words) > 2 and words[-1] == words[-2] != words[-3]:
        words[-2:] = [f"double {words[-1]}"]
    return gap.join(words)


def counts_on(value: int) -> bool:
    """Whether the digits of a number follow each other, as of who counts: "three four five"."""
    digits = [int(digit) for digit in str(value)]
    return all(second == first + 1 for first, second in itertools.pairwise(digits))


def told(said: str, value: int = 10_000) -> Fact | None:
    """Returns the fact of whoever is asked for a sum of a size."""
    question = "budget" if value >= 1000 else "monthly_bill"
    return amount(said, question)


@settings(max_examples=500, deadline=None)
@given(one=sums(), lead=LEADS, tail=TAILS)
def test_a_sum_is_understood_however_it_is_said(one: tuple[str, int], lead: str, tail: str) -> None:
    said, value = one
    fact = told(f"{lead}{said}{tail}", value)
    assert counts_on(value) or (fact is not None and fact.number == value)


@settings(max_examples=250, deadline=None)
@given(first=sums(), second=sums(), between=CORRECTIONS)
def test_of_a_corrected_sum_the_last_counts(first: tuple[str, int], second: tuple[str, int], between: str) -> None:
    said, value = second
    assume(", " not in first[0])  # told digit by digit, with pauses, it may as well be a number of another kind
    fact = told(f"{first[0]}{between}{said}", value)
    assert counts_on(value) or counts_on(first[1]) or (fact is not None and fact.number == value)


@settings(max_examples=250, deadline=None)
@given(low=st.integers(4, 20), more=st.integers(1, 9), form=st.sampled_from([
    "{low} to {high} thousand", "between {low} and {high} grand", "{low}-{high}k", "{low}k to {high}k",
    "from {low} up to {high} thousand", "{low} or {high} grand", "${low},000 - ${high},000",
    "{low} thousand to {high} thousand", "{low_word} to {high_word} thousand",
    "between {low_word} and {high_word} grand",
    "{low_word} thousand or {high_word} thousand", "anything from {low_word} to {high_word} grand",
]))  # fmt: skip
def test_a_span_has_both_its_ends(low: int, more: int, form: str) -> None:
    high = low + more
    fact = told(form.format(low=low, high=high, low_word=num2words(low), high_word=num2words(high)))
    assert fact is not None
    assert fact.number == (low + high) * 500


@settings(max_examples=375, deadline=None)
@given(form=no_sums, small=st.integers(21, 89), large=st.integers(11, 40), year=st.integers(1900, 2025),
       digit=st.integers(2, 9), place=st.integers(10_001, 99_999).filter(lambda number: number % 10),
       question=st.sampled_from(["budget", "monthly_bill"]))  # fmt: skip
def test_a_number_of_something_else_is_no_sum(
    form: str, small: int, large: int, year: int, digit: int, place: int, question: str
) -> None:
    said = form.format(small=small, large=large * 500, year=year, digit=digit, digits=place)
    fact = amount(said, question)
    assert fact is None or fact.number is None


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("two hundred a month", "$200 a month"),
        ("twenty four hundred a year", "$2,400 a year"),
        ("three hundred every other month", "$300 every two months"),
        ("six hundred a quarter", "$600 a quarter"),
        ("$180/month", "$180 a month"),
        ("forty bucks a week", "$40 a week"),
    ],
)
def test_a_period_is_kept(said: str, value: str) -> None:
    fact = told(said, 100)
    assert fact is not None
    assert fact.value == value


@pytest.mark.parametrize("said", ["two hundred euros", "£12,000", "twelve thousand rupees", "9000 Canadian dollars"])
def test_another_currency_is_no_answer_and_told_as_such(said: str) -> None:
    found = analysis(said, "budget")
    assert found.other_currency
    assert not [fact for fact in found.facts if fact.name == "budget"]


@settings(max_examples=25, deadline=None)
@given(words=st.lists(st.sampled_from([
    "two", "hundred", "and", "a", "half", "twenty", "to", "oh", "double", "five", "grand", "not", "no", "10", "000",
    "k",
    "at", "dot", "the", "plus", "for", "my", "-", "o", "Tuesday", "after", "of", "with", "or", "S", "as", "in",
]), min_size=400, max_size=500))  # fmt: skip
def test_a_long_sentence_is_read_before_the_time_of_a_test_is_over(words: list[str]) -> None:
    analysis(" ".join(words), "budget")
