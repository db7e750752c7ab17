"""The keys that a caller presses; together they are one input once he pauses."""

import asyncio

_PAUSE_SECONDS = 1.2
_MAX_KEYS = 32


class CollectedKeys:
    """Collects the keys of one call."""

    def __init__(self) -> None:
        self._keys = ""

    async def pressed(self, key: str) -> str:
        """Takes a key; returns all keys after a pause, or nothing if another key came in it."""
        self._keys = keys = (self._keys + key)[:_MAX_KEYS]
        await asyncio.sleep(_PAUSE_SECONDS)
        if self._keys != keys:
            return ""
        self._keys = ""
        return keys
