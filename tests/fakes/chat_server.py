"""Local servers that stream scripted replies over real HTTP in the protocols of language model providers."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

Protocol = Literal["ollama", "openai"]


@dataclass
class ChatScript:
    """What the server does with each request.

    Attributes:
        pieces: The reply, as it is streamed.
        status: Other than 200 it answers an error instead.
        code: The provider's word in that error.
        retry_after: That header of the error.
        error_before: The index of the piece before which it says in the stream that it failed; None for never.
        hang_before: The index of the piece before which it goes silent for good; None for never.
        cut_before: The index of the piece before which it drops the connection; None for never.
        garbage_before: The index of the piece before which it sends bytes that are no message; None for never.
        garbage: Those bytes.
        coding: What it says its errors are compressed with, which they are not; None for nothing.
        understood: What it answers to those who want JSON, in order; the last of it stays. None never answers.
        finishes: Whether it says that the reply is at its end.
        after_first: Set, it lets the pieces after the first out.
    """

    pieces: tuple[str, ...] = ("Hello there. ", "How ", "are ", "you?")
    status: int = 200
    code: str | None = None
    retry_after: str | None = None
    error_before: int | None = None
    hang_before: int | None = None
    cut_before: int | None = None
    garbage_before: int | None = None
    garbage: bytes = b"<html>502</html>"
    coding: str | None = None
    understood: tuple[str | None, ...] = ('{"intents": [], "facts": []}',)
    finishes: bool = True
    after_first: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.after_first.set()


class ChatServer:
    """One server; `requests` holds what it is asked to say, `listened` to understand; `left` is set by one left.

    `behaviour`, told a request and whether it asks to understand, chooses the script for it.
    """

    def __init__(self, protocol: Protocol) -> None:
        self.script = ChatScript()
        self.behaviour: Callable[[dict[str, Any], bool], ChatScript] | None = None
        self.requests: list[dict[str, Any]] = []
        self.listened: list[dict[str, Any]] = []
        self.left = asyncio.Event()
        self.url = ""
        self._protocol = protocol

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers the requests of one connection."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while (head := await reader.readuntil(b"\r\n\r\n")) and await self._answer(head, reader, writer):
                pass
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answers a request; False ends the connection."""
        script = self.script
        if head.startswith(b"GET"):
            # The list of models, which is all that is got.
            return await self._write_whole(writer, script.status, b'{"object": "list", "data": []}')
        lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        request = json.loads(await reader.readexactly(int(lengths[0])))
        listens = "format" in request or "response_format" in request
        (self.listened if listens else self.requests).append(request)
        if self.behaviour is not None and "messages" in request:
            script = self.script = self.behaviour(request, listens)
        if script.status != 200:
            return await self._write_whole(writer, script.status, self._error())
        if b"/api/show" in head:
            return await self._write_whole(writer, 200, b'{"model_info": {}}')
        if listens:
            return await self._tell_understood(reader, writer)
        return await self._stream(reader, writer)

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        script = self.script
        kind = b"application/x-ndjson" if self._protocol == "ollama" else b"text/event-stream"
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n" % kind)
        for index, piece in enumerate(script.pieces):
            if index == script.cut_before:
                return False
            if index == script.hang_before:
                await self._wait_until_left(reader)
                return False
            if index == script.error_before:
                error = self._error()
                await _write_chunk(writer, error + b"\n" if self._protocol == "ollama" else b"data: %s\n\n" % error)
                return False
            if index == script.garbage_before:
                garbage = script.garbage
                await _write_chunk(writer, b"data: %s\n\n" % garbage if self._protocol == "openai" else garbage + b"\n")
            await _write_chunk(writer, self._piece(piece))
            await script.after_first.wait()
        if script.finishes:
            await _write_chunk(writer, self._end())
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True

    async def _tell_understood(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        understood = self.script.understood
        text = understood[min(len(self.listened), len(understood)) - 1]
        if text is None:
            await self._wait_until_left(reader)
            return False
        return await self._write_whole(writer, 200, self._whole(text))

    async def _write_whole(self, writer: asyncio.StreamWriter, status: int, body: bytes) -> bool:
        kind = b"Content-Type: application/json"
        if self.script.retry_after is not None:
            kind += b"\r\nRetry-After: " + self.script.retry_after.encode()
        if self.script.coding is not None:
            kind += b"\r\nContent-Encoding: " + self.script.coding.encode()
        writer.write(b"HTTP/1.1 %d Told\r\n%s\r\nContent-Length: %d\r\n\r\n%s" % (status, kind, len(body), body))
        await writer.drain()
        return True

    def _error(self) -> bytes:
        text = "the model is overloaded, said the caller of +1 202 555 0100"
        if self._protocol == "ollama":
            return json.dumps({"error": text}).encode()
        return json.dumps({"error": {"message": text, "type": "error", "code": self.script.code}}).encode()

    async def _wait_until_left(self, reader: asyncio.StreamReader) -> None:
        await reader.read()
        self.left.set()

    def _whole(self, text: str) -> bytes:
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if self._protocol == "ollama":
            return json.dumps({"model": "fake", "message": message, "done": True}).encode()
        if text == "refused":
            message = {"role": "assistant", "content": None, "refusal": "I will not listen to that."}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        whole = {"id": "1", "object": "chat.completion", "created": 0, "model": "fake", "choices": [choice]}
        return json.dumps(whole).encode()

    def _piece(self, text: str) -> bytes:
        if self._protocol == "ollama":
            return _line({"model": "fake", "message": {"role": "assistant", "content": text}, "done": False})
        return _event({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]})

    def _end(self) -> bytes:
        if self._protocol == "ollama":
            message = {"role": "assistant", "content": ""}
            return _line({"model": "fake", "message": message, "done": True, "prompt_eval_count": 7, "eval_count": 4})
        usage = {"prompt_tokens": 7, "completion_tokens": 4, "total_tokens": 11}
        finish = _event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        return finish + _event({"choices": [], "usage": usage}) + b"data: [DONE]\n\n"


@asynccontextmanager
async def chat_server(protocol: Protocol) -> AsyncIterator[ChatServer]:
    """Runs a server on a free port of loopback; `url` is the base URL that clients of the protocol want."""
    fake = ChatServer(protocol)
    connections: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(fake.serve(reader, writer))
        connections.add(task)
        task.add_done_callback(connections.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    fake.url = f"http://127.0.0.1:{port}" + ("" if protocol == "ollama" else "/v1")
    try:
        yield fake
    finally:
        server.close()
        for connection in list(connections):
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


async def _write_chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(b"%x\r\n%s\r\n" % (len(data), data))
    await writer.drain()


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode() + b"\n"


def _event(part: dict[str, Any]) -> bytes:
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "fake", **part}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"
