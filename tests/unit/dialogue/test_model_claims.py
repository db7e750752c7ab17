"""What no model may ask or tell in any wording: secrets, and how firms compare, also one that the caller named."""

from itertools import product

import pytest

from dialogue import ModelReply
from fakes.model_outputs import Caller, callers, streamed
from fakes.spoken_calls import MONDAY

_ASKING = (
    "What is {}?",
    "Could you give me {}?",
    "Would you mind telling me {}?",
    "Please have {} at hand.",
    "And {}?",
)
_SECRETS = (
    "the long number on your card", "the three digits on the back", "the last four of your social", "your pin",
    "your date of birth", "your account number", "the code that you just got", "your password", "your online login",
    "your mother's maiden name", "the number on your passport", "your bank", "your customer number",
)  # fmt: skip
_IN_PIECES = (
    "It is on the back. What are the three numbers?", "Take the card. Turn it. What does it say at the bottom?",
    "I need one more thing. It stands under your name. Could you read it out?",
    "There are four digits at the end. Could you tell me?", "You got a code. Can you read it to me?",
)  # fmt: skip
_COMPARING = (
    "{} charges more.", "{} charges way more than we do.", "{} is good, we are better.", "{}'s are not as good.",
    "We are as good as {}.", "That is less than {} takes.", "With {} you wait for months.", "Nobody is happy with {}.",
    "I know that {} is slow.", "Did you know that {} takes twice as much?", "That is half of what {} wants.",
    "Unlike {}, we do it right.", "{} is a good company, but too dear.", "Would you not rather pay less than with {}?",
)  # fmt: skip
_FIRMS = ("Helioria", "Brightroof", "the Hendersons", "Ziffero")
_RIVALS = ("everybody else", "the others", "any other company", "the competition", "the big names", "other people")


async def _said(caller: Caller, text: str, heard: str = "") -> list[str]:
    words = ModelReply(caller.campaign, caller.reply, MONDAY, heard or caller.says[-1])
    return [sentence.text async for sentence in words.sentences(streamed(text, 9))]


@pytest.mark.parametrize("heard", ["", "my card is on the front seat with the digits and the code"])
@pytest.mark.parametrize("name", ["bill", "dental insurance", "ledgerly"])
async def test_no_secret_is_asked_for(name: str, heard: str) -> None:
    caller = callers()[name]
    texts = [asking.format(secret) for asking, secret in product(_ASKING, _SECRETS)]
    assert [text for text in texts if await _said(caller, text, heard)] == []


@pytest.mark.parametrize("text", _IN_PIECES)
async def test_no_secret_is_asked_for_in_pieces(text: str) -> None:
    said = await _said(callers()["bill"], text, "it is on my card, under my name, at the end, on the back")
    assert not any("?" in sentence for sentence in said)


@pytest.mark.parametrize("name", ["bill", "dental", "tallybook"])
async def test_no_firm_is_compared(name: str) -> None:
    caller = callers()[name]
    texts = [
        (comparing.format(firm), heard)
        for comparing, firm in product(_COMPARING, (*_FIRMS, *_RIVALS))
        for heard in ("", f"{firm} charges less, is quick and has a good name")
    ]
    assert [text for text, heard in texts if await _said(caller, text, heard)] == []


async def test_what_the_caller_named_may_be_taken_up() -> None:
    caller, heard = callers()["bill"], "Helioria quoted me twelve thousand"
    for text in ("Helioria, I see.", "I cannot say anything about Helioria.", "Okay, so you talked to Helioria."):
        assert await _said(caller, text, heard) == [text]


async def test_what_refers_to_a_refused_sentence_goes_with_it() -> None:
    said = await _said(callers()["bill"], "You get ten percent off. That is all for you. It is yours. How much is it?")
    assert said == ["Got it, lower bills.", "How much is it?"], "the rules answer in its place"


async def test_the_agent_does_not_speak_as_the_caller() -> None:
    caller = callers()["gym"]
    for text in ("I just want to lose weight.", "We need to lose weight.", "My goal is to lose weight."):
        assert await _said(caller, text) == []


async def test_a_bare_no_with_all_its_courtesy_stands_for_what_follows() -> None:
    assert await _said(callers()["dental pain"], "I'm sorry, but I'm afraid it does not. It heals in a day.") == []
