"""Records in a file: `magic, length, CRC-32, payload`, one after the other.

A reader finds the way back after damage, whatever it is: what does not check is passed over up to the next record that
does.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MAX_PAYLOAD_BYTES = 512 * 1024
_HEADER = struct.Struct(">4sII")
_MAGIC = b"CWE1"
_WINDOW_BYTES = 64 * 1024

ReadAt = Callable[[int, int], bytes]
"""Returns so many bytes, or what there is of them, from a position."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a file: a record, or damage, which has no payload."""

    start: int
    end: int
    payload: bytes | None


def encode_record(payload: bytes) -> bytes:
    """Returns a record."""
    return _HEADER.pack(_MAGIC, len(payload), zlib.crc32(payload)) + payload


def stretches(read: ReadAt, start: int, end: int) -> Iterator[Stretch]:
    """Yields what lies between two positions, in order and without a gap."""
    while start < end:
        payload = _record_at(read, start)
        behind = _next_record(read, start + 1, end) if payload is None else start + _HEADER.size + len(payload)
        yield Stretch(start, behind, payload)
        start = behind


def torn(tail: bytes) -> bytes:
    """Returns a damaged end of a file, as long as it was, without what would take the next record for its own rest."""
    return tail.replace(_MAGIC, bytes(len(_MAGIC)))


def _record_at(read: ReadAt, position: int) -> bytes | None:
    header = read(_HEADER.size, position)
    if len(header) < _HEADER.size:
        return None
    magic, length, checksum = _HEADER.unpack(header)
    if magic != _MAGIC or length > MAX_PAYLOAD_BYTES:
        return None
    payload = read(length, position + _HEADER.size)
    return payload if len(payload) == length and zlib.crc32(payload) == checksum else None


def _next_record(read: ReadAt, position: int, end: int) -> int:
    """Returns the position of the next record that checks, or the end."""
    while position < end:
        window = read(_WINDOW_BYTES, position)
        if not window:
            break
        found = window.find(_MAGIC)
        while found >= 0:
            if _record_at(read, position + found) is not None:
                return position + found
            found = window.find(_MAGIC, found + 1)
        position += max(len(window) - len(_MAGIC) + 1, 1)
    return end
