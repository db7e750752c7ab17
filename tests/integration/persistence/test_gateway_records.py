"""A gateway's records on their way into the tables: damage, refusals, large events, and the operator's replay."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.breaker import CircuitBreaker
from callwright_common.clock import SystemClock
from callwright_common.errors import InvalidArgumentError
from fakes.call_event_messages import CallScript
from fakes.event_store import Counts
from fixtures.persistence import PersistenceClient
from voice_gateway import persistence_client
from voice_gateway.records.event_delivery import EventDelivery
from voice_gateway.records.quarantine import Quarantine
from voice_gateway.records.record_format import encode_record
from voice_gateway.records.spool import SpoolFile

MAX_BYTES = 1 << 24
PATIENCE_SECONDS = 60


class ChoosyStore:
    """The service, but for events that it refuses for now."""

    def __init__(self, client: PersistenceClient, refused: set[str]) -> None:
        breaker = CircuitBreaker("persistence", SystemClock())
        self._client = persistence_client.PersistenceClient(client.channel, breaker.attempt)
        self._refused = refused

    async def append(self, payloads: Sequence[bytes]) -> None:
        if any(pb.CallEvent.FromString(payload).event_id in self._refused for payload in payloads):
            raise InvalidArgumentError("events", "is refused for now")
        await self._client.append(payloads)


async def deliver(client: PersistenceClient, path: Path, refused: set[str]) -> Counts:
    """Delivers what is in a spool."""
    counts = Counts()
    delivery = EventDelivery(
        SpoolFile(path, MAX_BYTES),
        Quarantine(path, MAX_BYTES),
        ChoosyStore(client, refused),
        persistence_client.place_of,
        counts.metrics,
        counts,
    )
    running = asyncio.create_task(delivery.run())
    async with asyncio.timeout(PATIENCE_SECONDS):
        await delivery.wait_delivered()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await delivery.close()
    return counts


async def run_replay(address: str, folder: Path) -> tuple[int | None, list[dict[str, Any]]]:
    """Runs the operator's command; returns its status and what it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "voice_gateway", "replay-quarantine"),
        *("--data-dir", str(folder), "--persistence-address", address),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
    return process.returncode, [json.loads(line) for line in output.splitlines()]


async def replay(client: PersistenceClient, folder: Path) -> dict[str, int]:
    """Runs the operator's command, which succeeds, and returns what it counts."""
    status, said = await run_replay(f"127.0.0.1:{client.service.grpc_port}", folder)
    assert status == 0, said
    return {name: said[-1][name] for name in ("stored", "still_refused", "not_sent", "damaged_bytes")}


async def test_a_replay_of_a_folder_without_records_names_it_and_leaves_nothing(tmp_path: Path) -> None:
    status, said = await run_replay("127.0.0.1:1", tmp_path)
    assert (status, said[-1]["data_dir"]) == (1, str(tmp_path))
    assert await asyncio.to_thread(os.listdir, tmp_path) == []


async def test_a_replay_without_the_service_says_so_and_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "call_events.spool"
    path.touch()
    Quarantine(path, MAX_BYTES).keep(encode_record(CallScript("call-1").started().SerializeToString()))
    status, said = await run_replay("127.0.0.1:1", tmp_path)
    assert (status, said[-1]["not_sent"]) == (1, 1)
    assert any(line.get("problem") for line in said), said


async def test_good_events_of_a_damaged_spool_arrive_and_a_replay_brings_the_rest(
    persistence: PersistenceClient, tmp_path: Path
) -> None:
    path = tmp_path / "call_events.spool"
    calls = [CallScript(f"call-{number}").whole() for number in range(3)]
    calls[1][1].turn_recorded.turn.reply_text = "x" * 300_000
    spool = SpoolFile(path, MAX_BYTES)
    spool.open()
    for event in (event for call in calls for event in call):
        spool.append([event.SerializeToString()])
    spool.close()
    data = bytearray(path.read_bytes())
    for event in (calls[0][0], calls[2][3]):
        data[data.index(event.SerializeToString()) + 3] ^= 0x10
    path.write_bytes(bytes(data))

    refused = {calls[0][4].event_id, calls[2][0].event_id, calls[2][7].event_id}
    counts = await deliver(persistence, path, refused)
    assert sorted(counts.lost) == ["damaged", "damaged", "refused", "refused", "refused"]
    assert (await persistence.call("call-1")).call.status == pb.CALL_STATUS_ENDED
    first, last = [(await persistence.call(name)).call for name in ("call-0", "call-2")]
    assert (first.campaign_id, first.status, first.tier_escalation_trigger) == ("", pb.CALL_STATUS_ENDED, 0)
    assert (last.campaign_id, last.status) == ("", pb.CALL_STATUS_IN_PROGRESS)

    said = await replay(persistence, tmp_path)
    assert (said["stored"], said["still_refused"], said["not_sent"]) == (3, 0, 0)
    assert said["damaged_bytes"] > 0
    first, last = [(await persistence.call(name)).call for name in ("call-0", "call-2")]
    assert first.tier_escalation_trigger == conversation.AGENT_QUALIFICATION
    assert (last.campaign_id, last.status) == ("sunline-solar", pb.CALL_STATUS_ENDED)
    for call in calls:
        listed = await persistence.stub.ListCallEvents(pb.ListCallEventsRequest(call_id=call[0].call_id))
        assert [event.sequence for event in listed.events] == list(range(1, 9))
    assert (await replay(persistence, tmp_path))["stored"] == 0
