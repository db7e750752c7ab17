"""The phone side of a Twilio media stream: sends 20 ms frames in real time, plays what it gets, echoes marks."""

import asyncio
import base64
import json
import random
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

SILENCE = b"\xff" * 160
FRAME_SECONDS = 0.02
_LOST = 0.05
_HELD_BACK = 0.03
_LONGEST_JITTER_FRAMES = 40


@dataclass
class PhoneLine:
    """One call, seen from the phone. All times are the event loop's.

    `played` is the µ-law audio that was heard, without the silence; `played_at` the time of each of its frames. A poor
    line loses one frame in twenty and holds back others for up to 0.8 s, then delivers them at once.
    """

    url: str
    echo_marks: bool = True
    poor: bool = False
    played: bytearray = field(default_factory=bytearray)
    played_at: list[float] = field(default_factory=list)
    received: list[tuple[float, str]] = field(default_factory=list)
    played_ms_at_clear: list[int] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    _queue: deque[bytes | str] = field(default_factory=deque)
    _speech: deque[bytes] = field(default_factory=deque)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _socket: ClientConnection | None = None

    async def __aenter__(self) -> "PhoneLine":
        self._socket = await connect(self.url)
        await self.send({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        start = {"streamSid": "MZ1", "callSid": "CA1", "accountSid": "AC1", "customParameters": {"token": "t"}}
        await self.send({"event": "start", "sequenceNumber": "1", "streamSid": "MZ1", "start": start})
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._run())]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError, ConnectionClosed):
                await task
        if self._socket is not None:
            await self._socket.close()

    def say(self, ulaw: bytes) -> float:
        """Speaks from the next frame on; returns how long that takes."""
        padded = ulaw + b"\xff" * (-len(ulaw) % 160)
        self._speech.extend(padded[i : i + 160] for i in range(0, len(padded), 160))
        return len(self._speech) * FRAME_SECONDS

    @property
    def saying(self) -> bool:
        """Whether something is still to be said."""
        return bool(self._speech)

    async def said(self) -> float:
        """Waits until everything was said; returns the time."""
        await self._until(lambda: not self._speech, within=60.0)
        return asyncio.get_running_loop().time()

    async def send(self, message: dict[str, Any]) -> None:
        await self.send_raw(json.dumps(message))

    async def send_raw(self, data: str | bytes) -> None:
        assert self._socket is not None
        await self._socket.send(data)

    def times(self, event: str) -> list[float]:
        return [at for at, name in self.received if name == event]

    async def wait_for(self, event: str, *, count: int = 1, within: float = 10.0) -> float:
        """Waits until an event has come `count` times; returns when."""
        await self._until(lambda: len(self.times(event)) >= count, within=within)
        return self.times(event)[count - 1]

    async def quiet(self, seconds: float = 0.5, within: float = 20.0) -> None:
        """Waits until something was played and nothing has been for a while."""
        loop = asyncio.get_running_loop()
        await self._until(lambda: bool(self.played_at) and loop.time() - self.played_at[-1] >= seconds, within=within)

    async def played_for(self, seconds: float, within: float = 20.0) -> int:
        """Waits until the agent was heard for so long; returns the milliseconds."""
        await self._until(lambda: len(self.played) >= seconds * 8000, within=within)
        return len(self.played) // 8

    async def _until(self, condition: Callable[[], bool], *, within: float) -> None:
        async with asyncio.timeout(within):
            while not condition():  # noqa: ASYNC110 - the phone's clock ticks every frame
                await asyncio.sleep(FRAME_SECONDS / 4)

    async def _read(self) -> None:
        assert self._socket is not None
        loop = asyncio.get_running_loop()
        try:
            async for data in self._socket:
                message = json.loads(data)
                self.received.append((loop.time(), message["event"]))
                await self._on_message(message)
        finally:
            self.closed.set()

    async def _on_message(self, message: dict[str, Any]) -> None:
        match message["event"]:
            case "media":
                payload = base64.b64decode(message["media"]["payload"])
                assert len(payload) == 160
                self._queue.append(payload)
            case "mark":
                self._queue.append(message["mark"]["name"])
            case "clear":
                self.played_ms_at_clear.append(len(self.played) // 8)
                pending = [item for item in self._queue if isinstance(item, str)]
                self._queue.clear()
                for name in pending:
                    await self._echo(name)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        chance = random.Random(7)  # noqa: S311 - the same line in every run
        held_back = 0
        frames: list[bytes] = []
        with suppress(ConnectionClosed):
            while True:
                await self._play_frame()
                payload = self._speech.popleft() if self._speech else SILENCE
                if not self.poor or chance.random() >= _LOST:
                    frames.append(payload)
                if held_back == 0 and self.poor and chance.random() < _HELD_BACK:
                    held_back = chance.randint(1, _LONGEST_JITTER_FRAMES)
                held_back = max(0, held_back - 1)
                while frames and not held_back:
                    media = {"payload": base64.b64encode(frames.pop(0)).decode(), "track": "inbound"}
                    await self.send({"event": "media", "streamSid": "MZ1", "media": media})
                due += FRAME_SECONDS
                await asyncio.sleep(max(0.0, due - loop.time()))

    async def _play_frame(self) -> None:
        while self._queue and isinstance(self._queue[0], str):
            await self._echo(str(self._queue.popleft()))
        if self._queue:
            frame = self._queue.popleft()
            assert isinstance(frame, bytes)
            self.played += frame
            self.played_at.append(asyncio.get_running_loop().time())

    async def _echo(self, name: str) -> None:
        if self.echo_marks:
            await self.send({"event": "mark", "streamSid": "MZ1", "mark": {"name": name}})
