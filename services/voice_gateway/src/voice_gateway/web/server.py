"""The HTTP and WebSocket server inside this process."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI

from callwright_common.addresses import family_of, parse_address
from callwright_common.supervision import start_task

_MAX_WEBSOCKET_BYTES = 256 * 1024
_CLOSE_SECONDS = 3


class _Server(uvicorn.Server):
    """A server that leaves the process's signals alone: the service drains before it stops the server."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures none."""
        yield


@asynccontextmanager
async def web_server(app: FastAPI, listen: str) -> AsyncIterator[tuple[int, asyncio.Task[None]]]:
    """Serves an application on `host:port`; yields the port, and the task whose end is the server's.

    Raises:
        OSError: if the port is taken.
    """
    host, port = parse_address(listen)
    bound = socket.create_server((host, port), family=family_of(host))
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        # Forwarded headers are anybody's word; PUBLIC_URL says how the server is reached.
        proxy_headers=False,
        ws_max_size=_MAX_WEBSOCKET_BYTES,
        lifespan="off",
        timeout_graceful_shutdown=_CLOSE_SECONDS,
    )
    server = _Server(config)
    serving = start_task(server.serve(sockets=[bound]), "web server")
    try:
        while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        if serving.done():
            await serving
        yield int(bound.getsockname()[1]), serving
    finally:
        server.should_exit = True
        await asyncio.wait([serving])
        bound.close()
