"""The port to chat models: messages in, the reply's text out as the provider sends it."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Provider = Literal["offline", "openai", "ollama"]
"""What a service may be set to answer with; `offline` is no chat model but the rules of the offline agent."""
ChatProvider = Literal["openai", "ollama"]
FailureKind = Literal["timeout", "connection", "status", "protocol", "empty"]
"""How a model failed; `empty` means that it ended well and said nothing that can be spoken."""


@dataclass(frozen=True)
class ChatMessage:
    """One message of the conversation as a chat model reads it."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class TokenCount:
    """What a reply used, as its provider counts."""

    input_tokens: int
    output_tokens: int


class ModelError(Exception):
    """The model did not answer as it should; the text tells the kind and nothing of the conversation."""

    def __init__(self, kind: FailureKind) -> None:
        super().__init__(f"the language model failed: {kind}")
        self.kind = kind


class ChatModel(Protocol):
    """A provider's streaming chat protocol."""

    @property
    def provider(self) -> ChatProvider:
        """Which kind of service answers."""
        ...

    @property
    def model(self) -> str:
        """The model's name at its provider."""
        ...

    def deltas(self, messages: Sequence[ChatMessage], max_tokens: int) -> AsyncGenerator[str | TokenCount, None]:
        """Yields the reply's raw text in pieces as the provider sends them, and the token count where it tells it.

        Closing the generator ends the request to the provider.

        Args:
            messages: The conversation, oldest first.
            max_tokens: The longest reply.

        Raises:
            ModelError: at any point of the stream, also if it ends before the provider says so.
        """
        ...

    async def aclose(self) -> None:
        """Closes the connections."""
        ...
