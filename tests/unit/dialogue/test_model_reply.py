"""A reply in a model's words: the rules' question is asked whatever the model says and wherever it breaks off."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from callwright_common.chat_models import ModelError
from dialogue import ModelReply, Reply
from fakes.spoken_calls import MONDAY, SOLAR, SpokenCall
from vocabulary.enums import Expectation, ReplySource
from vocabulary.turns import Question, Sentence, TurnRecord

BILL = Question(Expectation.ANSWER, "monthly_bill")


def reply() -> Reply:
    """Returns a reply that thanks for what was said and asks for the bill."""
    return SpokenCall().say("my bill is too high")


async def text(*deltas: str, fails: bool = False) -> AsyncGenerator[str, None]:
    for delta in deltas:
        yield delta
    if fails:
        raise ModelError("connection")


async def said(words: ModelReply, deltas: AsyncGenerator[str, None]) -> list[Sentence]:
    try:
        sentences = [sentence async for sentence in words.sentences(deltas)]
    except ModelError:
        sentences = words.spoken
    return [*sentences, *words.rest()]


@pytest.mark.parametrize(
    ("deltas", "fails", "sentences"),
    [
        (["I see. How", " much is it?"], False, [Sentence("I see."), Sentence("How much is it?", BILL)]),
        (["Really? I see. "], False, [Sentence("Really?", BILL), Sentence("I see.")]),
        (['Is it "a lot?" I wonder. '], False, [Sentence("Is it a lot?", BILL), Sentence("I wonder.")]),
        (["I see. And th"], True, [Sentence("I see."), None]),
        (["I see."], False, [Sentence("I see."), None]),
        ([], True, [...]),
        ([], False, [...]),
    ],
)
async def test_whatever_a_model_says_the_rules_question_is_asked(
    deltas: list[str], fails: bool, sentences: list[object]
) -> None:
    rules = reply()
    assert rules.asks == BILL
    expected = [rules.sentences[-1] if sentence is None else sentence for sentence in sentences]
    expected = [*rules.sentences] if sentences == [...] else expected
    assert await said(ModelReply(SOLAR, rules, MONDAY), text(*deltas, fails=fails)) == expected


async def test_a_reply_that_broke_off_is_gone_on_with() -> None:
    rules = reply()
    words = ModelReply(SOLAR, rules, MONDAY, "my bill is too high", begun=[Sentence("High bills are no fun.")])
    chat = words.messages([])
    assert [message.role for message in chat] == ["system", "user", "user"]
    assert "High bills are no fun." in chat[-1].content
    assert not words.asked
    assert words.rest() == [rules.sentences[-1]]
    asked = ModelReply(SOLAR, rules, MONDAY, begun=[Sentence("Is it high?")])
    assert asked.asked
    assert asked.rest() == ()


async def test_a_reply_that_asks_nothing_leads_on_with_its_last_sentence() -> None:
    rules = replace(reply(), sentences=(Sentence("Fine."), Sentence("Tell me more.")))
    assert ModelReply(SOLAR, rules, MONDAY, begun=[Sentence("Well.")]).rest() == rules.sentences[-1:]


def test_a_chat_holds_the_last_turns_as_they_were_heard() -> None:
    history = [
        TurnRecord(f"t{number}", f"said {number}", "made", f"heard {number}", ReplySource.RULES, MONDAY)
        for number in range(20)
    ]
    history.append(TurnRecord("t20", "", "made", "", ReplySource.RULES, MONDAY))
    system, *chat = ModelReply(SOLAR, reply(), MONDAY, "so?").messages(history)
    assert SOLAR.company.name in system.content
    assert len(chat) == 2 * 11 + 1
    assert [message.content for message in chat[-3:]] == ["said 19", "heard 19", "so?"]
    assert not any("made" in message.content for message in chat)
