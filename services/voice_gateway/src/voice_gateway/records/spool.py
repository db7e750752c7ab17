"""A bounded, append-only file of records that survives a crash.

Each record is `magic, length, CRC-32, payload`. `append` returns once the bytes are on the disk. Reading tolerates a
torn tail and flipped bits: what does not check is skipped up to the next record that does, and is copied to the
quarantine file. The position up to which records were released is kept in a small file of its own; after a crash some
may be read again.
All methods block and belong in a thread.
"""

import os
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_HEADER = struct.Struct(">4sII")
_MAGIC = b"CWE1"
_MAX_PAYLOAD_BYTES = 1024 * 1024


class SpoolFullError(OSError):
    """The spool has no room for the record."""


@dataclass(frozen=True, slots=True)
class SpoolBatch:
    """Records read from a position.

    Attributes:
        payloads: The records that check.
        start: The position that was read from.
        end: The position behind them, for the next `read` or for `release`.
    """

    payloads: list[bytes]
    start: int
    end: int


class SpoolFile:
    """One spool file and its position file. Only one process may use them."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        """Opens the spool, cutting a torn record off its tail.

        Args:
            path: The file; its folder is made if there is none.
            max_bytes: Size that `append` does not exceed.

        Raises:
            OSError: if the folder cannot be written.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._position_path = path.with_suffix(".position")
        self._quarantine_path = path.with_suffix(".quarantine")
        self._max_bytes = max_bytes
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self.quarantined_bytes = 0
        self.released = self._load_position()
        self._size = self._recover()

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return self._size

    def close(self) -> None:
        """Closes the file."""
        os.close(self._file)

    def append(self, payloads: Sequence[bytes]) -> None:
        """Writes records and waits until they are on the disk; all or none.

        Raises:
            SpoolFullError: if they would exceed the limit.
            OSError: if the disk fails; what was written of them is cut off.
        """
        data = b"".join(_HEADER.pack(_MAGIC, len(one), zlib.crc32(one)) + one for one in payloads)
        if self._size + len(data) > self._max_bytes:
            self._compact()
            if self._size + len(data) > self._max_bytes:
                raise SpoolFullError("the spool is full")
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(self._file, view) :]
            os.fsync(self._file)
        except OSError:
            os.ftruncate(self._file, self._size)
            raise
        self._size += len(data)

    def read(self, position: int, max_records: int) -> SpoolBatch:
        """Returns the next records from a position; none and the same position at the end."""
        payloads: list[bytes] = []
        start = position
        while len(payloads) < max_records and position < self._size:
            payload = self._record_at(position)
            if payload is not None:
                payloads.append(payload)
                position += _HEADER.size + len(payload)
                continue
            following = self._next_record(position + 1)
            self._quarantine(position, following)
            position = following
        return SpoolBatch(payloads, start, position)

    def release(self, position: int) -> None:
        """Forgets the records before a position; empties the file when all are released."""
        self.released = position
        if position >= self._size:
            os.ftruncate(self._file, 0)
            os.fsync(self._file)
            self._size = 0
            self.released = 0
        self._save_position()

    def quarantine(self, payloads: Sequence[bytes]) -> None:
        """Keeps records that cannot be delivered, for a human."""
        data = b"".join(_HEADER.pack(_MAGIC, len(one), zlib.crc32(one)) + one for one in payloads)
        self._append_quarantine(data)

    def _record_at(self, position: int) -> bytes | None:
        header = os.pread(self._file, _HEADER.size, position)
        if len(header) < _HEADER.size:
            return None
        magic, length, checksum = _HEADER.unpack(header)
        if magic != _MAGIC or length > _MAX_PAYLOAD_BYTES:
            return None
        payload = os.pread(self._file, length, position + _HEADER.size)
        return payload if len(payload) == length and zlib.crc32(payload) == checksum else None

    def _next_record(self, position: int) -> int:
        """Returns the position of the next record that checks, or the end of the file."""
        window = 64 * 1024
        while position < self._size:
            block = os.pread(self._file, window, position)
            found = block.find(_MAGIC)
            while found >= 0:
                if self._record_at(position + found) is not None:
                    return position + found
                found = block.find(_MAGIC, found + 1)
            position += max(len(block) - len(_MAGIC) + 1, 1)
        return self._size

    def _recover(self) -> int:
        """Cuts what follows the last good record off the file and returns its size."""
        self._size = os.fstat(self._file).st_size
        position = self.released = min(self.released, self._size)
        if position and position < self._size and self._record_at(position) is None:
            position = self.released = 0
        good = position
        while position < self._size:
            payload = self._record_at(position)
            if payload is None:
                position = self._next_record(position + 1)
            else:
                position += _HEADER.size + len(payload)
                good = position
        if good < self._size:
            self._quarantine(good, self._size)
            os.ftruncate(self._file, good)
            os.fsync(self._file)
        return good

    def _quarantine(self, start: int, end: int) -> None:
        self._append_quarantine(os.pread(self._file, end - start, start))

    def _append_quarantine(self, data: bytes) -> None:
        self.quarantined_bytes += len(data)
        if self._quarantine_path.exists() and self._quarantine_path.stat().st_size + len(data) > self._max_bytes:
            return
        with self._quarantine_path.open("ab") as file:
            file.write(data)

    def _compact(self) -> None:
        """Moves what is not released into a new file, if that frees anything."""
        if self.released == 0:
            return
        kept = os.pread(self._file, self._size - self.released, self.released)
        temporary = self._path.with_suffix(".new")
        with temporary.open("wb") as file:
            file.write(kept)
            file.flush()
            os.fsync(file.fileno())
        # The position goes back first: a crash between the two steps reads released records again, and loses none.
        self.released = 0
        self._save_position()
        temporary.replace(self._path)
        os.close(self._file)
        self._file = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        self._size = len(kept)

    def _load_position(self) -> int:
        try:
            return max(0, int(self._position_path.read_text()))
        except (OSError, ValueError):
            return 0

    def _save_position(self) -> None:
        temporary = self._position_path.with_suffix(".position-new")
        temporary.write_text(str(self.released))
        temporary.replace(self._position_path)
