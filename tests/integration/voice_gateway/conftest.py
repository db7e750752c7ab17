"""A whole gateway on real ports: real web server, pipeline and gRPC; recogniser and voice are fakes."""

import asyncio
import io
import socket
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from numpy.typing import NDArray
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from callwright.persistence.v1 import persistence_pb2
from voice_gateway.bootstrap import RunningGateway, running
from voice_gateway.calls.media_factory import MediaFactory, pipeline_media
from voice_gateway.config import GatewaySettings
from voice_gateway.media.hearing.speech_to_text import Transcript
from voice_gateway.media.hearing.voice_activity import SileroModel
from voice_gateway.media.pipeline import MediaModels
from voice_gateway.media.speaking.speech_cache import SpeechCache
from voice_gateway.media.speaking.text_to_speech import PiperSpeech
from voice_gateway.records.spool import SpoolFile

TOKEN = "callwright-dev"
CAMPAIGNS = Path(__file__).parents[3] / "campaigns"


class ScriptedRecognizer:
    """Hears what the test says the caller said."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def transcribe(self, samples: NDArray[np.int16], expected: object = None) -> Transcript:
        return Transcript(self.texts.pop(0) if self.texts else "Yes.")


@dataclass
class ToneVoice:
    """A speech server that answers every text with a tone, 50 ms for each character."""

    url: str = ""
    texts: list[str] = field(default_factory=list)

    async def synthesize(self, request: Request) -> Response:
        text = str((await request.json())["text"])
        self.texts.append(text)
        samples = np.sin(np.arange(int(22_050 * 0.05 * len(text))) * 0.06) * 8000
        file = io.BytesIO()
        with wave.open(file, "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(22_050)
            wav.writeframes(samples.astype(np.int16).tobytes())
        return Response(file.getvalue(), media_type="audio/wav")


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


@dataclass
class Gateway:
    """A gateway under test and a Twilio that signs."""

    running: RunningGateway
    recognizer: ScriptedRecognizer
    voice: ToneVoice
    http: httpx.AsyncClient
    data_dir: Path
    parts: AsyncExitStack

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.running.http_port}"

    async def post(self, path: str, call_sid: str = "CA1", *, signed: bool = True, **fields: str) -> httpx.Response:
        url = self.base_url + path
        form = {"CallSid": call_sid, "AccountSid": "AC1", "From": "+12025550123", "To": "+12025550199", **fields}
        headers = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, form)} if signed else {}
        return await self.http.post(url, data=form, headers=headers)

    async def stop(self) -> list[persistence_pb2.CallEvent]:
        """Stops the gateway; returns the events of its calls, which nobody has taken delivery of."""
        await self.parts.aclose()
        spool = SpoolFile(self.data_dir / "call_events.spool", 1 << 24)
        spool.open()
        try:
            return [persistence_pb2.CallEvent.FromString(payload) for payload in spool.read(1000, 1 << 24).payloads]
        finally:
            spool.close()


StartGateway = Callable[..., Any]


@pytest.fixture
def gateway_settings(tmp_path: Path) -> Callable[..., GatewaySettings]:
    """Settings of a gateway that reaches none of the other services."""

    def changed(**settings: Any) -> GatewaySettings:
        nowhere = "127.0.0.1:1"
        values = {
            "grpc_listen": "127.0.0.1:0",
            "http_listen": "127.0.0.1:0",
            "metrics_listen": "127.0.0.1:0",
            "twilio_auth_token": TOKEN,
            "campaigns_dir": CAMPAIGNS,
            "data_dir": tmp_path,
            "shutdown_grace_seconds": 0.2,
            "orchestrator_address": nowhere,
            "budget_address": nowhere,
            "persistence_address": nowhere,
        }
        return GatewaySettings(**{**values, **settings})

    return changed


@pytest.fixture
async def start_gateway(
    tmp_path: Path, gateway_settings: Callable[..., GatewaySettings]
) -> AsyncIterator[StartGateway]:
    async with AsyncExitStack() as stack:

        async def start(*, has_voice: bool = True, media: MediaFactory | None = None, **settings: Any) -> Gateway:
            voice, parts = ToneVoice(), await stack.enter_async_context(AsyncExitStack())
            app = FastAPI()
            app.add_api_route("/synthesize", voice.synthesize, methods=["POST"])
            app.add_api_route("/", voice.synthesize, methods=["POST"])
            voice.url = await stack.enter_async_context(served(app))
            recognizer = ScriptedRecognizer()
            speech = PiperSpeech(voice.url if has_voice else "http://127.0.0.1:1", SpeechCache())
            stack.push_async_callback(speech.close)
            media = media or pipeline_media(MediaModels(SileroModel(), recognizer, speech))
            gateway = await parts.enter_async_context(running(gateway_settings(**settings), media=media))
            http = await stack.enter_async_context(httpx.AsyncClient())
            return Gateway(gateway, recognizer, voice, http, tmp_path, parts)

        yield start
