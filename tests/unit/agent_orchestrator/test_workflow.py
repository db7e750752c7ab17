"""The graph: who is chosen, who speaks, what is said when appointments fail."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
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
from callwright_common.campaign import Campaign, load_campaign
from callwright_common.chat_models import ChatMessage, ChatProvider, TokenCount
from dialogue import CalendarChange, DialogueState, RuleAnalyzer, initial_state
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
        yield "How high is it, roughly?"

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
    campaign: Campaign = CAMPAIGN
    booking: Booking | None = None
    changes: list[CalendarChange] = field(default_factory=list)

    def __post_init__(self) -> None:
        metrics = OrchestratorMetrics(self.registry)
        words = ModelWords(self.model, CircuitBreaker("model", self.clock), self.clock, metrics, 100)
        opinions = SecondOpinions(None, CircuitBreaker("opinion", self.clock), self.clock, metrics, 1)
        appointments = Appointments(self.book, self.book.last_contacts.append, self.clock, metrics)
        self.workflow = build_workflow(RuleAnalyzer(), words, opinions, appointments, self.clock, metrics)

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
            campaign=self.campaign,
            dialogue=self.state,
            history=(),
            context_preserved=True,
            now=self.clock.now(),
            arrived_at=self.clock.monotonic(),
            first_text_until=self.clock.monotonic() + 1,
            complete_until=self.clock.monotonic() + 5,
            booking=self.booking,
            note=self.note,
        )

    async def note(self, change: CalendarChange) -> int:
        """Numbers an attempt."""
        self.changes.append(change)
        return len(self.changes)

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
        self.booking = next((event for event in events if isinstance(event, Booking)), self.booking)
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
    assert [event for event in free if isinstance(event, Sentence)] == [Sentence("How high is it, roughly?", asks)]
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


async def test_what_is_cancelled_is_cancelled_before_it_is_said() -> None:
    talk = Talk()
    await talk.until_a_time_is_repeated()
    await talk.say("yes, that's right")
    events, result = await talk.say("never mind, cancel that")
    [cancelled] = actions(events)
    assert isinstance(cancelled, Booking)
    assert cancelled.cancel_time is not None
    assert [*talk.book.bookings.values()] == [cancelled]
    assert "cancel" in spoken(events)
    assert talk.state.booked is None
    assert not result.escalation.recommended


async def test_a_cancel_that_fails_is_noted_and_the_appointment_stands() -> None:
    talk = Talk()
    await talk.until_a_time_is_repeated()
    await talk.say("yes, that's right")
    talk.book.unavailable = True
    events, _ = await talk.say("cancel that please")
    assert actions(events) == []
    assert "noted" in spoken(events)
    assert talk.state.booked is not None
    [kept] = talk.book.bookings.values()
    assert kept.cancel_time is None


async def test_a_time_that_was_given_up_can_be_booked_again() -> None:
    talk = Talk()
    await talk.until_a_time_is_repeated()
    await talk.say("yes, that's right")
    first = talk.booking
    assert first is not None
    await talk.say("cancel that please")
    await talk.say("actually, do you have a time tomorrow after all?")
    if talk.state.expecting is Expectation.SLOT_CHOICE:
        await talk.say("the first one")
    await talk.say("yes")
    assert talk.booking is not None
    assert talk.booking.cancel_time is None
    assert talk.booking.booking_id != first.booking_id


async def test_a_move_that_fails_leaves_what_was_booked() -> None:
    talk = Talk()
    await talk.until_a_time_is_repeated()
    await talk.say("yes, that's right")
    booked = talk.state.booked
    await talk.say("could we move it to Friday?")
    if talk.state.expecting is Expectation.SLOT_CHOICE:
        await talk.say("the first one")
    assert talk.state.chosen is not None
    talk.book.taken.add(talk.state.chosen.slot_id)
    events, _ = await talk.say("yes")
    assert actions(events) == []
    assert talk.state.booked == booked
    talk.book.unavailable = True
    events, _ = await talk.say("the first one")
    events, _ = await talk.say("yes")
    assert actions(events) == []
    assert talk.state.booked == booked


async def test_a_wish_far_beyond_the_soonest_times_is_looked_up_and_booked() -> None:
    calendar = CAMPAIGN.calendar.model_copy(update={"days_ahead": 90})
    talk = Talk(campaign=CAMPAIGN.model_copy(update={"calendar": calendar}))
    await talk.until_a_time_is_repeated()
    wanted = (talk.clock.now() + timedelta(days=60)).date()
    for said in (f"no, {wanted:%B} {wanted.day}", "anything later that day?", "the first one", "yes"):
        await talk.say(said)
        if talk.booking is not None:
            break
        shown = [talk.state.chosen] if talk.state.chosen is not None else talk.state.offered
        assert {slot.start_time.date() for slot in shown} == {wanted}
    assert talk.booking is not None
    assert talk.booking.start_time.date() == wanted


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
