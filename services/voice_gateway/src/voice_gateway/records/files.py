"""The operating system's calls that the files of records use."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol


class Files(Protocol):
    """The calls of the module `os`, with its names, its arguments and its errors."""

    def open(self, path: Path, flags: int, mode: int = ..., /) -> int:
        """Opens a file."""

    def close(self, file: int, /) -> None:
        """Closes a file."""

    def fstat(self, file: int, /) -> os.stat_result:
        """Returns what is known of a file."""

    def pread(self, file: int, size: int, position: int, /) -> bytes:
        """Reads from a position."""

    def pwrite(self, file: int, data: bytes | memoryview, position: int, /) -> int:
        """Writes at a position and returns how much was written."""

    def ftruncate(self, file: int, size: int, /) -> None:
        """Cuts a file off."""

    def fsync(self, file: int, /) -> None:
        """Waits until a file is on the disk."""

    def replace(self, source: Path, target: Path, /) -> None:
        """Renames a file."""

    def unlink(self, path: Path, /) -> None:
        """Removes a file."""


def write_all(files: Files, file: int, data: bytes, position: int) -> None:
    """Writes at a position and waits until it is on the disk; what is written of it when that fails is cut off."""
    try:
        at, view = position, memoryview(data)
        while view:
            written = files.pwrite(file, view, at)
            at, view = at + written, view[written:]
        files.fsync(file)
    except OSError:
        # Where that fails too, the next write at this position goes over it.
        with suppress(OSError):
            files.ftruncate(file, position)
        raise
