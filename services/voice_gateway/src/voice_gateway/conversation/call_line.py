"""A call's phone line: what the caller hears, whether he speaks, and how the call ends."""

from collections.abc import Callable
from typing import Protocol

from voice_gateway.media.heard_reply import HeardReply
from voice_gateway.media.twilio.protocol import MediaEnd


class Ledger(Protocol):
    """Tells what the caller has heard."""

    @property
    def settled(self) -> bool:
        """Whether every reply that was begun is over."""

    def add_listener(self, listener: Callable[[HeardReply], None]) -> None:
        """Calls `listener` with each reply that is over."""

    def open_replies(self) -> list[HeardReply]:
        """Returns the replies that are not over, as heard so far."""


class Line(Protocol):
    """The media of one call, as far as the rest of the gateway needs it."""

    @property
    def ledger(self) -> Ledger:
        """What the caller has heard."""

    @property
    def caller_speaking(self) -> bool:
        """Whether the caller's voice is heard right now."""

    @property
    def last_media_at(self) -> float:
        """Monotonic seconds of the last audio from the phone side."""

    async def run(self) -> MediaEnd:
        """Carries the media until the call ends."""

    async def hang_up(self, *, timeout: float) -> bool:
        """Ends the call once all queued speech was heard."""

    async def close(self) -> None:
        """Ends the call now."""
