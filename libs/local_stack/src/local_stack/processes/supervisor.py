"""Starts the processes of the local stack in the order of their needs, restarts those that die, and ends them all."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from local_stack.processes.child_process import ChildProcess, Command, ServerStartError
from local_stack.processes.readiness import ReadyCheck

_POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Part:
    """One process of the stack.

    Attributes:
        name: Names the part in messages and its log file.
        prepare: Makes what the process needs and returns its command; runs in a thread, once.
        missing: Tells why it does not serve. None: the process is a task that is over when it has ended with status 0.
        needs: Names of the parts that must be ready before this one starts, and that end after it.
        uses: Names of further parts that end after this one.
        start_seconds: How long it may take until it is ready.
    """

    name: str
    prepare: Callable[[], Command]
    missing: ReadyCheck | None
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    start_seconds: float = 120.0


@dataclass(frozen=True)
class Backoff:
    """How long to wait before a process that died is started again.

    The `first` seconds double with each restart up to the `longest`; a process that served `calm` seconds starts at
    `first` again.
    """

    first: float = 0.2
    longest: float = 10.0
    calm: float = 30.0

    def delay(self, failures: int) -> float:
        """Returns the seconds to wait after so many failures in a row (1 or more)."""
        return min(self.longest, self.first * 2.0 ** min(failures - 1, 30))


@dataclass(frozen=True)
class ProcessEvent:
    """Something that happened to a part: a phrase that goes on from its name, and the process that runs now, if any."""

    part: str
    text: str
    pid: int | None


@dataclass(frozen=True)
class StillStarting:
    """Parts that take their time to begin, each with what it is waited for; on a slow machine nothing is wrong."""

    waits_for: Mapping[str, str]


@dataclass
class _Slot:
    """A part, the process that currently plays it, and what is missing until that serves, None once it does."""

    part: Part
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    process: ChildProcess | None = None
    waits_for: str | None = None


class ProcessSupervisor:
    """Runs the parts of a stack.

    Args:
        parts: The parts; `needs` and `uses` may only name other parts of the list.
        log_directory: Receives `<name>.log` of each part, begun anew.
        report: Is told about restarts, and about what takes its time to start.
        backoff: The waiting times between restarts.
        remind_seconds: After each such time the parts that are still starting are reported.
        sleep: Waits for a backoff.
        monotonic: Tells how long a process served; seconds. None: the event loop's clock.

    Raises:
        graphlib.CycleError: A part needs or uses itself, by way of others or not.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        log_directory: Path,
        report: Callable[[ProcessEvent | StillStarting], None],
        *,
        backoff: Backoff | None = None,
        remind_seconds: float = 20.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] | None = None,
    ) -> None:
        self._slots = {part.name: _Slot(part) for part in parts}
        self._ending_order()
        self._log_directory = log_directory
        self._report = report
        self._backoff = backoff or Backoff()
        self._remind_seconds = remind_seconds
        self._sleep = sleep
        self._monotonic = monotonic or asyncio.get_running_loop().time
        self._tasks: list[asyncio.Task[None]] = []
        self._preparations: list[asyncio.Future[Command]] = []

    def pids(self) -> dict[str, int]:
        """Returns the process id of every part that runs, in the order of the parts."""
        return {
            name: slot.process.pid
            for name, slot in self._slots.items()
            if slot.process is not None and slot.process.exit_status() is None
        }

    def log_of(self, name: str) -> Path:
        """Returns the log file of a part."""
        return self._log_directory / f"{name}.log"

    async def start(self) -> None:
        """Starts every part as soon as what it needs is ready; returns when all are.

        Raises:
            ServerStartError: A part did not become ready; everything that was started has been stopped.
        """
        for name in self._slots:
            self.log_of(name).unlink(missing_ok=True)
        self._tasks = [asyncio.create_task(self._run(slot), name=name) for name, slot in self._slots.items()]
        self._tasks.append(asyncio.create_task(self._remind(), name="reminder"))
        all_ready = asyncio.create_task(self._all_ready())
        pending: set[asyncio.Future[Any]] = {all_ready, *self._tasks}
        try:
            while not all_ready.done():
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for future in done:
                    future.result()
        except BaseException:
            await self.stop()
            raise
        finally:
            all_ready.cancel()

    async def stop(self) -> None:
        """Stops all parts, each before those that it needs or uses, and waits until they have ended."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._preparations, return_exceptions=True)
        self._tasks.clear()
        self._preparations.clear()
        order = self._ending_order()
        while leaving := order.get_ready():
            await asyncio.gather(*(_end(self._slots[name]) for name in leaving))
            order.done(*leaving)

    def kill(self) -> None:
        """Kills everything at once, for a user who does not want to wait."""
        for slot in self._slots.values():
            if slot.process is not None:
                slot.process.kill()

    def _ending_order(self) -> TopologicalSorter[str]:
        """Returns the order in which parts end: each before those that it needs or uses."""
        order = TopologicalSorter[str]()
        for name, slot in self._slots.items():
            order.add(name)
            for outliving in (*slot.part.needs, *slot.part.uses):
                order.add(outliving, name)
        order.prepare()
        return order

    async def _all_ready(self) -> None:
        for slot in self._slots.values():
            await slot.ready.wait()

    async def _remind(self) -> None:
        """Tells now and then what is still starting."""
        while True:
            await asyncio.sleep(self._remind_seconds)
            waiting = {name: slot.waits_for for name, slot in self._slots.items() if slot.waits_for is not None}
            if waiting:
                self._report(StillStarting(waiting))

    async def _run(self, slot: _Slot) -> None:
        part = slot.part
        for need in part.needs:
            await self._slots[need].ready.wait()
        preparation = asyncio.ensure_future(asyncio.to_thread(part.prepare))
        self._preparations.append(preparation)
        # A thread cannot be cancelled: `stop` waits for it.
        command = await asyncio.shield(preparation)
        process = await self._begin(slot, command)
        slot.ready.set()
        if part.missing is None:
            await _end(slot)
        else:
            await self._keep_running(slot, process, command)

    async def _begin(self, slot: _Slot, command: Command) -> ChildProcess:
        """Starts a process and waits until it is ready, a task until it has ended well.

        Raises:
            ServerStartError: The time is over, or the process ended although that is not what it is waited for.
        """
        part, time = slot.part, asyncio.get_running_loop().time
        process = slot.process = ChildProcess(part.name, command, self.log_of(part.name))
        began = time()
        while (problem := await _missing(part, process)) is not None:
            slot.waits_for = problem
            if part.missing is not None:
                process.raise_if_ended()
            if time() - began > part.start_seconds:
                within = f"{part.name} was not ready within {part.start_seconds:.0f} s: {problem}"
                raise ServerStartError(f"{within}\n{process.log_tail()}")
            await asyncio.sleep(_POLL_SECONDS)
        slot.waits_for = None
        # Somebody else's server on the same port would have answered as well.
        if part.missing is not None or process.exit_status() != 0:
            process.raise_if_ended()
        return process

    async def _keep_running(self, slot: _Slot, process: ChildProcess, command: Command) -> None:
        """Starts the process again each time it has ended, for as long as the stack runs."""
        name = slot.part.name
        failures = 0
        while True:
            since = self._monotonic()
            problem: str | None = f"ended with status {await _exit_of(process)}"
            if self._monotonic() - since >= self._backoff.calm:
                failures = 0
            while problem is not None:
                failures += 1
                delay = self._backoff.delay(failures)
                self._report(ProcessEvent(name, f"{problem}; starts again in {delay:.1f} s", None))
                await _end(slot)
                await self._sleep(delay)
                try:
                    process = await self._begin(slot, command)
                    problem = None
                except ServerStartError as error:
                    problem = str(error)
            self._report(ProcessEvent(name, "serves again", process.pid))


async def _missing(part: Part, process: ChildProcess) -> str | None:
    """Returns what a part is still waited for."""
    if part.missing is not None:
        return await part.missing()
    return "it is at work" if process.exit_status() is None else None


async def _exit_of(process: ChildProcess) -> int:
    """Returns the exit status of a process once it has ended."""
    while (status := process.exit_status()) is None:  # noqa: ASYNC110 - nothing tells it
        await asyncio.sleep(_POLL_SECONDS)
    return status


async def _end(slot: _Slot) -> None:
    """Stops the process of a slot and what is left of its group."""
    if slot.process is not None:
        await asyncio.to_thread(slot.process.stop)
        slot.process = None
