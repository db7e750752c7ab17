"""Measures of a voice: its pitch and how fast it speaks.

Intonation moves the pitch of one voice from sentence to sentence, so a change counts only if it is large against the
spread of the replies.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phone_simulator.telephone_audio import SAMPLE_RATE, Samples

WINDOW = 400
HOP = 160
LOWEST_HERTZ = 60
HIGHEST_HERTZ = 320
LEAST_RMS = 300.0
LEAST_PERIODICITY = 0.45
LEAST_CHANGE_SEMITONES = 1.0
ERRORS_APART = 3.0


@dataclass(frozen=True, slots=True)
class VoiceMeasure:
    """A voice as measured over several replies.

    Attributes:
        pitch: Median fundamental frequency in hertz.
        pitch_error: Standard error of the replies' medians, in semitones.
        words_per_second: Words by the time in which something was to be heard.
    """

    pitch: float
    pitch_error: float
    words_per_second: float


def fundamental_frequencies(samples: Samples) -> NDArray[np.float64]:
    """Returns the fundamental frequency of each voiced window, by the peak of its autocorrelation.

    The correlation falls with the lag because fewer samples overlap; that prefers one period over two.
    """
    if len(samples) < WINDOW:
        return np.empty(0)
    windows = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float64), WINDOW)[::HOP]
    windows = windows[np.sqrt(np.mean(windows**2, axis=1)) > LEAST_RMS]
    spectrum = np.fft.rfft(windows - windows.mean(axis=1, keepdims=True), 2 * WINDOW, axis=1)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2, axis=1)[:, :WINDOW]
    shortest, longest = SAMPLE_RATE // HIGHEST_HERTZ, SAMPLE_RATE // LOWEST_HERTZ
    lags = correlation[:, shortest:longest].argmax(axis=1) + shortest
    strength = correlation[np.arange(len(lags)), lags] / np.maximum(correlation[:, 0], 1e-9)
    frequencies: NDArray[np.float64] = SAMPLE_RATE / lags[strength > LEAST_PERIODICITY].astype(np.float64)
    return frequencies


def audible_seconds(samples: Samples) -> float:
    """Returns for how long something is to be heard."""
    frames = samples[: len(samples) // HOP * HOP].reshape(-1, HOP).astype(np.float64)
    return float(np.count_nonzero(np.sqrt(np.mean(frames**2, axis=1)) > LEAST_RMS) * HOP / SAMPLE_RATE)


def measure_voice(replies: Sequence[tuple[Samples, int]]) -> VoiceMeasure | None:
    """Measures the voice of replies, each given by its audio and its number of words; None without voiced sound."""
    pitches = [fundamental_frequencies(samples) for samples, _ in replies]
    voiced = [pitch for pitch in pitches if len(pitch)]
    seconds = sum(audible_seconds(samples) for samples, _ in replies)
    if not voiced or not seconds:
        return None
    medians = np.log2([np.median(pitch) for pitch in voiced]) * 12
    return VoiceMeasure(
        pitch=float(np.median(np.concatenate(voiced))),
        pitch_error=float(medians.std(ddof=1) / np.sqrt(len(medians))) if len(medians) > 1 else 0.0,
        words_per_second=sum(words for _, words in replies) / seconds,
    )


def pitch_change(before: VoiceMeasure, after: VoiceMeasure) -> float:
    """Returns by how many semitones the voice went up."""
    return float(np.log2(after.pitch / before.pitch) * 12)


def has_changed(before: VoiceMeasure, after: VoiceMeasure) -> bool:
    """Returns whether two measures are of two voices: the pitch moved by more than chance."""
    error = float(np.hypot(before.pitch_error, after.pitch_error))
    change = abs(pitch_change(before, after))
    return change >= LEAST_CHANGE_SEMITONES and change >= ERRORS_APART * error
