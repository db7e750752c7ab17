"""A web server with the media side of the voice gateway and a scripted conversation behind it."""

import asyncio
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pipecat.frames.frames import Frame, InterruptionFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from prometheus_client import CollectorRegistry
from starlette.websockets import WebSocket

from callwright_common.campaign import Voice
from vocabulary.enums import Tier
from voice_gateway.media.frames import (
    CallerTurnFrame,
    NoWordsFrame,
    ReplyEndedFrame,
    ReplyStartedFrame,
    SentenceFrame,
    SpeechFailedFrame,
)
from voice_gateway.media.heard_reply import HeardReply, ReplyKind
from voice_gateway.media.hearing.speech_to_text import SpeechRecognizer, Transcript
from voice_gateway.media.pipeline import CallMedia, MediaModels, build_call_media
from voice_gateway.media.twilio.line import read_start
from voice_gateway.media.twilio.protocol import MediaEnd
from voice_gateway.metrics import GatewayMetrics

STANDARD = Voice(voice="en_US-joe-medium")


class HardOfHearing:
    """A recogniser that understands nothing while `deaf`."""

    def __init__(self, recognizer: SpeechRecognizer) -> None:
        self._recognizer = recognizer
        self.deaf = False

    async def transcribe(self, samples: NDArray[np.int16], expected: object = None) -> Transcript:
        return Transcript("") if self.deaf else await self._recognizer.transcribe(samples)


class ScriptedConversation(FrameProcessor):
    """Answers each caller turn with the next list of sentences."""

    def __init__(self, replies: list[list[str]], tier: Tier = Tier.STANDARD) -> None:
        super().__init__()
        self.replies = replies
        self.tier = tier
        self.turns: list[CallerTurnFrame] = []
        self.noises: list[NoWordsFrame] = []
        self.failures: list[SpeechFailedFrame] = []
        self.interruptions = 0
        self.turn_received = asyncio.Event()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        match frame:
            case CallerTurnFrame():
                self.turns.append(frame)
                self.turn_received.set()
                await self.reply(f"turn-{len(self.turns)}")
                return
            case NoWordsFrame():
                self.noises.append(frame)
            case SpeechFailedFrame():
                self.failures.append(frame)
            case InterruptionFrame():
                self.interruptions += 1
        await self.push_frame(frame, direction)

    async def reply(self, turn_id: str) -> None:
        if not self.replies:
            return
        await self.push_frame(ReplyStartedFrame(turn_id=turn_id, kind=ReplyKind.ANSWER))
        for text in self.replies.pop(0):
            await self.push_frame(SentenceFrame(text=text, tier=self.tier))
        await self.push_frame(ReplyEndedFrame())


@dataclass
class MediaGateway:
    """A web server whose media socket runs one scripted call after the other."""

    url: str
    models: MediaModels
    conversation: ScriptedConversation
    metrics: GatewayMetrics = field(default_factory=lambda: GatewayMetrics(CollectorRegistry()))
    heard: list[HeardReply] = field(default_factory=list)
    media: CallMedia | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    end: MediaEnd | None = None
    _reply_over: asyncio.Condition = field(default_factory=asyncio.Condition)
    _notifying: asyncio.Task[None] | None = None

    async def heard_replies(self, count: int) -> None:
        """Waits until so many replies are over for the caller."""
        async with asyncio.timeout(60), self._reply_over:
            await self._reply_over.wait_for(lambda: len(self.heard) >= count)

    def _on_reply_over(self, reply: HeardReply) -> None:
        self.heard.append(reply)
        self._notifying = asyncio.create_task(self._notify())

    async def _notify(self) -> None:
        async with self._reply_over:
            self._reply_over.notify_all()

    async def call(self, websocket: WebSocket) -> None:
        await websocket.accept()
        start = await read_start(websocket, self.metrics)
        assert start is not None
        voices = {Tier.STANDARD: STANDARD, Tier.PREMIUM: Voice(voice="en_US-joe-medium", speed=1.1, pitch=0.85)}
        self.media = build_call_media(
            websocket=websocket,
            start=start,
            models=self.models,
            voices=voices,
            processor=self.conversation,
            metrics=self.metrics,
        )
        self.media.ledger.add_listener(self._on_reply_over)
        self.ready.set()
        self.end = await self.media.run()
        self.over.set()
