import asyncio
import os
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress

import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI
from loguru import logger as pipecat_log
from starlette.websockets import WebSocket

from callwright_common.campaign import Voice
from fakes.media_gateway import MediaGateway, ScriptedConversation
from local_stack.servers.piper_server import piper_command, voice_model
from voice_gateway.media import mulaw
from voice_gateway.media.hearing.voice_activity import SileroModel
from voice_gateway.media.hearing.whisper_recognizer import WhisperRecognizer
from voice_gateway.media.pipeline import MediaModels
from voice_gateway.media.speaking.speech_cache import SpeechCache
from voice_gateway.media.speaking.text_to_speech import PiperSpeech

CALLER = Voice(voice="en_US-joe-medium", speed=1.05, pitch=1.25)


@pytest.fixture(scope="session")
def piper_url() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = piper_command(voice_model(None), port, {**os.environ, "OMP_NUM_THREADS": "2"})
    with subprocess.Popen(
        command.argv, env=dict(command.environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for_port(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("Piper's server did not start")


@pytest.fixture(scope="session")
def recognizer() -> Iterator[WhisperRecognizer]:
    whisper = WhisperRecognizer()
    whisper.warm_up()
    yield whisper
    whisper.close()


@pytest.fixture
async def models(piper_url: str, recognizer: WhisperRecognizer) -> AsyncIterator[MediaModels]:
    pipecat_log.disable("pipecat")
    speech = PiperSpeech(piper_url, SpeechCache())
    yield MediaModels(SileroModel(), recognizer, speech)
    await speech.close()


@pytest.fixture
def speak(models: MediaModels) -> Callable[[str], Awaitable[bytes]]:
    """Returns a caller's µ-law audio for a text, in a voice that is not the agent's."""

    async def synthesize(text: str) -> bytes:
        samples = np.frombuffer(await models.speech.synthesize(text, CALLER), dtype=np.int16)
        return mulaw.encode(samples)

    return synthesize


@pytest.fixture
async def gateway(models: MediaModels) -> AsyncIterator[MediaGateway]:
    app = FastAPI()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    url = f"ws://127.0.0.1:{listener.getsockname()[1]}/media"
    gateway = MediaGateway(url, models, ScriptedConversation([]))

    @app.websocket("/media")
    async def media(websocket: WebSocket) -> None:
        await gateway.call(websocket)

    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws_max_size=1 << 20))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    yield gateway
    server.should_exit = True
    await serving
