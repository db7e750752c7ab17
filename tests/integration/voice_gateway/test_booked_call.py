"""Calls through gateway, orchestrator and records, with no audio between them: from the webhook to the booking."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from websockets.asyncio.client import connect

from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright.persistence.v1 import persistence_pb2
from fakes.spoken_media import SpokenMedia
from fakes.twiml import stream_of
from fixtures.agent_orchestrator import RunOrchestrator
from fixtures.persistence import PersistenceClient
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


@pytest.mark.parametrize("shown", ["+266696687", "+7378742833", "+464", "sip:anonymous@anonymous.invalid", ""])
async def test_a_caller_who_hides_his_number_is_answered_by_the_agents_and_booked(
    start_gateway: Callable[..., Any], run_orchestrator: RunOrchestrator, persistence: PersistenceClient, shown: str
) -> None:
    records = f"127.0.0.1:{persistence.service.grpc_port}"
    async with run_orchestrator(persistence_address=records, slots_timeout_seconds=2) as agents:
        media = SpokenMedia()
        gateway = await start_gateway(
            media=media,
            orchestrator_address=f"127.0.0.1:{agents.service.grpc_port}",
            persistence_address=records,
            agent_processing_timeout_ms=5000,
        )
        url, parameters = stream_of((await gateway.post("/twilio/voice", "CA 7", From=shown)).text)
        async with connect(url) as socket:
            start = {"callSid": "CA 7", "accountSid": "AC1", "customParameters": parameters}
            await socket.send(json.dumps({"event": "start", "streamSid": "MZ1", "start": start}))
            await talk(gateway, media)
            async with asyncio.timeout(10):
                await gateway.running.live_calls.wait_empty()
        stored = await recorded(persistence, parameters["call_id"])
    assert (stored.call.caller_number, stored.call.twilio_call_sid) == ("", "CA7")
    assert stored.call.outcome == conversation.OUTCOME_BOOKED
    assert stored.call.score.overall >= 0.7
    assert len(stored.bookings) == 1
    assert {turn.turn.source for turn in stored.turns} == {conversation.REPLY_SOURCE_ORCHESTRATOR}
    assert sum(turn.turn.HasField("asked") for turn in stored.turns) >= 5


async def talk(gateway: Any, media: SpokenMedia) -> None:
    """Says line after line, each when the agent's answer was heard and stored, until the call ends."""
    async with asyncio.timeout(30):
        while not gateway.running.live_calls.all():  # noqa: ASYNC110 - the stream opens within some steps of the loop
            await asyncio.sleep(0.01)
        (call,) = gateway.running.live_calls.all()
        (line,) = media.lines
        for number, text in enumerate(LINES, 1):
            await line.answer(number)
            while call.session.revision < number:
                await call.session.wait_changed()
            if call.session.ended or line.hung_up.is_set():
                return
            now = call.conversation.now()
            await call.conversation.caller_turn(text, SpeechTimes(now, now, now))
        await line.hung_up.wait()


async def recorded(persistence: PersistenceClient, call_id: str) -> persistence_pb2.GetCallResponse:
    """Returns what is stored of a call once it has ended."""
    async with asyncio.timeout(10):
        while True:
            stored = await persistence.call(call_id)
            if stored.call.status == persistence_pb2.CALL_STATUS_ENDED:
                return stored
            await asyncio.sleep(0.05)
