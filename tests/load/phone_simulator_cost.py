"""What a simulated call costs: CPU of this process per call, against a peer process that echoes every frame.

python tests/load/phone_simulator_cost.py 1 10 50 100
"""

import asyncio
import json
import multiprocessing
import multiprocessing.connection
import os
import sys

from websockets.asyncio.server import ServerConnection, serve
from websockets.frames import DATA_OPCODES, Frame
from websockets.protocol import Event, State

from phone_simulator.endpoint import CallParty, Endpoint
from phone_simulator.handset import Handset
from phone_simulator.media_stream import MediaStream
from phone_simulator.pacer import Pacer
from phone_simulator.phone_call import PhoneCall

SECONDS = 12.0
MARK_EVERY = 10


class EchoConnection(ServerConnection):
    """Sends every frame back, and a mark after every tenth."""

    stream_sid = ""
    frames = 0

    def process_event(self, event: Event) -> None:
        if not isinstance(event, Frame) or event.opcode not in DATA_OPCODES:
            super().process_event(event)
            return
        message = json.loads(bytes(event.data))
        if message["event"] == "start":
            self.stream_sid = message["streamSid"]
        elif message["event"] == "media" and self.state is State.OPEN:
            self.frames += 1
            self.answer({"event": "media", "media": {"payload": message["media"]["payload"]}})
            if self.frames % MARK_EVERY == 0:
                self.answer({"event": "mark", "mark": {"name": str(self.frames)}})

    def answer(self, message: dict[str, object]) -> None:
        self.protocol.send_text(json.dumps({**message, "streamSid": self.stream_sid}).encode())
        self.send_data()


def echo(ready: multiprocessing.connection.Connection) -> None:
    async def stay(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async def run() -> None:
        async with serve(stay, "127.0.0.1", 0, compression=None, create_connection=EchoConnection) as server:
            ready.send(next(iter(server.sockets)).getsockname()[1])
            await asyncio.Event().wait()

    asyncio.run(run())


class Listener(Handset):
    """Says nothing and hears everything."""

    heard = 0

    def hear(self, frame: bytes) -> None:
        self.heard += len(frame)

    async def talk(self, stream: MediaStream) -> None:
        await asyncio.sleep(SECONDS)


async def measure(url: str, calls: int) -> str:
    pacer = Pacer()
    party = CallParty("+12025550123", "+12025550199")
    listeners = [Listener(seed=number) for number in range(calls)]
    running = [
        asyncio.create_task(PhoneCall(Endpoint(url), party, pacer=pacer, recorded=False).run(listener))
        for listener in listeners
    ]
    await asyncio.sleep(1)
    before = os.times()
    await asyncio.sleep(SECONDS - 2)
    user, system, _, _, wall = (later - earlier for later, earlier in zip(os.times(), before, strict=True))
    streams = await asyncio.gather(*running)
    lateness = max(stream.worst_lateness for stream in streams) * 1000
    frames = sum(stream.playout.received for stream in streams) / 160 / calls
    return (
        f"{calls:4} calls: {(user + system) / wall / calls:.3%} of a core per call "
        f"(user {user / wall / calls:.3%}, system {system / wall / calls:.3%}), "
        f"worst lateness {lateness:.1f} ms, {frames:.0f} frames echoed per call"
    )


def main() -> None:
    here, there = multiprocessing.Pipe()
    peer = multiprocessing.get_context("spawn").Process(target=echo, args=(there,), daemon=True)
    peer.start()
    url = f"ws://127.0.0.1:{here.recv()}/"
    for calls in map(int, sys.argv[1:] or ("1", "10", "50", "100")):
        print(asyncio.run(measure(url, calls)), flush=True)  # noqa: T201
    peer.terminate()


if __name__ == "__main__":
    main()
