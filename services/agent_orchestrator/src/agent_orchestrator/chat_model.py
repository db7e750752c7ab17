"""A chat model behind the port of language models: its raw text becomes sentences while it streams."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

from agent_orchestrator.language_model import ModelError, Provider, ReplyRequest, TokenCount
from agent_orchestrator.sentences import SentenceStream


class ChatModel(Protocol):
    """A provider's streaming chat protocol."""

    @property
    def provider(self) -> Provider:
        """Which kind of service answers."""
        ...

    @property
    def model(self) -> str:
        """The model's name at its provider."""
        ...

    def deltas(self, request: ReplyRequest) -> AsyncGenerator[str | TokenCount, None]:
        """Yields the reply's raw text in pieces as the provider sends them, and the token count where it tells it.

        Raises:
            ModelError: at any point of the stream, also if it ends before the provider says so.
        """
        ...

    async def aclose(self) -> None:
        """Closes the connections."""
        ...


class SpokenChatModel:
    """A `LanguageModel` that speaks with a chat model's words."""

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat
        self.provider: Provider = chat.provider
        self.model = chat.model

    async def sentences(self, request: ReplyRequest) -> AsyncGenerator[str | TokenCount, None]:
        """Yields the model's sentences up to the length of a spoken reply; the rest is not asked for."""
        collected = SentenceStream(request.speaker)
        spoke = False
        async with aclosing(self._chat.deltas(request)) as deltas:
            async for piece in deltas:
                if isinstance(piece, TokenCount):
                    yield piece
                    continue
                for sentence in collected.feed(piece):
                    spoke = True
                    yield sentence
                if collected.full:
                    return
        for sentence in collected.finish():
            spoke = True
            yield sentence
        if not spoke:
            raise ModelError("empty")

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._chat.aclose()
