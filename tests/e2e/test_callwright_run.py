"""`callwright run`: the whole system as processes, with a service that dies, two ends, and records that outlive it."""

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from websockets.asyncio.client import connect

from local_stack.loopback import LOOPBACK
from local_stack.processes.readiness import grpc_serving

pytestmark = pytest.mark.timeout(300)  # seven processes start at once, on a busy machine too

REPOSITORY = Path(__file__).parents[2]
SERVICES = ("escalation_budget", "persistence", "agent_orchestrator", "voice_gateway")
PROCESSES = ("postgres", "redis", "piper", *SERVICES)
PORTS = ("GATEWAY_HTTP", "GATEWAY_GRPC", "ORCHESTRATOR", "BUDGET", "PERSISTENCE", "PIPER")
GRPC_PORTS = {
    "voice_gateway": 50050,
    "agent_orchestrator": 50051,
    "escalation_budget": 50052,
    "persistence": 50053,
}
POLL_SECONDS = 0.05
LIST_CALLS = "callwright.persistence.v1.PersistenceService/ListCalls"


class RunningCommand:
    """The command's process and what it has printed so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.printed = ""

    async def until(self, text: str) -> None:
        """Reads on until the text was printed."""
        assert self.process.stdout is not None
        async with asyncio.timeout(180):
            while text not in self.printed:
                line = await self.process.stdout.readline()
                assert line, f"ended without {text!r}:\n{self.printed}"
                self.printed += line.decode()

    def rows(self) -> dict[str, tuple[int, str]]:
        """Returns the process id and the rest of the line of each process in the printed table."""
        found = re.findall(r"^(\w+) +(\d+)  (.*)$", self.printed, re.MULTILINE)
        return {name: (int(pid), rest) for name, pid, rest in found}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder with the campaigns that PostgreSQL can enter when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="callwright-e2e-", dir="/var/tmp"))
    folder.chmod(0o711)
    (folder / "campaigns").symlink_to(REPOSITORY / "campaigns")
    yield folder
    shutil.rmtree(folder)


@asynccontextmanager
async def callwright_run(home: Path) -> AsyncIterator[RunningCommand]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "callwright_cli", "run"),
        cwd=home,
        env={**os.environ, **{f"{name}_PORT": "0" for name in PORTS}},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield RunningCommand(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def is_alive(pid: int) -> bool:
    """Tells whether a process runs; one that has ended but that its parent has not asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_the_stack_serves_survives_a_kill_and_ends_and_then_its_records_are_there_again(home: Path) -> None:
    """Takes one start for both ways to end: a start is twenty seconds of a processor."""
    async with callwright_run(home) as command:
        await command.until("Ctrl-C ends everything.")
        rows = command.rows()
        await serves(rows)
        restarted = await survives_a_kill(command, "agent_orchestrator")
        await place_short_call(web_address(rows) + "/twilio/voice")
        call_id = await recorded_call(grpc_address(rows, "persistence"))
        await the_readmes_commands_work(rows, call_id)

        command.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(30):
            assert await command.process.wait() == 0
        assert not [pid for pid in (*(pid for pid, _ in rows.values()), restarted) if is_alive(pid)]

    async with callwright_run(home) as command:
        await command.until("Records are kept in")
        rows = command.rows()
        assert await recorded_call(grpc_address(rows, "persistence")) == call_id

        command.process.kill()
        async with asyncio.timeout(30):
            while any(is_alive(pid) for pid, _ in rows.values()):  # noqa: ASYNC110 - nothing tells their end
                await asyncio.sleep(POLL_SECONDS)


async def serves(rows: dict[str, tuple[int, str]]) -> None:
    """All processes of the table run, the services answer at the addresses that it names."""
    assert set(rows) == set(PROCESSES)
    assert all(is_alive(pid) for pid, _ in rows.values())
    for name in SERVICES:
        metrics = re.search(r"http://\S+/metrics", rows[name][1])
        assert metrics is not None
        assert await grpc_serving(grpc_address(rows, name))() is None
        async with httpx.AsyncClient(trust_env=False) as client:
            assert "# HELP" in (await client.get(metrics[0])).text


async def survives_a_kill(command: RunningCommand, name: str) -> int:
    """A service that is killed serves again while the others go on; returns its new process id."""
    rows = command.rows()
    os.kill(rows[name][0], signal.SIGKILL)
    await command.until("serves again")
    restarted = re.search(rf"^{name} \(pid (\d+)\) serves again$", command.printed, re.MULTILINE)
    assert restarted is not None
    assert all(is_alive(pid) for other, (pid, _) in rows.items() if other != name)
    return int(restarted[1])


async def the_readmes_commands_work(rows: dict[str, tuple[int, str]], call_id: str) -> None:
    addresses = {f"{LOOPBACK}:{port}": grpc_address(rows, name) for name, port in GRPC_PORTS.items()}
    lines = re.findall(r"^\.venv/bin/grpcurl (.+)$", (REPOSITORY / "README.md").read_text(), re.MULTILINE)
    assert len(lines) > len(GRPC_PORTS)
    for line in lines:
        words = [addresses.get(word, word).replace("CALL_ID", call_id) for word in shlex.split(line)]
        assert "{" in (printed := await grpcurl(*words)) or words[-1] == "list", printed


def web_address(rows: dict[str, tuple[int, str]]) -> str:
    """Returns the address of the gateway's web server in the printed table."""
    found = re.search(rf"http://{LOOPBACK}:\d+", rows["voice_gateway"][1])
    assert found is not None
    return found[0]


def grpc_address(rows: dict[str, tuple[int, str]], service: str) -> str:
    """Returns the gRPC address of a service in the printed table."""
    return rows[service][1].partition("grpc ")[2].split()[0]


async def place_short_call(webhook: str) -> None:
    """Calls until the first sound, then hangs up."""
    form = {"CallSid": "CA" + "0" * 32, "AccountSid": "AC" + "0" * 32, "From": "anonymous", "To": "+12025550199"}
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.post(webhook, data=form)).status_code == 403
        signature = RequestValidator("callwright-dev").compute_signature(webhook, form)
        answer = await client.post(webhook, data=form, headers={"X-Twilio-Signature": signature})
    stream = ET.fromstring(answer.text).find("Connect/Stream")  # noqa: S314 - our own gateway wrote it
    assert stream is not None
    parameters = {one.get("name"): one.get("value") for one in stream}
    start = {"streamSid": "MZ1", "callSid": form["CallSid"], "accountSid": form["AccountSid"]}
    async with connect(stream.get("url", ""), proxy=None) as socket:
        message = {"event": "start", "streamSid": "MZ1", "start": {**start, "customParameters": parameters}}
        await socket.send(json.dumps(message))
        assert json.loads(await socket.recv())["event"] == "media"
        await socket.send(json.dumps({"event": "stop", "streamSid": "MZ1"}))


async def grpcurl(*arguments: str) -> str:
    """Runs grpcurl and returns what it printed; it must succeed."""
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("grpcurl")),
        *("-max-time", "20", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, f"{arguments}: {output.decode()}"
    return output.decode()


async def recorded_call(persistence: str) -> str:
    """Returns the id of the one call, once its end is recorded."""
    async with asyncio.timeout(60):
        while True:
            answer = json.loads(await grpcurl("-plaintext", persistence, LIST_CALLS))
            for call in answer.get("calls", []):
                if call["status"] == "CALL_STATUS_ENDED":
                    return str(call.get("call_id") or call["callId"])
            await asyncio.sleep(POLL_SECONDS)
