"""The media WebSocket of a call, with both directions free of tasks, queues and locks per message."""

import asyncio
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.frames import DATA_OPCODES, Frame
from websockets.protocol import Event, State

from phone_simulator.endpoint import OPEN_TIMEOUT_SECONDS, PhoneCallError

CLOSE_TIMEOUT_SECONDS = 2.0
MAX_MESSAGE_BYTES = 1024 * 1024
MAX_UNSENT_BYTES = 256 * 1024
"""More than this of a peer that does not read is not kept for it; a second of a call has about 17 kB."""


class MediaConnection(ClientConnection):
    """A WebSocket client that hands over each message at once and sends without waiting.

    Attributes:
        on_message: Called with each message of the peer.
        on_closed: Called when the connection has ended.
    """

    on_message: Callable[[bytes], None] = staticmethod(lambda message: None)
    on_closed: Callable[[], None] = staticmethod(lambda: None)
    _fragments = b""

    def send_now(self, message: bytes) -> bool:
        """Sends a text message; returns False if the peer is gone or has not read for too long."""
        if self.state is not State.OPEN or self.transport.get_write_buffer_size() > MAX_UNSENT_BYTES:
            return False
        self.protocol.send_text(message)
        self.send_data()
        return True

    async def end(self) -> None:
        """Closes the connection; a peer that does not read or answer is not waited for."""
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_SECONDS):
                await self.close()
        except TimeoutError:
            self.transport.abort()

    def process_event(self, event: Event) -> None:
        """Takes one event of the protocol: messages are handed over, everything else is the library's."""
        if not isinstance(event, Frame) or event.opcode not in DATA_OPCODES:
            super().process_event(event)
            return
        self._fragments += bytes(event.data)
        if event.fin:
            message, self._fragments = self._fragments, b""
            self.on_message(message)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tells of the end."""
        super().connection_lost(exc)
        self.on_closed()


async def open_media_connection(url: str, headers: dict[str, str]) -> MediaConnection:
    """Opens a media WebSocket; proxies of the environment are not asked.

    Raises:
        PhoneCallError: if it is refused or nobody answers.
    """
    try:
        connection = await connect(
            url,
            additional_headers=headers,
            open_timeout=OPEN_TIMEOUT_SECONDS,
            max_size=MAX_MESSAGE_BYTES,
            compression=None,
            proxy=None,
            create_connection=MediaConnection,
        )
    except (OSError, WebSocketException) as error:
        raise PhoneCallError(f"the media stream {url}: {type(error).__name__}: {error}".rstrip(": ")) from error
    assert isinstance(connection, MediaConnection)  # noqa: S101 - the class that was asked for
    return connection
