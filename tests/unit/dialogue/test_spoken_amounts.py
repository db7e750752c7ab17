"""Sums of money as callers say them, two in one breath among them, and sums that cannot be meant."""

import random

import pytest
from num2words import num2words  # type: ignore[import-untyped]

from callwright_common.campaign import RangeQuestion
from dialogue.grammar.numerals import find_numbers
from dialogue.grammar.words import plain_words
from fakes.spoken_calls import QUALIFIES, SOLAR, SpokenCall
from vocabulary.enums import Expectation

YEAR_MONTHS = 12
WORDS = [
    "one", "two", "five", "nine", "ten", "fifteen", "eighteen", "twenty", "fifty", "ninety", "hundred", "thousand",
    "grand", "million", "and", "or", "to", "a", "half", "point", "maybe", "about", "dollars", "k", "between", "no",
    "not", "a month", "a year", "minus", "-5", "15", "20k", "$400", "150,160", "1.80", "5m", "999999999999", ",", ".",
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("uh it's like two fifty, two sixty in the summer", 250, 260),
        ("hmm ok maybe fifteen twenty grand then", 15_000, 20_000),
        ("ten fifteen thousand", 10_000, 15_000),
        ("two or three hundred", 200, 300),
        ("two three hundred bucks", 200, 300),
        ("one fifty two hundred", 150, 200),
        ("eight nine hundred dollars", 800, 900),
        ("nine ten thousand", 9000, 10_000),
        ("eight, nine, ten thousand", 8000, 10_000),
        ("150, 160", 150, 160),
        ("$250, $260", 250, 260),
        ("2 50, 2 60", 250, 260),
        ("15, 20k", 15_000, 20_000),
        ("5, 10 thousand", 5000, 10_000),
        ("between two and two fifty", 200, 250),
        ("a hundred, hundred twenty", 100, 120),
        ("two hundred, three hundred", 200, 300),
        ("fifteen thousand, twenty thousand", 15_000, 20_000),
        ("ten grand, maybe twelve grand", 10_000, 12_000),
        ("twenty five thirty thousand", 25_000, 30_000),
        ("fifteen-twenty grand", 15_000, 20_000),
        ("two-fifty", 250, 250),
        ("two twenty five", 225, 225),
        ("one fifty-five", 155, 155),
        ("it's two oh five", 205, 205),
        ("twelve fifty a month", 1250, 1250),
        ("eighteen five", 18_500, 18_500),
        ("twenty two five", 22_500, 22_500),
        ("two fifty thousand", 250_000, 250_000),
        ("one million two hundred thousand", 1_200_000, 1_200_000),
        ("fifteen thousand five hundred", 15_500, 15_500),
        ("two fifty no two sixty", 260, 260),
    ],
)
def test_adjacent_numbers_are_a_span_or_one_number(said: str, low: float, high: float) -> None:
    number = find_numbers(plain_words(said).text)[-1]
    assert (number.low, number.high) == (low, high)


@pytest.mark.parametrize(
    ("answers", "said", "fact", "value"),
    [
        (1, "uh it's like two fifty, two sixty in the summer", "monthly_bill", "$250 to $260 a month"),
        (1, "ninety, a hundred, something like that", "monthly_bill", "$90 to $100 a month"),
        (4, "hmm ok maybe fifteen twenty grand then", "budget", "$15,000 to $20,000"),
        (4, "twenty, twenty-five", "budget", "$20,000 to $25,000"),
        (4, "eighteen five max", "budget", "$18,500"),
    ],
)
def test_a_spoken_span_is_said_back_as_one(answers: int, said: str, fact: str, value: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES[:4][:answers])
    call.say(said)
    assert call.value(fact) == value


@pytest.mark.parametrize("said", ["five million dollars", "fifteen twenty five million", "like a hundred million"])
def test_a_sum_that_cannot_be_meant_is_asked_back(said: str) -> None:
    call = SpokenCall()
    reply = call.say("lower bills", said)
    assert "monthly_bill" not in call.state.facts
    assert "million dollars" in reply.sentences[0].text
    assert reply.sentences[-1].text.endswith("?")
    assert call.state.pending == "monthly_bill"
    call.say(said)
    assert "monthly_bill" in call.state.dropped
    assert "monthly_bill" not in call.state.facts


@pytest.mark.parametrize("seed", range(150))
def test_no_captured_sum_is_negative_or_beyond_belief(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - replayable speech, no secret
    call = SpokenCall(call_id=f"sums-{seed}")
    call.say(*QUALIFIES[:4][: chance.choice([1, 4])])
    for _ in range(3):
        call.say(" ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 7))))
        for question in SOLAR.questions:
            fact = call.state.facts.get(question.id)
            if isinstance(question, RangeQuestion) and question.kind == "money" and fact and fact.number is not None:
                yearly = YEAR_MONTHS if "a year" in fact.value else 1
                assert 0 <= fact.number <= 20 * question.best * yearly, fact


@pytest.mark.parametrize("number", [13, 15, 18, 40, 90])
@pytest.mark.parametrize(
    "form", ["{n} 1000 dollars", "{n}. 1000", "{n}, 000 dollars", "{w} 1000", "{s} thousand dollars"]
)
def test_a_thousand_is_understood_as_recognisers_write_it(number: int, form: str) -> None:
    words = str(num2words(number))
    split = words.replace("teen", " teen").replace("eigh ", "eight ")
    call = SpokenCall()
    call.state = call.state.model_copy(update={"expecting": Expectation.ANSWER, "pending": "budget"})
    call.say("around " + form.format(n=number, w=words, s=split))
    assert call.state.facts["budget"].number == number * 1000
