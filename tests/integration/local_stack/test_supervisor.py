"""The supervisor with real, tiny processes."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from graphlib import CycleError
from pathlib import Path

import pytest

from fakes import stack_processes
from local_stack.loopback import free_ports
from local_stack.processes.child_process import Command, ServerStartError
from local_stack.processes.readiness import ReadyCheck
from local_stack.processes.supervisor import Backoff, Part, ProcessEvent, ProcessSupervisor, StillStarting


class RecordedBackoff:
    """Waits no time and writes down how long it was asked to wait; its clock moves by what was waited."""

    def __init__(self) -> None:
        self.delays: list[float] = []
        self.seconds = 0.0

    async def sleep(self, seconds: float) -> None:
        self.delays.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)

    def monotonic(self) -> float:
        return self.seconds


class Stack:
    """Supervisors of a test, all stopped at its end, with what they reported."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.time = RecordedBackoff()
        self.events: list[ProcessEvent] = []
        self.reminders: list[StillStarting] = []
        self._changed = asyncio.Event()
        self._supervisors: list[ProcessSupervisor] = []

    def supervise(self, *parts: Part, backoff: Backoff | None = None, remind_seconds: float = 10) -> ProcessSupervisor:
        supervisor = ProcessSupervisor(
            parts,
            self.logs,
            self._record,
            backoff=backoff,
            remind_seconds=remind_seconds,
            sleep=self.time.sleep,
            monotonic=self.time.monotonic,
        )
        self._supervisors.append(supervisor)
        return supervisor

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits for reports until the condition holds."""
        async with asyncio.timeout(20):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def stop(self) -> None:
        for supervisor in self._supervisors:
            await supervisor.stop()

    def _record(self, event: ProcessEvent | StillStarting) -> None:
        if isinstance(event, StillStarting):
            self.reminders.append(event)
        else:
            self.events.append(event)
        self._changed.set()


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    stack = Stack(tmp_path / "log")
    yield stack
    await stack.stop()


def accepts(port: int) -> ReadyCheck:
    async def check() -> str | None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError as error:
            return str(error)
        writer.close()
        return None

    return check


def listening_part(name: str, farewell: Path, *needs: str) -> Part:
    port = free_ports(1)[0]
    return Part(name, lambda: stack_processes.listener(port, farewell, name), accepts(port), needs, start_seconds=15)


def failing_part(name: str, command: Command, missing: ReadyCheck | None, *needs: str) -> Part:
    return Part(name, lambda: command, missing, needs, start_seconds=0.3)


async def never_ready() -> str | None:
    return "Redis at 127.0.0.1:6379: refused"


def is_alive(pid: int) -> bool:
    """Tells whether a process runs; one that has ended but that its parent has not asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def gone(pid: int) -> None:
    """Waits until a process that is not our child has ended."""
    async with asyncio.timeout(10):
        while is_alive(pid):  # noqa: ASYNC110 - nothing tells the end of another's process
            await asyncio.sleep(0)


async def test_parts_start_after_what_they_need_and_stop_before_it(stack: Stack, tmp_path: Path) -> None:
    farewell = tmp_path / "farewell"
    migrated = tmp_path / "migrated"
    supervisor = stack.supervise(
        listening_part("gateway", farewell, "service"),
        listening_part("service", farewell, "migration"),
        Part("migration", lambda: stack_processes.task(migrated), None, ("database",)),
        listening_part("database", farewell),
    )
    await supervisor.start()
    pids = supervisor.pids()
    assert list(pids) == ["gateway", "service", "database"]
    assert migrated.read_text() == "done"
    await supervisor.stop()
    assert farewell.read_text().split() == ["gateway", "service", "database"]
    assert supervisor.pids() == {}
    assert not any(is_alive(pid) for pid in pids.values())


async def test_a_process_that_dies_is_started_again_while_others_go_on(stack: Stack, tmp_path: Path) -> None:
    supervisor = stack.supervise(
        listening_part("persistence", tmp_path / "farewell"), listening_part("budget", tmp_path / "farewell")
    )
    await supervisor.start()
    before = supervisor.pids()
    os.kill(before["persistence"], signal.SIGKILL)
    await stack.until(lambda: len(stack.events) == 2)
    after = supervisor.pids()
    assert after["budget"] == before["budget"]
    assert after["persistence"] != before["persistence"]
    assert stack.events == [
        ProcessEvent("persistence", "ended with status -9; starts again in 0.2 s", None),
        ProcessEvent("persistence", "serves again", after["persistence"]),
    ]


async def test_restarts_wait_longer_each_time_and_soon_again_after_a_calm_while(stack: Stack, tmp_path: Path) -> None:
    supervisor = stack.supervise(
        listening_part("budget", tmp_path / "farewell"), backoff=Backoff(first=1, longest=4, calm=30)
    )
    await supervisor.start()
    for round_number in range(1, 6):
        if round_number == 5:
            stack.time.seconds += 30
        os.kill(supervisor.pids()["budget"], signal.SIGKILL)
        await stack.until(lambda done=round_number: len(stack.events) == 2 * done)  # type: ignore[misc]
    assert stack.time.delays == [1, 2, 4, 4, 1]


