"""Kills the tasks that a service runs beside its requests, and looks at what operators see of it."""

import asyncio
import re

import grpc
import httpx
from grpc_health.v1 import health_pb2, health_pb2_grpc

from callwright_common.rpc.client import open_channel

_DEATHS = re.compile(r'^callwright_background_failures_total\{task="([^"]+)"\} ([0-9.]+)$', re.MULTILINE)


async def deaths(metrics_port: int) -> dict[str, float]:
    """Returns how often each supervised task of a service has died."""
    async with httpx.AsyncClient(trust_env=False) as client:
        shown = (await client.get(f"http://127.0.0.1:{metrics_port}/metrics")).text
    return {name: float(count) for name, count in _DEATHS.findall(shown)}


async def kill_all(metrics_port: int) -> set[str]:
    """Kills every supervised task that runs and returns their names."""
    names = set(await deaths(metrics_port))
    tasks = [task for task in asyncio.all_tasks() if task.get_name() in names]
    for task in tasks:
        task.cancel()
    return {task.get_name() for task in tasks}


async def becomes(port: int, *, serving: bool) -> None:
    """Waits until the health of the gRPC server at a port is as expected."""
    expected = health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
    channel: grpc.aio.Channel = open_channel(f"127.0.0.1:{port}")
    watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(), timeout=30)  # type: ignore[attr-defined]
    async for response in watch:
        if response.status == expected:
            break
    await channel.close()


async def dies_and_recovers(grpc_port: int, metrics_port: int) -> set[str]:
    """Kills what runs beside a service's requests, waits until it serves again and returns what was killed."""
    await becomes(grpc_port, serving=True)
    killed = await kill_all(metrics_port)
    await becomes(grpc_port, serving=False)
    await becomes(grpc_port, serving=True)
    counted = await deaths(metrics_port)
    assert {name for name, count in counted.items() if count == 1} == killed
    assert killed <= {task.get_name() for task in asyncio.all_tasks()}
    return killed
