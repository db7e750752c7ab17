"""The gRPC server of a service: interceptors in one ordered list, health, reflection, graceful stop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import grpc
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from prometheus_client import CollectorRegistry

from callwright_common.addresses import parse_address
from callwright_common.rpc.health import Health
from callwright_common.rpc.request_handling import MAX_MESSAGE_BYTES, RequestInterceptor

_MAX_RECEIVED_BYTES = MAX_MESSAGE_BYTES + 64 * 1024
"""Larger ones gRPC itself refuses, before they are read; those between get an `ErrorInfo`."""
LIVENESS_SERVICE = "liveness"
"""The health service that serves while the process does: a dependency that is down is no reason to restart."""

_SERVER_OPTIONS = [
    ("grpc.max_receive_message_length", _MAX_RECEIVED_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.so_reuseport", 0),
    # Clients ping every two seconds to notice a half-open socket; gRPC's default answers that with GOAWAY.
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 1000),
    ("grpc.http2.max_ping_strikes", 0),
    ("grpc.keepalive_time_ms", 2000),
    ("grpc.keepalive_timeout_ms", 1000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.ping_timeout_ms", 1000),
]


class Server:
    """A started gRPC server; `set_serving` tells whether it may be used."""

    def __init__(self, server: grpc.aio.Server, port: int, services: Sequence[str], health_of: Health) -> None:
        self.port = port
        self._server = server
        self._services = ("", *services)
        self._health = health_of
        self._stopping = False
        self.set_serving(False)
        self._health.set(LIVENESS_SERVICE, serving=True)

    def set_serving(self, serving: bool) -> None:
        """Tells probes and load balancers whether this server takes requests; one that stops never does."""
        for name in self._services:
            self._health.set(name, serving=serving and not self._stopping)

    async def wait_ended(self) -> None:
        """Waits until the server is stopped, or raises what it died of."""
        await asyncio.shield(self._server.wait_for_termination())

    async def stop(self, grace_seconds: float) -> None:
        """Reports NOT_SERVING from now on, takes no new requests and lets those that run finish within the grace."""
        self._stopping = True
        self.set_serving(False)
        self._health.set(LIVENESS_SERVICE, serving=False)
        await self._server.stop(grace_seconds)


@asynccontextmanager
async def serve(
    listen: str,
    registry: CollectorRegistry,
    add_servicers: Callable[[grpc.aio.Server], None],
    service_names: Sequence[str],
    *,
    grace_seconds: float,
) -> AsyncIterator[Server]:
    """Runs a gRPC server with health and reflection; it reports NOT_SERVING until `set_serving(True)`.

    Args:
        listen: host:port; port 0 takes a free one, see `Server.port`.
        registry: Receives the request metrics.
        add_servicers: Registers the service's own servicers.
        service_names: Their full names, for reflection and health.
        grace_seconds: How long running requests may finish at the end.

    Raises:
        OSError: if the port is taken.
    """
    host, port = parse_address(listen)
    server = grpc.aio.server(interceptors=[RequestInterceptor(registry)], options=_SERVER_OPTIONS)
    add_servicers(server)
    health_of = Health()
    health_pb2_grpc.add_HealthServicer_to_server(health_of, server)
    reflection.enable_server_reflection((*service_names, health.SERVICE_NAME, reflection.SERVICE_NAME), server)
    try:
        bound = server.add_insecure_port(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
    except RuntimeError:
        raise OSError(f"cannot listen on {host}:{port}: is the port taken?") from None
    running = Server(server, bound, service_names, health_of)
    await server.start()
    try:
        yield running
    finally:
        await running.stop(grace_seconds)
