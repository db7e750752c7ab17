"""Tells when campaign files no longer hold what a running stack has read at its start."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path

_LOOK_EVERY_SECONDS = 2.0
_SUFFIXES = {".yaml", ".yml"}


def written_files(directory: Path) -> dict[Path, int]:
    """Returns the campaign files of a directory, each with the time of its last change in nanoseconds."""
    times = {}
    # A file that vanishes meanwhile is found to be gone by the next look.
    with suppress(OSError):
        for path in directory.iterdir():
            if path.suffix.lower() in _SUFFIXES and not path.name.startswith("."):
                times[path] = path.stat().st_mtime_ns
    return times


async def tell_changes(
    directory: Path,
    read: Mapping[Path, int],
    tell: Callable[[str], None],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Tells of each campaign file that changes, until it is cancelled.

    Args:
        directory: Holds the files.
        read: The files that the stack has read, as `written_files` tells them.
        tell: Receives a sentence per change.
        sleep: Waits until the next look.
    """
    known = dict(read)
    while True:
        await sleep(_LOOK_EVERY_SECONDS)
        found = written_files(directory)
        for path in sorted(known.keys() | found.keys()):
            if known.get(path) == found.get(path):
                continue
            what = "is new" if path not in known else "is gone" if path not in found else "has changed"
            tell(
                f"{path} {what}; campaigns are read at the start: press Ctrl-C and start again to use them as they are"
            )
        known = found
