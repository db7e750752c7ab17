"""What the embedded servers have in common: a port, a password, a command and a temporary directory."""

import secrets
import shutil
import tempfile
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from local_stack.loopback import free_ports
from local_stack.processes.child_process import Command
from local_stack.processes.process_guard import process_guard


class EmbeddedServer(ABC):
    """A server on loopback that belongs to whoever runs the command of `prepare`.

    Args:
        port: The loopback port; None takes a free one.
    """

    name: ClassVar[str]

    def __init__(self, port: int | None = None) -> None:
        self.port = port if port is not None else free_ports(1)[0]
        # It stands in URLs, where its letters, digits, `-` and `_` need no quoting.
        self._password = secrets.token_urlsafe(24)
        self._temporary: Path | None = None

    @abstractmethod
    def url(self) -> str:
        """Returns the server's address, with the password."""

    @abstractmethod
    def prepare(self) -> Command:
        """Makes what the server needs and returns the command that serves in the foreground."""

    @abstractmethod
    def missing(self) -> str | None:
        """Returns why the server does not answer now, None if it does."""

    def remove(self) -> None:
        """Deletes the temporary directory with all that the stopped server kept there."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = None

    def _work_directory(self) -> Path:
        """Returns the temporary directory, made at the first use; other accounts may enter but not list it."""
        if self._temporary is None:
            self._temporary = Path(tempfile.mkdtemp(prefix=f"callwright-{self.name}-"))
            self._temporary.chmod(0o711)
            process_guard().add_directory(self._temporary)
        return self._temporary
