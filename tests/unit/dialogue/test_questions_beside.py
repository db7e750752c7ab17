"""No question of a caller is dropped, whatever it stands beside, nor answered with another matter."""

import pytest

from fakes.spoken_calls import SOLAR, SpokenCall

TO_THE_BILL = ("Our power bills keep climbing.",)
TO_THE_TIMES = (
    *TO_THE_BILL,
    "About 180 dollars a month.",
    "I own it, I decide alone.",
    "In two months.",
    "15 thousand",
)
WARRANTY, PRICE, BATTERY = "twenty-five years", "between fifteen and twenty-five thousand", "nine thousand"


@pytest.mark.parametrize(
    ("before", "said", "told"),
    [
        (TO_THE_BILL, "Two hundred. And the inverter, will it hum?", "noted"),
        (TO_THE_BILL, "170. What does it cost and how long is the warranty?", PRICE),
        (TO_THE_BILL, "170. What does it cost and how long is the warranty?", WARRANTY),
        (TO_THE_BILL, "How long is the warranty, and does it cover squirrels? About 180.", WARRANTY),
        (TO_THE_BILL, "How long is the warranty, and does it cover squirrels? About 180.", "{whom}"),
        (TO_THE_BILL, "Do you take Bitcoin? Around 150.", "bitcoin"),
        (TO_THE_TIMES, "Wednesday. Will he need a ladder?", "{whom}"),
        (TO_THE_TIMES, "Wednesday at one. Do the panels work when it snows?", "cloudy days"),
        (TO_THE_TIMES, "Wednesday. How long will he be, and who is it?", "minutes"),
        ((*TO_THE_TIMES, "the first one", "yes"), "Dana Miller. Do you sell my details on?", "{whom}"),
    ],
)
def test_a_question_is_answered_whatever_it_stands_beside(before: tuple[str, ...], said: str, told: str) -> None:
    call = SpokenCall()
    call.say(*before)
    text = call.say(said).text
    assert (SOLAR.appointment.with_whom if told == "{whom}" else told) in text


@pytest.mark.parametrize(
    ("said", "fact"),
    [("Two hundred. And pool heating?", "monthly_bill"), ("170, is that with tax?", "monthly_bill")],
)
def test_what_is_told_beside_a_question_is_noted(said: str, fact: str) -> None:
    call = SpokenCall()
    call.say(*TO_THE_BILL, said)
    assert fact in call.state.facts


def test_a_name_told_beside_a_question_is_noted() -> None:
    call = SpokenCall()
    call.say(*TO_THE_TIMES, "the first one", "yes", "Al Stone, is that enough?")
    assert call.state.facts["caller_name"].value == "Al Stone"


@pytest.mark.parametrize(
    "said",
    ["About 130. Mum, where's my bag? Right.", "180, what do I know.", "200. That's a lot, isn't it?",
     "150. Oh honey, did you feed the dog? Sorry."],
)  # fmt: skip
def test_what_is_asked_of_nobody_here_is_no_question(said: str) -> None:
    call = SpokenCall()
    call.say(*TO_THE_BILL, said)
    assert not call.state.requested("answer")
    assert "monthly_bill" in call.state.facts


def test_what_hangs_on_an_answer_is_answered_by_it_or_left_to_a_human() -> None:
    call = SpokenCall()
    assert BATTERY in call.say("Tell me what a battery costs.").text
    assert PRICE not in call.say("And for two?").text
    assert PRICE in call.say("What does a whole system cost?").text
    assert PRICE in call.say("Is that with the tax credit or without?").text


@pytest.mark.parametrize(
    "said",
    ["Can somebody come out and have a look at my roof?", "Could one of your people swing by and take a look?",
     "Would somebody drop by to size up the roof?"],
)  # fmt: skip
def test_who_wants_somebody_to_look_is_promised_the_visit(said: str) -> None:
    reply = SpokenCall().say(said)
    assert SOLAR.appointment.name in reply.text
    assert "?" in reply.text


def test_what_it_is_about_is_told_and_the_call_goes_on() -> None:
    call = SpokenCall()
    reply = call.say("My power bill is nuts. What's this about?")
    assert SOLAR.product.name in reply.text
    assert "decides about" not in reply.text
