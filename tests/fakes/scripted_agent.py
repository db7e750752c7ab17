"""A phone agent that says fixed sentences over the media protocol, behind a signed webhook, on a real port."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from phone_simulator.telephone_audio import FRAME_SAMPLES, SAMPLE_RATE, mulaw_to_samples, samples_to_mulaw

CHUNK_SAMPLES = 5 * FRAME_SAMPLES
END_OF_TURN_FRAMES = 25
CALLER_RMS = 300.0


def tone(seconds: float) -> bytes:
    """Returns audible µ-law audio."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return samples_to_mulaw(np.asarray(8000 * np.sin(2 * np.pi * 200 * time), dtype=np.int16))


@dataclass
class ScriptedAgent:
    """Says the next sentence of its script whenever the caller has finished; stops when the caller speaks over it.

    Attributes:
        script: What it says, in order; after the last one it hangs up.
        synthesize: Turns a sentence into µ-law audio.
        auth_token: Token that requests must be signed with.
    """

    script: list[str]
    synthesize: Callable[[str], bytes]
    auth_token: str = "token"
    base_url: str = ""
    hang_up_at_end: bool = True
    parameters: dict[str, str] = field(default_factory=lambda: {"token": "t-1"})
    received: list[dict[str, Any]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    sent_audio_ms: list[int] = field(default_factory=list)
    interruptions: int = 0
    refused: int = 0
    after_stream: str = "<Response/>"

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/twilio/voice", self.voice, methods=["POST"]),
                Route("/twilio/after", self.after, methods=["POST"]),
                WebSocketRoute("/media", self.media),
            ]
        )

    async def voice(self, request: Request) -> Response:
        form = {key: str(value) for key, value in (await request.form()).items()}
        if not self._signed(request, form):
            self.refused += 1
            return Response(status_code=403)
        self.forms.append(form)
        stream_url = self.base_url.replace("http", "ws") + "/media"
        parameters = "".join(f'<Parameter name="{k}" value="{v}"/>' for k, v in self.parameters.items())
        connect = f'<Connect action="/twilio/after"><Stream url="{stream_url}">{parameters}</Stream></Connect>'
        return Response(f"<Response>{connect}</Response>", media_type="text/xml")

    async def after(self, request: Request) -> Response:
        form = {key: str(value) for key, value in (await request.form()).items()}
        if not self._signed(request, form):
            self.refused += 1
            return Response(status_code=403)
        return Response(self.after_stream, media_type="text/xml")

    def _signed(self, request: Request, form: dict[str, str]) -> bool:
        signature = request.headers.get("X-Twilio-Signature", "")
        return bool(RequestValidator(self.auth_token).validate(str(request.url), form, signature))

    async def media(self, socket: WebSocket) -> None:
        await socket.accept()
        with suppress(WebSocketDisconnect):
            await _ScriptedCall(self, socket).run()


class _ScriptedCall:
    def __init__(self, agent: ScriptedAgent, socket: WebSocket) -> None:
        self.agent = agent
        self.socket = socket
        self.script = iter(agent.script)
        self.stream_sid = ""
        self.pending_mark = ""
        self.loud_frames = 0
        self.quiet_frames = 0
        self.caller_spoke = False
        self.marks = 0
        self.ending = False

    async def run(self) -> None:
        while True:
            message = json.loads(await self.socket.receive_text())
            self.agent.received.append(message)
            match message["event"]:
                case "start":
                    self.stream_sid = message["streamSid"]
                    await self.say_next()
                case "media":
                    await self.hear(base64.b64decode(message["media"]["payload"]))
                case "mark":
                    if message["mark"]["name"] == self.pending_mark:
                        self.pending_mark = ""
                        if self.ending:
                            await self.socket.close()
                            return
                case "stop":
                    return

    async def hear(self, audio: bytes) -> None:
        samples = mulaw_to_samples(audio).astype(float)
        loud = float((samples**2).mean() ** 0.5) > CALLER_RMS
        self.loud_frames = self.loud_frames + 1 if loud else 0
        self.quiet_frames = 0 if loud else self.quiet_frames + 1
        if self.loud_frames == 5:
            self.caller_spoke = True
            if self.pending_mark:
                self.agent.interruptions += 1
                self.pending_mark = ""
                await self.send({"event": "clear"})
        if self.caller_spoke and self.quiet_frames == END_OF_TURN_FRAMES:
            self.caller_spoke = False
            await self.say_next()

    async def say_next(self) -> None:
        sentence = next(self.script, None)
        if sentence is None:
            self.ending = self.agent.hang_up_at_end
            sentence = ""
        audio = self.agent.synthesize(sentence) if sentence else b""
        self.agent.sent_audio_ms.append(len(audio) // 8)
        for start in range(0, len(audio), CHUNK_SAMPLES):
            payload = base64.b64encode(audio[start : start + CHUNK_SAMPLES]).decode()
            await self.send({"event": "media", "media": {"payload": payload}})
        self.marks += 1
        self.pending_mark = f"answer:{self.marks}"
        await self.send({"event": "mark", "mark": {"name": self.pending_mark}})

    async def send(self, message: dict[str, object]) -> None:
        await self.socket.send_text(json.dumps({**message, "streamSid": self.stream_sid}))


@asynccontextmanager
async def serve(agent: ScriptedAgent) -> AsyncIterator[ScriptedAgent]:
    """Runs the agent's web server on a free port and fills in its address."""
    config = uvicorn.Config(agent.app(), host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0)
    agent.base_url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield agent
    finally:
        server.should_exit = True
        await task
