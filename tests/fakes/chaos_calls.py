"""Phone calls on a stack of real processes whose parts are killed or stopped at chosen moments of the call."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
import numpy as np

from callers.voice import CallerVoice
from callwright.persistence.v1 import persistence_pb2
from callwright.persistence.v1.persistence_pb2_grpc import PersistenceServiceStub
from callwright_cli.call_record import read_finished_call
from callwright_cli.live_watch import WatchedCall, watch_call
from callwright_cli.simulated_call import CALLED_NUMBER, CALLER_NUMBER, gateway_endpoint
from callwright_cli.verification.played_replies import PlayedReply, played_replies
from callwright_common.rpc.client import open_channel
from local_stack.stack import LocalStack
from phone_simulator.endpoint import CallParty
from phone_simulator.handset import Handset
from phone_simulator.media_stream import MediaStream
from phone_simulator.phone_call import PhoneCall
from phone_simulator.playout import PlayoutBuffer
from phone_simulator.telephone_audio import SAMPLE_RATE, mulaw_to_samples
from vocabulary.call_record import CallHistory

CAMPAIGN_ID = "sunline-solar"
_FRAME = SAMPLE_RATE // 50
_AUDIBLE_PEAK = 500
_END_OF_REPLY_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 12.0
_POLL_SECONDS = 0.02

Fault = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Line:
    """Something the caller says, and a fault around it.

    Attributes:
        text: The words.
        before: Happens in the silence before them.
        during: Happens in the middle of them.
        after: Happens so many seconds after their end.
        after_seconds: When `after` happens.
    """

    text: str
    before: Fault | None = None
    during: Fault | None = None
    after: Fault | None = None
    after_seconds: float = 0.7


@dataclass(slots=True)
class ChaosCall:
    """A call that is over.

    Attributes:
        ended: Sample of the timeline at which each line of the caller ended.
        playout: The agent's channel.
        live: The call as operators saw it.
    """

    ended: list[int] = field(default_factory=list)
    playout: PlayoutBuffer = field(default_factory=PlayoutBuffer)
    live: WatchedCall = field(default_factory=WatchedCall)

    def dead_air(self) -> list[float]:
        """Returns the seconds of silence after each of the caller's lines; infinite where nothing followed."""
        audible = audible_frames(self.playout)
        gaps = []
        for end in self.ended:
            rest = np.flatnonzero(audible[end // _FRAME :])
            gaps.append(float(rest[0]) / 50 if len(rest) else float("inf"))
        return gaps

    def replies(self) -> dict[str, PlayedReply]:
        """Returns what was played of each turn's reply."""
        return played_replies(self.playout)


def audible_frames(playout: PlayoutBuffer) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    samples = mulaw_to_samples(bytes(playout.line))
    whole = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    peaks = np.abs(whole.astype(np.int32)).max(axis=1)
    return np.asarray(peaks > _AUDIBLE_PEAK)


class _Speaker(Handset):
    """A caller that says its lines, each once the agent has fallen silent."""

    def __init__(self, lines: list[tuple[Line, bytes]], call: ChaosCall, stay_seconds: float) -> None:
        super().__init__()
        self._lines = lines
        self._call = call
        self._stay = stay_seconds

    async def talk(self, stream: MediaStream) -> None:
        self._call.playout = stream.playout
        for line, audio in self._lines:
            await self._agent_finished(stream)
            if line.before is not None:
                await line.before()
            start = self.said
            self.speak(audio)
            await self._position(stream, start + len(audio) // 2)
            if line.during is not None:
                await line.during()
            await self._position(stream, start + len(audio))
            self._call.ended.append(start + len(audio))
            if line.after is not None:
                await self._position(stream, start + len(audio) + int(line.after_seconds * SAMPLE_RATE))
                await line.after()
        await self._agent_finished(stream)
        await self._position(stream, len(stream.caller_line) + int(self._stay * SAMPLE_RATE))

    async def _agent_finished(self, stream: MediaStream) -> None:
        """Waits for the agent to speak and to be silent again, within limits."""
        begin = self._call.ended[-1] if self._call.ended else 0
        while True:
            audible = np.flatnonzero(audible_frames(stream.playout)[begin // _FRAME :])
            now = stream.playout.position - begin
            if len(audible) and now - int(audible[-1]) * _FRAME > _END_OF_REPLY_SECONDS * SAMPLE_RATE:
                return
            if now > _LONGEST_WAIT_SECONDS * SAMPLE_RATE and not len(audible):
                return
            await asyncio.sleep(5 * _POLL_SECONDS)

    @staticmethod
    async def _position(stream: MediaStream, position: int) -> None:
        while len(stream.caller_line) < position and not stream.closed:  # noqa: ASYNC110 - the line tells nobody
            await asyncio.sleep(_POLL_SECONDS)


async def place_chaos_call(stack: LocalStack, lines: list[Line], *, stay_seconds: float = 0.0) -> ChaosCall:
    """Lets a caller say its lines on the stack; returns the call once it is over."""
    call = ChaosCall()
    endpoints = stack.endpoints
    party = CallParty(CALLER_NUMBER, CALLED_NUMBER)
    async with httpx.AsyncClient(trust_env=False) as http:
        voice = CallerVoice(http, endpoints.piper_url, speed=1.05, pitch=1.2)
        spoken = [(line, await voice.speak(line.text)) for line in lines]
    gateway, orchestrator = open_channel(endpoints.gateway), open_channel(endpoints.orchestrator)
    watching = asyncio.create_task(watch_call(call.live, party.call_sid, gateway, orchestrator, lambda: None))
    try:
        await PhoneCall(gateway_endpoint(endpoints, CAMPAIGN_ID), party).run(_Speaker(spoken, call, stay_seconds))
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await gateway.close()
        await orchestrator.close()
    return call


async def record_of(stack: LocalStack, call_id: str, *, timeout: float = 60.0) -> CallHistory:
    """Returns the record of a call once it is complete."""
    channel = open_channel(stack.endpoints.persistence)
    try:
        return await read_finished_call(channel, call_id, timeout=timeout)
    finally:
        await channel.close()


async def events_of(stack: LocalStack, call_id: str) -> list[persistence_pb2.CallEvent]:
    """Returns the stored events of a call, in their order."""
    channel = open_channel(stack.endpoints.persistence)
    try:
        stub = PersistenceServiceStub(channel)
        request = persistence_pb2.ListCallEventsRequest(call_id=call_id, page_size=500)
        return list((await stub.ListCallEvents(request)).events)
    finally:
        await channel.close()


class Processes:
    """The processes of a stack, to be killed, stopped and let go on, by their ids."""

    def __init__(self, stack: LocalStack) -> None:
        self._stack = stack

    def send(self, name: str, number: signal.Signals) -> None:
        pid = self._stack.supervisor.pids().get(name)
        # A process that was killed before may end in this moment.
        with suppress(ProcessLookupError):
            if pid is not None:
                os.kill(pid, number)

    def kill(self, name: str) -> Fault:
        """Returns a fault that kills a process; the supervisor starts it again."""

        async def fault() -> None:
            self.send(name, signal.SIGKILL)

        return fault

    async def keep_dead(self, name: str) -> None:
        """Kills a process as often as it comes back, until it is cancelled."""
        while True:
            self.send(name, signal.SIGKILL)
            await asyncio.sleep(_POLL_SECONDS)

    def signalled(self, name: str, number: signal.Signals) -> Fault:
        """Returns a fault that sends a process a signal."""

        async def fault() -> None:
            self.send(name, number)

        return fault
