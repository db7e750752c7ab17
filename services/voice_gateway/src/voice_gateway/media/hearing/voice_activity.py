"""Voice activity of a caller, by the Silero model that ships with Pipecat.

One ONNX session serves the whole process; each call keeps the model's recurrent state. A window costs a fraction of a
millisecond and is scored inline, on the event loop.
"""

from importlib import resources

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from numpy.typing import NDArray

from voice_gateway.media.mulaw import SAMPLE_RATE

WINDOW_SAMPLES = 256
WINDOW_SECONDS = WINDOW_SAMPLES / SAMPLE_RATE

_CONTEXT_SAMPLES = 32
# Long silence or music leaves the recurrent state unable to notice the speech that follows, so it is cleared about
# every two seconds, but only after a run of windows that are clearly no speech.
_RESET_WINDOWS = round(2.0 / WINDOW_SECONDS)
_RESET_QUIET_WINDOWS = 5
_RESET_PROBABILITY = 0.1
# Quieter than -54 dBFS is no caller, whatever the model says.
_FLOOR_RMS = 10 ** (-54 / 20)


class SileroModel:
    """The shared ONNX session of the Silero model."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = 1
        weights = resources.files("pipecat.audio.vad.data").joinpath("silero_vad.onnx").read_bytes()
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        self._rate = np.array(SAMPLE_RATE, dtype=np.int64)

    def score(self, window: NDArray[np.float32], state: NDArray[np.float32]) -> tuple[float, NDArray[np.float32]]:
        """Returns the probability of speech in a window (1, 32 + 256) and the new state (2, 1, 128)."""
        probability, new_state = self._session.run(None, {"input": window, "state": state, "sr": self._rate})
        return float(np.asarray(probability).item()), np.asarray(new_state, dtype=np.float32)


class VoiceActivity:
    """Scores one call's audio, window by window."""

    def __init__(self, model: SileroModel) -> None:
        self._model = model
        self._pending = np.zeros(0, dtype=np.int16)
        self._windows_since_reset = 0
        self._quiet_windows = 0
        self._state = _initial_state()
        self._context = np.zeros(_CONTEXT_SAMPLES, dtype=np.float32)

    def feed(self, samples: NDArray[np.int16], floor: float = 0.0) -> list[float]:
        """Returns the probability of speech of each window that the samples complete.

        Windows whose root mean square is below `floor`, of a full scale of 1, are no speech.
        """
        self._pending = np.concatenate((self._pending, samples))
        count = len(self._pending) // WINDOW_SAMPLES
        windows = self._pending[: count * WINDOW_SAMPLES].reshape(count, WINDOW_SAMPLES)
        self._pending = self._pending[count * WINDOW_SAMPLES :]
        floor = max(floor, _FLOOR_RMS)
        return [self._score(window.astype(np.float32) / np.float32(32768), floor) for window in windows]

    def _score(self, window: NDArray[np.float32], floor: float) -> float:
        with_context = np.concatenate((self._context, window))[np.newaxis, :]
        probability, self._state = self._model.score(with_context, self._state)
        self._context = window[-_CONTEXT_SAMPLES:]
        if float(np.sqrt(np.mean(window * window))) < floor:
            probability = 0.0
        self._windows_since_reset += 1
        self._quiet_windows = self._quiet_windows + 1 if probability < _RESET_PROBABILITY else 0
        if self._windows_since_reset >= _RESET_WINDOWS and self._quiet_windows >= _RESET_QUIET_WINDOWS:
            self._windows_since_reset = 0
            self._state = _initial_state()
        return probability


def _initial_state() -> NDArray[np.float32]:
    return np.zeros((2, 1, 128), dtype=np.float32)
