"""Prometheus metrics of a process and the small HTTP server that shows them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import start_http_server

from callwright_common.addresses import parse_address

LATENCY_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0)
"""Upper bounds in seconds, from a local hop to a turn that failed."""


def new_registry() -> CollectorRegistry:
    """Returns a registry with the process's own metrics; pass it to all that counts, there is no global one."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


@asynccontextmanager
async def metrics_endpoint(registry: CollectorRegistry, listen: str) -> AsyncIterator[int]:
    """Serves `/metrics` on `host:port` in a thread of its own; yields the port.

    Raises:
        OSError: if the port is taken.
    """
    host, port = parse_address(listen)
    server, thread = start_http_server(port, addr=host, registry=registry)
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