async def test_a_restart_that_fails_is_tried_again(stack: Stack, tmp_path: Path) -> None:
    part = listening_part("budget", tmp_path / "farewell")
    answering = True

    async def missing() -> str | None:
        assert part.missing is not None
        return await part.missing() if answering else "no answer"

    supervisor = stack.supervise(Part("budget", part.prepare, missing, start_seconds=0.5), backoff=Backoff(first=1))
    await supervisor.start()
    answering = False
    os.kill(supervisor.pids()["budget"], signal.SIGKILL)
    await stack.until(lambda: len(stack.events) == 2)
    answering = True
    await stack.until(lambda: stack.events[-1].text == "serves again")
    assert "was not ready within" in stack.events[1].text
    assert stack.time.delays == [1, 2]


async def test_a_part_that_cannot_start_ends_all_others_and_shows_its_log(stack: Stack, tmp_path: Path) -> None:
    farewell = tmp_path / "farewell"
    supervisor = stack.supervise(
        listening_part("database", farewell),
        failing_part("gateway", stack_processes.failing("no such campaign"), never_ready, "database"),
    )
    with pytest.raises(ServerStartError, match=r"gateway ended with status 3\n.*gateway\.log:\nno such campaign"):
        await supervisor.start()
    assert supervisor.pids() == {}
    assert farewell.read_text().split() == ["database"]


async def test_a_task_that_fails_ends_the_start(stack: Stack) -> None:
    supervisor = stack.supervise(failing_part("migration", stack_processes.failing("no such table"), None))
    with pytest.raises(ServerStartError, match="no such table"):
        await supervisor.start()


async def test_a_part_that_never_answers_ends_the_start(stack: Stack) -> None:
    supervisor = stack.supervise(failing_part("gateway", stack_processes.deaf(), never_ready))
    with pytest.raises(ServerStartError, match=r"gateway was not ready within 0 s: Redis at 127.0.0.1:6379: refused\n"):
        await supervisor.start()
    assert supervisor.pids() == {}


async def test_a_start_that_waits_says_for_what(stack: Stack, tmp_path: Path) -> None:
    told = StillStarting({"gateway": "no answer at 127.0.0.1:50050 yet"})

    async def missing() -> str | None:
        return None if told in stack.reminders else told.waits_for["gateway"]

    redis = listening_part("redis", tmp_path / "redis")
    gateway = listening_part("gateway", tmp_path / "gateway")
    waiting = Part("gateway", gateway.prepare, missing, needs=("redis",), start_seconds=15)
    await stack.supervise(redis, waiting, remind_seconds=0.2).start()
    assert stack.reminders[-1] == told
    assert stack.events == []


async def test_a_process_that_ignores_the_stop_signal_is_killed_with_its_children(stack: Stack, tmp_path: Path) -> None:
    pid_file = tmp_path / "child"

    async def child_runs() -> str | None:
        return None if pid_file.exists() and pid_file.read_text() else "no child"

    supervisor = stack.supervise(Part("parent", lambda: stack_processes.family(pid_file), child_runs))
    await supervisor.start()
    child = int(pid_file.read_text())
    assert is_alive(child)
    await supervisor.stop()
    await gone(child)


async def test_needs_in_a_circle_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CycleError, match=r"one.*two"):
        Stack(tmp_path).supervise(
            listening_part("one", tmp_path / "farewell", "two"), listening_part("two", tmp_path / "farewell", "one")
        )


_KILLED_SUPERVISOR = """
import asyncio, sys
from pathlib import Path
from fakes import stack_processes
from local_stack.processes.supervisor import Part, ProcessSupervisor

async def main():
    pid_file = Path(sys.argv[1])

    async def child_runs():
        return None if pid_file.exists() and pid_file.read_text() else "no child"

    part = Part("parent", lambda: stack_processes.family(pid_file), child_runs)
    supervisor = ProcessSupervisor([part], Path(sys.argv[2]), print)
    await supervisor.start()
    print(supervisor.pids()["parent"], flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_children_and_theirs_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    pid_file = tmp_path / "child"
    tests = Path(stack_processes.__file__).parents[1]
    supervisor = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _KILLED_SUPERVISOR,
        str(pid_file),
        str(tmp_path / "log"),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(tests)},
    )
    assert supervisor.stdout is not None
    async with asyncio.timeout(20):
        parent = int(await supervisor.stdout.readline())
    child = int(pid_file.read_text())
    assert is_alive(parent)
    assert is_alive(child)
    supervisor.kill()
    await supervisor.wait()
    await gone(parent)
    await gone(child)
