"""A server as a child process: its command, its log file, waiting until it serves and ending it for sure."""

import contextlib
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from local_stack.process_guard import process_guard, signal_group
from local_stack.server_account import ServerAccount

_POLL_SECONDS = 0.02
_TAIL_LINES = 25


class LocalStackError(RuntimeError):
    """A problem whose text tells the user what to do; the command shows it without a traceback."""


class ServerStartError(LocalStackError):
    """A server ended or stayed silent instead of serving; the text names it and ends with its last log lines."""


@dataclass(frozen=True)
class Command:
    """How a server process is started and asked to stop.

    Attributes:
        argv: The program and its arguments. Secrets do not belong here: every user of the machine can read them.
        environment: The whole environment of the process.
        stdin: Text that the process reads from its standard input.
        account: The account to run as; None keeps the own.
        stop_signal: The signal for a graceful stop.
        stop_seconds: How long a graceful stop may take before the process is killed.
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    stdin: str | None = field(default=None, repr=False)
    account: ServerAccount | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0


class ChildProcess:
    """A started process in a process group of its own, its output in a log file.

    Should this process die without stopping it, the process guard does.
    """

    def __init__(self, name: str, command: Command, log: Path, process: subprocess.Popen[bytes]) -> None:
        self.name = name
        self.log = log
        self._command = command
        self._process = process

    @classmethod
    def start(cls, name: str, command: Command, log: Path) -> Self:
        """Starts the command; what it prints is appended to the log file."""
        guard = process_guard()
        account = command.account
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            process = subprocess.Popen(
                account.as_this_user(command.argv) if account else command.argv,
                stdin=subprocess.DEVNULL if command.stdin is None else subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(command.environment),
                process_group=0,
            )
        guard.add(process.pid, command.stop_signal)
        if process.stdin is not None and command.stdin is not None:
            # A process that ended at once is reported by whoever waits for it, with its log.
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(command.stdin.encode())
                process.stdin.close()
        return cls(name, command, log, process)

    @property
    def pid(self) -> int:
        """The process id, which is the number of the process group too."""
        return self._process.pid

    def exit_status(self) -> int | None:
        """Returns the exit status (minus the signal number for a killed process), None while the process runs."""
        return self._process.poll()

    def wait_until_ready(self, missing: Callable[[], str | None], timeout: float) -> None:
        """Waits until nothing is missing any more.

        Raises:
            ServerStartError: The process ended, or the time was over.
        """
        deadline = time.monotonic() + timeout
        while (problem := missing()) is not None:
            self.raise_if_ended()
            if time.monotonic() > deadline:
                raise ServerStartError(
                    f"{self.name} was not ready within {timeout:.0f} s: {problem}\n{self.log_tail()}"
                )
            time.sleep(_POLL_SECONDS)

    def raise_if_ended(self) -> None:
        """Raises ServerStartError when the process has ended."""
        status = self.exit_status()
        if status is not None:
            raise ServerStartError(f"{self.name} ended with status {status}\n{self.log_tail()}")

    def log_tail(self) -> str:
        """Returns the last lines of the log, under the name of its file."""
        with contextlib.suppress(FileNotFoundError), self.log.open(errors="replace") as lines:
            return f"{self.log}:\n" + "".join(deque(lines, _TAIL_LINES))
        return f"{self.log}: empty"

    def ask_to_stop(self) -> None:
        """Sends the signal for a graceful stop, to the leading process alone, as its documentation expects."""
        if self.exit_status() is None:
            self._process.send_signal(self._command.stop_signal)

    def stop(self) -> None:
        """Ends the process, gracefully if it can, and whatever is left of its group."""
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(self._command.stop_seconds)
        self.kill()

    def kill(self) -> None:
        """Kills the process and its group at once and takes them off the guard's list."""
        signal_group(self.pid, signal.SIGKILL)
        self._process.wait()
        process_guard().remove(self.pid)
