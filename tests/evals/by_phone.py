"""The agent that is judged, reached by telephone: what callers say goes as sound through the running gateway.

Between the simulated phone and the agent stand the real web server, WebSocket, turn detection, recogniser and gRPC; the
agent's voice alone is a short tone, because nobody listens to it. Everything runs at the pace of a telephone.
"""

import asyncio
import io
import tempfile
import wave
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import uvicorn
from fastapi import FastAPI, Response

from callers.hearing import SpeechDetector
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2_grpc as pb_grpc
from callwright_common.campaign import Campaign
from callwright_common.metrics import new_registry
from callwright_common.rpc.server import serve
from evals.agent import Agent, Call, Heard
from evals.data import CAMPAIGN_FILES
from evals.record import recording
from phone_simulator.endpoint import CallParty, Endpoint
from phone_simulator.handset import Handset
from phone_simulator.media_stream import MediaStream
from phone_simulator.phone_call import PhoneCall
from vocabulary.enums import TransitionTrigger
from vocabulary.exchange import CallResult
from voice_gateway.bootstrap import running
from voice_gateway.calls.media_factory import pipeline_media
from voice_gateway.config import GatewaySettings
from voice_gateway.media.hearing.voice_activity import SileroModel
from voice_gateway.media.hearing.whisper_recognizer import WhisperRecognizer
from voice_gateway.media.pipecat_logs import silence_pipecat
from voice_gateway.media.pipeline import MediaModels
from voice_gateway.media.speaking.speech_cache import SpeechCache
from voice_gateway.media.speaking.text_to_speech import PiperSpeech

_TOKEN = "callwright-dev"
_SETTLED_SECONDS = 0.6
"""A line of both sides that was quiet for so long waits for the caller."""
_PATIENCE_SECONDS = 12.0
_TONE_SECONDS = 0.3


class TappedAgent(pb_grpc.AgentOrchestratorServiceServicer):
    """Passes everything on to the agent and keeps what came of it.

    Attributes:
        heard: What came of each turn in which something was said, oldest first.
        ended: How each call was summed up.
    """

    def __init__(self, agent: Agent) -> None:
        self.heard: list[Heard] = []
        self.ended: asyncio.Queue[CallResult] = asyncio.Queue()
        self._agent = agent

    async def ProcessTurn(self, request: pb.ProcessTurnRequest, context: Any) -> AsyncIterator[pb.ProcessTurnResponse]:
        self._agent.routes.clear()
        answers = []
        async for answer in self._agent.stub.ProcessTurn(request):
            answers.append(answer)
            # Ahead of the last answer, behind which the gateway does not listen any more.
            if answer.HasField("turn_completed") and not request.input.HasField("silence"):
                self.heard.append(Heard.of(request.input.utterance.text, answers, self._agent.routes.pop()))
            yield answer

    async def SyncCallState(self, request: pb.SyncCallStateRequest, context: Any) -> pb.SyncCallStateResponse:
        return await self._agent.stub.SyncCallState(request)

    async def GetWorkflowContext(
        self, request: pb.GetWorkflowContextRequest, context: Any
    ) -> pb.GetWorkflowContextResponse:
        return await self._agent.stub.GetWorkflowContext(request)

    async def WatchCall(self, request: pb.WatchCallRequest, context: Any) -> AsyncIterator[pb.WatchCallResponse]:
        async for answer in self._agent.stub.WatchCall(request):
            yield answer

    async def EndCall(self, request: pb.EndCallRequest, context: Any) -> pb.EndCallResponse:
        response = await self._agent.stub.EndCall(request)
        self.ended.put_nowait(CallResult.from_proto(response))
        return response


class Phone(Handset):
    """Says recordings and knows when it is its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.over = asyncio.Event()
        self._ear = SpeechDetector()
        self._answered = False

    async def talk(self, stream: MediaStream) -> None:
        await self.over.wait()

    def speak(self, audio: bytes) -> None:
        self._answered = False
        super().speak(audio)

    def hear(self, frame: bytes) -> None:
        before = self._ear.speech_end
        self._ear.feed(frame)
        self._answered = self._answered or (self._ear.speech_end != before and not self.speaking)

    @property
    def was_answered(self) -> bool:
        """Whether the agent has spoken since, and is quiet again."""
        return self._answered and not self.speaking and self._ear.silence >= _SETTLED_SECONDS


@dataclass
class PhoneConversation:
    """One call, with what `Call` has."""

    plan: Call
    voice: str
    tap: TappedAgent
    phone: Phone
    calling: "asyncio.Task[MediaStream]"
    hearings: list[tuple[str, str]]
    turns: list[Heard] = field(default_factory=list)

    @property
    def call_id(self) -> str:
        return self.plan.call_id

    @property
    def campaign(self) -> Campaign:
        return self.plan.campaign

    async def open(self) -> Heard:
        """Waits for the agent, who speaks first."""
        heard = await self._next()
        assert heard is not None, "the agent did not answer the phone"
        return self._noted(heard)

    async def say(self, text: str) -> Heard:
        """Says something and hears the answer; what was not understood as words at all is missed."""
        self.phone.speak(recording(self.voice, text).read_bytes())
        heard = await self._next()
        self.hearings.append((text, heard.said if heard else ""))
        if heard is None:
            last = self.turns[-1]
            missed = replace(last.route, trigger=TransitionTrigger.SILENCE, analysis=None, captured=())
            heard = replace(last, said="", sentences=(), actions=(), route=missed)
        return self._noted(replace(heard, said=text))

    async def end(self) -> CallResult:
        """Hangs up."""
        self.phone.over.set()
        await self.calling
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await self.tap.ended.get()

    def _noted(self, heard: Heard) -> Heard:
        self.turns.append(heard)
        return heard

    async def _next(self) -> Heard | None:
        """Waits until the agent has answered and the line is quiet; returns the last answer."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _PATIENCE_SECONDS
        while loop.time() < until and not self.calling.done():
            await asyncio.sleep(0.02)
            if self.tap.heard and self.phone.was_answered:
                break
        heard = self.tap.heard[-1] if self.tap.heard else None
        self.tap.heard.clear()
        return heard


