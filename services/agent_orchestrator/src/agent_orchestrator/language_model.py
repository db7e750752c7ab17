"""The port to what phrases a reply: one request in, sentences out as they are made."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from callwright_common.chat_models import ChatMessage, Provider, TokenCount


@dataclass(frozen=True)
class ReplyRequest:
    """What a reply is to be made of."""

    messages: tuple[ChatMessage, ...]
    """The system prompt, then the conversation, oldest first, ending with what the caller said last."""
    phrased: tuple[str, ...]
    """The sentences of the reply as the rules phrase it, fit to be spoken."""
    speaker: str
    """The agent's name, which models like to write before what they say."""
    max_tokens: int


class LanguageModel(Protocol):
    """Phrases replies."""

    @property
    def provider(self) -> Provider:
        """Which kind of service answers."""
        ...

    @property
    def model(self) -> str:
        """The model's name at its provider; empty for the offline agent."""
        ...

    def sentences(self, request: ReplyRequest) -> AsyncGenerator[str | TokenCount, None]:
        """Yields whole sentences fit to be spoken, and the token count where the provider tells it.

        Closing the generator ends the request to the provider.

        Raises:
            ModelError: at any point of the stream.
        """
        ...

    async def aclose(self) -> None:
        """Closes the connections."""
        ...
