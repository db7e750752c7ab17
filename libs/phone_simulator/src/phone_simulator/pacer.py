"""The pace of telephone lines: one timer gives all calls of a process their steps of 20 ms."""

import asyncio
import time
from collections.abc import Callable

from phone_simulator.telephone_audio import FRAME_SECONDS

PHASES = 10
"""Calls are spread over so many moments of a frame, as calls that began independently are."""

Step = Callable[[float], None]
"""One frame of one call; takes the moment at which it was due. It must not raise."""


class LineClock:
    """The machine's monotonic clock; tests step their own."""

    def monotonic(self) -> float:
        """Returns seconds from an arbitrary start."""
        return time.monotonic()

    async def wait_until(self, moment: float) -> None:
        """Returns at that moment, at once if it has passed; lets others run in any case."""
        await asyncio.sleep(max(0.0, moment - time.monotonic()))


class Pacer:
    """Steps every call that joined it once per frame, on absolute deadlines, from one task.

    The task runs while there are calls. Each belongs to the event loop in which the first call joined.
    """

    def __init__(self, clock: LineClock | None = None) -> None:
        self.clock = clock or LineClock()
        self._phases: list[list[Step]] = [[] for _ in range(PHASES)]
        self._task: asyncio.Task[None] | None = None

    def join(self, step: Step) -> None:
        """Calls `step` once per frame from now on, in the phase with the fewest calls."""
        min(self._phases, key=len).append(step)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def leave(self, step: Step) -> None:
        """Calls `step` no more."""
        for steps in self._phases:
            if step in steps:
                steps.remove(step)

    async def _run(self) -> None:
        begin = self.clock.monotonic()
        frame = 0
        while any(self._phases):
            for phase, steps in enumerate(self._phases):
                if steps:
                    due = begin + (frame + phase / PHASES) * FRAME_SECONDS
                    await self.clock.wait_until(due)
                    for step in tuple(steps):
                        step(due)
            frame += 1
