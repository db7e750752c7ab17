"""The caller's half of the transport: reads the socket, notices the voice, pushes utterances."""

import asyncio

from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.frames.frames import CancelFrame, EndFrame, Frame, InputAudioRawFrame, InputDTMFFrame, StartFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from callwright_common.logs import get_logger
from callwright_common.supervision import end_tasks
from voice_gateway.media import mulaw
from voice_gateway.media.frames import (
    CallerTurnEndedFrame,
    CallerVoicePausedFrame,
    CallerVoiceStartedFrame,
    PauseJudgedFrame,
)
from voice_gateway.media.hearing.turn_detection import TurnChange, TurnDetector
from voice_gateway.media.hearing.voice_activity import VoiceActivity
from voice_gateway.media.twilio.line import TwilioLine
from voice_gateway.media.twilio.protocol import (
    BadFrame,
    BadFrameKind,
    DtmfMessage,
    MarkMessage,
    MediaEnd,
    MediaMessage,
    Message,
    StartMessage,
    StopMessage,
)

_logger = get_logger(__name__)

_KEYS = {entry.value: entry for entry in KeypadEntry}
_PREROLL_BYTES = 2 * mulaw.SAMPLE_RATE * 6 // 10
"""Audio from before the voice was noticed that belongs to the utterance."""
_BATCH_BYTES = 2 * mulaw.SAMPLE_RATE * 4 // 10


_MESSAGES_PER_SECOND = 100
"""Rate that the peer may keep up; a phone sends fifty."""
_MESSAGE_BURST = 1000
"""How many more it may send at once, after a stall of the network."""


class _RateLimit:
    """A token bucket over the peer's messages."""

    def __init__(self, now: float) -> None:
        self._tokens = float(_MESSAGE_BURST)
        self._at = now

    def allows(self, now: float) -> bool:
        self._tokens = min(_MESSAGE_BURST, self._tokens + (now - self._at) * _MESSAGES_PER_SECOND) - 1
        self._at = now
        return self._tokens >= 0


class TwilioInput(FrameProcessor):
    """Reads one call's socket and pushes the caller's utterances, keys and turn boundaries."""

    def __init__(self, line: TwilioLine, activity: VoiceActivity, detector: TurnDetector) -> None:
        super().__init__(name="TwilioInput")
        self._line = line
        self._activity = activity
        self._detector = detector
        self._audio = bytearray()
        self._voice_reported = False
        self._rate = _RateLimit(line.clock())
        self._reader: asyncio.Task[None] | None = None

    @property
    def caller_speaking(self) -> bool:
        """Whether the caller's voice is heard."""
        return self._detector.speaking

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Begins to read with the pipeline's start and ends with its end."""
        await super().process_frame(frame, direction)
        if isinstance(frame, PauseJudgedFrame):
            self._detector.judge(complete=frame.complete)
            return
        if isinstance(frame, CancelFrame | EndFrame):
            await self._stop()
        await self.push_frame(frame, direction)
        if isinstance(frame, StartFrame):
            self._reader = self.create_task(self._read(), "reader")

    async def cleanup(self) -> None:
        """Stops reading."""
        await self._stop()
        await super().cleanup()  # type: ignore[no-untyped-call]

    async def _stop(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            await end_tasks(reader)

    async def _read(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._detector.settings.stalled_seconds if self._detector.in_turn else None):
                    message = await self._line.receive()
            except TimeoutError:
                await self._on_change(self._detector.stalled(self._line.clock()))
                continue
            if message is None or isinstance(message, StopMessage):
                self._line.end(MediaEnd.STOPPED)
                return
            if not self._rate.allows(self._line.clock()):
                _logger.warning("the phone side floods its socket")
                self._line.end(MediaEnd.POLICY)
                return
            await self._on_message(message)

    async def _on_message(self, message: Message) -> None:
        match message:
            case MediaMessage(payload):
                await self._on_audio(payload)
            case MarkMessage(name):
                self._line.ledger.mark_received(name)
                self._line.wake.set()
            case DtmfMessage(digit):
                # Pipecat knows no keys A to D; no phone has them.
                if digit in _KEYS:
                    await self.push_frame(InputDTMFFrame(button=_KEYS[digit]))
            case BadFrame(kind):
                self._line.metrics.bad_frames.labels(kind=kind).inc()
            case StartMessage():
                self._on_second_start(message)

    def _on_second_start(self, message: StartMessage) -> None:
        stream = self._line.stream
        same = (message.call_sid, message.account_sid) == (stream.call_sid, stream.account_sid)
        kind = BadFrameKind.SECOND_START if same else BadFrameKind.FOREIGN_STREAM
        self._line.metrics.bad_frames.labels(kind=kind).inc()
        _logger.warning("a second start message was refused", kind=kind.value)

    async def _on_audio(self, payload: bytes) -> None:
        now = self._line.clock()
        self._line.last_media_at = now
        samples = mulaw.decode(payload)
        self._audio += samples.tobytes()
        # A caller who is already speaking is not asked to be louder than the echo.
        floor = 0.0 if self._detector.in_turn else self._line.echo.floor
        for probability in self._activity.feed(samples, floor):
            await self._on_change(self._detector.window(probability, now))
        if self._voice_reported and len(self._audio) >= _BATCH_BYTES:
            await self._push_audio()
        elif not self._detector.in_turn:
            del self._audio[:-_PREROLL_BYTES]

    async def _on_change(self, change: TurnChange | None) -> None:
        now = self._line.clock()
        match change:
            case TurnChange.VOICE_STARTED | TurnChange.VOICE_RESUMED:
                started_at = now - self._detector.start_seconds
                over_agent = await self._line.pause()
                self._voice_reported = True
                await self.push_frame(CallerVoiceStartedFrame(at=started_at, over_agent=over_agent))
            case TurnChange.VOICE_PAUSED:
                await self._pause_voice(now - self._detector.stop_seconds)
            case TurnChange.TURN_ENDED:
                if self._voice_reported:
                    await self._pause_voice(now)
                await self.push_frame(CallerTurnEndedFrame(at=now))

    async def _pause_voice(self, ended_at: float) -> None:
        await self._push_audio()
        self._voice_reported = False
        await self.push_frame(CallerVoicePausedFrame(at=ended_at))

    async def _push_audio(self) -> None:
        await self.push_frame(InputAudioRawFrame(bytes(self._audio), mulaw.SAMPLE_RATE, 1))
        self._audio.clear()
