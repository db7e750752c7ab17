"""`callwright replay` on calls that a real persistence service keeps."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_cli.replay import replay_call
from callwright_common.campaign import load_campaigns
from fakes.call_event_messages import CallScript
from fixtures.persistence import PersistenceClient
from local_stack import LocalStackError

CAMPAIGNS = load_campaigns(Path(__file__).parents[3] / "campaigns")


async def test_a_recorded_call_is_answered_anew(persistence: PersistenceClient) -> None:
    script = CallScript()
    started, turns = script.started(), [script.turn("turn-1"), script.turn("turn-2")]
    for turn in turns:
        turn.turn_recorded.ClearField("joined_into")
    await persistence.append(started, *turns, script.ended())
    page = io.StringIO()
    address = f"127.0.0.1:{persistence.service.grpc_port}"
    assert await replay_call(address, CAMPAIGNS, "call-1", Console(file=page)) == 1
    assert "caller: How much is it?" in page.getvalue()
    assert "2 of 2 turns differ; outcome" in page.getvalue()


async def test_what_cannot_be_replayed_is_told(persistence: PersistenceClient) -> None:
    script = CallScript()
    await persistence.append(script.started(), script.ended())
    address = f"127.0.0.1:{persistence.service.grpc_port}"
    with pytest.raises(LocalStackError, match=r"there is no campaign sunline-solar"):
        await replay_call(address, {}, "call-1", Console(file=io.StringIO()))


async def test_an_erased_call_is_told_to_be_erased_instead_of_different(persistence: PersistenceClient) -> None:
    script = CallScript()
    started, turn, ended = script.started(), script.turn("turn-1"), script.ended()
    turn.turn_recorded.ClearField("joined_into")
    await persistence.append(started, turn, ended)
    await persistence.stub.EraseCaller(pb.EraseCallerRequest(caller_number=started.call_started.caller_number))
    page = io.StringIO()
    await replay_call(f"127.0.0.1:{persistence.service.grpc_port}", CAMPAIGNS, "call-1", Console(file=page))
    assert "call call-1 was erased at" in page.getvalue()
    assert "left are: 1 turns" in page.getvalue()
    assert "turns differ" not in page.getvalue()
