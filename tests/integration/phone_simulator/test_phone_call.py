"""A simulated call against a real web server and a real WebSocket, on a stepping clock."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as websocket_server

from fakes.line_clock import SteppingLineClock
from fakes.scripted_agent import ScriptedAgent, serve, tone
from phone_simulator.endpoint import CallParty, Endpoint, PhoneCallError
from phone_simulator.handset import Handset
from phone_simulator.media_stream import MediaStream
from phone_simulator.pacer import Pacer
from phone_simulator.phone_call import PhoneCall
from phone_simulator.playout import PlayoutOverflowError
from phone_simulator.telephone_audio import SAMPLE_RATE
from phone_simulator.webhook import TwimlAnswer, TwimlError

PARTY = CallParty("+12025550123", "+12025550199")


class ScriptedCaller(Handset):
    """Does what it is told, and hangs up; notes what it hears."""

    def __init__(self, *doings: Callable[["ScriptedCaller", MediaStream], Awaitable[None]]) -> None:
        super().__init__()
        self.heard = bytearray()
        self._doings = doings
        self._tick = asyncio.Event()

    def hear(self, frame: bytes) -> None:
        self.heard += frame
        self._tick.set()

    async def talk(self, stream: MediaStream) -> None:
        for do in self._doings:
            await do(self, stream)

    async def listen(self, seconds: float) -> None:
        end = len(self.heard) + seconds * SAMPLE_RATE
        while len(self.heard) < end:
            self._tick.clear()
            await self._tick.wait()


def listening(seconds: float) -> ScriptedCaller:
    return ScriptedCaller(lambda caller, _: caller.listen(seconds))


TOKEN = "token"


def _call(agent: ScriptedAgent, *, token: str = TOKEN, url: str = "", recorded: bool = True) -> PhoneCall:
    endpoint = Endpoint(url or agent.base_url + "/twilio/voice", token)
    return PhoneCall(endpoint, PARTY, pacer=Pacer(SteppingLineClock()), recorded=recorded)


def _events(agent: ScriptedAgent, name: str) -> list[dict[str, Any]]:
    return [message for message in agent.received if message["event"] == name]


async def test_the_webhook_is_signed_and_its_parameters_reach_the_stream() -> None:
    async with serve(ScriptedAgent(["hello"], lambda _: tone(0.2))) as agent:
        call = _call(agent)
        await call.run(listening(0.5))

    assert agent.refused == 0
    assert agent.forms[0]["CallSid"] == PARTY.call_sid
    assert agent.forms[0]["From"] == "+12025550123"
    (start,) = _events(agent, "start")
    assert start["start"]["customParameters"] == {"token": "t-1"}
    assert start["start"]["callSid"] == PARTY.call_sid
    assert agent.received[0]["event"] == "connected"
    assert call.followed == TwimlAnswer()


async def test_a_refused_webhook_places_no_call() -> None:
    async with serve(ScriptedAgent(["hello"], lambda _: tone(0.2))) as agent:
        with pytest.raises(TwimlError, match="403"):
            await _call(agent, token="another").run(listening(0.5))
    assert agent.received == []


async def test_frames_of_twenty_milliseconds_follow_the_clock_and_stop_ends_the_stream() -> None:
    async with serve(ScriptedAgent([], lambda _: b"", hang_up_at_end=False)) as agent:
        stream = await _call(agent).run(listening(1.0))

    media = _events(agent, "media")
    assert 48 <= len(media) <= 54
    assert [int(frame["media"]["timestamp"]) for frame in media] == [20 * number for number in range(len(media))]
    assert agent.received[-1]["event"] == "stop"
    numbers = [int(message["sequenceNumber"]) for message in agent.received if message["event"] != "connected"]
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers))
    assert len(stream.caller_line) == 160 * len(media)
    assert abs(len(stream.playout.line) - len(stream.caller_line)) <= 320


async def test_a_mark_is_echoed_once_the_audio_before_it_was_played() -> None:
    async with serve(ScriptedAgent(["hello"], lambda _: tone(0.8), hang_up_at_end=False)) as agent:
        stream = await _call(agent).run(listening(1.2))

    names = [message["event"] for message in agent.received]
    frames_before_echo = sum(name == "media" for name in names[: names.index("mark")])
    assert 40 <= frames_before_echo <= 43
    (mark,) = stream.playout.marks
    (span,) = stream.playout.spans
    assert mark.returned_at == span.line_start + span.length
    assert span.length == int(0.8 * SAMPLE_RATE)


async def test_clear_stops_the_sound_and_returns_the_pending_mark_at_once() -> None:
    async def interrupt(caller: ScriptedCaller, stream: MediaStream) -> None:
        await caller.listen(0.5)
        caller.speak(tone(0.5))
        await caller.listen(0.6)

    script = ["long", "short"]
    async with serve(
        ScriptedAgent(script, lambda text: tone(3.0 if text == "long" else 0.3), hang_up_at_end=False)
    ) as agent:
        stream = await _call(agent).run(ScriptedCaller(interrupt))

    assert agent.interruptions == 1
    (clear,) = stream.playout.clears
    (first, *_) = stream.playout.marks
    assert first.cleared
    assert first.returned_at == clear.line_position
    played = sum(span.length for span in stream.playout.spans)
    assert 0.55 * SAMPLE_RATE <= played <= 0.75 * SAMPLE_RATE
    assert len(_events(agent, "mark")) == 1


async def test_the_caller_follows_the_twiml_after_the_stream() -> None:
    agent = ScriptedAgent(["hello"], lambda _: tone(0.2), after_stream="<Response><Dial>+13035550142</Dial></Response>")
    async with serve(agent):
        call = _call(agent)
        await call.run(listening(0.4))
    assert call.followed == TwimlAnswer(dialled="+13035550142")


async def test_a_media_socket_is_called_without_a_webhook() -> None:
    async with serve(ScriptedAgent(["hello"], lambda _: tone(0.2))) as agent:
        endpoint = Endpoint(agent.base_url.replace("http", "ws") + "/media", parameters={"token": "mine"})
        caller = listening(0.5)
        stream = await PhoneCall(endpoint, PARTY, pacer=Pacer(SteppingLineClock())).run(caller)

    assert agent.forms == []
    assert _events(agent, "start")[0]["start"]["customParameters"] == {"token": "mine"}
    assert bytes(caller.heard) == bytes(stream.playout.line[: len(caller.heard)])
    assert sum(span.length for span in stream.playout.spans) == int(0.2 * SAMPLE_RATE)


async def test_pressed_keys_reach_the_agent_in_their_order() -> None:
    async def press(caller: ScriptedCaller, stream: MediaStream) -> None:
        for key in "4#":
            stream.press(key)
        await caller.listen(0.2)

    async with serve(ScriptedAgent([], lambda _: b"", hang_up_at_end=False)) as agent:
        await _call(agent).run(ScriptedCaller(press))
    assert [message["dtmf"]["digit"] for message in _events(agent, "dtmf")] == ["4", "#"]


async def test_an_unrecorded_call_hears_the_same_and_keeps_nothing() -> None:
    caller = listening(1.0)
    async with serve(ScriptedAgent(["hello"], lambda _: tone(0.6), hang_up_at_end=False)) as agent:
        stream = await _call(agent, recorded=False).run(caller)

    (span,) = stream.playout.spans
    assert caller.heard[span.line_start : span.line_start + span.length] == tone(0.6)
    assert stream.playout.position >= len(caller.heard)
    assert len(stream.playout.line) + len(stream.caller_line) < 2 * 160


async def test_calls_that_share_a_pacer_all_keep_their_pace_and_one_failure_ends_one_call() -> None:
    class Deaf(ScriptedCaller):
        def hear(self, frame: bytes) -> None:
            raise RuntimeError("no ear")

    pacer = Pacer(SteppingLineClock())
    async with serve(ScriptedAgent([], lambda _: b"", hang_up_at_end=False)) as agent:
        endpoint = Endpoint(agent.base_url + "/twilio/voice", "token")
        callers = [listening(1.0), Deaf(lambda caller, _: caller.listen(9.0)), *(listening(1.0) for _ in range(12))]
        outcomes = await asyncio.gather(
            *(PhoneCall(endpoint, PARTY, pacer=pacer).run(caller) for caller in callers), return_exceptions=True
        )

    assert [str(one) for one in outcomes if isinstance(one, BaseException)] == ["no ear"]
    for stream in outcomes:
        if isinstance(stream, MediaStream):
            assert 50 <= len(stream.caller_line) // 160 <= 55
            assert abs(len(stream.playout.line) - len(stream.caller_line)) <= 320


@asynccontextmanager
async def media_server(handler: Callable[[ServerConnection], Awaitable[None]]) -> AsyncIterator[Endpoint]:
    """Serves a media WebSocket alone, with a small receive buffer."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    async with websocket_server(handler, sock=listener, compression=None, close_timeout=0.1):
        yield Endpoint(f"ws://127.0.0.1:{listener.getsockname()[1]}/")


