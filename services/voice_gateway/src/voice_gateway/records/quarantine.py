"""What the persistence service refused and what is damaged in the spool, kept until an operator replays it.

A file of records with stretches of damage between them. A gateway adds to it while another process replays it: a lock
keeps the two apart for the moment in which one of them writes or the other takes the file away.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voice_gateway.records.files import Files, write_all


class ReplayRunningError(Exception):
    """Another process replays this quarantine."""


class Quarantine:
    """The quarantine beside a spool."""

    def __init__(self, spool: Path, max_bytes: int, files: Files = os) -> None:
        """Names the file.

        Args:
            spool: The spool's file; its folder must be there.
            max_bytes: Size that `keep` does not exceed.
            files: The operating system.
        """
        self._spool = spool
        self._path = spool.with_suffix(".quarantine")
        self._taken = spool.with_suffix(".replaying")
        self._max_bytes = max_bytes
        self._files = files

    def keep(self, data: bytes) -> bool:
        """Adds records or damage and waits until they are on the disk; returns False if there is no room.

        Raises:
            OSError: if the disk fails; nothing is added then.
        """
        with self._locked(".quarantine-lock"):
            return self._add(data, self._max_bytes)

    @contextmanager
    def taken(self) -> Iterator[bytes]:
        """Takes everything out for the body, which says by `put_back` what is to stay; a crash leaves all of it.

        Raises:
            ReplayRunningError: if another process does so.
            FileNotFoundError: if no gateway keeps its events there.
            OSError: if the disk fails.
        """
        if not (self._spool.exists() or self._path.exists() or self._taken.exists()):
            raise FileNotFoundError(self._spool)
        with self._locked(".replay-lock", wait=False):
            with self._locked(".quarantine-lock"):
                if self._taken.exists():
                    # A replay was cut off; what it sent already is skipped this time.
                    self._add(self._taken.read_bytes(), None)
                    self._taken.unlink()
                if self._path.exists():
                    self._files.replace(self._path, self._taken)
            yield self._taken.read_bytes() if self._taken.exists() else b""
            self._taken.unlink(missing_ok=True)

    def put_back(self, data: bytes) -> None:
        """Adds what was taken out, whatever its size."""
        if not data:
            return
        with self._locked(".quarantine-lock"):
            self._add(data, None)

    def _add(self, data: bytes, max_bytes: int | None) -> bool:
        file = self._files.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._leave_to_gateway(file)
            size = self._files.fstat(file).st_size
            if max_bytes is not None and size + len(data) > max_bytes:
                return False
            write_all(self._files, file, data, size)
            return True
        finally:
            self._files.close(file)

    def _leave_to_gateway(self, file: int) -> None:
        """Lets the gateway write to a file that root made beside its spool."""
        if os.geteuid() == 0:
            owner = (self._spool if self._spool.exists() else self._spool.parent).stat()
            os.fchown(file, owner.st_uid, owner.st_gid)

    @contextmanager
    def _locked(self, suffix: str, *, wait: bool = True) -> Iterator[None]:
        lock = os.open(self._path.with_suffix(suffix), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._leave_to_gateway(lock)
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            yield
        except BlockingIOError:
            raise ReplayRunningError from None
        finally:
            os.close(lock)
