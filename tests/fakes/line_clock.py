"""A telephone line's clock that steps from deadline to deadline as fast as the event loop turns."""

import asyncio

from phone_simulator.pacer import LineClock


class SteppingLineClock(LineClock):
    """Before each step the event loop turns a few times, so that peers on real sockets can react within the frame."""

    def __init__(self, turns: int = 16) -> None:
        self._now = 50.0
        self._turns = turns

    def monotonic(self) -> float:
        return self._now

    async def wait_until(self, moment: float) -> None:
        for _ in range(self._turns):
            await asyncio.sleep(0)
        self._now = max(self._now, moment)