async def test_an_agent_that_does_not_read_is_not_waited_for_and_nothing_piles_up() -> None:
    async def deaf(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with media_server(deaf) as endpoint:
        stream = await PhoneCall(endpoint, PARTY, pacer=Pacer(SteppingLineClock(turns=1))).run(listening(200.0))
    assert stream.unsent > 0
    assert len(stream.playout.line) >= 200 * SAMPLE_RATE


async def test_messages_that_twilio_would_refuse_are_counted_and_the_call_goes_on() -> None:
    async def confused(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.send("hello?")
        await connection.send('{"event":"media","streamSid":"MZ0","media":{"payload":"AQI="}}')
        await connection.send([b'{"event":', b'"nonsense"}'])
        async for _ in connection:
            pass

    async with media_server(confused) as endpoint:
        stream = await PhoneCall(endpoint, PARTY, pacer=Pacer(SteppingLineClock())).run(listening(1.0))
    assert stream.refused == 3
    assert stream.playout.received == 0


async def test_an_agent_that_floods_the_call_ends_it_with_the_reason() -> None:
    async with serve(ScriptedAgent(["flood"], lambda _: bytes(601 * SAMPLE_RATE))) as agent:
        with pytest.raises(PlayoutOverflowError, match="600 s of audio wait"):
            await _call(agent).run(listening(30.0))


@pytest.mark.parametrize("path", ["/nowhere", "/media-nowhere"])
async def test_what_cannot_be_reached_is_named_with_its_cause(path: str) -> None:
    async with serve(ScriptedAgent([], lambda _: b"")) as agent:
        url = (agent.base_url.replace("http", "ws") if "media" in path else agent.base_url) + path
        with pytest.raises(PhoneCallError, match=f"{path}.*40[34]"):
            await _call(agent, url=url).run(listening(1.0))
    with pytest.raises(PhoneCallError, match=r"127.0.0.1:\d+/.*: (ConnectError|ConnectionRefusedError|OSError)"):
        await _call(agent, url=url).run(listening(1.0))
