"""Calls that the orchestrator's own parts answer in virtual time, with a store and a calendar that can hang."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry

from agent_orchestrator.agents.appointments import Appointments
from agent_orchestrator.bootstrap import build_workflow
from agent_orchestrator.calls.calls import Calls
from agent_orchestrator.calls.changes import Changes
from agent_orchestrator.calls.turn_admission import TurnAdmission
from agent_orchestrator.calls.turns import ModelLimits, Turns
from agent_orchestrator.contexts.call_context import CallContext
from agent_orchestrator.metrics import OrchestratorMetrics
from agent_orchestrator.workflow.second_opinion import SecondOpinions
from callwright_common.breaker import CircuitBreaker
from dialogue import RuleAnalyzer, end_without_orchestrator, fall_back
from fakes.appointment_book import FakeAppointmentBook
from fakes.context_store import MemoryContextStore
from fakes.spoken_calls import QUALIFIES, SOLAR
from fakes.virtual_time import LoopClock
from vocabulary.enums import EndReason, ReplySource
from vocabulary.exchange import CallResult, EndRequest, TurnCompleted, TurnEvent, TurnRequest
from vocabulary.turns import Booking, Contact, Opening, Sentence, TurnInput, TurnRecord, Utterance

_T = TypeVar("_T")

BOOK, MOVE, CANCEL = "book", "move", "cancel"
LEADS_TO = {
    BOOK: (*QUALIFIES, "the first one"),
    MOVE: (*QUALIFIES, "the first one", "yes", "sorry, could we move it to another day?", "the first one"),
    CANCEL: (*QUALIFIES, "the first one", "yes"),
}
"""What a caller says until only the last words are left to say."""
SAYS = {BOOK: "yes", MOVE: "yes please", CANCEL: "please cancel the appointment"}
"""These."""


class Hanging:
    """Lets the n-th wait of a turn hang for ever, before or after what is waited for is done."""

    def __init__(self) -> None:
        self.at = -1
        self.hangs = asyncio.Event()
        self._count = 0

    def watch(self, at: int) -> None:
        """Begins to count: each wait counts twice, ahead of its effect and behind it."""
        self.at, self._count = at, 0
        self.hangs.clear()

    async def around(self, work: Coroutine[Any, Any, _T]) -> _T:
        await self._pass(work)
        result = await work
        await self._pass()
        return result

    async def _pass(self, work: Coroutine[Any, Any, Any] | None = None) -> None:
        self._count += 1
        if self._count - 1 == self.at:
            if work is not None:
                work.close()
            self.hangs.set()
            await asyncio.Event().wait()


@dataclass
class HangingStore(MemoryContextStore):
    """A context store whose answers may hang."""

    hanging: Hanging

    def __post_init__(self) -> None:
        super().__init__()

    async def load(self, call_id: str) -> CallContext | None:
        return await self.hanging.around(super().load(call_id))

    async def save(self, context: CallContext, expected_revision: int) -> None:
        await self.hanging.around(super().save(context, expected_revision))


@dataclass
class HangingBook(FakeAppointmentBook):
    """An appointment book whose answers to changes may hang."""

    hanging: Hanging

    def __post_init__(self) -> None:
        super().__init__()

    async def book(
        self, booking_id: str, slot_id: str, call_id: str, *, contact: Contact | None, attempt: int
    ) -> Booking:
        work = super().book(booking_id, slot_id, call_id, contact=contact, attempt=attempt)
        return await self.hanging.around(work)

    async def cancel(self, booking_id: str, call_id: str, *, attempt: int) -> Booking:
        return await self.hanging.around(super().cancel(booking_id, call_id, attempt=attempt))

    async def settle(self, call_id: str, campaign_id: str, attempt: int) -> tuple[Booking, ...]:
        return await self.hanging.around(super().settle(call_id, campaign_id, attempt))


@dataclass
class AnsweredCall:
    """One call: `say` what the caller says, and look at what he is told and what the calendar holds."""

    hanging: Hanging = field(default_factory=Hanging)
    revision: int = 0
    turns: int = 0
    unsynced: list[TurnRecord] = field(default_factory=list)
    dialogue_state: bytes = b""
    left: bytes = b""

    def __post_init__(self) -> None:
        self.book = HangingBook(self.hanging)
        self.store = HangingStore(self.hanging)
        clock, metrics, changes = LoopClock(), OrchestratorMetrics(CollectorRegistry()), Changes()
        appointments, analyzer = Appointments(self.book, self.book.last_contacts.append, clock, metrics), RuleAnalyzer()
        opinions = SecondOpinions(None, CircuitBreaker("opinion", clock), clock, metrics, 1)
        workflow = build_workflow(analyzer, None, opinions, appointments, clock, metrics)
        campaigns, limits = {SOLAR.id: SOLAR}, ModelLimits(1.2, 8)
        admission = TurnAdmission(10)
        self._turns = Turns(
            campaigns, self.store, analyzer, workflow, appointments, admission, changes, limits, clock, metrics
        )
        self._calls = Calls(campaigns, self.store, analyzer, appointments, changes, 1, clock, metrics)
        self._clock = clock

    async def lead_to(self, kind: str) -> None:
        """Leads the call to where the next words change the calendar."""
        await self._turn(Opening())
        for words in LEADS_TO[kind]:
            await self.say(words)

    async def say(self, words: str) -> str:
        """Says something; returns the answer."""
        return await self._turn(Utterance(words))

    async def say_and_leave(self, words: str, at: int, *, joins: bool) -> bool:
        """Says something, and leaves the turn at its n-th wait; returns False if it has no such wait.

        Args:
            words: What is said.
            at: The wait.
            joins: The caller goes on, so that the turn is told without his words.
        """
        self.hanging.watch(at)
        turn = asyncio.ensure_future(self.say(words))
        hangs = asyncio.ensure_future(self.hanging.hangs.wait())
        await asyncio.wait([turn, hangs], return_when=asyncio.FIRST_COMPLETED)
        left = not turn.done()
        for task in (turn, hangs):
            task.cancel()
        await asyncio.gather(turn, hangs, return_exceptions=True)
        self.hanging.watch(-1)
        said = "" if joins else words
        now = self._clock.now()
        self.unsynced.append(TurnRecord(f"turn-{self.turns}", said, "", "", ReplySource.ORCHESTRATOR, now))
        return left

    def forget_last_turn(self) -> None:
        """Lets what is said next be the turn that was left."""
        self.unsynced.pop()
        self.turns -= 1

    async def fall_back(self, words: str) -> str:
        """Lets the gateway answer the turn that was left last, instead of the orchestrator; returns the answer."""
        turn = self.unsynced.pop()
        fallback = await fall_back(
            SOLAR,
            "call-1",
            self.dialogue_state,
            Utterance(words),
            told=tuple(self.unsynced),
            turn_id=turn.turn_id,
            now=self._clock.now(),
            analyzer=RuleAnalyzer(),
        )
        text = fallback.reply.text
        told = replace(turn, reply_text=text, heard_text=text, source=ReplySource.RULES, asked=fallback.reply.asks)
        self.dialogue_state = self.left = fallback.dialogue_state
        self.unsynced.append(told)
        return text

    async def end(self) -> CallResult:
        """Hangs up."""
        request = EndRequest("call-1", EndReason.CALLER_HUNG_UP, tuple(self.unsynced), self.left)
        return await self._calls.end(request)

    async def end_without_orchestrator(self) -> CallResult:
        """Hangs up while no orchestrator answers."""
        return await end_without_orchestrator(
            SOLAR,
            "call-1",
            self.dialogue_state,
            EndReason.CALLER_HUNG_UP,
            told=tuple(self.unsynced),
            now=self._clock.now(),
            analyzer=RuleAnalyzer(),
        )

    @property
    def booked(self) -> list[str]:
        """The times that the calendar holds for the call."""
        return [one.slot_id for one in self.book.of_call("call-1") if one.cancel_time is None]

    async def context(self) -> CallContext:
        """Returns what is stored of the call."""
        stored = await MemoryContextStore.load(self.store, "call-1")
        assert stored is not None
        return stored

    async def _turn(self, turn_input: TurnInput) -> str:
        self.turns += 1
        request = TurnRequest(
            call_id="call-1",
            turn_id=f"turn-{self.turns}",
            campaign_id=SOLAR.id,
            input=turn_input,
            base_revision=self.revision,
            unsynced_entries=tuple(self.unsynced),
            dialogue_state=self.left,
        )
        events: list[TurnEvent] = [event async for event in self._turns.process(request)]
        completed = events[-1]
        assert isinstance(completed, TurnCompleted)
        self.revision, self.unsynced, self.left = completed.context.revision, [], b""
        self.dialogue_state = completed.context.dialogue_state
        return " ".join(event.text for event in events if isinstance(event, Sentence))
