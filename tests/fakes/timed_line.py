"""A phone line without audio on which speech takes its time, by the event loop's clock."""

import asyncio

from fakes.spoken_line import SpokenLine, SpokenReply

SECONDS_PER_CHARACTER = 0.06


class TimedLine(SpokenLine):
    """Plays one reply after the other; each ends as many seconds after its words as they take to be spoken."""

    def __init__(self) -> None:
        super().__init__(hears_everything=False)
        self.begins: list[float] = []
        self._free_at = 0.0
        self._ends: dict[int, asyncio.TimerHandle] = {}

    def _begin(self, reply: SpokenReply) -> None:
        self.begins.append(max(asyncio.get_running_loop().time(), self._free_at))
        super()._begin(reply)

    def _end(self, reply: SpokenReply) -> None:
        loop = asyncio.get_running_loop()
        self._free_at = max(loop.time(), self._free_at) + len(reply.text) * SECONDS_PER_CHARACTER
        self._ends[id(reply)] = loop.call_at(self._free_at, self.hear, reply)

    def cut(self, reply: SpokenReply, text: str) -> None:
        """The caller speaks over a reply of which a text was heard."""
        if timer := self._ends.pop(id(reply), None):
            timer.cancel()
        self._free_at = asyncio.get_running_loop().time()
        self.hear(reply, text)

    async def hang_up(self, *, timeout: float) -> bool:
        """Hangs up once everything was heard, or the time is over."""
        try:
            async with asyncio.timeout(timeout):
                while not self.settled:  # noqa: ASYNC110 - virtual time costs nothing
                    await asyncio.sleep(SECONDS_PER_CHARACTER)
        except TimeoutError:
            return False
        finally:
            self.hung_up.set()
        return True

    async def over(self, reply: SpokenReply) -> None:
        """Waits until a reply was heard."""
        while not self.was_heard(reply):  # noqa: ASYNC110 - virtual time costs nothing
            await asyncio.sleep(SECONDS_PER_CHARACTER)
