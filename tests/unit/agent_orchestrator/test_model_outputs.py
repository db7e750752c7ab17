"""What models write, well and badly, on its way from a server through the orchestrator's agents to the caller."""

from langgraph.runtime import Runtime
from prometheus_client import CollectorRegistry

from agent_orchestrator.agents.model_words import ModelWords
from agent_orchestrator.agents.speaker import Speaker
from agent_orchestrator.agents.turn import TurnScope
from agent_orchestrator.metrics import OrchestratorMetrics
from callwright_common.breaker import CircuitBreaker
from callwright_common.chat_models import ChatModel
from callwright_common.chat_models.providers import open_chat_model
from callwright_common.clock import SystemClock
from dialogue import CalendarChange
from fakes.chat_server import ChatScript, chat_server
from fakes.model_outputs import Caller, callers, outputs
from fakes.spoken_calls import MONDAY
from vocabulary.turns import Sentence, Utterance


async def spoken(model: ChatModel, caller: Caller) -> list[str]:
    """Returns what a caller is told in the model's words, or the rules' where it has none that may be said."""
    clock, metrics = SystemClock(), OrchestratorMetrics(CollectorRegistry())
    speaker = Speaker(ModelWords(model, CircuitBreaker("model", clock), clock, metrics, 400), clock, metrics)
    reply, now, events = caller.reply, clock.monotonic(), list[object]()
    scope = TurnScope(
        call_id="call-1",
        turn_id="turn-1",
        turn_input=Utterance(caller.says[-1]),
        campaign=caller.campaign,
        dialogue=reply.state,
        history=(),
        context_preserved=True,
        now=MONDAY,
        arrived_at=now,
        first_text_until=now + 60,
        complete_until=now + 60,
        note=nothing_to_note,
    )
    await speaker.reword(reply, Runtime(context=scope, stream_writer=events.append))
    return [event.text for event in events if isinstance(event, Sentence)]


async def nothing_to_note(change: CalendarChange) -> int:
    raise AssertionError("a model changes no calendar")


async def test_what_the_caller_hears() -> None:
    async with chat_server("openai") as server:
        model = open_chat_model("openai", "fake", api_key="", base_url=server.url, timeout_seconds=60)
        try:
            for output in [*outputs("good"), *outputs("bad")]:
                server.script = ChatScript(pieces=(output.text[:11], output.text[11:]))
                caller = callers()[output.caller]
                sentences, rules = await spoken(model, caller), caller.reply
                assert sentences
                assert output.leaked(sentences, rules) == []
                assert output.lost(sentences) in ([], ["Gladly."])
                assert any("?" in sentence for sentence in sentences), "the rules' question is asked"
        finally:
            await model.aclose()
