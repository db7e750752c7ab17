"""Tells watchers in this process that a call's context changed."""

import asyncio
from contextlib import suppress


class Changes:
    """One event per watcher; nothing is kept for calls that nobody watches."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[asyncio.Event]] = {}

    def announce(self, call_id: str) -> None:
        """Wakes those who wait for a change of the call."""
        for watcher in self._watchers.get(call_id, ()):
            watcher.set()

    async def wait(self, call_id: str, at_most_seconds: float) -> None:
        """Returns when the call's context changed in this process, or after the time."""
        changed = asyncio.Event()
        watchers = self._watchers.setdefault(call_id, set())
        watchers.add(changed)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(at_most_seconds):
                    await changed.wait()
        finally:
            watchers.discard(changed)
            if not watchers:
                self._watchers.pop(call_id, None)
