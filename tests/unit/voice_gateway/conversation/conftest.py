"""A conversation against a real orchestrator server, without audio."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from callwright.persistence.v1 import persistence_pb2
from callwright_common.breaker import BreakerSettings, CircuitBreaker
from callwright_common.campaign import Campaign, load_campaign
from callwright_common.client import open_channel
from callwright_common.clock import SystemClock
from callwright_common.metrics import new_registry
from fakes.budget import FakeBudget
from fakes.orchestrator import FakeOrchestrator, Plan, orchestrator
from fakes.spoken_line import SpokenLine
from voice_gateway.call_events import CallEventRecorder, TierEscalation
from voice_gateway.call_session import CallSession
from voice_gateway.conversation import Conversation
from voice_gateway.direct_model import DirectModel
from voice_gateway.escalation import Escalation
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.offline_replies import DialogueReplies
from voice_gateway.orchestrator_client import OrchestratorClient
from voice_gateway.persistence_client import encode_event
from voice_gateway.turn import SpeechTimes
from voice_gateway.turn_runner import TurnLimits, TurnRunner

CAMPAIGN_FILE = Path(__file__).parents[4] / "campaigns" / "sunline-solar.yaml"


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    return load_campaign(CAMPAIGN_FILE)


class MemorySpool:
    """Keeps events."""

    def __init__(self) -> None:
        self.payloads: list[bytes] = []

    def append(self, payload: bytes) -> bool:
        self.payloads.append(payload)
        return True

    def events(self, kind: str = "") -> list[persistence_pb2.CallEvent]:
        events = [persistence_pb2.CallEvent.FromString(payload) for payload in self.payloads]
        return [event for event in events if not kind or event.WhichOneof("event") == kind]


@dataclass
class Call:
    """Everything of one call under test."""

    conversation: Conversation
    line: SpokenLine
    orchestrator: FakeOrchestrator
    session: CallSession
    spool: MemorySpool
    budget: FakeBudget
    breaker: CircuitBreaker
    notes: list[bool] = field(default_factory=list)

    async def say(self, text: str) -> None:
        now = self.conversation.now()
        await self.conversation.caller_turn(text, SpeechTimes(now - 0.5, now - 0.2, now))

    def turns(self) -> list[persistence_pb2.TurnRecorded]:
        return [event.turn_recorded for event in self.spool.events("turn_recorded")]


StartCall = Callable[..., object]


@pytest.fixture
async def start_call(campaign: Campaign) -> AsyncIterator[StartCall]:
    async with AsyncExitStack() as stack:

        async def start(
            *plans: Plan,
            line: SpokenLine | None = None,
            integrated: bool = True,
            address: str = "",
            first_text: float = 0.3,
            filler_delay: float = 5.0,
            used_campaign: Campaign = campaign,
        ) -> Call:
            fake = await stack.enter_async_context(orchestrator(*plans))
            channel = open_channel(address or fake.address)
            stack.push_async_callback(channel.close)
            clock, metrics = SystemClock(), GatewayMetrics(new_registry())
            spool, budget, line = MemorySpool(), FakeBudget(), line or SpokenLine()
            session = CallSession(
                "call-1", "CA1", used_campaign, "", "", clock.now(), clock.monotonic(), integrated, True
            )
            recorder = CallEventRecorder("call-1", spool, encode_event, clock)
            breaker = CircuitBreaker("agent_orchestrator", clock, BreakerSettings(minimum_calls=2))

            def record(event: TierEscalation) -> None:
                recorder.record(event)
                session.tier = event.to_tier
                session.notify()

            escalation = Escalation(
                "call-1",
                used_campaign,
                budget,
                CircuitBreaker("escalation_budget", clock),
                budget,
                record,
                clock,
                enabled=integrated,
            )
            notes: list[bool] = []
            conversation = Conversation(session, recorder, escalation, metrics, clock, notes.append)
            runner = TurnRunner(
                session,
                line,
                OrchestratorClient(channel),
                breaker,
                DirectModel(
                    None,
                    DialogueReplies(clock),
                    CircuitBreaker("direct_model", clock),
                    first_text_seconds=1,
                    idle_seconds=1,
                ),
                escalation,
                recorder,
                metrics,
                clock,
                lambda: TurnLimits(first_text, 0.3, 5.0, filler_delay),
                conversation.follow_advice,
                conversation.act_on,
            )
            conversation.attach(line, runner)

            async def close() -> None:
                await conversation.close()
                await escalation.close()

            stack.push_async_callback(close)
            return Call(conversation, line, fake, session, spool, budget, breaker, notes)

        yield start
