"""The life of a service's process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
import pytest
from structlog.testing import capture_logs

from callwright_common.service import Running, hosting, serve_until
from callwright_common.settings import ServiceSettings

SETTINGS = ServiceSettings(grpc_listen="127.0.0.1:0", shutdown_grace_seconds=0.5)


@asynccontextmanager
async def service(running: "asyncio.Future[grpc.aio.Server]") -> AsyncIterator[Running]:
    """A service without methods; tells its server once it runs."""
    servers: list[grpc.aio.Server] = []
    async with hosting(SETTINGS) as host:
        port = await host.serve("callwright.none", lambda answers, server: servers.append(server), None)
        running.set_result(servers[0])
        yield Running(port, host.metrics_port, host.servers)


async def test_a_grpc_server_that_ends_by_itself_ends_the_service() -> None:
    running: asyncio.Future[grpc.aio.Server] = asyncio.Future()

    async def kill() -> None:
        await (await running).stop(None)

    killing = asyncio.create_task(kill())
    with capture_logs() as logs, pytest.raises(SystemExit) as ended:
        async with asyncio.timeout(30):
            await serve_until(service(running), asyncio.Event())
    await killing
    assert ended.value.code == 1
    assert [line["died"] for line in logs if line["log_level"] == "critical"] == [["gRPC server"]]


async def test_a_service_that_is_stopped_ends_without_complaint() -> None:
    stop = asyncio.Event()
    stop.set()
    with capture_logs() as logs:
        async with asyncio.timeout(30):
            await serve_until(service(asyncio.Future()), stop)
    assert not [line for line in logs if line["log_level"] in {"critical", "error"}]
