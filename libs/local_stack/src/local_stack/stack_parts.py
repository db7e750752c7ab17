"""The parts of the whole system as data: what is started, with which settings, after what."""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from local_stack.endpoints import endpoints_of
from local_stack.loopback import LOOPBACK
from local_stack.processes.child_process import Command
from local_stack.processes.readiness import grpc_serving, http_answers
from local_stack.processes.supervisor import Part
from local_stack.servers.databases import ensure_database
from local_stack.servers.embedded_postgres import EmbeddedPostgres
from local_stack.servers.embedded_redis import EmbeddedRedis
from local_stack.servers.embedded_server import EmbeddedServer
from local_stack.servers.piper_server import piper_command, voice_model
from local_stack.service_environment import service_environments
from local_stack.stack_settings import StackSettings

_NO_PROXY_NAMES = ("no_proxy", "NO_PROXY", "no_grpc_proxy")
_LOOPBACK_NAMES = (LOOPBACK, "localhost", "::1")
_SERVICE_STOP_SECONDS = 8.0
# The gateway lets callers hear a goodbye before it ends their calls.
_GATEWAY_STOP_SECONDS = 20.0


class StackPlan:
    """What the parts are told about each other.

    Args:
        settings: The stack's settings; all ports are chosen.
        state_directory: Holds what the gateway keeps on disk while the stack runs.

    Attributes:
        endpoints: Where the parts answer.
        embedded: The servers that belong to the stack.
        postgres_url: A database of a PostgreSQL user who may create databases.
        redis_url: The Redis of orchestrator and gateway.
    """

    def __init__(self, settings: StackSettings, state_directory: Path) -> None:
        self.settings = settings
        self.endpoints = endpoints_of(settings)
        self.embedded: list[EmbeddedServer] = []
        self.postgres_url = self._url_of(
            settings.postgres_url, EmbeddedPostgres(settings.postgres_data_dir, port=settings.postgres_port)
        )
        self.redis_url = self._url_of(settings.redis_url, EmbeddedRedis(settings.redis_port))
        self._told = service_environments(settings, self.postgres_url, self.redis_url, state_directory)

    def parts(self) -> list[Part]:
        """Returns all parts of the stack."""
        parts = [
            *(Part(one.name, one.prepare, partial(asyncio.to_thread, one.missing)) for one in self.embedded),
            Part("piper", self._piper_command, http_answers(f"{self.endpoints.piper_url}/info")),
            *self._with_tables("escalation_budget"),
            *self._with_tables("persistence"),
            self._service("agent_orchestrator", uses=("redis", "persistence")),
            self._service(
                "voice_gateway",
                uses=("redis", "piper", "agent_orchestrator", "escalation_budget", "persistence"),
                stop_seconds=_GATEWAY_STOP_SECONDS,
            ),
        ]
        # A server that is not the stack's own is not waited for.
        present = {part.name for part in parts}
        return [
            replace(part, needs=_those_in(present, part.needs), uses=_those_in(present, part.uses)) for part in parts
        ]

    def _url_of(self, given: SecretStr | None, server: EmbeddedServer) -> str:
        """Returns the URL that the settings give, else that of a server which then belongs to the stack."""
        if given is not None:
            return given.get_secret_value()
        self.embedded.append(server)
        return server.url()

    def _piper_command(self) -> Command:
        return piper_command(voice_model(self.settings.piper_voice), self.settings.piper_port, self._environment({}))

    def _with_tables(self, package: str) -> tuple[Part, Part]:
        """Returns the task that brings the tables of a service up to date, and the service."""

        def prepare() -> Command:
            ensure_database(self.postgres_url, package)
            return _python(package, "migrate", environment=self._environment(self._told[package]))

        migration = Part(f"{package}-migration", prepare, None, needs=("postgres",))
        return migration, self._service(package, needs=(migration.name,))

    def _service(
        self,
        package: str,
        *,
        needs: tuple[str, ...] = (),
        uses: tuple[str, ...] = (),
        stop_seconds: float = _SERVICE_STOP_SECONDS,
    ) -> Part:
        told = self._told[package]
        command = _python(package, environment=self._environment(told), stop_seconds=stop_seconds)
        return Part(package, lambda: command, grpc_serving(told["GRPC_LISTEN"]), needs, uses)

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        return {**os.environ, **_without_proxy_on_loopback(os.environ), "PYTHONUNBUFFERED": "1", **more}


def _without_proxy_on_loopback(environment: Mapping[str, str]) -> dict[str, str]:
    """Returns the variables that keep what is on loopback from a proxy of the environment, in the spellings in use."""
    excluded = next((value for name in _NO_PROXY_NAMES if (value := environment.get(name))), "")
    names = [name for name in _NO_PROXY_NAMES if name != "no_grpc_proxy" or name in environment]
    return {name: ",".join(filter(None, [environment.get(name) or excluded, *_LOOPBACK_NAMES])) for name in names}


def _python(
    package: str, *arguments: str, environment: Mapping[str, str], stop_seconds: float = _SERVICE_STOP_SECONDS
) -> Command:
    return Command((sys.executable, "-m", package, *arguments), environment, stop_seconds=stop_seconds)


def _those_in(present: set[str], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in present)
