"""The keys that a caller presses; together they are one input once he pauses."""

import asyncio

_PAUSE_SECONDS = 1.2
_MAX_DIGITS = 32


class KeyPresses:
    """Collects the keys of one call."""

    def __init__(self) -> None:
        self._digits = ""

    async def pressed(self, digit: str) -> str:
        """Takes a key; returns all digits after a pause, or nothing if another key came in it."""
        self._digits = digits = (self._digits + digit)[:_MAX_DIGITS]
        await asyncio.sleep(_PAUSE_SECONDS)
        if self._digits != digits:
            return ""
        self._digits = ""
        return digits
