"""The graph: who is chosen, who speaks, what is said when appointments fail."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from agent_orchestrator.agents.appointments import Appointments
from agent_orchestrator.agents.model_words import ModelWords
from agent_orchestrator.agents.turn import TurnScope
from agent_orchestrator.bootstrap import build_workflow
from agent_orchestrator.metrics import OrchestratorMetrics
from agent_orchestrator.workflow.scoring import TurnResult
from agent_orchestrator.workflow.second_opinion import SecondOpinions
from callwright_common.breaker import CircuitBreaker
from callwright_common.campaign import load_campaign
from callwright_common.chat_models import ChatMessage, ChatProvider, TokenCount
from dialogue import DialogueState, RuleAnalyzer, initial_state
from fakes.appointment_book import FakeAppointmentBook
from fakes.clock import ManualClock
from vocabulary.enums import Agent, EndReason, Expectation, WorkflowState
from vocabulary.exchange import SpeechCompleted, TurnEvent
from vocabulary.turns import AgentTransition, Booking, EndCall, Opening, Sentence, Transfer, TurnInput, Utterance

CAMPAIGN = load_campaign(Path(__file__).parents[3] / "campaigns" / "sunline-solar.yaml")


class EchoModel:
    """A model that says the same to everything and notes what it was asked."""

    provider: ChatProvider = "openai"
    model = "echo"

    def __init__(self) -> None:
        self.requests: list[Sequence[ChatMessage]] = []

    async def deltas(self, messages: Sequence[ChatMessage], max_tokens: int) -> AsyncGenerator[str | TokenCount, None]:
        self.requests.append(messages)
        yield "The model speaks?"

    async def structured(
        self, messages: Sequence[ChatMessage], schema: Mapping[str, Any], max_tokens: int
    ) -> tuple[str, TokenCount]:
        raise AssertionError("it only speaks")

    async def check(self) -> None:
        return None

    async def aclose(self) -> None:
        return None


@dataclass
class Talk:
    """A conversation with the graph alone."""

    book: FakeAppointmentBook = field(default_factory=FakeAppointmentBook)
    model: EchoModel = field(default_factory=EchoModel)
    clock: ManualClock = field(default_factory=ManualClock)
    state: DialogueState = field(default_factory=lambda: initial_state("call-1"))
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    turns: int = 0

    def __post_init__(self) -> None:
        metrics = OrchestratorMetrics(self.registry)
        words = ModelWords(self.model, CircuitBreaker("model", self.clock), self.clock, metrics, 100)
        opinions = SecondOpinions(None, CircuitBreaker("opinion", self.clock), self.clock, metrics, 1)
        self.workflow = build_workflow(
            RuleAnalyzer(), words, opinions, Appointments(self.book, self.clock, metrics), self.clock, metrics
        )

    def spoken_by(self, provider: str) -> float:
        """Returns how many replies were said in a provider's words."""
        name = "callwright_workflow_first_text_seconds_count"
        return self.registry.get_sample_value(name, {"provider": provider}) or 0

    def scope(self, turn_input: TurnInput) -> TurnScope:
        """Returns the next turn."""
        self.turns += 1
        return TurnScope(
            call_id="call-1",
            turn_id=f"turn-{self.turns}",
            turn_input=turn_input,
            campaign=CAMPAIGN,
            dialogue=self.state,
            history=(),
            context_preserved=True,
            now=self.clock.now(),
            arrived_at=self.clock.monotonic(),
            first_text_until=self.clock.monotonic() + 1,
            complete_until=self.clock.monotonic() + 5,
        )

    async def take(self, turn_input: TurnInput) -> tuple[list[TurnEvent], TurnResult]:
        """Runs a turn and goes on from its state."""
        events: list[TurnEvent] = []
        result: TurnResult | None = None
        async for event in self.workflow.run(self.scope(turn_input)):
            if isinstance(event, TurnResult):
                result = event
            else:
                events.append(event)
        assert result is not None
        self.state = result.reply.state
        return events, result

    async def say(self, text: str) -> tuple[list[TurnEvent], TurnResult]:
        return await self.take(Utterance(text))

    async def until_a_time_is_repeated(self) -> None:
        """Leads a good lead to the point where the next yes books."""
        await self.take(Opening())
        for text in (
            "my bill is too high",
            "220 dollars",
            "I own it and decide alone",
            "in two months",
            "20000 dollars",
        ):
            await self.say(text)
        await self.say("the first one is fine")
        assert self.state.expecting is Expectation.SLOT_CONFIRMATION


def spoken(events: list[TurnEvent]) -> str:
    return " ".join(event.text for event in events if isinstance(event, Sentence))


def actions(events: list[TurnEvent]) -> list[TurnEvent]:
    return [event for event in events if isinstance(event, Transfer | EndCall | Booking)]


