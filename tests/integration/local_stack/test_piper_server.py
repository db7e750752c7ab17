"""Piper's server as the stack starts it."""

import asyncio
import os
from pathlib import Path

import httpx
import pytest

from local_stack.child_process import ChildProcess
from local_stack.loopback import free_ports
from local_stack.piper_server import PiperVoiceError, packaged_voice, piper_command
from local_stack.readiness import http_answers


def test_the_packaged_voice_speaks(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    process = ChildProcess.start("piper", piper_command(packaged_voice(), port, os.environ), tmp_path / "piper.log")

    async def ask() -> str | None:
        return await http_answers(f"http://127.0.0.1:{port}/info")()

    try:
        process.wait_until_ready(lambda: asyncio.run(ask()), timeout=60)
        answer = httpx.post(
            f"http://127.0.0.1:{port}/synthesize",
            json={"text": "Good morning.", "length_scale": 1.0},
            timeout=30,
            trust_env=False,
        )
    finally:
        process.stop()
    assert answer.is_success
    assert answer.content.startswith(b"RIFF")


def test_a_missing_voice_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PiperVoiceError, match=r"anna\.onnx"):
        piper_command(tmp_path / "anna.onnx", 1, {})
