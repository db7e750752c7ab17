"""One call's media WebSocket, seen from Twilio: paced frames out, paced play-out in, on one timeline."""

import asyncio
import secrets
from collections.abc import Mapping

from phone_simulator.endpoint import CallParty
from phone_simulator.handset import Handset
from phone_simulator.media_connection import MediaConnection
from phone_simulator.pacer import Pacer
from phone_simulator.playout import MarkRecord, PlayoutBuffer, PlayoutOverflowError
from phone_simulator.protocol import (
    AgentClear,
    AgentMark,
    AgentMedia,
    MessageWriter,
    ProtocolError,
    parse_agent_message,
)
from phone_simulator.telephone_audio import FRAME_SAMPLES, SAMPLE_RATE


class MediaStream:
    """Carries both directions of a call's audio in real time.

    Every 20 ms a frame of the caller goes out. What the agent sends is played by the same clock and handed to the
    caller in frames; marks are returned when the audio before them was played.

    Args:
        connection: The open WebSocket.
        party: Who calls whom.
        caller: Who speaks and listens.
        pacer: Gives the pace.
        recorded: Whether both channels are kept.

    Attributes:
        playout: What was received and played.
        caller_line: The caller's channel up to now, as µ-law; empty where nothing is recorded.
        refused: Number of messages of the agent that broke the protocol.
        unsent: Number of messages that the agent was too slow to take.
        worst_lateness: Longest delay in seconds with which a frame went out.
    """

    def __init__(
        self, connection: MediaConnection, party: CallParty, caller: Handset, *, pacer: Pacer, recorded: bool = True
    ) -> None:
        self.playout = PlayoutBuffer()
        self.caller_line = bytearray()
        self.refused = 0
        self.unsent = 0
        self.worst_lateness = 0.0
        self.stream_sid = "MZ" + secrets.token_hex(16)
        self._connection = connection
        self._caller = caller
        self._pacer = pacer
        self._recorded = recorded
        self._ended = asyncio.Event()
        self._failure: Exception | None = None
        self._started_at = pacer.clock.monotonic()
        self._frames = 0
        self._heard = 0
        self._writer = MessageWriter(stream_sid=self.stream_sid, call_sid=party.call_sid, account_sid=party.account_sid)

    @property
    def closed(self) -> bool:
        """Whether the stream has come to its end."""
        return self._ended.is_set()

    def hang_up(self) -> None:
        """Ends the call from the caller's side."""
        self._ended.set()

    def press(self, key: str) -> None:
        """Presses a key of the telephone: 0 to 9, *, #, or A to D."""
        self._send(self._writer.dtmf(key))

    async def run(self, parameters: Mapping[str, str]) -> None:
        """Carries the call until either side ends it; the caller's failure is raised at its end.

        Raises:
            PlayoutOverflowError: if the agent sends more audio ahead than a call can hold.
        """
        self._connection.on_message = self._receive
        self._connection.on_closed = self.hang_up
        self._send(self._writer.connected())
        self._send(self._writer.start(parameters))
        talking = asyncio.create_task(self._caller.talk(self))
        talking.add_done_callback(lambda _: self.hang_up())
        self._pacer.join(self._step)
        try:
            await self._ended.wait()
        finally:
            self._pacer.leave(self._step)
            self._ended.set()
            talking.cancel()
            await asyncio.wait([talking])
            self._send(self._writer.stop())
        if self._failure is not None:
            raise self._failure
        if not talking.cancelled():
            talking.result()

    def _step(self, due: float) -> None:
        """Sends one frame and plays what is due; whatever fails here ends this call alone."""
        try:
            if self._frames == 0:
                self._started_at = due
            self.worst_lateness = max(self.worst_lateness, self._pacer.clock.monotonic() - due)
            frame = self._caller.next_frame()
            if self._recorded:
                self.caller_line += frame
            timestamp_ms = self._frames * FRAME_SAMPLES * 1000 // SAMPLE_RATE
            self._send(self._writer.media(frame, timestamp_ms=timestamp_ms))
            self._frames += 1
            self._return_marks(self._play_until_now())
            self._let_hear()
        except Exception as error:  # noqa: BLE001 - the pacer and its other calls go on; `run` raises it
            self._fail(error)

    def _let_hear(self) -> None:
        while self._heard + FRAME_SAMPLES <= self.playout.position:
            self._caller.hear(self.playout.played(self._heard, self._heard + FRAME_SAMPLES))
            self._heard += FRAME_SAMPLES
        if not self._recorded:
            self.playout.forget(self._heard)

    def _play_until_now(self) -> list[MarkRecord]:
        elapsed = self._pacer.clock.monotonic() - self._started_at
        return self.playout.advance(round(elapsed * SAMPLE_RATE))

    def _receive(self, text: bytes) -> None:
        if self.closed:
            return
        returned = self._play_until_now()
        try:
            match parse_agent_message(text, stream_sid=self.stream_sid):
                case AgentMedia(audio):
                    self.playout.append(audio)
                case AgentMark(name):
                    returned += self.playout.mark(name)
                case AgentClear():
                    returned += self.playout.clear()
        except ProtocolError:
            self.refused += 1
        except PlayoutOverflowError as error:
            self._fail(error)
        self._return_marks(returned)

    def _return_marks(self, records: list[MarkRecord]) -> None:
        for record in records:
            self._send(self._writer.mark(record.name))

    def _send(self, message: bytes) -> None:
        if not self._connection.send_now(message):
            self.unsent += 1

    def _fail(self, error: Exception) -> None:
        self._failure = self._failure or error
        self._ended.set()
