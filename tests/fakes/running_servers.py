"""Servers that belong to a test, as processes."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from local_stack.processes.child_process import ChildProcess, Command
from local_stack.servers.embedded_server import EmbeddedServer

_POLL_SECONDS = 0.02

Server = TypeVar("Server", bound=EmbeddedServer)


@contextmanager
def started(
    name: str, command: Command, log: Path, missing: Callable[[], str | None], *, timeout: float = 60
) -> Iterator[ChildProcess]:
    """Runs a command, from the moment at which nothing is missing any more."""
    process = ChildProcess(name, command, log)
    try:
        deadline = time.monotonic() + timeout
        while (problem := missing()) is not None:
            process.raise_if_ended()
            assert time.monotonic() < deadline, f"{name}: {problem}\n{process.log_tail()}"
            time.sleep(_POLL_SECONDS)
        yield process
    finally:
        process.stop()


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Runs an embedded server and leaves nothing of it behind."""
    with tempfile.TemporaryDirectory() as logs:
        try:
            with started(server.name, server.prepare(), Path(logs) / "server.log", server.missing):
                yield server
        finally:
            server.remove()
