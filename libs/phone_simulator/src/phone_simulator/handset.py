"""Who is on the phone: what a media stream asks of whoever speaks and listens on it."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from phone_simulator.telephone_audio import FRAME_SAMPLES, line_noise

if TYPE_CHECKING:
    from phone_simulator.media_stream import MediaStream

NOISE_SECONDS = 5.0


class Handset(ABC):
    """A telephone with line noise that says what it was given and does not listen; a caller is made of it by `talk`.

    Attributes:
        said: Samples that went out so far, noise included.
    """

    def __init__(self, *, seed: int = 0) -> None:
        self.said = 0
        self._noise = line_noise(NOISE_SECONDS, seed=seed)
        self._speech = bytearray()

    @abstractmethod
    async def talk(self, stream: "MediaStream") -> None:
        """Goes through the call; returns to hang up, and is cancelled when the other side ends it."""

    @property
    def speaking(self) -> bool:
        """Whether there are words left to say."""
        return bool(self._speech)

    def speak(self, audio: bytes) -> None:
        """Queues µ-law audio behind what is still to be said."""
        self._speech += audio

    def next_frame(self) -> bytes:
        """Returns the next 20 ms that it says, 160 bytes of µ-law: what is queued, else line noise."""
        offset = self.said % len(self._noise)
        self.said += FRAME_SAMPLES
        noise = self._noise[offset : offset + FRAME_SAMPLES]
        if not self._speech:
            return noise
        spoken = bytes(self._speech[:FRAME_SAMPLES])
        del self._speech[:FRAME_SAMPLES]
        return spoken + noise[len(spoken) :]

    def hear(self, frame: bytes) -> None:  # noqa: B027 - not every caller listens
        """Takes the next 20 ms that were played to it, 160 bytes of µ-law; lets them pass by."""
