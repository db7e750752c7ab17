"""The phone line of one call over Twilio's media WebSocket, and what the caller's voice does to the agent's speech.

`twilio.input` reads the caller from it and `twilio.output` writes the agent to it; together they are our Pipecat
transport.

When the caller's voice sets in, the agent's speech pauses at once: the ledger freezes, then `clear` is written. What
the voice was is known later: words interrupt the agent (`interrupt`), anything else lets the speech go on (`resume`).
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from starlette.websockets import WebSocket, WebSocketDisconnect

from voice_gateway.media.hearing.echo_guard import EchoGuard
from voice_gateway.media.speaking.heard_ledger import HeardLedger
from voice_gateway.media.speaking.playout import Playout
from voice_gateway.media.twilio.protocol import (
    BadFrame,
    BadFrameKind,
    MediaEnd,
    MediaMessage,
    Message,
    StartMessage,
    StopMessage,
    clear_message,
    parse_message,
)
from voice_gateway.metrics import GatewayMetrics

_START_SECONDS = 5.0
_SEND_SECONDS = 1.0
_CLOSE_SECONDS = 1.0
_CLOSE_NORMAL = 1000
_CLOSE_POLICY = 1008


async def receive_message(websocket: WebSocket) -> Message | None:
    """Returns the next message of a socket; None once it is closed."""
    try:
        event = await websocket.receive()
    except (RuntimeError, WebSocketDisconnect, OSError):
        return None
    if event["type"] != "websocket.receive":
        return None
    text = event.get("text")
    return parse_message(text if text is not None else event.get("bytes") or b"")


async def read_start(websocket: WebSocket, metrics: GatewayMetrics) -> StartMessage | None:
    """Returns the `start` message of an accepted socket; None if none comes in time or the socket closes.

    Everything unusable ahead of it is counted and skipped, media too.
    """
    try:
        async with asyncio.timeout(_START_SECONDS):
            while True:
                message = await receive_message(websocket)
                match message:
                    case None | StopMessage():
                        return None
                    case StartMessage():
                        return message
                    case BadFrame(kind):
                        metrics.bad_frames.labels(kind=kind).inc()
                    case MediaMessage():
                        metrics.bad_frames.labels(kind=BadFrameKind.MEDIA_BEFORE_START).inc()
    except TimeoutError:
        return None


async def close_socket(websocket: WebSocket, code: int) -> None:
    """Closes a socket whose peer may be gone; one that does not answer is not waited for."""
    with suppress(RuntimeError, WebSocketDisconnect, OSError, TimeoutError):
        async with asyncio.timeout(_CLOSE_SECONDS):
            await websocket.close(code)


class TwilioLine:
    """The phone line of one call.

    Attributes:
        stream: The stream's identity.
        metrics: Where the call is counted.
        clock: Monotonic seconds.
        ledger: What the caller has heard.
        playout: The agent's speech.
        echo: Tells the agent's echo from the caller.
        wake: Set when there may be something to write.
        last_media_at: When audio last came from the caller.
    """

    def __init__(
        self,
        websocket: WebSocket,
        start: StartMessage,
        metrics: GatewayMetrics,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.stream = start
        self.metrics = metrics
        self.clock = clock
        self.ledger = HeardLedger(clock)
        self.playout = Playout(self.ledger)
        self.echo = EchoGuard(clock)
        self.wake = asyncio.Event()
        self.last_media_at = clock()
        self._websocket = websocket
        self._ended: asyncio.Future[MediaEnd] = asyncio.get_running_loop().create_future()
        self._over_agent = False
        self._clear_seconds = 0.0

    # The socket.

    async def receive(self) -> Message | None:
        """Returns the next message; None once the socket is closed."""
        return await receive_message(self._websocket)

    async def send(self, message: str) -> bool:
        """Writes a message; returns False if the line is over."""
        if self._ended.done():
            return False
        try:
            await self._websocket.send_text(message)
        except (RuntimeError, WebSocketDisconnect, OSError):
            self.end(MediaEnd.STOPPED)
            return False
        return True

    def end(self, reason: MediaEnd) -> None:
        """Says that the line is over; the first reason stays."""
        if not self._ended.done():
            self._ended.set_result(reason)
        self.wake.set()

    async def wait_until_ended(self) -> MediaEnd:
        """Returns why the line is over, once it is."""
        return await asyncio.shield(self._ended)

    async def close(self) -> None:
        """Closes the socket."""
        code = _CLOSE_POLICY if self._ended.done() and self._ended.result() is MediaEnd.POLICY else _CLOSE_NORMAL
        await close_socket(self._websocket, code)

    # The caller's voice and the agent's speech.

    async def pause(self) -> bool:
        """Pauses the agent's speech because a voice has set in; returns whether the agent was speaking."""
        noticed_at = self.clock()
        playing = self.ledger.playing
        self.playout.pause()
        if playing:
            self._over_agent = True
            await self._clear()
            self._clear_seconds = self.clock() - noticed_at
        return self._over_agent

    def resume(self) -> None:
        """Lets the agent's speech go on from the first unheard word."""
        self._settle_barge_in("resumed")
        self.playout.resume()
        self.wake.set()

    async def interrupt(self) -> None:
        """Drops the agent's speech; the ledger knows at once what was heard of it."""
        self._settle_barge_in("interrupted")
        playing = self.ledger.playing
        self.playout.interrupt()
        self.wake.set()
        if playing:
            await self._clear()

    def _settle_barge_in(self, outcome: str) -> None:
        if self._over_agent:
            self.metrics.barge_ins.labels(outcome=outcome).inc()
            self.metrics.barge_in_clear.observe(self._clear_seconds)
        self._over_agent = False

    async def _clear(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_SEND_SECONDS):
                await self.send(clear_message(self.stream.stream_sid))
