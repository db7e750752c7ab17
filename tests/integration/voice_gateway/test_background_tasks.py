"""What the gateway runs beside its calls: each task that dies is seen by probes and comes back by itself."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from fakes.spoken_media import SpokenMedia
from fakes.task_killer import dies_and_recovers, kill_all
from voice_gateway.bootstrap import serve
from voice_gateway.config import GatewaySettings


async def test_tasks_that_die_are_seen_and_come_back(start_gateway: Callable[..., Any]) -> None:
    gateway = await start_gateway(llm_provider="ollama", llm_base_url="http://127.0.0.1:1")
    killed = await dies_and_recovers(gateway.running.grpc_port, gateway.running.metrics_port)
    assert killed == {
        "degradation",
        "event delivery",
        "settlements",
        "ends of calls",
        "agent_orchestrator probe",
        "escalation_budget probe",
        "persistence probe",
        "direct_model probe",
    }


async def test_the_web_side_tells_which_task_is_dead(start_gateway: Callable[..., Any]) -> None:
    gateway = await start_gateway()
    url = f"{gateway.base_url}/readyz"
    assert (await gateway.http.get(url)).json() == {"status": "ready", "live_calls": 0, "problems": {}}
    await kill_all(gateway.running.metrics_port)
    async with asyncio.timeout(20):
        while (answer := await gateway.http.get(url)).status_code == 200:
            pass
        assert answer.json()["status"] == "failing"
        assert answer.json()["problems"]["event delivery"] == "the task died of CancelledError"
        while (await gateway.http.get(url)).status_code == 503:
            pass


@pytest.mark.parametrize("server", ["web server", "gRPC server"])
async def test_a_gateway_whose_server_dies_ends_with_an_error(
    gateway_settings: Callable[..., GatewaySettings], server: str
) -> None:
    async def kill() -> None:
        async with asyncio.timeout(20):
            # The watch of the gRPC server is the last thing that is started.
            while "gRPC server" not in {task.get_name() for task in asyncio.all_tasks()}:  # noqa: ASYNC110
                await asyncio.sleep(0)
        for task in asyncio.all_tasks():
            if task.get_name() == server:
                task.cancel()

    killing = asyncio.create_task(kill())
    with capture_logs() as logs, pytest.raises(SystemExit) as ended:
        await serve(gateway_settings(), asyncio.Event(), media=SpokenMedia())
    await killing
    assert ended.value.code == 1
    assert [log["died"] for log in logs if log["log_level"] == "critical"] == [[server]]
