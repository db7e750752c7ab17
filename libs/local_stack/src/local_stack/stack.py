"""A running stack: PostgreSQL, Redis, Piper and the four services on one machine."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from local_stack import LocalStackError
from local_stack.processes.process_guard import process_guard
from local_stack.processes.supervisor import ProcessEvent, ProcessSupervisor, StillStarting
from local_stack.servers.embedded_redis import redis_problem
from local_stack.stack_parts import StackPlan
from local_stack.stack_settings import StackSettings


class LocalStack:
    """The whole system as processes of this one; whoever starts it stops it, also after a start that failed.

    Args:
        settings: What differs from the default; all ports are chosen.
        log_directory: Receives a log file per process.
        report: Is told about processes that died and were started again, and about what takes its time to start.
    """

    def __init__(
        self, settings: StackSettings, log_directory: Path, report: Callable[[ProcessEvent | StillStarting], None]
    ) -> None:
        self.settings = settings
        self._state = Path(tempfile.mkdtemp(prefix="callwright-stack-"))
        process_guard().add_directory(self._state)
        self._plan = StackPlan(settings, self._state)
        self.endpoints = self._plan.endpoints
        self.supervisor = ProcessSupervisor(self._plan.parts(), log_directory, report)

    async def start(self) -> None:
        """Starts everything; returns when all of it serves.

        Raises:
            LocalStackError: Something cannot start; what did start has been stopped.
        """
        if self.settings.redis_url is not None:
            # The services would wait for it without a word.
            problem = await asyncio.to_thread(redis_problem, self.settings.redis_url.get_secret_value())
            if problem is not None:
                raise LocalStackError(f"the Redis of REDIS_URL: {problem}")
        await self.supervisor.start()

    async def stop(self) -> None:
        """Stops what runs and deletes what was kept on disk for this stack alone."""
        try:
            await self.supervisor.stop()
        finally:
            for server in self._plan.embedded:
                server.remove()
            shutil.rmtree(self._state, ignore_errors=True)
