"""A chat model behind the port of language models: its raw text becomes sentences while it streams."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from agent_orchestrator.language_model import ReplyRequest
from agent_orchestrator.sentences import SentenceStream
from callwright_common.chat_models import ChatModel, ModelError, Provider, TokenCount


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
        async with aclosing(self._chat.deltas(request.messages, request.max_tokens)) as deltas:
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
