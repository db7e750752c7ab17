"""The agent that is judged: the orchestrator behind its real gRPC API, with the understanding that it is shipped with.

The time is virtual and starts anew with each call, contexts and calendar are kept in memory. Without a model, what
comes out depends on the caller's words alone; where a model speaks, it is waited for in real time.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import islice
from time import monotonic, perf_counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from langgraph.runtime import Runtime

from agent_orchestrator.agents.appointments import Appointments, LastContact
from agent_orchestrator.agents.model_words import ModelWords
from agent_orchestrator.agents.speaker import Speaker
from agent_orchestrator.agents.turn import TurnScope, TurnState
from agent_orchestrator.calls.calls import Calls
from agent_orchestrator.calls.changes import Changes
from agent_orchestrator.calls.turn_admission import TurnAdmission
from agent_orchestrator.calls.turns import ModelLimits, Turns
from agent_orchestrator.metrics import OrchestratorMetrics
from agent_orchestrator.servicer import SERVICE_NAME, AgentOrchestratorServicer
from agent_orchestrator.workflow.analysis import CallerAnalysis
from agent_orchestrator.workflow.graph import Workflow, agent_nodes
from agent_orchestrator.workflow.router import Router
from agent_orchestrator.workflow.scoring import LeadScoring
from agent_orchestrator.workflow.second_opinion import SecondOpinions
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2_grpc as pb_grpc
from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright_common.breaker import CircuitBreaker
from callwright_common.campaign import Campaign
from callwright_common.chat_models import ChatModel
from callwright_common.metrics import new_registry
from callwright_common.rpc.client import open_channel
from callwright_common.rpc.server import serve
from dialogue import LearnedAnalyzer, Route
from fakes.clock import ManualClock
from fakes.context_store import MemoryContextStore
from intent_classifier import IntentClassifier
from persistence.calendar.slot_calendar import SlotCalendar
from vocabulary.enums import Expectation
from vocabulary.exchange import CallResult
from vocabulary.turns import Booking, Contact, Question, Slot

if TYPE_CHECKING:  # the stub for asyncio exists for type checkers only
    from callwright.agent_orchestrator.v1.agent_orchestrator_pb2_grpc import AgentOrchestratorServiceAsyncStub

_DAY, _HOUR = date(2026, 11, 23), time(10)
"""A Monday morning where the campaign is at home: when every call begins."""
_SECONDS_A_TURN = 8.0
_TIMEOUT_SECONDS = 60.0
_MAX_TOKENS = 160
LIMITS = ModelLimits(first_sentence=1.2, reply=8.0)
"""Those of the product."""


@dataclass(frozen=True)
class Heard:
    """What came of one turn: the answer as the gateway gets it, and the decision that it came from.

    Attributes:
        said: What the caller had said; empty for the opening and for silence.
    """

    said: str
    sentences: tuple[conversation.Sentence, ...]
    actions: tuple[conversation.CallAction, ...]
    context: conversation.WorkflowContext
    route: Route

    @property
    def text(self) -> str:
        """The whole reply."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def ends(self) -> bool:
        """Whether the agent hangs up or hands over."""
        return any(action.WhichOneof("action") in {"end_call", "transfer"} for action in self.actions)

    @property
    def asks(self) -> Expectation | None:
        """What it asks the caller for."""
        asked = [sentence.asks for sentence in self.sentences if sentence.HasField("asks")]
        return Question.from_proto(asked[-1]).expectation if asked else None

    @classmethod
    def of(cls, said: str, answers: Sequence[pb.ProcessTurnResponse], route: Route) -> "Heard":
        """Returns what came of a turn by all answers to it."""
        return cls(
            said,
            tuple(one.sentence for one in answers if one.HasField("sentence")),
            tuple(one.call_action for one in answers if one.HasField("call_action")),
            answers[-1].turn_completed.context,
            route,
        )

    @property
    def questions(self) -> list[str]:
        """The ids of the campaign's questions that it asks."""
        return [sentence.asks.question_id for sentence in self.sentences if sentence.asks.question_id]


