"""What the gateway runs beside its calls: each task that dies is seen by probes and comes back by itself."""

import asyncio
from collections.abc import Callable
from typing import Any

from fakes.task_killer import dies_and_recovers, kill_all


async def test_tasks_that_die_are_seen_and_come_back(start_gateway: Callable[..., Any]) -> None:
    gateway = await start_gateway(llm_provider="ollama", llm_base_url="http://127.0.0.1:1")
    killed = await dies_and_recovers(gateway.running.grpc_port, gateway.running.metrics_port)
    assert killed == {
        "degradation",
        "event delivery",
        "settlements",
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
