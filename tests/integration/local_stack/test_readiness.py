"""Questions that find out whether a server serves, asked of real servers."""

import asyncio
import contextlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes import stack_processes
from local_stack.child_process import ChildProcess
from local_stack.loopback import free_ports
from local_stack.readiness import all_of, blocking, grpc_serving, http_answers


@contextlib.contextmanager
def grpc_server(status: str, log: Path) -> Iterator[str]:
    port = free_ports(1)[0]
    process = ChildProcess.start("grpc", stack_processes.grpc_health_server(port, status), log)
    try:
        process.wait_until_ready(lambda: _connects(port), timeout=15)
        yield f"127.0.0.1:{port}"
    finally:
        process.stop()


def _connects(port: int) -> bool:
    async def attempt() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    return asyncio.run(attempt())


@pytest.mark.parametrize(("status", "serves"), [("SERVING", True), ("NOT_SERVING", False)])
def test_the_health_service_decides(status: str, serves: bool, tmp_path: Path) -> None:
    with grpc_server(status, tmp_path / "log") as address:
        assert asyncio.run(_ask(address)) is serves


async def _ask(address: str) -> bool:
    return await grpc_serving(address)()


async def test_a_server_that_is_not_there_does_not_serve() -> None:
    port = free_ports(1)[0]
    assert not await grpc_serving(f"127.0.0.1:{port}")()
    assert not await http_answers(f"http://127.0.0.1:{port}/")()


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/good" else 500)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


async def test_http_answers_when_the_status_is_a_success() -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        base = f"http://127.0.0.1:{server.server_port}"
        assert await http_answers(f"{base}/good")()
        assert not await http_answers(f"{base}/bad")()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_several_checks_must_all_succeed() -> None:
    assert await all_of(blocking(lambda: True), blocking(lambda: True))()
    assert not await all_of(blocking(lambda: True), blocking(lambda: False))()
