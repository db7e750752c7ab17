"""The graph: who is chosen, who speaks, what is said when appointments fail."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from agent_orchestrator.agents import Agents
from agent_orchestrator.appointments import Appointments
from agent_orchestrator.conversation import Booking, EndOfCall, Transfer
from agent_orchestrator.events import ActionWanted, AgentChosen, ReplyPiece, ReplySpoken, WorkflowEvent
from agent_orchestrator.language_model import ReplyRequest
from agent_orchestrator.metrics import OrchestratorMetrics
from agent_orchestrator.reply import ReplyLimits, ReplyUsage, ReplyWriter
from agent_orchestrator.turn_state import TurnScope
from agent_orchestrator.workflow import TurnResult, Workflow
from callwright_common.breaker import CircuitBreaker
from callwright_common.campaign import load_campaign
from callwright_common.chat_models import Provider, TokenCount
from dialogue import Agent, DialogueState, Opening, TurnInput, Utterance, WorkflowState, initial_state
from fakes.appointment_book import FakeAppointmentBook
from fakes.clock import ManualClock

CAMPAIGN = load_campaign(Path(__file__).parents[3] / "campaigns" / "sunline-solar.yaml")


class EchoModel:
    """A model that says the same to everything and notes what it was asked."""

    provider: Provider = "openai"
    model = "echo"

    def __init__(self) -> None:
        self.requests: list[ReplyRequest] = []

    async def sentences(self, request: ReplyRequest) -> AsyncGenerator[str | TokenCount, None]:
        self.requests.append(request)
        yield "The model speaks?"

    async def aclose(self) -> None:
        return None


@dataclass
class Talk:
    """A conversation with the graph alone."""

    book: FakeAppointmentBook = field(default_factory=FakeAppointmentBook)
    model: EchoModel = field(default_factory=EchoModel)
    clock: ManualClock = field(default_factory=ManualClock)
    state: DialogueState = field(default_factory=lambda: initial_state("call-1"))
    booking: Booking | None = None
    turns: int = 0

    def __post_init__(self) -> None:
        metrics = OrchestratorMetrics(CollectorRegistry())
        appointments = Appointments(self.book, self.clock, metrics)
        writer = ReplyWriter(self.model, CircuitBreaker("model", self.clock), self.clock, metrics)
        self.workflow = Workflow(Agents(writer, appointments, self.clock, 100), appointments, self.clock)
        self.usage = ReplyUsage()

    async def take(self, turn_input: TurnInput) -> tuple[list[WorkflowEvent], TurnResult]:
        """Runs a turn and goes on from its state."""
        self.turns += 1
        self.usage = ReplyUsage()
        scope = TurnScope(
            call_id="call-1",
            turn_id=f"turn-{self.turns}",
            turn_input=turn_input,
            caller_text=turn_input.text if isinstance(turn_input, Utterance) else "",
            campaign=CAMPAIGN,
            dialogue=self.state,
            history=(),
            booking=self.booking,
            now=self.clock.now(),
            arrived_at=self.clock.monotonic(),
            limits=ReplyLimits(self.clock.monotonic() + 1, self.clock.monotonic() + 5),
            usage=self.usage,
        )
        events: list[WorkflowEvent] = []
        result: TurnResult | None = None
        async for event in self.workflow.run(scope):
            if isinstance(event, TurnResult):
                result = event
            else:
                events.append(event)
        assert result is not None
        self.state, self.booking = result.speech.reply.state, result.speech.booking
        return events, result

    async def say(self, text: str) -> tuple[list[WorkflowEvent], TurnResult]:
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
        assert self.state.expecting == "slot_confirmation"


def spoken(events: list[WorkflowEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, ReplyPiece)).strip()


def actions(events: list[WorkflowEvent]) -> list[object]:
    return [event.action for event in events if isinstance(event, ActionWanted)]


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
    assert result.speech.reply.agent is agent
    chosen = [event.transition.to_agent for event in events if isinstance(event, AgentChosen)]
    assert chosen == ([] if agent is Agent.CONVERSATION else [agent])
    assert isinstance(events[0], AgentChosen) or not chosen
    assert [event for event in events if isinstance(event, ReplySpoken)] == [ReplySpoken("".join(result.speech.pieces))]
    assert spoken(events)


async def test_speech_is_complete_before_analysis_is() -> None:
    talk = Talk()
    await talk.take(Opening())
    for text in ("my bill is too high", "220 dollars", "I own it and decide alone"):
        await talk.say(text)
    talk.clock.advance(60)  # what was fetched is old by now
    talk.book.gate.clear()
    scope_before = talk.book.lookups
    seen: list[object] = []
    async with aclosing(talk.workflow.run(scope_of(talk, "in two months"))) as events:
        async for event in events:
            seen.append(event)
            if isinstance(event, ReplySpoken):
                break
    assert isinstance(seen[-1], ReplySpoken)
    assert talk.book.lookups <= scope_before + 1
    assert not any(isinstance(event, TurnResult) for event in seen)


def scope_of(talk: Talk, text: str) -> TurnScope:
    return TurnScope(
        call_id="call-1",
        turn_id="turn-x",
        turn_input=Utterance(text),
        caller_text=text,
        campaign=CAMPAIGN,
        dialogue=talk.state,
        history=(),
        booking=None,
        now=talk.clock.now(),
        arrived_at=talk.clock.monotonic(),
        limits=ReplyLimits(talk.clock.monotonic() + 1, talk.clock.monotonic() + 5),
        usage=talk.usage,
    )


async def test_a_model_words_what_is_free_and_never_what_binds() -> None:
    talk = Talk()
    opening, _ = await talk.take(Opening())
    assert "automated assistant" in spoken(opening)
    free, _ = await talk.say("my electric bill is too high")
    assert spoken(free) == "The model speaks?"
    assert (talk.usage.provider, talk.usage.model) == ("openai", "echo")
    prompts = len(talk.model.requests)
    human, _ = await talk.say("let me talk to a human")
    assert spoken(human) == CAMPAIGN.handoff.announce
    assert actions(human) == [Transfer(reason="caller_asked")]
    assert talk.usage.provider == "offline"
    assert len(talk.model.requests) == prompts


async def test_a_goodbye_is_the_campaigns_own_and_ends_the_call() -> None:
    talk = Talk()
    await talk.take(Opening())
    events, result = await talk.say("no thanks, goodbye")
    assert actions(events) == [EndOfCall(reason=result.speech.reply.state.close_reason or "")]
    assert result.speech.reply.workflow_state is WorkflowState.COMPLETED
    assert talk.model.requests == []
    assert not result.escalation.recommended


async def test_what_is_confirmed_is_booked() -> None:
    talk = Talk()
    await talk.until_a_time_is_repeated()
    events, result = await talk.say("yes, that's right")
    (booking,) = talk.book.bookings.values()
    assert actions(events) == [booking]
    assert result.speech.booking == booking
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
    assert result.speech.booking is None
    assert lost not in {slot.slot_id for slot in result.speech.reply.state.offered}


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
