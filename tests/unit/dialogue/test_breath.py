"""Several answers in one breath: each is taken, none is asked again, none is invented."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright_common.campaign import load_campaign
from fakes.spoken_calls import SOLAR, SpokenCall

CAMPAIGNS = Path(__file__).parents[2] / "evals" / "campaigns"
WINDOWS, GYM, TALLYBOOK = (
    load_campaign(CAMPAIGNS / f"{name}.yaml") for name in ("clearview-windows", "ironleaf-gym", "tallybook")
)
BILLS = {"bill's two twenty": 220, "we pay three hundred a month": 300, "electric runs about 175 a month": 175}
WHO = {
    "both of us decide": "you decide together", "it's mine, nobody else decides": "you decide yourself",
    "me and my husband own it": "you decide together", "just me deciding": "you decide yourself",
}  # fmt: skip
WHEN = {"want it by March": 4, "in two months": 2, "within six weeks": 1.5}
SUMS = {"twenty thousand tops": 20000, "we've got fifteen grand for it": 15000, "budget's twelve thousand": 12000}
JOINS = st.sampled_from([", ", ". ", "; "])


@given(
    answers=st.tuples(*(st.sampled_from([*kind.items()]) for kind in (BILLS, WHO, WHEN, SUMS))).flatmap(
        st.permutations
    ),
    join=JOINS,
    count=st.integers(2, 4),
)
def test_each_of_several_answers_is_taken(answers: list[tuple[str, object]], join: str, count: int) -> None:
    told = dict(answers[:count])
    call = SpokenCall()
    call.say(join.join(told))
    facts = call.state.facts
    kinds: dict[str, Mapping[str, object]] = {"monthly_bill": BILLS, "decision": WHO, "start": WHEN, "budget": SUMS}
    for name, kind in kinds.items():
        expected = [value for said, value in told.items() if said in kind]
        if not expected:
            assert name not in facts, "no answer is invented"
        elif name == "decision":
            assert facts[name].value == expected[0]
        else:
            assert facts[name].number == pytest.approx(expected[0], abs=0.2)
    assert call.state.pending not in facts


@pytest.mark.parametrize(
    ("campaign", "said", "expected"),
    [
        (WINDOWS, "six new windows, my house, in March, five thousand pounds",
         {"windows": 6, "start": 4, "budget": 5000}),
        (WINDOWS, "new windows, eight of them, and we've about four grand put aside", {"windows": 8, "budget": 4000}),
        (GYM, "lose weight, three times a week, forty dollars a month", {"visits": 3, "fee": 40}),
        (GYM, "get stronger, twice a week and I can pay sixty a month, in two weeks", {"fee": 60, "start": 0.5}),
        (TALLYBOOK, "twenty people, all in spreadsheets, and we could spend three thousand a year",
         {"company_size": 20, "spend": 3000}),
        (TALLYBOOK, "there's thirty five of us and the budget is five thousand pounds a year",
         {"company_size": 35, "spend": 5000}),
    ],
)  # fmt: skip
def test_sums_and_counts_belong_to_the_questions_that_they_fit(
    campaign: object, said: str, expected: dict[str, float]
) -> None:
    call = SpokenCall(campaign)  # type: ignore[arg-type]
    call.say(said)
    found = {name: call.state.facts[name].number for name in expected if name in call.state.facts}
    assert found == pytest.approx(expected, abs=0.2)


@pytest.mark.parametrize(
    "said",
    [
        "We have two kids, a dog, and the house was built in 1990, around 2000 square feet.",
        "My neighbor paid twenty thousand, and he waited six months for it.",
        "I'm at 80202 Main Street, apartment 12, and I moved here two years ago.",
    ],
)
def test_other_numbers_answer_nothing(said: str) -> None:
    call = SpokenCall(SOLAR)
    call.say(said)
    assert {"monthly_bill", "budget", "start"}.isdisjoint(call.state.facts)


ASIDES = st.sampled_from([
    "the {few} of us decide", "there's {few} of us in the house", "the house is from {year}", "we bought it in {year}",
    "we paid it off in {year}", "we've lived here since {year}", "my husband's pushing {old}", "I'm {old} years old",
    "we're both {old}", "the kids are {few} and {teens}", "I get home around {few}", "we are off work after {few}",
    "it is {few} months since I called", "we have been here {teens} years",
])  # fmt: skip
FEW, TEENS = st.sampled_from(["two", "three", "four", "five"]), st.sampled_from(["eleven", "fourteen", "seventeen"])
OLD, YEAR = st.sampled_from(["seventy-two", "eighty"]), st.sampled_from(["sixty-two", "ninety-eight", "oh-six"])


@given(answered=st.integers(1, 4), said=st.sampled_from(["", "two hundred, "]), aside=ASIDES, few=FEW, teens=TEENS,
       old=OLD, year=YEAR)  # fmt: skip
def test_no_number_of_people_years_ages_hours_or_months_is_a_sum(
    answered: int, said: str, aside: str, few: str, teens: str, old: str, year: str
) -> None:
    call = SpokenCall()
    answers = ("Our power bills keep climbing.", "About 180 dollars a month.", "I own it, I decide alone.", "In March.")
    call.say(*answers[:answered])
    told = aside.format(few=few, teens=teens, old=old, year=year)
    call.say((said if answered == 1 else "") + told)
    bill = call.state.facts.get("monthly_bill")
    assert "budget" not in call.state.facts
    assert (bill.number if bill else None) == (180 if answered > 1 else 200 if said else None)


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("In summer it's three hundred and in winter it's maybe eighty.", 80, 300),
        ("Two-fifty in July, ninety in April.", 90, 250),
        ("January was one eighty, but in the spring it's maybe seventy.", 70, 180),
        ("July and August it's three twenty, the rest of the year it's like eighty-five.", 85, 320),
        ("Last winter two eighty, now maybe sixty.", 60, 280),
    ],
)
def test_two_sums_by_season_are_a_span_of_the_bill(said: str, low: int, high: int) -> None:
    call = SpokenCall()
    call.say("Our power bills keep climbing.", said)
    assert call.state.facts["monthly_bill"].number == (low + high) / 2
    assert {"budget", "start"}.isdisjoint(call.state.facts)


@pytest.mark.parametrize(
    ("said", "budget"),
    [
        ("Before the summer, and I could spend about fifteen on it.", 15_000),
        ("By March. Budget's twenty.", 20_000),
        ("In March, and we can go up to eighteen.", 18_000),
        ("In two months, twelve tops.", 12_000),
    ],
)
def test_a_bare_number_that_is_to_be_spent_is_one_of_thousands(said: str, budget: int) -> None:
    call = SpokenCall()
    call.say("Our power bills keep climbing.", "About 180 dollars a month.", "I own it, I decide alone.", said)
    assert call.state.facts["budget"].number == budget


@pytest.mark.parametrize(
    ("said", "budget"),
    [("Around four, maybe five.", 4_500), ("We could come up with fifteen.", 15_000),
     ("I'd put in twelve.", 12_000)],
)  # fmt: skip
def test_a_bare_budget_that_was_asked_for_stays_one(said: str, budget: int) -> None:
    call = SpokenCall()
    call.say("Our power bills keep climbing.", "About 180 dollars a month.", "I own it, I decide alone.", "In March.")
    call.say(said)
    assert call.state.facts["budget"].number == budget
