"""The media of one call: builds its Pipecat pipeline, runs it and ends it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from pipecat.frames.frames import Frame
from pipecat.processors.frame_processor import FrameProcessor
from starlette.websockets import WebSocket

from voice_gateway.heard_ledger import HeardLedger
from voice_gateway.media_metrics import MediaMetrics
from voice_gateway.twilio_protocol import StartMessage


class MediaEnd(StrEnum):
    """Why a call's media ended."""

    STOPPED = "stopped"
    """Twilio said stop or closed the socket: the caller hung up."""
    HUNG_UP = "hung_up"
    """We closed it."""
    POLICY = "policy"
    """The peer sent more than a phone can."""
    FAILED = "failed"
    """The pipeline failed."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of one tier.

    Attributes:
        name: The provider's name of it.
        speed: Above 1 speaks faster.
        pitch: Above 1 speaks higher.
    """

    name: str
    speed: float = 1.0
    pitch: float = 1.0


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """Settings of the media side.

    Attributes:
        piper_url: Base address of Piper's HTTP server.
        whisper_model: Directory of CTranslate2 weights or a model's name; empty takes the packaged weights.
        end_of_turn_seconds: Silence after the caller's voice has ended that ends the turn.
    """

    piper_url: str
    whisper_model: str = ""
    end_of_turn_seconds: float = 0.3


@dataclass(frozen=True, slots=True)
class MediaModels:
    """What all calls of a process share: recogniser, voice activity model, speech client and cache."""

    weights: Path = field(default_factory=Path)


class CallMedia(Protocol):
    """The media of one call.

    Attributes:
        ledger: What the caller has heard.
    """

    ledger: HeardLedger

    @property
    def caller_speaking(self) -> bool:
        """Whether the caller's voice is heard right now."""
        ...

    @property
    def last_media_at(self) -> float:
        """Monotonic seconds of the last audio from the phone side."""
        ...

    async def run(self) -> MediaEnd:
        """Carries the call until it ends and returns why; every task of it is gone then."""
        ...

    async def push(self, frame: Frame) -> None:
        """Feeds a frame in ahead of the conversation processors, for what starts outside of a caller's turn."""
        ...

    async def hang_up(self, *, timeout: float) -> bool:
        """Ends the call once all queued speech was heard; returns False if that took longer than `timeout`."""
        ...

    async def close(self) -> None:
        """Ends the call now; `run` returns. Safe to call twice."""
        ...


def build_call_media(
    *,
    websocket: WebSocket,
    start: StartMessage,
    models: MediaModels,
    voices: Mapping[str, Voice],
    conversation: Sequence[FrameProcessor],
    settings: MediaSettings,
    metrics: MediaMetrics,
) -> CallMedia:
    """Returns the media of a call whose `start` message was read with `twilio_transport.read_start`.

    Args:
        websocket: The accepted socket.
        start: Its `start` message.
        models: What all calls share.
        voices: The voice of each tier; the first one speaks when another fails.
        conversation: The processors between the caller's turns and the agent's sentences.
        settings: Settings of the media side.
        metrics: Where the call is counted.
    """
    raise NotImplementedError
