"""What was noted of a caller gives way to what he says of it: another value, a denial, or he is told what it is."""

import pytest

from callwright_common.campaign import Factor
from fakes.spoken_calls import SpokenCall
from vocabulary.enums import Expectation

ANSWERS = ("lower bills", "about 180 a month", "my wife and I own it", "next spring", "fifteen thousand dollars")
PUT_RIGHT = (
    (2, "Actually no, it's more like three hundred", "monthly_bill", "about $300 a month"),
    (3, "Oops, that was the gas bill. Electricity is two forty-five", "monthly_bill", "$245 a month"),
    (4, "And the bill isn't one eighty, it's four hundred", "monthly_bill", "$400 a month"),
    (3, "Hold on, I've no wife, it's only me who decides", "decision", "you decide yourself"),
    (4, "Spring was a slip of the tongue, we want it next month", "start", "next month"),
    (5, "Hmm, sorry, nine thousand I meant, not fifteen", "budget", "$9,000"),
    (2, "Oh wait, I meant the blackouts, not the bills", "interest", "backup power"),
)
DENIED = (
    (2, "I never said one eighty", "monthly_bill"),
    (3, "My wife? I'm not married", "decision"),
    (4, "Where did you get spring from?", "start"),
    (5, "Fifteen? Nobody said fifteen", "budget"),
    (2, "No, that's not what I told you", "monthly_bill"),
)
SPEAKS_OF_ELSE = (
    (1, "No, it's about two hundred"),
    (2, "No, nobody else, just me"),
    (2, "I never said I'd buy anything!"),
    (3, "Not before next summer"),
    (4, "Actually I'm thinking about twelve thousand"),
    (4, "No, I'd rather not say"),
    (5, "No, not Tuesday. Wednesday would be better"),
    (5, "What have you got on Thursday?"),
)


def after(count: int) -> SpokenCall:
    call = SpokenCall()
    call.say(*ANSWERS[:count])
    return call


@pytest.mark.parametrize(("count", "said", "name", "value"), PUT_RIGHT)
def test_a_new_value_replaces_the_noted_one_of_its_kind(count: int, said: str, name: str, value: str) -> None:
    call = after(count)
    before = dict(call.state.facts)
    call.say(said)
    changed = {fact for fact in call.state.facts if call.state.facts[fact] != before.get(fact)}
    assert (call.value(name), changed) == (value, {name})
    assert not call.state.objections


@pytest.mark.parametrize(("count", "said", "name"), DENIED)
def test_what_is_denied_is_taken_out_and_asked_anew(count: int, said: str, name: str) -> None:
    call = after(count)
    before = call.score.overall
    call.say(said)
    assert name not in call.state.facts
    assert call.score.overall < before
    assert (call.state.pending, call.state.expecting) == (name, Expectation.ANSWER)


def test_the_answer_to_what_is_asked_anew_leads_on() -> None:
    call = after(5)
    call.say("Nobody said fifteen", "twelve thousand dollars")
    assert call.value("budget") == "$12,000"
    assert call.state.offered


@pytest.mark.parametrize(("count", "said"), SPEAKS_OF_ELSE)
def test_what_speaks_of_something_else_leaves_the_noted_alone(count: int, said: str) -> None:
    call = after(count)
    before = dict(call.state.facts)
    call.say(said)
    assert {name: call.state.facts.get(name) for name in before} == before


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("What have you got down for my bill?", "one hundred eighty"),
        ("Tell me, what figure did you write down for our budget?", "fifteen thousand"),
        ("What did I say my budget was?", "fifteen thousand"),
        ("Could you read me back what you've noted so far?", "next spring"),
    ],
)
def test_who_asks_what_was_noted_is_told(said: str, told: str) -> None:
    call = after(5)
    assert told in call.say(said).text
    assert call.factor(Factor.BUDGET).value == 1.0


def test_what_was_not_told_yet_is_not_made_up() -> None:
    assert "nothing" in after(2).say("What have you written down for my budget?").text
