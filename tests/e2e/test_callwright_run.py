"""`callwright run`: the whole system as processes, a service that dies, and the end of everything."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from local_stack.loopback import LOOPBACK
from local_stack.readiness import grpc_serving

pytestmark = pytest.mark.timeout(300)  # seven processes start at once, on a busy machine too

REPOSITORY = Path(__file__).parents[2]
SERVICES = ("escalation_budget", "persistence", "agent_orchestrator", "voice_gateway")
PROCESSES = ("postgres", "redis", "piper", *SERVICES)
PORTS = ("GATEWAY_HTTP", "GATEWAY_GRPC", "ORCHESTRATOR", "BUDGET", "PERSISTENCE", "PIPER")


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


@asynccontextmanager
async def callwright_run(logs: Path) -> AsyncIterator[RunningCommand]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "local_stack", "run"),
        cwd=REPOSITORY,
        env={**os.environ, "LOG_DIR": str(logs), **{f"{name}_PORT": "0" for name in PORTS}},
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


def working_directory(pid: int) -> Path:
    """Returns where a process works; PostgreSQL's is its data directory."""
    return Path(f"/proc/{pid}/cwd").resolve()


async def test_the_stack_serves_survives_a_kill_and_ends(tmp_path: Path) -> None:
    async with callwright_run(tmp_path) as command:
        await command.until("Ctrl-C ends everything.")
        rows = command.rows()
        assert set(rows) == set(PROCESSES)
        assert all(is_alive(pid) for pid, _ in rows.values())
        for name in SERVICES:
            address = re.search(r"grpc (\S+)", rows[name][1])
            metrics = re.search(r"http://\S+/metrics", rows[name][1])
            assert address is not None
            assert metrics is not None
            assert await grpc_serving(address[1])()
            async with httpx.AsyncClient(trust_env=False) as client:
                assert "# HELP" in (await client.get(metrics[0])).text

        killed, _ = rows["agent_orchestrator"]
        os.kill(killed, signal.SIGKILL)
        await command.until("serves again")
        restarted = re.search(r"^agent_orchestrator \(pid (\d+)\) serves again$", command.printed, re.MULTILINE)
        assert restarted is not None
        others = [pid for name, (pid, _) in rows.items() if name != "agent_orchestrator"]
        assert all(is_alive(pid) for pid in others)

        command.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(30):
            status = await command.process.wait()
        assert status == 0
        assert not [pid for pid in (*others, killed, int(restarted[1])) if is_alive(pid)]


async def test_an_unsigned_webhook_is_refused_and_the_stack_dies_with_a_killed_command(tmp_path: Path) -> None:
    async with callwright_run(tmp_path) as command:
        await command.until("Ctrl-C ends everything.")
        rows = command.rows()
        web = re.search(rf"http://{LOOPBACK}:\d+", rows["voice_gateway"][1])
        assert web is not None
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(f"{web[0]}/twilio/voice", data={"CallSid": "CA" + "0" * 32})
        assert answer.status_code == 403
        data = working_directory(rows["postgres"][0])
        assert data.is_dir()
        command.process.kill()
        async with asyncio.timeout(30):
            while data.exists() or any(is_alive(pid) for pid, _ in rows.values()):  # noqa: ASYNC110 - nothing tells their end
                await asyncio.sleep(0)
