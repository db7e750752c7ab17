"""`python -m evals.record`: speaks the lines of `spoken/` that have no recording, by voices that no agent has.

What a line sounds like is kept, so that the evaluation needs none of the voices: `spoken/recordings/VOICE/LINE.ulaw`,
8 kHz µ-law as on a telephone line. The voices are slt, rms and awb of Flite (`apt install flite`) and that of Hibari
(`pip install hibari-tts`).
"""

import io
import re
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import soxr  # type: ignore[import-untyped]
from numpy.typing import NDArray

from evals.data import HERE, load_dialogues
from evals.runner import ANSWERS_BACK
from phone_simulator.telephone_audio import SAMPLE_RATE, samples_to_mulaw

_RECORDINGS = HERE / "spoken" / "recordings"
_PEAK = 16_000
_FLITE = ("slt", "rms", "awb")


def recording(voice: str, text: str) -> Path:
    """Returns where a line is kept as a voice says it."""
    return _RECORDINGS / voice / f"{re.sub('[^a-z0-9]+', '-', text.lower()).strip('-')}.ulaw"


def _spoken(voice: str, text: str) -> tuple[NDArray[np.float32], int]:
    """Returns the samples of a line and their rate."""
    if voice in _FLITE:
        flite = subprocess.run(
            ["flite", "-voice", voice, "-t", text, "-o", "/dev/stdout"], capture_output=True, check=True
        )
        with wave.open(io.BytesIO(flite.stdout)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
            return samples.astype(np.float32), file.getframerate()
    from hibari import Hibari  # type: ignore[import-not-found]  # noqa: PLC0415 - only this needs it

    return np.asarray(Hibari()(text, seed=0), dtype=np.float32), 24_000


def main() -> None:
    """Makes what is missing."""
    for file in load_dialogues("spoken"):
        lines = [line.say for dialogue in file.dialogues for line in dialogue.lines]
        for text in (*lines, *ANSWERS_BACK["en"]):
            path = recording(file.voice, text)
            if path.exists():
                continue
            samples, rate = _spoken(file.voice, text)
            line = soxr.resample(samples, rate, SAMPLE_RATE)
            loudest = float(np.abs(line).max(initial=1e-6))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(samples_to_mulaw((line * (_PEAK / loudest)).astype(np.int16)))
            sys.stdout.write(f"{path.name}\n")


if __name__ == "__main__":
    main()
