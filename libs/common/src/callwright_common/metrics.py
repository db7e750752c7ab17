"""Prometheus metrics of a process and the small HTTP server that shows them."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    make_wsgi_app,
)
from prometheus_client.exposition import ThreadingWSGIServer

from callwright_common.addresses import parse_address

LATENCY_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0)
"""Upper bounds in seconds, from a local hop to a turn that failed."""
_SHUTDOWN_POLL_SECONDS = 0.1


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Writes no line per scrape."""


class _Ipv6Server(ThreadingWSGIServer):
    address_family = socket.AF_INET6


def new_registry() -> CollectorRegistry:
    """Returns a registry with the process's own metrics; pass it to all that counts, there is no global one."""
    disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each counter tells nothing
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


@asynccontextmanager
async def metrics_endpoint(registry: CollectorRegistry, listen: str) -> AsyncIterator[int]:
    """Serves `/metrics` on `host:port` in a thread of its own, so that a busy event loop can still be seen.

    Yields:
        The port.

    Raises:
        OSError: if the port is taken.
    """
    host, port = parse_address(listen)
    kind = _Ipv6Server if ":" in host else ThreadingWSGIServer
    server = make_server(host, port, make_wsgi_app(registry), kind, handler_class=_QuietHandler)
    thread = threading.Thread(target=server.serve_forever, args=(_SHUTDOWN_POLL_SECONDS,), name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()
