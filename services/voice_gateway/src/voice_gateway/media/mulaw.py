"""µ-law at 8 kHz, the audio of the phone network (ITU-T G.711)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE: Final = 8000
SILENCE: Final = b"\xff"
"""One µ-law sample of silence."""

_BIAS = 0x84
_CLIP = 32635


def _decoding_table() -> NDArray[np.int16]:
    code = ~np.arange(256, dtype=np.uint8)
    magnitude = ((((code & 0x0F).astype(np.int32) << 3) + _BIAS) << ((code & 0x70) >> 4)) - _BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


_DECODED = _decoding_table()


def _encoding_table() -> NDArray[np.uint8]:
    sample = np.arange(-32768, 32768, dtype=np.int32)
    magnitude = np.minimum(np.abs(sample), _CLIP) + _BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    code = np.where(sample < 0, 0x80, 0) | (exponent << 4) | mantissa
    return np.asarray(~code & 0xFF, dtype=np.uint8)


_ENCODED = _encoding_table()


def decode(payload: bytes) -> NDArray[np.int16]:
    """Returns the samples of a µ-law payload."""
    return _DECODED[np.frombuffer(payload, np.uint8)]


def encode(samples: NDArray[np.int16]) -> bytes:
    """Returns the µ-law payload of samples."""
    return _ENCODED[samples.astype(np.int32) + 32768].tobytes()
