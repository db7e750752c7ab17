"""Calls through gateway, orchestrator and records, with no audio between them: from the webhook to the booking."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from websockets.asyncio.client import connect

from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright.persistence.v1 import persistence_pb2
from fakes.spoken_media import SpokenMedia
from fakes.tcp_proxy import TcpProxy
from fakes.twiml import stream_of
from fixtures.agent_orchestrator import RunOrchestrator
from fixtures.persistence import PersistenceClient
from voice_gateway.calls.live_calls import CarriedCall
from voice_gateway.conversation.turn import SpeechTimes

LINES = (
    "Hi, my electric bill is way too high.",
    "About two hundred and twenty dollars a month.",
    "I own the house and I decide alone.",
    "In about two months.",
    "Around twenty thousand dollars.",
    "The first one is fine.",
    "Yes, that's right.",
    "No, that's all. Goodbye.",
)


@dataclass
class System:
    """A gateway, and the line to its orchestrator."""

    gateway: Any
    media: SpokenMedia
    proxy: TcpProxy
    records: PersistenceClient

    @asynccontextmanager
    async def call(self, **fields: str) -> AsyncIterator[CarriedCall]:
        """Places a call; it must have ended at the end."""
        url, parameters = stream_of((await self.gateway.post("/twilio/voice", "CA 7", **fields)).text)
        calls = self.gateway.running.live_calls
        async with connect(url) as socket:
            start = {"callSid": "CA 7", "accountSid": "AC1", "customParameters": parameters}
            await socket.send(json.dumps({"event": "start", "streamSid": "MZ1", "start": start}))
            async with asyncio.timeout(40):
                while not calls.all():  # noqa: ASYNC110 - the stream opens within some steps of the event loop
                    await asyncio.sleep(0.01)
                yield calls.all()[0]
                await calls.wait_empty()

    async def goes_on(self, call: CarriedCall, number: int) -> bool:
        """Waits until an answer was heard and its turn is over; returns False if the call has ended."""
        await self.media.lines[0].answer(number)
        while call.conversation.busy:  # noqa: ASYNC110 - the turn is stored within some steps of the event loop
            await asyncio.sleep(0.01)
        return not self.media.lines[0].hung_up.is_set()

    async def agents_are_back(self) -> None:
        """Waits until the gateway has taken the orchestrator back into use."""
        url = f"http://127.0.0.1:{self.gateway.running.metrics_port}/metrics"
        shown = 'callwright_breaker_open{dependency="agent_orchestrator"} 0'
        async with asyncio.timeout(20):
            while shown not in (await self.gateway.http.get(url)).text:
                pass

    async def recorded(self, call_id: str) -> persistence_pb2.GetCallResponse:
        """Returns what is stored of a call once it has ended."""
        async with asyncio.timeout(10):
            while True:
                stored = await self.records.call(call_id)
                if stored.call.status == persistence_pb2.CALL_STATUS_ENDED:
                    return stored
                await asyncio.sleep(0.05)


async def say(call: CarriedCall, text: str) -> None:
    now = call.conversation.now()
    await call.conversation.caller_turn(text, SpeechTimes(now, now, now))


@pytest.fixture
async def system(
    start_gateway: Callable[..., Any], run_orchestrator: RunOrchestrator, persistence: PersistenceClient
) -> AsyncIterator[System]:
    records, media = f"127.0.0.1:{persistence.service.grpc_port}", SpokenMedia()
    async with run_orchestrator(persistence_address=records, slots_timeout_seconds=2) as agents:
        proxy = TcpProxy(agents.service.grpc_port)
        await proxy.open()
        gateway = await start_gateway(
            media=media,
            orchestrator_address=f"127.0.0.1:{proxy.port}",
            persistence_address=records,
            agent_processing_timeout_ms=5000,
        )
        yield System(gateway, media, proxy, persistence)
        await gateway.stop()
        await proxy.close()


@pytest.mark.parametrize("shown", ["+266696687", "+7378742833", "+464", "sip:anonymous@anonymous.invalid", ""])
async def test_a_caller_who_hides_his_number_is_answered_by_the_agents_and_booked(system: System, shown: str) -> None:
    async with system.call(From=shown) as call:
        for number, text in enumerate(LINES, 1):
            if not await system.goes_on(call, number):
                break
            await say(call, text)
    stored = await system.recorded(call.session.call_id)
    assert (stored.call.caller_number, stored.call.twilio_call_sid) == ("", "CA7")
    assert stored.call.outcome == conversation.OUTCOME_BOOKED
    assert stored.call.score.overall >= 0.7
    assert len(stored.bookings) == 1
    assert {turn.turn.source for turn in stored.turns} == {conversation.REPLY_SOURCE_ORCHESTRATOR}
    assert sum(turn.turn.HasField("asked") for turn in stored.turns) >= 5


async def test_a_call_that_the_agents_lost_for_some_turns_is_booked_all_the_same(system: System) -> None:
    async with system.call() as call:
        for number, text in enumerate(LINES, 1):
            if not await system.goes_on(call, number):
                break
            if number == 2:
                await system.proxy.cut()
            if number == 5:
                await system.proxy.open()
                await system.agents_are_back()
            await say(call, text)
    stored = await system.recorded(call.session.call_id)
    sources = [turn.turn.source for turn in stored.turns]
    rules, agents = conversation.REPLY_SOURCE_RULES, conversation.REPLY_SOURCE_ORCHESTRATOR
    assert sources[:5] == [agents, agents, rules, rules, rules]
    assert sources[-1] == agents
    # No question was asked twice: what the rules asked and heard meanwhile is known to the agents.
    asked = [turn.turn.asked.question_id for turn in stored.turns if turn.turn.asked.question_id]
    assert len(set(asked)) == len(asked)
    assert stored.call.outcome == conversation.OUTCOME_BOOKED
    assert len(stored.bookings) == 1
