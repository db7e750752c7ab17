"""A TCP proxy on loopback whose line a test can cut, mend, silence, or break after a number of bytes."""

import asyncio
import socket
from contextlib import suppress


class TcpProxy:
    """Forwards connections to a server while it is open; cut, it refuses new ones and drops those it has.

    Args:
        port: The port of the server behind it, on loopback.

    Attributes:
        answer_limit: Each connection breaks once so many bytes of the server's have passed; None lets all pass.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.Task[None]] = set()
        self._held: socket.socket | None = None
        self._passing = asyncio.Event()
        self._passing.set()
        self.port = 0
        self.answer_limit: int | None = None

    async def open(self) -> None:
        """Listens, on the same port as before if it was open once."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        self._release()

    async def cut(self) -> None:
        """Drops all connections and listens no more; the port stays its own until it is closed."""
        if self._server is not None:
            self._server.close()
            self._server = None
            # Bound without listening it refuses connections, and no other server of the test is given it.
            self._held = socket.socket()
            self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._held.bind(("127.0.0.1", self.port))
        await self.drop()

    async def close(self) -> None:
        """Drops all connections and gives the port back."""
        await self.cut()
        self._release()

    def _release(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None

    async def drop(self) -> None:
        """Drops all connections; new ones are forwarded."""
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    def swallow(self) -> None:
        """Keeps all connections, new ones too, and lets nothing through: a half-open line."""
        self._passing.clear()

    def pass_on(self) -> None:
        """Lets everything through again, what was held up first."""
        self._passing.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.create_task(self._forward(reader, writer))
        self._lines.add(line)
        line.add_done_callback(self._lines.discard)

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, already_read: bytes = b""
    ) -> None:
        target_reader, target_writer = await asyncio.open_connection("127.0.0.1", self._target)
        target_writer.write(already_read)
        directions = [
            asyncio.create_task(self._copy(reader, target_writer, None)),
            asyncio.create_task(self._copy(target_reader, writer, self.answer_limit)),
        ]
        try:
            await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for direction in directions:
                direction.cancel()
            await asyncio.gather(*directions, return_exceptions=True)
            for end in (writer, target_writer):
                end.close()
                with suppress(OSError):
                    await end.wait_closed()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: int | None) -> None:
        with suppress(OSError):
            while (limit is None or limit > 0) and (data := await reader.read(limit or 65_536)):
                await self._passing.wait()
                limit = None if limit is None else limit - len(data)
                writer.write(data)
                await writer.drain()
