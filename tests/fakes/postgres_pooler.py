"""A pooler before PostgreSQL that treats start-up parameters as PgBouncer 1.18 does, with its words and codes."""

import asyncio
import struct
from contextlib import suppress

from fakes.tcp_proxy import TcpProxy

_PROTOCOL = 196608
_ENCRYPTION_REQUESTS = {80877103, 80877104}


class PostgresPooler(TcpProxy):
    """Forwards connections without start-up `options`.

    Args:
        port: The port of PostgreSQL, on loopback.
        ignores_options: Drops them without a word, as `ignore_startup_parameters = options` does, instead of refusing
            who sends them.

    Attributes:
        refusal: What everybody is refused with, as SQLSTATE and text; None lets them connect.
    """

    def __init__(self, port: int, *, ignores_options: bool = False) -> None:
        super().__init__(port)
        self.refusal: tuple[str, str] | None = None
        self._ignores_options = ignores_options

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, already_read: bytes = b""
    ) -> None:
        with suppress(asyncio.IncompleteReadError, OSError):
            parameters = await self._parameters(reader, writer)
            if parameters is None:
                return
            refusal = self.refusal
            if parameters.pop("options", None) is not None and not self._ignores_options:
                refusal = refusal or ("08P01", "unsupported startup parameter: options")
            if refusal is not None:
                writer.write(_error(*refusal))
                await writer.drain()
                writer.close()
                return
            await super()._forward(reader, writer, already_read=_start_up(parameters))

    async def _parameters(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> dict[str, str] | None:
        """Returns the parameters with which a client starts; None if it only wants another one cancelled."""
        while True:
            length, code = struct.unpack("!II", await reader.readexactly(8))
            body = await reader.readexactly(length - 8)
            if code in _ENCRYPTION_REQUESTS:
                writer.write(b"N")
            elif code == _PROTOCOL:
                words = body.rstrip(b"\0").decode().split("\0")
                return dict(zip(words[::2], words[1::2], strict=True))
            else:
                return None


def _start_up(parameters: dict[str, str]) -> bytes:
    body = b"".join(word.encode() + b"\0" for pair in parameters.items() for word in pair) + b"\0"
    return struct.pack("!II", len(body) + 8, _PROTOCOL) + body


def _error(sqlstate: str, text: str) -> bytes:
    fields = b"".join(
        f"{kind}{value}".encode() + b"\0" for kind, value in (("S", "FATAL"), ("C", sqlstate), ("M", text))
    )
    return b"E" + struct.pack("!I", len(fields) + 5) + fields + b"\0"
