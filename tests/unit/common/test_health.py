"""Who watches a server's health holds nobody up, whatever he does."""

import asyncio
from typing import Any

from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from callwright_common.rpc.health import Health
from fakes.virtual_time import virtual_time

SERVING, NOT_SERVING = HealthCheckResponse.SERVING, HealthCheckResponse.NOT_SERVING


class Watcher:
    """The server's side of a watcher's stream, who takes messages as long as he reads."""

    def __init__(self, health: Health) -> None:
        self.told: list[int] = []
        self.reads = asyncio.Event()
        self.reads.set()
        context: Any = self
        self.stream = asyncio.create_task(health.Watch(HealthCheckRequest(service="example"), context))

    async def write(self, message: HealthCheckResponse) -> None:
        await self.reads.wait()
        self.told.append(message.status)


@virtual_time
async def test_a_watcher_who_reads_no_more_holds_up_nobody() -> None:
    health = Health()
    health.set("example", serving=False)
    stalled, reading = Watcher(health), Watcher(health)
    await asyncio.sleep(1)
    stalled.reads.clear()
    for serving in (True, False, True):
        health.set("example", serving=serving)
        await asyncio.sleep(1)
    assert reading.told == [NOT_SERVING, SERVING, NOT_SERVING, SERVING]
    stalled.reads.set()
    await asyncio.sleep(1)
    assert stalled.told[-1] == SERVING
    await left(stalled)
    health.set("example", serving=False)
    await asyncio.sleep(1)
    assert reading.told[-1] == NOT_SERVING
    await left(reading)


async def left(watcher: Watcher) -> None:
    watcher.stream.cancel()
    await asyncio.wait((watcher.stream,))
