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
        (["Really? I see. "], False, [Sentence("Really?"), Sentence("I see."), None]),
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


@pytest.mark.parametrize(
    ("sentence", "asks"),
    [
        ("How high is it?", "monthly_bill"),
        ("And when were you hoping to get started?", "start"),
        ("Who else decides about that?", "decision"),
        ("Is there a budget in your mind?", "budget"),
        ("Does it go up every year?", "monthly_bill"),
        ("Do you mean the bill in summer?", None),
        ("It is too high, right?", None),
    ],
)
async def test_what_a_model_really_asks_is_open(sentence: str, asks: str | None) -> None:
    rules = reply()
    words = ModelReply(SOLAR, rules, MONDAY)
    heard = await said(words, text(f"I see. {sentence}"))
    assert heard[1].asks == (Question(Expectation.ANSWER, asks) if asks else None)
    assert heard[2:] == ([] if asks else [rules.sentences[-1]])
    state = words.reply_as_said.state
    assert state.asks == Question(Expectation.ANSWER, asks or "monthly_bill")
    assert state.last_reply == [sentence.text for sentence in heard]
    assert state.asked[asks or "monthly_bill"] == 1


async def test_what_is_known_is_not_asked_again_by_a_model() -> None:
    rules = SpokenCall().say("my electric bill is too high", "about two hundred a month")
    words = ModelReply(SOLAR, rules, MONDAY)
    assert await said(words, text("I see. How high is your bill?")) == [Sentence("I see."), rules.sentences[-1]]


async def test_what_was_not_understood_is_told_and_may_be_asked_back() -> None:
    rules = SpokenCall().say("my electric bill is too high", "the purple one with the handle")
    words = ModelReply(SOLAR, rules, MONDAY, "the purple one with the handle")
    assert "was not understood. Open is your electric bill." in words.messages([])[0].content
    back = Sentence("Do you mean the bill of the whole house?", rules.asks)
    assert await said(words, text(back.text)) == [back]
    assert words.reply_as_said.state.asks == rules.asks
    understood = SpokenCall().say("my electric bill is too high")
    assert "not understood" not in ModelReply(SOLAR, understood, MONDAY, "so?").messages([])[0].content
