"""A running stack: PostgreSQL, Redis, Piper and the four services on one machine."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from local_stack.embedded_postgres import EmbeddedPostgres
from local_stack.embedded_redis import EmbeddedRedis, redis_problem
from local_stack.embedded_server import EmbeddedServer
from local_stack.endpoints import StackEndpoints
from local_stack.errors import LocalStackError
from local_stack.loopback import LOOPBACK
from local_stack.process_guard import process_guard
from local_stack.stack_parts import StackPlan
from local_stack.stack_settings import StackSettings
from local_stack.supervisor import ProcessEvent, Supervisor

_ALL_INTERFACES = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened on


def endpoints_of(settings: StackSettings) -> StackEndpoints:
    """Returns where a stack with these settings answers."""
    host = LOOPBACK if settings.listen_host in _ALL_INTERFACES else settings.listen_host
    return StackEndpoints(
        http_url=f"http://{host}:{settings.gateway_http_port}",
        gateway=f"{LOOPBACK}:{settings.gateway_grpc_port}",
        orchestrator=f"{LOOPBACK}:{settings.orchestrator_port}",
        budget=f"{LOOPBACK}:{settings.budget_port}",
        persistence=f"{LOOPBACK}:{settings.persistence_port}",
        piper_url=f"http://{LOOPBACK}:{settings.piper_port}",
        twilio_auth_token=settings.twilio_auth_token.get_secret_value(),
    )


class LocalStack:
    """The whole system as processes of this one; whoever starts it stops it, also after a start that failed.

    Args:
        settings: What differs from the default; all ports are chosen.
        log_directory: Receives a log file per process.
        report: Is told about processes that died and were started again.
    """

    def __init__(self, settings: StackSettings, log_directory: Path, report: Callable[[ProcessEvent], None]) -> None:
        self.settings = settings
        self.endpoints = endpoints_of(settings)
        self._embedded: list[EmbeddedServer] = []
        self._state = Path(tempfile.mkdtemp(prefix="callwright-stack-"))
        process_guard().add_directory(self._state)
        plan = StackPlan(
            settings=settings,
            endpoints=self.endpoints,
            postgres_url=self._postgres_url(),
            redis_url=self._redis_url(),
            state_directory=self._state,
            embedded=self._embedded,
        )
        self.supervisor = Supervisor(plan.parts(), log_directory, report)

    async def start(self) -> None:
        """Starts everything; returns when all of it serves.

        Raises:
            LocalStackError: Something cannot start; what did start has been stopped.
        """
        if not self.settings.campaigns_dir.is_dir():
            raise LocalStackError(f"CAMPAIGNS_DIR: {self.settings.campaigns_dir} is not a folder")
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
            for server in self._embedded:
                server.remove()
            shutil.rmtree(self._state, ignore_errors=True)

    def _postgres_url(self) -> str:
        if self.settings.postgres_url is not None:
            return self.settings.postgres_url.get_secret_value()
        server = EmbeddedPostgres(self.settings.postgres_data_dir, port=self.settings.postgres_port)
        self._embedded.append(server)
        return server.url()

    def _redis_url(self) -> str:
        if self.settings.redis_url is not None:
            return self.settings.redis_url.get_secret_value()
        server = EmbeddedRedis(port=self.settings.redis_port)
        self._embedded.append(server)
        return server.url()
