"""The agent's half of the transport: plays replies to the caller, paced, with marks.

The writer writes first and waits afterwards. It keeps a cushion of audio ahead of real time, so that a busy
event loop is not heard, and asks the play-out for each frame right before writing it, so that nothing old follows a
`clear`.
"""

import asyncio
from contextlib import suppress

import numpy as np
from pipecat.frames.frames import CancelFrame, EndFrame, Frame, InterruptionFrame, StartFrame, TTSAudioRawFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from callwright_common.supervision import end_tasks
from voice_gateway.media import mulaw
from voice_gateway.media.frames import (
    HangUpFrame,
    ReplyEndedFrame,
    ReplyStartedFrame,
    SentenceAudioFrame,
)
from voice_gateway.media.speaking.playout import Piece
from voice_gateway.media.speaking.spoken_sentence import FRAME_MS
from voice_gateway.media.twilio.line import TwilioLine
from voice_gateway.media.twilio.protocol import MediaEnd, mark_message, media_message

_CUSHION_MS = 600
"""How far audio is written ahead of real time."""
_MARK_INTERVAL_MS = 200
"""Audio between two marks."""


class TwilioOutput(FrameProcessor):
    """Plays one call's replies."""

    def __init__(self, line: TwilioLine) -> None:
        super().__init__(name="TwilioOutput")
        self._line = line
        self._hanging_up = False
        self._unmarked_ms = 0
        self._writer: asyncio.Task[None] | None = None
        line.ledger.add_listener(lambda _: line.wake.set())

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Queues replies for the writer; audio goes no further than here."""
        await super().process_frame(frame, direction)
        if isinstance(frame, TTSAudioRawFrame):
            self._line.playout.add_audio(mulaw.encode(np.frombuffer(frame.audio, dtype=np.int16)))
            self._line.wake.set()
            return
        if isinstance(frame, CancelFrame | EndFrame):
            await self._stop()
        elif isinstance(frame, InterruptionFrame):
            # Paused already means that the caller's voice has set in again since the interruption.
            if not self._line.playout.paused:
                await self._line.interrupt()
            self._line.playout.accept()
        else:
            self._on_reply_frame(frame)
        await self.push_frame(frame, direction)
        if isinstance(frame, StartFrame):
            self._writer = self.create_task(self._write(), "writer")

    async def cleanup(self) -> None:
        """Stops writing."""
        await self._stop()
        await super().cleanup()  # type: ignore[no-untyped-call]

    def _on_reply_frame(self, frame: Frame) -> None:
        playout = self._line.playout
        match frame:
            case ReplyStartedFrame():
                playout.begin_reply(frame.turn_id, frame.kind)
            case SentenceAudioFrame():
                playout.begin_sentence(frame.text, frame.place)
            case ReplyEndedFrame():
                playout.end_reply()
            case HangUpFrame():
                self._hanging_up = True
            case _:
                return
        self._line.wake.set()

    async def _stop(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            await end_tasks(writer)

    async def _write(self) -> None:
        while True:
            self._line.wake.clear()
            delay = await self._write_ahead()
            if self._hanging_up and self._line.playout.idle:
                self._line.end(MediaEnd.HUNG_UP)
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(None if delay is None else max(delay, FRAME_MS / 1000)):
                    await self._line.wake.wait()

    async def _write_ahead(self) -> float | None:
        """Writes what fits into the cushion; returns in how many seconds to look again, None for "when woken"."""
        ledger = self._line.ledger
        while True:
            ledger.advance()
            ahead_ms = ledger.ahead_ms
            if ahead_ms > _CUSHION_MS:
                return (ahead_ms - _CUSHION_MS) / 1000
            piece = self._line.playout.next_piece()
            if piece is None:
                return ledger.due_in()
            if piece.payload and not piece.starts_speech and ahead_ms <= 0:
                self._line.metrics.underruns.inc()
            await self._write_piece(piece)

    async def _write_piece(self, piece: Piece) -> None:
        epoch = self._line.ledger.epoch
        if piece.payload:
            self._line.echo.written(piece.payload)
            await self._line.send(media_message(self._line.stream.stream_sid, piece.payload))
            self._unmarked_ms += FRAME_MS
        if self._line.ledger.epoch != epoch:
            self._unmarked_ms = 0
        elif piece.ends_reply or self._unmarked_ms >= _MARK_INTERVAL_MS:
            self._unmarked_ms = 0
            await self._line.send(mark_message(self._line.stream.stream_sid, self._line.ledger.mark_sent()))