@dataclass
class Call:
    """One call with the agent, turn by turn."""

    call_id: str
    campaign: Campaign
    stub: "AgentOrchestratorServiceAsyncStub"
    clock: ManualClock
    routes: list[Route]
    waits: list[float]
    turns: list[Heard] = field(default_factory=list)

    async def open(self) -> Heard:
        """Lets the agent speak first."""
        return await self._turn(conversation.TurnInput(opening=conversation.Opening()))

    async def say(self, text: str) -> Heard:
        """Says something and hears the answer."""
        return await self._turn(conversation.TurnInput(utterance=conversation.Utterance(text=text)))

    async def interrupt(self, text: str) -> Heard:
        """Says something while the agent speaks: the second half of the reply was not heard."""
        last = self.turns[-1]
        words = last.text.split()
        record = conversation.TurnRecord(
            turn_id=f"turn-{len(self.turns) - 1}",
            caller_text=last.said,
            reply_text=last.text,
            heard_text=" ".join(words[: len(words) // 2]),
            source=conversation.REPLY_SOURCE_ORCHESTRATOR,
            interrupted=True,
        )
        return await self._turn(conversation.TurnInput(utterance=conversation.Utterance(text=text)), record)

    async def stay_silent(self, count: int) -> Heard:
        """Says nothing for the so manieth time in a row."""
        return await self._turn(conversation.TurnInput(silence=conversation.Silence(count=count)))

    async def end(self) -> CallResult:
        """Ends the call, for the reason that the agent's last action gives; else the caller hangs up."""
        reason = conversation.END_REASON_CALLER_HUNG_UP
        for action in self.turns[-1].actions:
            if action.HasField("end_call"):
                reason = action.end_call.reason
            if action.HasField("transfer"):
                reason = conversation.END_REASON_TRANSFERRED
        request = pb.EndCallRequest(call_id=self.call_id, reason=reason)
        return CallResult.from_proto(await self.stub.EndCall(request, timeout=_TIMEOUT_SECONDS))

    async def _turn(self, turn_input: conversation.TurnInput, *unsynced: conversation.TurnRecord) -> Heard:
        self.clock.advance(_SECONDS_A_TURN)
        request = pb.ProcessTurnRequest(
            call_id=self.call_id,
            turn_id=f"turn-{len(self.turns)}",
            campaign_id=self.campaign.id,
            input=turn_input,
            base_revision=self.turns[-1].context.revision if self.turns else 0,
            unsynced_entries=unsynced,
        )
        began, waited, answers = perf_counter(), 0.0, []
        async for one in self.stub.ProcessTurn(request, timeout=_TIMEOUT_SECONDS):
            waited = waited or perf_counter() - began
            answers.append(one)
        heard = Heard.of(turn_input.utterance.text, answers, self.routes.pop())
        self.waits.append(waited)
        self.turns.append(heard)
        return heard


class RunningClock(ManualClock):
    """A clock that is set as a manual one, and whose monotonic side runs on: models are waited for."""

    def monotonic(self) -> float:
        return super().monotonic() + monotonic()


@dataclass(frozen=True)
class ReportingRouter(Router):
    """The router, which also tells what it decided: the contract tells it only where another agent takes over."""

    routes: list[Route]

    async def route(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        decided = await super().route(state, runtime)
        self.routes.append(decided["route"])
        return decided


@dataclass(frozen=True)
class OpenCalendars:
    """An appointment book in which everything that the campaigns' calendars offer is free."""

    campaigns: Mapping[str, Campaign]
    clock: ManualClock
    booked: dict[str, Booking] = field(default_factory=dict)

    async def free_slots(
        self, campaign_id: str, from_time: datetime, to_time: datetime, limit: int
    ) -> tuple[Slot, ...]:
        offered = self._calendar(campaign_id).slots(self.clock.now(), from_time, to_time)
        return tuple(islice(offered, limit))

    async def book(
        self, booking_id: str, slot_id: str, call_id: str, *, contact: Contact | None, attempt: int
    ) -> Booking:
        campaign_id = slot_id.partition("/")[0]
        slot = self._calendar(campaign_id).find(slot_id, self.clock.now())
        assert slot is not None, "only what the calendar offers is booked"
        times = (slot.start_time, slot.end_time, self.clock.now())
        booking = Booking(booking_id, slot_id, call_id, campaign_id, *times, contact=contact)
        return self.booked.setdefault(booking_id, booking)

    async def cancel(self, booking_id: str, call_id: str, *, attempt: int) -> Booking:
        booking = self.booked[booking_id]
        assert booking.call_id == call_id, "a call cancels what it booked"
        return replace(booking, cancel_time=self.clock.now())

    async def settle(self, call_id: str, campaign_id: str, attempt: int) -> tuple[Booking, ...]:
        raise AssertionError("nothing is ever in doubt here")

    async def set_contact(self, booking_id: str, call_id: str, contact: Contact, *, version: int) -> Booking:
        return replace(self.booked[booking_id], contact=contact)

    def _calendar(self, campaign_id: str) -> SlotCalendar:
        return SlotCalendar(campaign_id, self.campaigns[campaign_id].calendar)


def forgotten(last: LastContact) -> None:
    """Keeps nothing: nobody looks at the calendar once a call is over."""


@dataclass
class Agent:
    """The running agent; its calls are held one after the other.

    Attributes:
        waits: Real seconds until the first sentence, turn by turn.
    """

    campaigns: Mapping[str, Campaign]
    stub: "AgentOrchestratorServiceAsyncStub"
    clock: ManualClock
    routes: list[Route]
    waits: list[float] = field(default_factory=list)

    def call(self, call_id: str, campaign: Campaign) -> Call:
        """Begins a call; its id also decides between wordings of the agent."""
        # Forward on the monotonic side, so that nothing that was fetched in the last call is still fresh.
        self.clock.advance(24 * 3600)
        start = datetime.combine(_DAY, _HOUR, ZoneInfo(campaign.company.timezone))
        self.clock.jump_wall_clock((start - self.clock.now()).total_seconds())
        return Call(call_id, campaign, self.stub, self.clock, self.routes, self.waits)


@asynccontextmanager
async def running_agent(
    campaigns: Mapping[str, Campaign], model: ChatModel | None = None, limits: ModelLimits = LIMITS
) -> AsyncIterator[Agent]:
    """Serves the agent of some campaigns on a port of its own; a model speaks and listens too."""
    clock = ManualClock() if model is None else RunningClock()
    store, changes, routes = MemoryContextStore(), Changes(), list[Route]()
    registry = new_registry()
    metrics = OrchestratorMetrics(registry)
    words = None
    if model is not None:
        words = ModelWords(model, CircuitBreaker("language_model", clock), clock, metrics, _MAX_TOKENS)
    with IntentClassifier() as classifier:
        analyzer = LearnedAnalyzer(classifier)
        appointments = Appointments(OpenCalendars(campaigns, clock), forgotten, clock, metrics)
        workflow = Workflow(
            CallerAnalysis(analyzer, metrics),
            ReportingRouter(clock, metrics, routes),
            agent_nodes(Speaker(words, clock, metrics), appointments),
            LeadScoring(appointments, metrics),
            SecondOpinions(model, CircuitBreaker("second_opinion", clock), clock, metrics, limits.first_sentence * 2),
        )
        turns = Turns(
            campaigns, store, analyzer, workflow, appointments, TurnAdmission(1), changes, limits, clock, metrics
        )
        calls = Calls(campaigns, store, analyzer, appointments, changes, 1.0, clock, metrics)
        servicer = AgentOrchestratorServicer(turns, calls, clock)
        async with serve(
            "127.0.0.1:0",
            registry,
            lambda server: pb_grpc.add_AgentOrchestratorServiceServicer_to_server(servicer, server),
            [SERVICE_NAME],
            grace_seconds=0,
        ) as server:
            channel = open_channel(f"127.0.0.1:{server.port}")
            try:
                yield Agent(campaigns, pb_grpc.AgentOrchestratorServiceStub(channel), clock, routes)
            finally:
                await channel.close()