@pytest.mark.parametrize(
    ("text", "agent"),
    [
        ("my electric bill is too high", Agent.QUALIFICATION),
        ("that is way too expensive", Agent.OBJECTION_HANDLER),
        ("I want to speak to a human", Agent.HANDOFF),
        ("goodbye", Agent.CONVERSATION),
    ],
)
async def test_the_router_chooses_one_agent_who_alone_speaks(text: str, agent: Agent) -> None:
    talk = Talk()
    await talk.take(Opening())
    events, result = await talk.say(text)
    assert result.reply.agent is agent
    chosen = [event.to_agent for event in events if isinstance(event, AgentTransition)]
    assert chosen == ([] if agent is Agent.CONVERSATION else [agent])
    assert isinstance(events[0], AgentTransition) or not chosen
    assert events.count(SpeechCompleted()) == 1
    assert any(isinstance(event, Sentence) for event in events)


def test_every_agent_of_the_contract_is_a_node() -> None:
    assert set(Talk().workflow.nodes) == {"analysis", "router", *Agent, "scoring"} - {Agent.UNKNOWN}


async def test_speech_is_complete_before_scoring_is() -> None:
    talk = Talk()
    await talk.take(Opening())
    for text in ("my bill is too high", "220 dollars", "I own it and decide alone"):
        await talk.say(text)
    talk.clock.advance(60)  # what was fetched is old by now
    talk.book.gate.clear()
    lookups = talk.book.lookups
    seen: list[object] = []
    async with aclosing(talk.workflow.run(talk.scope(Utterance("in two months")))) as events:
        async for event in events:
            seen.append(event)
            if isinstance(event, SpeechCompleted):
                break
    assert isinstance(seen[-1], SpeechCompleted)
    assert talk.book.lookups <= lookups + 1
    assert not any(isinstance(event, TurnResult) for event in seen)


async def test_a_model_words_what_is_free_and_never_what_binds() -> None:
    talk = Talk()
    opening, _ = await talk.take(Opening())
    assert "automated assistant" in spoken(opening)
    assert talk.spoken_by("offline") == 1
    free, result = await talk.say("my electric bill is too high")
    asks = result.reply.asks
    assert asks is not None
    assert [event for event in free if isinstance(event, Sentence)] == [Sentence("The model speaks?", asks)]
    assert talk.spoken_by("openai") == 1
    prompts = len(talk.model.requests)
    human, _ = await talk.say("let me talk to a human")
    assert spoken(human) == CAMPAIGN.handoff.announce
    assert actions(human) == [Transfer()]
    assert talk.spoken_by("offline") == 2
    assert len(talk.model.requests) == prompts


async def test_a_goodbye_is_the_campaigns_own_and_ends_the_call() -> None:
    talk = Talk()
    await talk.take(Opening())
    events, result = await talk.say("no thanks, goodbye")
    assert actions(events) == [EndCall(EndReason.AGENT_GOODBYE)]
    assert result.reply.workflow_state is WorkflowState.COMPLETED
    assert talk.model.requests == []
    assert not result.escalation.recommended


async def test_what_is_confirmed_is_booked() -> None:
    talk = Talk()
    await talk.until_a_time_is_repeated()
    events, _ = await talk.say("yes, that's right")
    (booking,) = talk.book.bookings.values()
    assert actions(events) == [booking]
    assert booking in events
    assert spoken(events)


async def test_a_lost_slot_is_not_confirmed_and_others_are_offered() -> None:
    talk = Talk()
    await talk.until_a_time_is_repeated()
    assert talk.state.chosen is not None
    lost = talk.state.chosen.slot_id
    talk.book.taken.add(lost)
    events, result = await talk.say("yes, that's right")
    assert talk.book.bookings == {}
    assert actions(events) == []
    assert not any(isinstance(event, Booking) for event in events)
    assert lost not in {slot.slot_id for slot in result.reply.state.offered}


async def test_a_book_that_fails_leads_to_a_call_back() -> None:
    talk = Talk()
    await talk.until_a_time_is_repeated()
    talk.book.unavailable = True
    events, _ = await talk.say("yes, that's right")
    assert actions(events) == []
    assert "call you back" in spoken(events)


async def test_free_times_are_fetched_ahead_and_kept_for_a_moment() -> None:
    talk = Talk()
    await talk.take(Opening())
    for text in ("my bill is too high", "220 dollars", "I own it and decide alone", "in two months"):
        await talk.say(text)
    assert talk.book.lookups == 1
    talk.book.gate.clear()  # offering needs no further look
    events, _ = await talk.say("20000 dollars")
    talk.book.gate.set()
    assert talk.state.offered
    assert spoken(events)
    assert talk.book.lookups == 1
