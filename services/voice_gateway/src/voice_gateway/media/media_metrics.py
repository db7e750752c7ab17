"""What the media side counts and times; the service's metrics implement it."""

from typing import Protocol

from vocabulary.enums import Tier


class MediaMetrics(Protocol):
    """Counters and timers of the media side. Labels come from closed sets; no call id passes here."""

    def bad_frame(self, kind: str) -> None:
        """Counts an unusable message from the phone side by its `BadFrameKind`."""

    def underrun(self) -> None:
        """Counts a gap in a reply: the caller had heard all audio before more came."""

    def barge_in(self, outcome: str, seconds: float) -> None:
        """Counts the caller's voice over the agent's: `interrupted` or `resumed`, and the time it took to clear."""

    def transcribed(self, outcome: str, seconds: float) -> None:
        """Times a transcription: `words`, `empty`, `discarded` or `failed`."""

    def speech_first_byte(self, tier: Tier, *, cached: bool, seconds: float) -> None:
        """Times the first audio of a sentence."""

    def speech_failed(self, tier: Tier, reason: str) -> None:
        """Counts a sentence for which a voice gave no audio."""


class NoMediaMetrics:
    """Counts nothing."""

    def bad_frame(self, kind: str) -> None:
        """Ignores it."""

    def underrun(self) -> None:
        """Ignores it."""

    def barge_in(self, outcome: str, seconds: float) -> None:
        """Ignores it."""

    def transcribed(self, outcome: str, seconds: float) -> None:
        """Ignores it."""

    def speech_first_byte(self, tier: Tier, *, cached: bool, seconds: float) -> None:
        """Ignores it."""

    def speech_failed(self, tier: Tier, reason: str) -> None:
        """Ignores it."""
