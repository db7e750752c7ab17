"""What the embedded servers have in common: a temporary directory, a child process, start and stop."""

import shutil
import tempfile
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from local_stack.child_process import ChildProcess, Command
from local_stack.loopback import free_ports
from local_stack.process_guard import process_guard


class EmbeddedServer(ABC):
    """A server on loopback that a test or the local stack owns.

    `start` and `stop` (or a `with` block) run it from here; the local stack takes the command of `prepare` instead and
    hands it to its supervisor.

    Args:
        port: The loopback port; None takes a free one.
    """

    name: ClassVar[str]

    def __init__(self, port: int | None) -> None:
        self.port = port if port is not None else free_ports(1)[0]
        self._temporary: Path | None = None
        self._process: ChildProcess | None = None

    @abstractmethod
    def prepare(self) -> Command:
        """Makes what the server needs and returns the command that serves in the foreground."""

    @abstractmethod
    def missing(self) -> str | None:
        """Returns why the server does not answer now, None if it does."""

    @property
    def pid(self) -> int | None:
        """The process id of the server started by `start`, None before and after."""
        return self._process.pid if self._process else None

    def start(self, timeout: float = 30.0) -> None:
        """Prepares and starts the server and waits until it answers."""
        command = self.prepare()
        self._process = ChildProcess.start(self.name, command, self._work_directory() / "server.log")
        self._process.wait_until_ready(self.missing, timeout)

    def stop(self) -> None:
        """Stops the server; nothing happens when it does not run."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def remove(self) -> None:
        """Deletes the temporary directory with all that the stopped server kept there."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.remove()

    def _work_directory(self) -> Path:
        """Returns the temporary directory, made at the first use; other accounts may enter but not list it."""
        if self._temporary is None:
            self._temporary = Path(tempfile.mkdtemp(prefix=f"callwright-{self.name}-"))
            self._temporary.chmod(0o711)
            process_guard().add_directory(self._temporary)
        return self._temporary