@dataclass
class PhonedAgent:
    """The agent by telephone, with what `Agent` has; its calls are held one after the other.

    Attributes:
        voice: Who speaks in the next call.
        hearings: What was said, and what was heard of it.
    """

    agent: Agent
    tap: TappedAgent
    url: str
    voice: str = ""
    hearings: list[tuple[str, str]] = field(default_factory=list)

    @property
    def campaigns(self) -> Mapping[str, Campaign]:
        return self.agent.campaigns

    def call(self, call_id: str, campaign: Campaign) -> PhoneConversation:
        plan, phone = self.agent.call(call_id, campaign), Phone()
        endpoint = Endpoint(f"{self.url}/twilio/voice?campaign={campaign.id}", _TOKEN)
        place = PhoneCall(endpoint, CallParty("+12025550123", "+12025550199"), recorded=False)
        self.tap.heard.clear()
        return PhoneConversation(
            plan, self.voice, self.tap, phone, asyncio.create_task(place.run(phone)), self.hearings
        )


@asynccontextmanager
async def phoned_agent(agent: Agent) -> AsyncIterator[PhonedAgent]:
    """Runs a gateway in front of the agent."""
    silence_pipecat()
    tap = TappedAgent(agent)
    async with AsyncExitStack() as parts:
        folder = Path(parts.enter_context(tempfile.TemporaryDirectory()))
        (folder / "campaigns").mkdir()
        for path in CAMPAIGN_FILES:
            (folder / "campaigns" / path.name).symlink_to(path)
        server = await parts.enter_async_context(
            serve(
                "127.0.0.1:0",
                new_registry(),
                lambda one: pb_grpc.add_AgentOrchestratorServiceServicer_to_server(tap, one),
                ["callwright.agent_orchestrator.v1.AgentOrchestratorService"],
                grace_seconds=0,
            )
        )
        speech = PiperSpeech(await parts.enter_async_context(_tones()), SpeechCache())
        parts.push_async_callback(speech.close)
        recognizer = await asyncio.to_thread(WhisperRecognizer)
        parts.callback(recognizer.close)
        await asyncio.to_thread(recognizer.warm_up)
        media = pipeline_media(MediaModels(SileroModel(), recognizer, speech))
        gateway = await parts.enter_async_context(running(_settings(folder, server.port), media=media))
        yield PhonedAgent(agent, tap, f"http://127.0.0.1:{gateway.http_port}")


def _settings(folder: Path, orchestrator_port: int) -> GatewaySettings:
    nowhere = "127.0.0.1:1"
    return GatewaySettings(
        grpc_listen="127.0.0.1:0",
        http_listen="127.0.0.1:0",
        metrics_listen="127.0.0.1:0",
        twilio_auth_token=_TOKEN,
        campaigns_dir=folder / "campaigns",
        data_dir=folder,
        shutdown_grace_seconds=0.2,
        orchestrator_address=f"127.0.0.1:{orchestrator_port}",
        agent_processing_timeout_ms=5000,
        budget_address=nowhere,
        persistence_address=nowhere,
    )


@asynccontextmanager
async def _tones() -> AsyncIterator[str]:
    """Serves a voice that answers every text with a short tone; yields its address."""
    samples = np.sin(np.arange(int(22_050 * _TONE_SECONDS)) * 0.06) * 3000
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(22_050)
        wav.writeframes(samples.astype(np.int16).tobytes())
    app = FastAPI()

    @app.post("/synthesize")
    async def synthesize() -> Response:
        return Response(file.getvalue(), media_type="audio/wav")

    @app.get("/voices")
    async def voices() -> dict[str, str]:
        return {}

    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - nothing tells it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
