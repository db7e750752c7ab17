"""What a caller takes back, lowers or contradicts counts at once, is said back, and is not talked over."""

import pytest

from callwright_common.campaign import Factor
from fakes.spoken_calls import SpokenCall
from vocabulary.enums import Expectation, TransitionTrigger

ANSWERS = (
    "Our electric bill is too high.",
    "About 180 dollars a month.",
    "I own it, I decide alone.",
    "In two months.",
    "fifteen thousand dollars",
)
WITHDRAWN = {
    Factor.BUDGET: (
        "hold on, the money is all gone",
        "the fifteen thousand's gone on a new boiler",
        "My wife tells me we cannot spend a cent on it",
        "forget that number, three thousand is nearer",
        "On reflection I can only manage five thousand",
        "the lender has turned us down",
        "she has put her foot down, six thousand and not a penny more",
    ),
    Factor.TIMELINE: (
        "forget the two months",
        "honestly, it will be years before we get round to it",
        "Don't hold me to the two months, I couldn't tell you when",
        "no, not two months, two years",
        "actually it won't happen this year",
    ),
    Factor.AUTHORITY: (
        "I should say my sister owns the place",
        "to be honest it's not me who chooses, my boss does",
        "actually my husband has a say as well",
    ),
    Factor.NEED: (
        "I misread that, the bill is sixty dollars a month",
        "forget the one eighty, that was my neighbour's",
        "come to think of it we hardly use any power",
        "hang on, a hundred and eighty is for the whole year",
    ),
    Factor.INTENT: (
        "I'm not so keen after all",
        "truth be told we are only nosing about",
        "I've gone off the whole thing",
        "I'm getting cold feet",
    ),
}
CASES = [(factor, said) for factor, lines in WITHDRAWN.items() for said in lines]
NO_WITHDRAWALS = (
    "Wednesday at one, my wife will be home then",
    "no rush, any time next week",
    "actually, can we make it Thursday",
    "I'm not sure when my shift ends, let's say Wednesday",
    "I have no money problems, the first one please",
    "I changed my mind, the second one",
    "to be honest the first one is better",
    "no more than an hour, I hope",
    "It has never been a good moment",
    "just delete the number from your list",
)


def worth(call: SpokenCall, factor: Factor) -> float:
    score = call.factor(factor)
    return score.value * score.confidence


def after_answers(count: int = len(ANSWERS)) -> SpokenCall:
    call = SpokenCall()
    call.say(*ANSWERS[:count])
    return call


# The budget is asked last: while something is still asked it cannot be taken back.
STAGED = [
    (stage, factor, said)
    for stage in ("asked", "offered", "chosen", "booked")
    for factor, said in CASES
    if (stage, factor) != ("asked", Factor.BUDGET)
]


class TestTakingBack:
    @pytest.mark.parametrize(("stage", "factor", "said"), STAGED)
    def test_lowers_the_factor_at_once_with_the_words_as_evidence(self, stage: str, factor: Factor, said: str) -> None:
        call = after_answers(4 if stage == "asked" else 5)
        for words in {"chosen": ["the first one"], "booked": ["the first one", "yes"]}.get(stage, []):
            call.say(words)
        before = worth(call, factor)
        reply = call.say(said)
        assert worth(call, factor) < before
        assert said in [one.quote for one in call.factor(factor).evidence]
        assert reply.trigger not in {TransitionTrigger.WAIT_REQUESTED, TransitionTrigger.NOT_UNDERSTOOD}
        assert reply.state.failures == 0

    @pytest.mark.parametrize("said", NO_WITHDRAWALS)
    def test_is_not_heard_where_a_time_is_chosen(self, said: str) -> None:
        call = after_answers()
        before = call.state.facts
        call.say(said)
        assert call.state.facts == before
        assert "doubt" not in [signal.kind for signal in call.state.signals]


class TestGoingOn:
    def test_no_time_is_pressed_on_whoever_has_no_money(self) -> None:
        call = after_answers()
        reply = call.say("the money is all gone")
        assert reply.asks is not None
        assert reply.asks.expectation is Expectation.MOVE_ON
        assert call.say("yes please").asks is not None
        assert call.state.offered

    def test_times_stay_on_offer_where_a_lower_sum_still_qualifies(self) -> None:
        call = after_answers()
        reply = call.say("actually I can only do twelve thousand")
        assert reply.asks is not None
        assert reply.asks.expectation is Expectation.SLOT_CHOICE
        assert "twelve thousand" in reply.text

    def test_a_booked_appointment_stands_until_it_is_cancelled(self) -> None:
        call = after_answers()
        call.say("the first one", "yes")
        call.say("I've gone off the idea")
        assert call.state.booked is not None

    def test_a_visit_is_cancelled_by_whoever_lost_interest_and_says_so(self) -> None:
        call = after_answers()
        call.say("the first one", "yes")
        call.say("cancel the visit, we've gone off the idea")
        assert call.state.booked is None

    def test_an_answer_to_the_open_question_takes_nothing_else_back(self) -> None:
        call = after_answers(4)
        call.say("forget the four thousand, it's five thousand")
        assert call.value("budget") == "$5,000"
        assert call.value("start") == "in 2 months"


@pytest.mark.parametrize(
    ("asked", "said", "fact", "number"),
    [
        (3, "Next month. Naw, four months", "start", 4),
        (3, "Six months. No, make that eight", "start", 8),
        (3, "In five weeks. What am I saying, three months", "start", 3),
        (4, "Fifteen. Tell a lie, sixteen", "budget", 16_000),
        (4, "Seven thousand. What happens at the visit", "budget", 7_000),
        (1, "three tens short of two hundred", "monthly_bill", 170),
        (1, "a tenner under two hundred", "monthly_bill", 190),
        (1, "seventy-six forty", "monthly_bill", 76.4),
        (1, "one twenty-two ninety last time", "monthly_bill", 122.9),
    ],
)
def test_the_last_value_of_a_line_counts(asked: int, said: str, fact: str, number: float) -> None:
    call = after_answers(asked)
    call.say(said)
    assert call.state.facts[fact].number == number


@pytest.mark.parametrize(
    "said", ["no, January fifteenth at 8.15 in the morning", "no, the fifteenth at 8.15", "not then, on the 15th"]
)
def test_the_number_of_a_day_is_no_sum_that_is_named_again(said: str) -> None:
    call = SpokenCall()
    call.say(*ANSWERS, "the first one", said)
    assert call.state.facts["budget"].number == 15_000
    assert call.state.booked is None
