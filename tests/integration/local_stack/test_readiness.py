"""Questions that find out whether a server serves, asked of real servers."""

import asyncio
import contextlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes import stack_processes
from fakes.running_servers import started
from local_stack.loopback import free_ports
from local_stack.processes.readiness import grpc_serving, http_answers


@contextlib.contextmanager
def grpc_server(status: str, log: Path) -> Iterator[str]:
    port = free_ports(1)[0]
    command = stack_processes.grpc_health_server(port, status)
    with started("grpc", command, log, lambda: None if _connects(port) else "it does not listen", timeout=15):
        yield f"127.0.0.1:{port}"


def _connects(port: int) -> bool:
    async def attempt() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    return asyncio.run(attempt())


@pytest.mark.parametrize(
    ("status", "missing"),
    [("SERVING", None), ("NOT_SERVING", "grpc.health.v1 at {}: NOT_SERVING: the service does not serve now")],
)
def test_the_health_service_decides(status: str, missing: str | None, tmp_path: Path) -> None:
    with grpc_server(status, tmp_path / "log") as address:
        assert asyncio.run(_ask(address)) == (missing and missing.format(address))


async def _ask(address: str) -> str | None:
    return await grpc_serving(address)()


async def test_a_server_that_is_not_there_does_not_answer_yet() -> None:
    port = free_ports(1)[0]
    assert await _ask(f"127.0.0.1:{port}") == f"no answer at 127.0.0.1:{port} yet"
    assert await http_answers(f"http://127.0.0.1:{port}/")() == f"no answer at http://127.0.0.1:{port}/ yet"


@pytest.mark.parametrize("variable", ["http_proxy", "grpc_proxy", "ALL_PROXY"])
def test_a_companys_proxy_is_not_asked_for_what_is_on_loopback(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, f"http://127.0.0.1:{free_ports(1)[0]}")
    with grpc_server("SERVING", tmp_path / "log") as address:
        assert asyncio.run(_ask(address)) is None


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
        assert await http_answers(f"{base}/good")() is None
        assert await http_answers(f"{base}/bad")() == f"{base}/bad: status 500"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
