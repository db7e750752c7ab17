"""One call's media WebSocket, seen from Twilio: paced frames out, paced play-out in, on one timeline."""

import asyncio
import secrets
import time
from collections.abc import Callable
from typing import Protocol

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from phone_simulator.playout import MarkRecord, PlayoutBuffer
from phone_simulator.protocol import (
    AgentClear,
    AgentMark,
    AgentMedia,
    MessageWriter,
    ProtocolError,
    parse_agent_message,
)
from phone_simulator.telephone_audio import FRAME_SAMPLES, FRAME_SECONDS, SAMPLE_RATE
from phone_simulator.webhook import CallParty


class LineClock(Protocol):
    """Paces a line: tells monotonic time and waits for a moment of it."""

    def monotonic(self) -> float:
        """Returns seconds from an arbitrary start."""
        ...

    async def wait_until(self, moment: float) -> None:
        """Returns at that moment, at once if it has passed."""
        ...


class SystemLineClock:
    """The machine's monotonic clock."""

    def monotonic(self) -> float:
        """Returns the machine's monotonic seconds."""
        return time.monotonic()

    async def wait_until(self, moment: float) -> None:
        """Sleeps until that moment."""
        await asyncio.sleep(max(0.0, moment - time.monotonic()))


class MediaStream:
    """Carries both directions of a call's audio in real time.

    Every 20 ms, on absolute deadlines, a frame of the caller goes out: what `speak` queued, else line noise. What the
    agent sends is played by the same clock; marks are returned when the audio before them was played.

    Attributes:
        playout: What was received and played.
        caller_line: The caller's channel up to now, as µ-law.
        refused: Number of messages of the agent that broke the protocol.
        worst_lateness: Longest delay in seconds with which a frame went out.
        on_advance: Called after each 20 ms with the position on the timeline.
    """

    def __init__(self, connection: ClientConnection, party: CallParty, *, noise: bytes, clock: LineClock) -> None:
        self.playout = PlayoutBuffer()
        self.caller_line = bytearray()
        self.refused = 0
        self.worst_lateness = 0.0
        self.on_advance: Callable[[int], None] | None = None
        self.stream_sid = "MZ" + secrets.token_hex(16)
        self._connection = connection
        self._clock = clock
        self._noise = noise
        self._speech = bytearray()
        self._started_at = 0.0
        self._closed = asyncio.Event()
        self._writer = MessageWriter(stream_sid=self.stream_sid, call_sid=party.call_sid, account_sid=party.account_sid)

    @property
    def speaking(self) -> bool:
        """Whether the caller has words left to say."""
        return bool(self._speech)

    @property
    def closed(self) -> bool:
        """Whether the stream has come to its end."""
        return self._closed.is_set()

    def speak(self, audio: bytes) -> None:
        """Queues µ-law audio of the caller behind what it still says."""
        self._speech += audio

    def hang_up(self) -> None:
        """Ends the call from the caller's side."""
        self._closed.set()

    async def run(self, parameters: dict[str, str]) -> None:
        """Carries the call until either side ends it."""
        await self._connection.send(self._writer.connected())
        await self._connection.send(self._writer.start(parameters))
        self._started_at = self._clock.monotonic()
        try:
            async with asyncio.TaskGroup() as tasks:
                receiving = tasks.create_task(self._receive())
                await self._pace()
                receiving.cancel()
        finally:
            self._closed.set()
            await self._end()

    async def _pace(self) -> None:
        frame_number = 0
        while not self.closed:
            deadline = self._started_at + frame_number * FRAME_SECONDS
            await self._clock.wait_until(deadline)
            self.worst_lateness = max(self.worst_lateness, self._clock.monotonic() - deadline)
            try:
                await self._send_frame(frame_number)
                await self._return_marks(self._play_until_now())
            except ConnectionClosed:
                return
            if self.on_advance is not None:
                self.on_advance(self.playout.position)
            frame_number += 1

    async def _send_frame(self, number: int) -> None:
        frame = self._next_frame()
        self.caller_line += frame
        await self._connection.send(self._writer.media(frame, timestamp_ms=round(number * FRAME_SECONDS * 1000)))

    def _next_frame(self) -> bytes:
        spoken = bytes(self._speech[:FRAME_SAMPLES])
        del self._speech[:FRAME_SAMPLES]
        offset = len(self.caller_line) % (len(self._noise) - FRAME_SAMPLES)
        return spoken + self._noise[offset + len(spoken) : offset + FRAME_SAMPLES]

    def _play_until_now(self) -> list[MarkRecord]:
        elapsed = self._clock.monotonic() - self._started_at
        return self.playout.advance(int(elapsed * SAMPLE_RATE))

    async def _receive(self) -> None:
        try:
            async for text in self._connection:
                returned = self._play_until_now()
                try:
                    message = parse_agent_message(text, stream_sid=self.stream_sid)
                except ProtocolError:
                    self.refused += 1
                    continue
                match message:
                    case AgentMedia(audio):
                        self.playout.append(audio)
                    case AgentMark(name):
                        returned += self.playout.mark(name)
                    case AgentClear():
                        returned += self.playout.clear()
                await self._return_marks(returned)
        except ConnectionClosed:
            pass
        finally:
            self._closed.set()

    async def _return_marks(self, records: list[MarkRecord]) -> None:
        for record in records:
            await self._connection.send(self._writer.mark(record.name))

    async def _end(self) -> None:
        self._play_until_now()
        try:
            await self._connection.send(self._writer.stop())
        except ConnectionClosed:
            return
        await self._connection.close()
