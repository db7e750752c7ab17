"""A server as a child process: its command, its log file, and ending it for sure."""

import contextlib
import signal
import subprocess
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local_stack import LocalStackError
from local_stack.processes.process_guard import process_guard, signal_group
from local_stack.processes.server_account import ServerAccount

_TAIL_LINES = 25


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

    def __init__(self, name: str, command: Command, log: Path) -> None:
        """Starts the command; what it prints is appended to the log file."""
        self.name = name
        self.log = log
        self._command = command
        guard, account = process_guard(), command.account
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._process = process = subprocess.Popen(
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

    @property
    def pid(self) -> int:
        """The process id, which is the number of the process group too."""
        return self._process.pid

    def exit_status(self) -> int | None:
        """Returns the exit status (minus the signal number for a killed process), None while the process runs."""
        return self._process.poll()

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

    def stop(self) -> None:
        """Ends the process, gracefully if it can, and whatever is left of its group."""
        # The leading process alone is asked, as servers expect it.
        self._process.send_signal(self._command.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(self._command.stop_seconds)
        self.kill()

    def kill(self) -> None:
        """Kills the process and its group at once and takes them off the guard's list."""
        signal_group(self.pid, signal.SIGKILL)
        self._process.wait()
        process_guard().remove(self.pid)
