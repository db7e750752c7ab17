"""A bounded file of records that survives a crash, a full disk and damage.

Its head says up to where records were released, and is written in place, which a full disk does not prevent. `append`
returns once the bytes are on the disk. After a crash some records may be read again. All methods block and belong in a
thread; each may be tried again after an `OSError`.
"""

import fcntl
import os
import struct
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from voice_gateway.records.files import Files, write_all
from voice_gateway.records.record_format import MAX_PAYLOAD_BYTES, encode_record, stretches, torn

_HEAD = struct.Struct(">4sQI")
_MAGIC = b"CWS1"


class SpoolFullError(OSError):
    """The spool has no room for the record."""


class SpoolInUseError(OSError):
    """Another process uses the spool."""


@dataclass(frozen=True, slots=True)
class SpoolBatch:
    """The next records.

    Attributes:
        payloads: Those that check.
        damaged: The stretches between them that do not.
        size: What all of it takes in the file, for `release`.
    """

    payloads: Sequence[bytes]
    damaged: Sequence[bytes]
    size: int


class SpoolFile:
    """One spool. While it is open here, no other process opens it."""

    def __init__(self, path: Path, max_bytes: int, files: Files = os) -> None:
        """Names the file; `open` comes first.

        Args:
            path: The file; its folder is made if there is none.
            max_bytes: Size that `append` does not exceed.
            files: The operating system.
        """
        self._path = path
        self._max_bytes = max_bytes
        self._files = files
        self._file: int | None = None
        self._lock: int | None = None
        self._size = self._released = _HEAD.size

    @property
    def is_open(self) -> bool:
        """Whether it is known what waits."""
        return self._file is not None

    @property
    def waiting_bytes(self) -> int:
        """What is not released."""
        return self._size - self._released

    def open(self) -> None:
        """Opens the file, unless it is open.

        Raises:
            SpoolInUseError: if another process has it open.
            OSError: if the disk fails.
        """
        if self._file is not None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._take_lock()
            self._file = self._files.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._size = max(_HEAD.size, self._files.fstat(self._file).st_size)
            self._load_head()
            self._close_torn_record()
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Closes the file."""
        file, self._file, lock, self._lock = self._file, None, self._lock, None
        try:
            if file is not None:
                self._files.close(file)
        finally:
            if lock is not None:
                os.close(lock)

    @property
    def max_payload_bytes(self) -> int:
        """The largest record that an empty spool takes."""
        return min(MAX_PAYLOAD_BYTES, self._max_bytes - _HEAD.size - len(encode_record(b"")))

    def append(self, payloads: Sequence[bytes]) -> int:
        """Writes as many of the records as there is room for, in order, and returns how many once they are on the disk.

        Raises:
            SpoolFullError: if there is no room for the first one.
            OSError: if the disk fails; none is written then.
        """
        records = list(map(encode_record, payloads))
        if self._size + sum(map(len, records)) > self._max_bytes:
            self._compact()
        ends = accumulate(map(len, records), initial=self._size)
        count = sum(end <= self._max_bytes for end in ends) - 1
        if count < 1:
            raise SpoolFullError("the spool is full")
        data = b"".join(records[:count])
        write_all(self._files, self._fd, data, self._size)
        self._size += len(data)
        return count

    def read(self, max_records: int, max_bytes: int) -> SpoolBatch:
        """Returns the next records that are not released; at least one, however large, if there are any."""
        payloads: list[bytes] = []
        damaged: list[bytes] = []
        total, end = 0, self._released
        for stretch in stretches(self._read, self._released, self._size):
            total += stretch.end - stretch.start
            if payloads and (len(payloads) == max_records or total > max_bytes):
                break
            if stretch.payload is None:
                damaged.append(self._read(stretch.end - stretch.start, stretch.start))
            else:
                payloads.append(stretch.payload)
            end = stretch.end
        return SpoolBatch(payloads, damaged, end - self._released)

    def release(self, size: int) -> None:
        """Forgets the first so many bytes; empties the file when nothing is left."""
        released = self._released + size
        if released >= self._size:
            # The head goes first: a crash between the two steps reads released records again, and loses none.
            self._save_head(_HEAD.size)
            self._files.ftruncate(self._fd, _HEAD.size)
            self._size = released = _HEAD.size
        else:
            self._save_head(released)
        self._released = released

    @property
    def _fd(self) -> int:
        if self._file is None:
            raise OSError("the spool is not open")
        return self._file

    def _take_lock(self) -> None:
        # A file of its own, because the spool's is replaced.
        self._lock = os.open(self._path.with_suffix(".spool-lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SpoolInUseError("another process uses the spool") from None

    def _read(self, size: int, position: int) -> bytes:
        return self._files.pread(self._fd, size, position)

    def _load_head(self) -> None:
        head = self._read(_HEAD.size, 0)
        if len(head) == _HEAD.size:
            magic, released, checksum = _HEAD.unpack(head)
            if magic == _MAGIC and checksum == zlib.crc32(head[:-4]) and _HEAD.size <= released <= self._size:
                self._released = released
                return
        self._save_head(_HEAD.size)
        self._released = _HEAD.size

    def _close_torn_record(self) -> None:
        """Keeps a record that a crash cut off from going on into the next one, in place, so that a full disk may be."""
        for stretch in stretches(self._read, self._released, self._size):
            if stretch.payload is None and stretch.end == self._size:
                tail = self._read(stretch.end - stretch.start, stretch.start)
                self._files.pwrite(self._fd, torn(tail), stretch.start)

    def _save_head(self, released: int) -> None:
        head = _HEAD.pack(_MAGIC, released, 0)[:-4]
        self._files.pwrite(self._fd, head + struct.pack(">I", zlib.crc32(head)), 0)

    def _compact(self) -> None:
        """Moves what is not released into a new file, if that frees anything."""
        if self._released == _HEAD.size:
            return
        kept = self._read(self.waiting_bytes, self._released)
        temporary = self._path.with_suffix(".new")
        file = self._files.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            write_all(self._files, file, bytes(_HEAD.size) + kept, 0)
            self._files.replace(temporary, self._path)
        except OSError:
            self._files.close(file)
            with suppress(OSError):
                self._files.unlink(temporary)
            raise
        old, self._file = self._fd, file
        self._size, self._released = _HEAD.size + len(kept), _HEAD.size
        # All that it holds is in the new one, so that nothing depends on how closing it ends.
        with suppress(OSError):
            self._files.close(old)
        self._save_head(_HEAD.size)
