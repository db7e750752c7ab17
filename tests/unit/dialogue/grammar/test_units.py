"""How many of what: the unit of the open question decides what a number counts, and whether a sum is one in all."""

import pytest

from callwright_common.campaign import Campaign, Factor, RangeQuestion
from fakes.spoken_calls import QUALIFIES, SOLAR, SpokenCall
from fakes.spoken_forms import LEDGERLY, amount, analysis


def asking(unit: str) -> Campaign:
    """Returns the campaign with a count of some unit in place of the bill."""
    count = RangeQuestion(
        id="count", kind="count", factor=Factor.NEED, label="the age", ask="How much?", ask_again="Roughly?",
        worst=1, best=80, unit=unit,
    )  # fmt: skip
    questions = tuple(count if one.id == "monthly_bill" else one for one in SOLAR.questions)
    return SOLAR.model_copy(update={"questions": questions})


@pytest.mark.parametrize(
    ("unit", "said", "number"),
    [
        ("years", "It's around 60 years", 60), ("years", "close to thirty years, I believe", 30),
        ("years", "about twenty years old", 20), ("years", "we put it on seven years ago", 7),
        ("years", "eighteen months", 1.5), ("years", "half a year", 0.5), ("years", "it's sixty", 60),
        ("years", "I want it in two years", None), ("months", "two years", 24), ("months", "a year and a half", 18),
        ("hours", "forty hours a week", 40), ("hours", "an hour and a half", 1.5),
        ("percent", "about forty percent", 40),
        ("acres", "two and a half acres", 2.5), ("days a week", "three days a week", 3),
        ("square feet", "fifteen hundred sq ft", 1500), ("miles", "about twelve miles", 12),
    ],
)  # fmt: skip
def test_what_is_counted_is_what_the_open_question_asks_for(unit: str, said: str, number: float | None) -> None:
    told = analysis(said, "count", asking(unit)).told
    assert next((fact.number for fact in told if fact.name == "count"), None) == number
    assert number is None or not any(fact.name == "start" for fact in told)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("fifteen thousand in all, in monthly payments", 15000), ("six thousand, paid monthly", 6000),
        ("five hundred, I pay monthly", 500), ("twelve thousand total, in monthly instalments", 12000),
    ],
)  # fmt: skip
def test_a_sum_in_all_is_none_of_each_month(said: str, number: float) -> None:
    told = amount(said, "spend", LEDGERLY)
    assert told is not None
    assert told.number == number
    assert ("a month" in told.value) == (number == 500)


def test_what_can_be_paid_each_month_is_asked_back_once_where_a_sum_in_all_was_asked_for() -> None:
    call = SpokenCall()
    reply = call.say(*QUALIFIES[:4], "I could do two hundred a month")
    assert "budget" not in call.state.facts
    assert "in all" in reply.text
    call.say("two hundred a month is all I know")
    assert call.state.facts["budget"].value == "$200 a month"


@pytest.mark.parametrize("said", ["two hundred a month for ten years", "two hundred monthly, over ten years"])
def test_what_is_paid_so_long_is_the_sum_of_its_payments(said: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES[:4], said)
    assert call.state.facts["budget"].number == 24000
