"""Piper's server as the stack starts it."""

import asyncio
import os
from pathlib import Path

import httpx
import pytest

from fakes.running_servers import started
from local_stack import LocalStackError
from local_stack.loopback import free_ports
from local_stack.processes.readiness import http_answers
from local_stack.servers.piper_server import piper_command, voice_model, voice_names


def test_the_packaged_voice_speaks(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    voice = voice_model(None)
    command = piper_command(voice, port, os.environ)

    async def ask() -> str | None:
        return await http_answers(f"http://127.0.0.1:{port}/info")()

    with started("piper", command, tmp_path / "piper.log", lambda: asyncio.run(ask())):
        voices = httpx.get(f"http://127.0.0.1:{port}/voices", trust_env=False).json()
        answer = httpx.post(
            f"http://127.0.0.1:{port}/synthesize",
            json={"text": "Good morning.", "length_scale": 1.0},
            timeout=30,
            trust_env=False,
        )
    assert list(voices) == voice_names(voice)
    assert answer.is_success
    assert answer.content.startswith(b"RIFF")


def test_a_missing_voice_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LocalStackError, match=r"anna\.onnx"):
        voice_model(tmp_path / "anna.onnx")
