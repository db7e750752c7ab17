"""How loud a sound must be while the agent speaks, so that the agent does not take its own echo for the caller."""

from collections import deque
from collections.abc import Callable

import numpy as np

from voice_gateway.media import mulaw

# Phone lines return the agent's voice at least 25 dB quieter; callers who speak up are louder than this.
_ECHO_GAIN = 10 ** (-22 / 20)
# Audio is written up to 0.6 s ahead of its play-out, and its echo takes a round trip to come back.
_ECHO_SECONDS = 1.6


class EchoGuard:
    """The agent's loudness on one call's line over the last moments."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        # Falling loudness: what is quieter than a later frame does not matter any more.
        self._loudest: deque[tuple[float, float]] = deque()

    def written(self, payload: bytes) -> None:
        """Takes µ-law audio that goes on the wire."""
        samples = mulaw.decode(payload).astype(np.float32) / np.float32(32768)
        rms = float(np.sqrt(np.mean(samples * samples)))
        while self._loudest and self._loudest[-1][1] <= rms:
            self._loudest.pop()
        self._loudest.append((self._clock(), rms))

    @property
    def floor(self) -> float:
        """Root mean square, of a full scale of 1, that an echo stays below."""
        now = self._clock()
        while self._loudest and now - self._loudest[0][0] > _ECHO_SECONDS:
            self._loudest.popleft()
        return self._loudest[0][1] * _ECHO_GAIN if self._loudest else 0.0
