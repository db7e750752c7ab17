"""What callers ask in their own words is answered by what the campaign tells of that thing, and of no other."""

from pathlib import Path

import pytest

from callwright_common.campaign import Campaign, load_campaign
from dialogue import Intent
from fakes.spoken_calls import SOLAR, SpokenCall
from fakes.spoken_forms import analysis

CAMPAIGNS = Path(__file__).parents[2] / "evals" / "campaigns"
GYM, BOOKS, WINDOWS, DENTAL = (
    load_campaign(CAMPAIGNS / f"{name}.yaml")
    for name in ("ironleaf-gym", "tallybook", "clearview-windows", "harbor-dental")
)
TO_THE_BILL = ["Our power bills keep climbing."]
TO_THE_BUDGET = [*TO_THE_BILL, "About 180 dollars a month.", "I own it, I decide alone.", "In two months."]


@pytest.mark.parametrize(
    ("campaign", "asked", "told"),
    [
        (SOLAR, "What would a setup like that set us back?", "fifteen and twenty-five"),
        (SOLAR, "What am I looking at for my place?", "fifteen and twenty-five"),
        (SOLAR, "So what would a ballpark be?", "fifteen and twenty-five"),
        (WINDOWS, "Haven't a clue. What do they go for these days?", "five and nine hundred"),
        (SOLAR, "Could we pay a bit every month instead?", "nothing down"),
        (SOLAR, "Is the county chipping in anything?", "rebate"),
        (SOLAR, "And if one of them conks out, who pays?", "warranty"),
        (SOLAR, "Would it be worth it at our age?", "more than half"),
        (GYM, "Am I tied in for long?", "cancel any month"),
        (GYM, "Is it ever empty in there?", "mornings are quiet"),
        (GYM, "Where can I put my truck?", "free parking"),
        (BOOKS, "Would our old records come across?", "takes over the data"),
        (BOOKS, "Who can see our numbers?", "stays in Europe"),
        (BOOKS, "When we get stuck, what then?", "two days of training"),
        (WINDOWS, "Do I need permission from the council?", "conservation area"),
        (WINDOWS, "How long is the price good, how long does the quote hold?", "three months"),
        (DENTAL, "Will it hurt a lot?", "gentle sedation"),
        (DENTAL, "Would my plan cover any of it?", "most dental plans"),
        (SOLAR, "Do they make me sign anything that day?", "commits you to nothing"),
        (SOLAR, "Why is there such a spread in the price?", "fixed price"),
    ],
)
def test_a_question_is_answered_in_whatever_words(campaign: Campaign, asked: str, told: str) -> None:
    assert told in " ".join(fact.answer for fact in analysis(asked, campaign=campaign).answers)


@pytest.mark.parametrize(
    ("campaign", "asked"),
    [
        (SOLAR, "What does this visit cost me?"),
        (SOLAR, "So what do you charge for coming out?"),
        (SOLAR, "About the visit, do I pay for that?"),
        (WINDOWS, "What will the survey run me?"),
        (GYM, "Does the trial session cost anything?"),
        (DENTAL, "Is the consultation free?"),
    ],
)
def test_what_the_appointment_costs_is_told_of_the_appointment(campaign: Campaign, asked: str) -> None:
    assert [fact.answer for fact in analysis(asked, campaign=campaign).answers] == [campaign.appointment.price]


@pytest.mark.parametrize(
    ("campaign", "asked"),
    [
        (SOLAR, "Who makes the panels?"),
        (SOLAR, "Would I be on a waiting list?"),
        (GYM, "Can my daughter come too?"),
        (GYM, "Do you have a women-only area?"),
        (DENTAL, "How long does an implant last?"),
        (DENTAL, "What do you charge for braces?"),
        (DENTAL, "What's the damage for one gold ring?"),
        (SOLAR, "Does that go for propane heaters as well?"),
        (SOLAR, "And what do you want for a three seater?"),
        (BOOKS, "Can anybody sign in from home?"),
    ],
)
def test_nothing_is_told_of_what_was_not_asked(campaign: Campaign, asked: str) -> None:
    assert analysis(asked, campaign=campaign).answers == ()


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ([], "What is it you want to know from me?"),
        ([], "Where should I start?"),
        ([], "Can we do this fast?"),
        (TO_THE_BILL, "Is a ballpark okay?"),
        (TO_THE_BILL, "Does that have to be to the penny?"),
        (TO_THE_BILL, "How am I supposed to know that?"),
        (TO_THE_BILL, "I'd guess like ninety?"),
        (TO_THE_BILL, "What is typical?"),
        (TO_THE_BUDGET, "What do people usually spend?"),
        (TO_THE_BUDGET, "Would thirteen thousand do?"),
        ([*TO_THE_BUDGET, "fifteen thousand"], "Yes, and when would that be?"),
        ([*TO_THE_BUDGET, "fifteen thousand"], "Can you say it slowly so I write it down?"),
    ],
)
def test_only_a_real_question_is_left_to_a_human(before: list[str], said: str) -> None:
    call = SpokenCall()
    call.say(*before, said)
    assert not call.state.requested("answer")


def test_whoever_asks_what_is_usual_to_spend_is_told_the_price() -> None:
    call = SpokenCall()
    assert "fifteen and twenty-five" in call.say(*TO_THE_BUDGET, "What do folks normally spend on it?").text


def test_what_is_not_known_is_admitted_in_other_words_each_time() -> None:
    call = SpokenCall()
    said = [
        call.say(one).text.split(". ")[0]
        for one in ("Who makes the inverters?", "Do you plant trees?", "Are your trucks electric?", "Do you paint?")
    ]
    assert len(set(said)) == len(said)
    assert sum("noted it for" in one or "have noted it" in one for one in said) <= 1


def test_what_is_asked_of_the_talk_is_no_question_of_the_product() -> None:
    for said in ("Where were we?", "What did I think about what?", "Can you give me that a bit slower?"):
        assert analysis(said).has(Intent.OF_THE_TALK), said


@pytest.mark.parametrize(
    ("campaign", "said"),
    [
        (SOLAR, "The electricity here is just too expensive."),
        (SOLAR, "Power costs too much in this town."),
        (SOLAR, "My neighbor paid thirty grand, is that too much?"),
        (SOLAR, "We are three hours from Denver, is that too far?"),
        (SOLAR, "Why is it so expensive at the top end?"),
        (BOOKS, "Our accountant charges too much money."),
        (DENTAL, "My last dentist was too expensive."),
    ],
)
def test_a_price_that_is_not_ours_is_no_objection(campaign: Campaign, said: str) -> None:
    assert analysis(said, campaign=campaign).concern is None


@pytest.mark.parametrize(
    "said",
    ["That's too expensive for us.", "I can't afford that.", "Solar costs too much money.", "It is out of my budget."],
)
def test_a_price_that_is_ours_is_one(said: str) -> None:
    found = analysis(said).concern
    assert found is not None
    assert found.id == "too_expensive"
