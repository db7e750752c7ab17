"""How a call ends: for one reason, and not before its last words were heard."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from callwright_common.logs import get_logger
from vocabulary.enums import EndReason
from voice_gateway.conversation.call_line import Line
from voice_gateway.conversation.running_turn import RunningTurn

_logger = get_logger(__name__)

_HANG_UP_SECONDS = 10.0
_FAREWELL_SECONDS = 90.0
"""How long a goodbye, and what is being said ahead of it, may take until it was heard."""

Spawn = Callable[[Coroutine[Any, Any, Any], str], "asyncio.Task[Any]"]


@dataclass(slots=True)
class CallEnding:
    """The end of one call.

    Attributes:
        line: What is to be hung up.
        running: What is being said is finished before anything else.
        spawn: Runs work in a task of the call.
        reason: Why the call ends or ended; None while it goes on.
        hanging_up: Nothing more is said.
    """

    line: Line
    running: RunningTurn
    spawn: Spawn
    reason: EndReason | None = None
    hanging_up: bool = False
    _farewell: str = ""
    _last_resort: "asyncio.Task[Any] | None" = None

    def announce(self, reason: EndReason, farewell: str) -> None:
        """Notes that a goodbye is being said; the call ends at last even if the caller does not let it be heard."""
        self.reason, self._farewell = reason, farewell
        self._last_resort = self.spawn(self._hang_up_at_last(), "hang up at last")

    def retract_silence(self) -> None:
        """Lets a caller go on who speaks up while he is told that nobody hears him."""
        if self.reason is EndReason.SILENCE and not self.hanging_up:
            self.reason = None
            if self._last_resort is not None:
                self._last_resort.cancel()

    def take_farewell(self) -> str:
        """Returns the goodbye that was spoken over, to be said once more; empty the next time."""
        farewell, self._farewell = "" if self.hanging_up else self._farewell, ""
        return farewell

    def hang_up(self, reason: EndReason, patience: float = _HANG_UP_SECONDS) -> None:
        """Hangs up once everything was heard, which may take `patience` seconds; an earlier reason stays."""
        self.reason = self.reason or reason
        self.spawn(self._hang_up(patience), "hang up")

    async def _hang_up_at_last(self) -> None:
        await asyncio.sleep(_FAREWELL_SECONDS)
        await self._hang_up(_HANG_UP_SECONDS)

    async def _hang_up(self, patience: float) -> None:
        if self.hanging_up:
            return
        self.hanging_up = True
        await self.running.wait(patience)
        if not await self.line.hang_up(timeout=patience):
            _logger.warning("hung up before the last words were heard")
