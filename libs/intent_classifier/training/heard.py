"""Passes a share of the utterances through voices, a telephone line and the recogniser: `utterances/heard.jsonl`.

What a recogniser makes of a voice on the phone differs from what was said, and the classifier reads only that. The
labels stay those of what was said. The voices are those of Flite (`apt install flite`), at several heights and paces.

    .venv/bin/python libs/intent_classifier/training/heard.py --share 24
"""

import argparse
import asyncio
import io
import json
import random
import subprocess
import sys
import wave

import numpy as np
import soxr  # type: ignore[import-untyped]
from lines import UTTERANCES, Example, load_examples
from numpy.typing import NDArray

from phone_simulator.telephone_audio import SAMPLE_RATE, mulaw_to_samples, samples_to_mulaw
from voice_gateway.media.hearing.speech_to_text import RecognitionError
from voice_gateway.media.hearing.whisper_recognizer import WhisperRecognizer

HEARD = UTTERANCES / "heard.jsonl"
VOICES = ("slt", "rms", "awb", "kal16")
LONGEST = 32
"""Words."""
_PEAK, _NOISE = 12_000, 150


def spoken(text: str, rng: random.Random) -> NDArray[np.int16]:
    """Returns the samples of a text as it arrives over a telephone line, 8 kHz."""
    manner = [f"duration_stretch={rng.uniform(0.8, 1.15):.2f}", f"int_f0_target_mean={rng.uniform(90, 210):.0f}"]
    command = ["flite", "-voice", rng.choice(VOICES), *(part for one in manner for part in ("--setf", one))]
    told = subprocess.run([*command, "-t", text, "-o", "/dev/stdout"], capture_output=True, check=True, timeout=30)
    with wave.open(io.BytesIO(told.stdout)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16).astype(np.float32)
        line = soxr.resample(samples, file.getframerate(), SAMPLE_RATE)
    line *= _PEAK / max(1.0, float(np.abs(line).max(initial=1.0)))
    line += np.random.default_rng(rng.randrange(2**32)).normal(0, _NOISE, len(line))
    return mulaw_to_samples(samples_to_mulaw(line.astype(np.int16)))


async def heard(examples: list[Example], seed: int) -> list[dict[str, object]]:
    """Returns the rows of what was heard of the utterances; what was not heard at all is left out."""
    recognizer, rows, rng = WhisperRecognizer(), [], random.Random(seed)
    for number, one in enumerate(examples, 1):
        try:
            transcript = await recognizer.transcribe(spoken(one.text, rng))
        except RecognitionError:
            continue  # too much else runs on this machine
        if transcript.text:
            who = {"author": one.author, "question": one.question or None}
            labels = {"intents": sorted(one.intents), "also_ok": sorted(one.also_ok)}
            rows.append({**who, "text": transcript.text, **labels})
        sys.stdout.write(f"\r{number} of {len(examples)}")
    recognizer.close()
    return rows


def main() -> None:
    """Writes the file anew."""
    parser = argparse.ArgumentParser(description="Passes a share of the utterances through the telephone.")
    parser.add_argument("--share", type=int, default=24, help="utterances of each author")
    parser.add_argument("--seed", type=int, default=20261127)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    authors: dict[str, list[Example]] = {}
    HEARD.unlink(missing_ok=True)
    for one in load_examples():
        if len(one.text.split()) <= LONGEST:
            authors.setdefault(one.author, []).append(one)
    chosen = [one for lines in authors.values() for one in rng.sample(lines, min(arguments.share, len(lines)))]
    rows = asyncio.run(heard(chosen, arguments.seed))
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    HEARD.write_text(f"{text}\n", encoding="utf-8")
    print(f"\n{len(rows)} of {len(chosen)} utterances in {HEARD.name}")


if __name__ == "__main__":
    main()
