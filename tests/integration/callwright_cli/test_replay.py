"""`callwright replay` on calls that a real persistence service keeps."""

import io
from pathlib import Path

import pytest
from rich.console import Console

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
