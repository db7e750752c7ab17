"""Turns without the orchestrator: the rules decide, a model that is asked directly finds words, and nothing is lost."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from callwright.conversation.v1 import conversation_pb2 as wire
from callwright_common.campaign import Campaign
from callwright_common.chat_models import ChatMessage, ModelError
from callwright_common.clock import SystemClock
from callwright_common.errors import UnavailableError
from dialogue import CloseReason, RuleAnalyzer, decode_state, encode_state, initial_state, take_turn
from fakes.gateway_calls import CallPlan, SilentCall, silent_call
from fakes.scripted_turns import Script, ScriptedOrchestrator
from fakes.spoken_line import SpokenLine
from vocabulary.enums import Agent, EndReason, Expectation, WorkflowState
from vocabulary.turns import EndCall, Opening, Question, Transfer

DIED = UnavailableError("UNAVAILABLE", "the server is gone")
GONE = Script([], error=DIED)
BILL = Question(Expectation.ANSWER, "monthly_bill")


@dataclass
class Model:
    """Says what the test says."""

    texts: list[str] = field(default_factory=lambda: ["That is a good question. "])
    fails: bool = False
    asked: list[Sequence[ChatMessage]] = field(default_factory=list)
    provider: Any = "openai"
    model: str = "fake"

    async def deltas(self, messages: Sequence[ChatMessage], max_tokens: int) -> AsyncGenerator[Any, None]:
        self.asked.append(messages)
        for text in self.texts:
            yield text
        if self.fails:
            raise ModelError("connection")

    async def structured(self, *asked: object) -> Any:
        raise AssertionError("it only speaks")

    async def check(self) -> None:
        pass

    async def aclose(self) -> None:
        pass


Start = Callable[..., Any]


@pytest.fixture
async def start(campaign: Campaign) -> AsyncIterator[Start]:
    async with AsyncExitStack() as stack:

        async def start(
            *scripts: Script, model: Model | None = None, line: SpokenLine | None = None, integrated: bool = True
        ) -> SilentCall:
            orchestrator = ScriptedOrchestrator([*scripts, GONE])
            plan = CallPlan(model=model, integrated=integrated)
            return await stack.enter_async_context(silent_call(campaign, orchestrator, plan, line=line))

        yield start


async def opened(call: SilentCall) -> None:
    await call.conversation.open()
    await call.line.answer(1)


async def stored(call: SilentCall, number: int) -> None:
    """Waits until an answer was heard and the orchestrator stored its turn."""
    await call.line.answer(number)
    async with asyncio.timeout(5):
        while call.session.revision < number:
            await call.session.wait_changed()
        while call.conversation.busy:  # noqa: ASYNC110 - what is left is a step of the event loop
            await asyncio.sleep(0)


async def test_the_rules_answer_follow_up_and_ask_on(start: Start, campaign: Campaign) -> None:
    call = await start()
    await opened(call)
    for number, text in ((2, "I want to lower my electric bill."), (3, "About two hundred dollars a month.")):
        await call.say(text)
        await call.line.answer(number)
    asked = [turn.turn.asked.question_id for turn in call.turns()[1:]]
    assert len(set(asked)) == 2
    assert all(campaign.question(question) for question in asked)
    state = decode_state(call.session.dialogue_state, "call-1")
    assert "monthly_bill" in state.facts


async def test_the_fallback_goes_on_from_the_orchestrators_state(start: Start, campaign: Campaign) -> None:
    state = initial_state("call-1")
    analyzer, now = RuleAnalyzer(), SystemClock().now()
    state = (await take_turn(campaign, state, Opening(), analyzer=analyzer, turn_id="t", now=now, slots=None)).state
    state.pending, state.expecting = "monthly_bill", Expectation.ANSWER
    script = Script([(0, "How much is it?")], asks=BILL, dialogue_state=encode_state(state))
    call = await start(script)
    await call.say("I want solar.")
    await stored(call, 1)
    await call.say("Two hundred.")
    await call.line.answer(2)
    assert decode_state(call.session.dialogue_state, "call-1").facts["monthly_bill"].number == 200


async def test_the_orchestrator_is_told_where_a_fallback_left_the_dialogue(start: Start) -> None:
    line = SpokenLine(hears_everything=False)
    call = await start(line=line)
    await opened(call)
    await call.say("I want to talk to a human being, please.")
    await call.line.answer(2)
    left = call.session.dialogue_state
    assert decode_state(left, "call-1").close_reason is CloseReason.TRANSFERRED
    assert (call.session.current_agent, call.session.workflow_state) == (Agent.HANDOFF, WorkflowState.HANDING_OFF)
    await call.conversation.close()
    transitions = [event.agent_transitioned.transition for event in call.spool.events("agent_transitioned")]
    assert [one.to_agent for one in transitions] == [wire.AGENT_CONVERSATION, wire.AGENT_HANDOFF]
    assert [turn.agent for turn in call.turns()] == [wire.AGENT_CONVERSATION, wire.AGENT_HANDOFF]
    assert call.session.end_request(EndReason.TRANSFERRED).dialogue_state == left
    assert call.session.sync_request().dialogue_state == left


async def test_a_question_that_the_orchestrator_asked_and_broke_off_is_the_one_that_is_answered(start: Start) -> None:
    deciders = Question(Expectation.ANSWER, "decision")
    call = await start(Script([(0, "Fine."), (0, "Who decides?")], asks=deciders, error=DIED))
    await call.say("I want solar.")
    assert (await call.line.answer(1)).sentences == ["Fine.", "Who decides?"]
    assert call.turns()[0].turn.asked.question_id == "decision"
    await call.say("Just me.")
    await call.line.answer(2)
    state = decode_state(call.session.dialogue_state, "call-1")
    assert {"interest", "decision"} <= state.facts.keys()
    # The rules' own question of the first turn was never heard.
    assert state.asked["monthly_bill"] == 1


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Please take me off your list and never call again.", EndCall),
        ("I want to talk to a human being, please.", Transfer),
        ("Goodbye.", EndCall),
        ("You have reached the voicemail of the Millers. Please leave a message after the beep.", EndCall),
    ],
)
async def test_what_must_be_done_is_done_whatever_a_model_would_say(start: Start, text: str, action: type) -> None:
    model = Model()
    call = await start(model=model, line=SpokenLine(hears_everything=False))
    await call.say(text)
    reply = await call.line.answer(1)
    assert model.texts[0].strip() not in reply.text
    assert model.asked == []
    call.line.hear(reply)
    await call.line.hung_up.wait()
    expected = EndReason.TRANSFERRED if action is Transfer else EndReason.AGENT_GOODBYE
    assert call.conversation.end_reason is expected


async def test_the_rules_question_follows_a_model_that_asked_nothing(start: Start, campaign: Campaign) -> None:
    call = await start(model=Model())
    await call.say("Is there a warranty?")
    reply = await call.line.answer(1)
    assert reply.sentences[0] == "That is a good question."
    assert reply.sentences[-1].endswith("?")
    assert campaign.question(call.turns()[0].turn.asked.question_id)
    assert call.turns()[0].turn.source == wire.REPLY_SOURCE_DIRECT_MODEL


async def test_a_models_last_question_asks_what_the_rules_ask(start: Start, campaign: Campaign) -> None:
    model = Model(["A warranty, right? For twenty-five years. And why solar? "])
    call = await start(model=model, line=SpokenLine(hears_everything=False))
    await call.say("Is there a warranty?")
    reply = await call.line.answer(1)
    assert reply.sentences == ["A warranty, right?", "For twenty-five years.", "And why solar?"]
    prompt = model.asked[0][0].content
    assert campaign.company.name in prompt
    call.line.hear(reply, "A warranty, right? For twenty-five")
    assert not call.turns()[0].turn.HasField("asked")


async def test_a_model_that_breaks_off_is_followed_by_the_rules_question(start: Start) -> None:
    call = await start(model=Model(["The home visit is free. And it "], fails=True))
    await call.say("Is there a warranty?")
    reply = await call.line.answer(1)
    assert reply.sentences[0] == "The home visit is free."
    assert "And it" not in reply.text
    assert reply.sentences[-1].endswith("?")


async def test_a_model_without_words_leaves_them_to_the_rules(start: Start) -> None:
    call = await start(model=Model([], fails=True))
    await call.say("Is there a warranty?")
    assert "twenty-five" in (await call.line.answer(1)).text


@pytest.mark.parametrize(
    ("heard", "asked"),
    [
        ("Fine. How much is", False),
        ("Fine. How much is your monthly", True),
        ("Fine. How much is your monthly bill?", True),
        ("", False),
    ],
)
async def test_a_question_was_asked_if_nearly_all_of_it_was_heard(start: Start, heard: str, asked: bool) -> None:
    script = Script([(0, "Fine."), (0, "How much is your monthly bill?")], asks=BILL)
    call = await start(script, line=SpokenLine(hears_everything=False))
    call.conversation.key_pressed("1")
    reply = await call.line.answer(1)
    call.line.hear(reply, heard)
    assert call.turns()[0].turn.HasField("asked") is asked


@pytest.mark.parametrize(
    ("heard", "asked"),
    [("Really?", False), ("Really? Since when? How", False), ("Really? Since when? How much is your bill?", True)],
)
async def test_of_several_sentences_that_ask_the_last_counts(start: Start, heard: str, asked: bool) -> None:
    script = Script([(0, "Really?"), (0, "Since when?"), (0, "How much is your bill?")], asks=BILL)
    call = await start(script, line=SpokenLine(hears_everything=False))
    call.conversation.key_pressed("1")
    reply = await call.line.answer(1)
    call.line.hear(reply, heard)
    assert call.turns()[0].turn.HasField("asked") is asked


async def test_a_prompt_to_repeat_leaves_the_question_open(start: Start) -> None:
    call = await start(Script([(0, "How much is your bill?")], asks=BILL))
    await call.say("I want solar.")
    await stored(call, 1)
    await call.conversation.noise(1.5, interrupted_agent=False)
    await call.line.answer(2)
    assert call.turns()[1].turn.asked.question_id == "monthly_bill"
    assert call.turns()[1].turn.source == wire.REPLY_SOURCE_PROMPT
    await call.say("Two hundred.")
    await call.line.answer(3)
    assert "monthly_bill" in decode_state(call.session.dialogue_state, "call-1").facts


async def test_a_sync_carries_the_gateways_own_history(start: Start) -> None:
    call = await start(Script([(0, "How much is your bill?")], asks=BILL))
    await call.say("I want solar.")
    await stored(call, 1)
    request = call.session.sync_request()
    assert request.mirror is not None
    assert [turn.caller_text for turn in request.mirror.history] == ["I want solar."]
    assert request.mirror.dialogue_state == b""


@pytest.mark.parametrize("integrated", [True, False])
async def test_words_over_a_fallback_that_nobody_heard_count_once(start: Start, integrated: bool) -> None:
    call = await start(line=SpokenLine(hears_everything=False), integrated=integrated)
    await call.say("My bill is too high")
    reply = await call.line.answer(1)
    call.line.hear(reply, "")
    call.conversation.interrupted()
    await call.say("and I own the house.")
    await call.line.answer(2)
    state = decode_state(call.session.dialogue_state, "call-1")
    assert set(state.asked.values()) == {1}
    assert "interest" in state.facts


async def test_a_key_whose_answer_was_not_heard_is_recorded_and_told(start: Start) -> None:
    call = await start(line=SpokenLine(hears_everything=False))
    await opened(call)
    call.conversation.key_pressed("0")
    await call.line.answer(2)
    await call.say("Hello?")
    await call.conversation.close()
    assert [turn.turn.caller_text for turn in call.turns() if turn.turn.keys_pressed] == ["0"]
    assert "0" in [turn.caller_text for turn in call.session.unsynced.values()]
