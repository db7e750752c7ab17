"""Measures of a voice: its pitch, the shape of its spectrum and how fast it speaks.

Intonation moves the pitch of one voice by more than a semitone from sentence to sentence. The resonances of the vocal
tract stay where they are, so the long-term spectrum tells two settings of a voice apart much better.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from local_stack.telephone_audio import SAMPLE_RATE, Samples

WINDOW = 400
HOP = 160
LOWEST_HERTZ = 60
HIGHEST_HERTZ = 320
LEAST_RMS = 300.0
LEAST_PERIODICITY = 0.45
LEAST_CHANGE_SEMITONES = 1.0
ERRORS_APART = 3.0

_SPECTRUM_WINDOW = 512
_SPECTRUM_FREQUENCIES = np.geomspace(250.0, 3400.0, 240)
_SPECTRUM_STEP_SEMITONES = float(12 * np.log2(_SPECTRUM_FREQUENCIES[1] / _SPECTRUM_FREQUENCIES[0]))
_SPECTRUM_LONGEST_SHIFT = 40
_SMOOTHING = np.hanning(9) / np.hanning(9).sum()


@dataclass(frozen=True, slots=True)
class VoiceMeasure:
    """A voice as measured over several replies.

    Attributes:
        pitch: Median fundamental frequency in hertz.
        pitch_error: Standard error of the replies' medians, in semitones.
        words_per_second: Words by the time in which something was to be heard.
        spectrum: Logarithm of the long-term spectrum over a logarithmic frequency axis, without its general slope.
    """

    pitch: float
    pitch_error: float
    words_per_second: float
    spectrum: NDArray[np.float64]


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
        spectrum=_long_term_spectrum(np.concatenate([samples for samples, _ in replies])),
    )


def pitch_change(before: VoiceMeasure, after: VoiceMeasure) -> float:
    """Returns by how many semitones the voice went up."""
    return float(np.log2(after.pitch / before.pitch) * 12)


def spectrum_change(before: VoiceMeasure, after: VoiceMeasure) -> float:
    """Returns by how many semitones the spectrum as a whole went up: where the two fit each other best."""
    size, longest = len(before.spectrum), _SPECTRUM_LONGEST_SHIFT
    fits = [
        np.corrcoef(
            before.spectrum[max(0, -shift) : size - max(0, shift)], after.spectrum[max(0, shift) : size + min(0, shift)]
        )[0, 1]
        for shift in range(-longest, longest + 1)
    ]
    return (int(np.argmax(fits)) - longest) * _SPECTRUM_STEP_SEMITONES


def has_changed(before: VoiceMeasure, after: VoiceMeasure) -> bool:
    """Returns whether two measures are of two voices: the spectrum moved, or the pitch did by more than chance."""
    error = float(np.hypot(before.pitch_error, after.pitch_error))
    pitch = abs(pitch_change(before, after))
    return abs(spectrum_change(before, after)) >= LEAST_CHANGE_SEMITONES or (
        pitch >= LEAST_CHANGE_SEMITONES and pitch >= ERRORS_APART * error
    )


def _long_term_spectrum(samples: Samples) -> NDArray[np.float64]:
    count = len(samples) // _SPECTRUM_WINDOW
    windows = samples[: count * _SPECTRUM_WINDOW].reshape(count, _SPECTRUM_WINDOW).astype(np.float64)
    loud = windows[np.sqrt(np.mean(windows**2, axis=1)) > LEAST_RMS]
    if not len(loud):
        return np.zeros(len(_SPECTRUM_FREQUENCIES))
    power = np.mean(np.abs(np.fft.rfft(loud * np.hanning(_SPECTRUM_WINDOW))) ** 2, axis=0)
    bins = np.fft.rfftfreq(_SPECTRUM_WINDOW, 1 / SAMPLE_RATE)
    levels = np.convolve(np.log(np.interp(_SPECTRUM_FREQUENCIES, bins, power) + 1.0), _SMOOTHING, "same")
    axis = np.arange(len(levels))
    spectrum: NDArray[np.float64] = levels - np.polyval(np.polyfit(axis, levels, 2), axis)
    return spectrum
