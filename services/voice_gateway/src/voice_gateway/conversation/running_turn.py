"""The one turn of a call that is being answered."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from callwright_common.supervision import end_tasks, start_task
from voice_gateway.conversation.turn import Turn

_TAIL_SECONDS = 0.4
"""How long a turn whose words are out may take to be stored once the caller speaks again."""
FINISH_SECONDS = 5.0
"""How long a reply that is being said may take to be finished when something else is to be said."""


class RunningTurn:
    """Runs the work on one turn after the other; whoever begins one holds `order` meanwhile."""

    def __init__(self) -> None:
        self.order = asyncio.Lock()
        self._turn: Turn | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def answering(self) -> bool:
        """Whether a turn is being answered."""
        return self._task is not None and not self._task.done()

    def start(self, turn: Turn, work: Coroutine[Any, Any, None]) -> None:
        """Begins to answer a turn."""
        self._turn = turn
        self._task = start_task(work, "turn")

    def interrupt(self) -> None:
        """Ends the work on a reply that is not complete: nobody wants the rest of it."""
        if self._task is not None and self._turn is not None and not self._turn.reply_complete:
            self._task.cancel()

    async def wait(self, seconds: float) -> None:
        """Waits for the end of the work, within a limit."""
        if self._task is not None:
            await asyncio.wait([self._task], timeout=seconds)

    async def fall_silent(self, finish_seconds: float = FINISH_SECONDS) -> Turn | None:
        """Ends the work: what is being said is finished, what is being stored too, within limits.

        Returns:
            The turn, if nothing was said in it.
        """
        task, turn = self._task, self._turn
        if task is None or turn is None or task is asyncio.current_task():
            return None
        if turn.spoken and not task.done():
            await asyncio.wait([task], timeout=_TAIL_SECONDS if turn.reply_complete else finish_seconds)
        if not task.done():
            await end_tasks(task)
        self._task = None
        return None if turn.spoken or turn.heard is not None else turn
