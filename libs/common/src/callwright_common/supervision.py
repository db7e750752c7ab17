"""Tasks that run beside requests for as long as a service does.

A task that dies is logged, counted and started again after a pause, which grows while it goes on dying; the service is
not ready from its death until it has run for a moment again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry, Counter

from callwright_common.logs import get_logger
from callwright_common.readiness import Readiness

Result = TypeVar("Result")
Work = Callable[[], Coroutine[Any, Any, None]]

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_STEADY_SECONDS = 1.0
"""A task that was started again counts as running when it has lived for so long."""

_logger = get_logger(__name__)


class TaskReturnedError(Exception):
    """A task that is to run for ever returned."""


class Supervisor:
    """Runs the background tasks of one service."""

    def __init__(self, readiness: Readiness, registry: CollectorRegistry) -> None:
        """Builds it.

        Args:
            readiness: Gets a condition for each task, under the task's name.
            registry: Counts deaths as `callwright_background_failures_total`.
        """
        self._readiness = readiness
        self._failures = Counter(
            "callwright_background_failures_total", "Background tasks that died", ["task"], registry=registry
        )

    @asynccontextmanager
    async def running(self, name: str, work: Work, *, ends: bool = False) -> AsyncIterator[None]:
        """Runs work beside the body and cancels it afterwards.

        Args:
            name: For logs and metrics, from a closed set.
            work: Called for each start; it must be fit to be started again where it was left.
            ends: Whether it may return; otherwise that counts as dying.
        """
        self._failures.labels(task=name)
        watching = asyncio.create_task(self._keep(name, work, ends=ends), name=f"{name} supervision")
        try:
            yield
        finally:
            await end_tasks(watching)

    async def _keep(self, name: str, work: Work, *, ends: bool) -> None:
        loop, pause = asyncio.get_running_loop(), _FIRST_PAUSE_SECONDS
        while True:
            started = loop.time()
            error = await self._run(name, work)
            if error is None and ends:
                self._readiness.set(name, None)
                return
            if loop.time() - started > _LONGEST_PAUSE_SECONDS:
                pause = _FIRST_PAUSE_SECONDS
            error = error or TaskReturnedError()
            self._failures.labels(task=name).inc()
            _logger.error("a background task died", task=name, restart_in_seconds=pause, exc_info=error)
            self._readiness.set(name, f"the task died of {type(error).__name__}")
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _run(self, name: str, work: Work) -> BaseException | None:
        """Returns what the work died of, None if it returned."""
        task = asyncio.create_task(work(), name=name)
        try:
            if not (await asyncio.wait((task,), timeout=_STEADY_SECONDS))[0]:
                self._readiness.set(name, None)
                await asyncio.wait((task,))
        finally:
            await end_tasks(task)
        return asyncio.CancelledError() if task.cancelled() else task.exception()


def start_task(work: Coroutine[Any, Any, Result], name: str) -> asyncio.Task[Result]:
    """Starts a task that belongs to a call or a request, not to the service: who started it ends it.

    If it dies that is logged, whether or not its owner ever looks at it.
    """
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_log_death)
    return task


def _log_death(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _logger.error("a task died", task=task.get_name(), exc_info=error)


async def end_tasks(*tasks: asyncio.Task[Any]) -> None:
    """Cancels tasks and waits for their end, whatever that is."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
