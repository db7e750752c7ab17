"""What all services do alike: the life of their process, and what they run on."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import grpc
import uvloop
from prometheus_client import CollectorRegistry

from callwright_common.campaign import CampaignError
from callwright_common.logs import configure_logs, get_logger
from callwright_common.metrics import metrics_endpoint, new_registry
from callwright_common.readiness import Readiness
from callwright_common.rpc.server import serve as serve_grpc
from callwright_common.settings import ServiceSettings
from callwright_common.supervision import Supervisor, Work, start_task

Serve = Callable[[asyncio.Event], Awaitable[None]]
Servicer = TypeVar("Servicer")

_logger = get_logger(__name__)


def run_service(name: str, settings: ServiceSettings, serve: Serve) -> None:
    """Runs a service until SIGTERM or SIGINT.

    Args:
        name: Shown on every log line.
        settings: Tell the log level.
        serve: Builds and runs the service; it returns once the event it is given was set and it has stopped gracefully.

    Raises:
        SystemExit: with status 2 if a campaign file is wrong, with 1 if the service cannot listen on its address.
    """
    configure_logs(name, settings.log_level)
    try:
        uvloop.run(_until_signalled(serve))
    except CampaignError as error:
        # Its text names the file, the field and the problem.
        _logger.critical("the service cannot start", problem=str(error))
        raise SystemExit(2) from None
    except OSError as error:
        # The text of an address that is taken names the address alone.
        _logger.critical("the service cannot start", problem=str(error))
        raise SystemExit(1) from None


async def _until_signalled(serve: Serve) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(stop)
    _logger.info("the service has stopped")


@dataclass(frozen=True, slots=True)
class Running:
    """A service that runs: where it answers, and a task that ends with each of its servers, none before the service."""

    grpc_port: int
    metrics_port: int
    servers: Sequence[asyncio.Task[None]]


async def serve_until(running: AbstractAsyncContextManager[Running], stop: asyncio.Event) -> None:
    """Runs a service until the event is set, then lets the requests in work finish.

    Raises:
        SystemExit: with status 1 if one of its servers has died, so that it is started again.
    """
    async with running as service:
        died = await until_stopped(service, stop)
    if died:
        raise SystemExit(1)


async def until_stopped(service: Running, stop: asyncio.Event) -> bool:
    """Waits until the event is set; a server that dies sets it. Returns whether one did."""
    for server in service.servers:
        server.add_done_callback(lambda _: stop.set())
    await stop.wait()
    died = [server.get_name() for server in service.servers if server.done()]
    if died:
        _logger.critical("the service ends, it cannot be reached any more", died=died)
    return bool(died)


@dataclass(frozen=True, slots=True)
class ServiceHost:
    """What a service runs on until it ends.

    Attributes:
        registry: Holds all its metrics.
        metrics_port: Where they are shown.
        readiness: What must hold for the service to serve.
        stack: What is to be closed at its end, in the reverse order.
        servers: See `Running`.
    """

    settings: ServiceSettings
    registry: CollectorRegistry
    metrics_port: int
    readiness: Readiness
    supervisor: Supervisor
    stack: AsyncExitStack
    servers: list[asyncio.Task[None]] = field(default_factory=list)

    async def run_beside(self, name: str, work: Work, *, ends: bool = False) -> None:
        """Runs work beside the requests from now on, see `Supervisor.running`."""
        await self.stack.enter_async_context(self.supervisor.running(name, work, ends=ends))

    async def serve(
        self,
        name: str,
        add: Callable[[Servicer, grpc.aio.Server], None],
        servicer: Servicer,
        *,
        grace_seconds: float | None = None,
        **about: object,
    ) -> int:
        """Listens from now on, serves while the service is ready, and returns the port.

        Args:
            name: The contract's full name.
            add: The generated function that adds a servicer to a server.
            servicer: Answers the requests.
            grace_seconds: How long running requests may finish at the end; None takes the settings' grace.
            about: What the log tells besides the ports.

        Raises:
            OSError: if the address is taken.
        """
        grace = self.settings.shutdown_grace_seconds if grace_seconds is None else grace_seconds
        server = await self.stack.enter_async_context(
            serve_grpc(self.settings.grpc_listen, self.registry, partial(add, servicer), [name], grace_seconds=grace)
        )
        self.servers.append(start_task(server.wait_ended(), "gRPC server"))
        self.readiness.report_to(server.set_serving)
        _logger.info("the service listens", grpc_port=server.port, metrics_port=self.metrics_port, **about)
        return server.port


@asynccontextmanager
async def hosting(settings: ServiceSettings, *awaited: str) -> AsyncIterator[ServiceHost]:
    """Yields what a service runs on, its metrics shown already; it awaits conditions as `Readiness` does.

    Raises:
        OSError: if an address is taken.
    """
    registry, readiness = new_registry(), Readiness(*awaited)
    async with AsyncExitStack() as stack:
        metrics_port = await stack.enter_async_context(metrics_endpoint(registry, settings.metrics_listen))
        yield ServiceHost(settings, registry, metrics_port, readiness, Supervisor(readiness, registry), stack)
