"""A guard that outlives this process and ends its children, and their files, when it dies without saying goodbye.

A process that is killed with SIGKILL cannot clean up. The guard is a small process in a session of its own which holds
the reading end of a pipe: while this process lives, the pipe stays open, and the guard learns which process groups
and temporary directories belong to it. When the pipe closes, however that came about, the guard ends the groups that
are still registered and deletes the directories. Groups rather than processes, so that children of children end too.

The file is run as a script by its path, without site packages, and therefore imports the standard library alone.
"""

import atexit
import contextlib
import functools
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

_GRACE_SECONDS = 5.0
_POLL_SECONDS = 0.05


class ProcessGuard:
    """The pipe to a guard process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).resolve())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )
        assert self._process.stdin is not None  # noqa: S101 - it is the pipe that was asked for
        self._pipe = self._process.stdin

    def add(self, group: int, stop_signal: int) -> None:
        """Puts a process group under guard, with the signal that asks it to stop."""
        self._tell(f"+{group} {int(stop_signal)}\n")

    def remove(self, group: int) -> None:
        """Takes a process group that has ended off the guard's list, because its number may be used again."""
        self._tell(f"-{group}\n")

    def add_directory(self, directory: Path) -> None:
        """Lets the guard delete a directory in the end."""
        self._tell(f"/{directory}\n")

    def close(self) -> None:
        """Ends the guard, which ends the groups that are still registered and deletes the directories first."""
        self._pipe.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        # A guard that somebody killed only takes its extra safety away.
        with contextlib.suppress(BrokenPipeError):
            self._pipe.write(line.encode())
            self._pipe.flush()


@functools.cache
def process_guard() -> ProcessGuard:
    """Returns the guard of this process, started when it is first asked for."""
    guard = ProcessGuard()
    atexit.register(guard.close)
    return guard


def signal_group(group: int, number: int) -> bool:
    """Sends a signal to a process group; returns whether a process was there to get it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _end(groups: dict[int, int]) -> None:
    left = {group for group, stop_signal in groups.items() if signal_group(group, stop_signal)}
    deadline = time.monotonic() + _GRACE_SECONDS
    while left and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
        left = {group for group in left if signal_group(group, 0)}
    for group in left:
        signal_group(group, signal.SIGKILL)


def main() -> None:
    """Reads `+group signal`, `-group` and `/directory` lines until the pipe closes, then ends what is left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: dict[int, int] = {}
    directories: list[str] = []
    for line in sys.stdin:
        if line.startswith("+"):
            group, stop_signal = line[1:].split()
            groups[int(group)] = int(stop_signal)
        elif line.startswith("-"):
            groups.pop(int(line[1:]), None)
        elif line.startswith("/"):
            directories.append(line[1:].rstrip("\n"))
    _end(groups)
    for directory in directories:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
