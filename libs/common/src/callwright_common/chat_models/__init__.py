"""The port to chat models: messages in, the reply's text out as the provider sends it."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, Self

from callwright_common.chat_models.failures import FailureKind, ModelError

__all__ = ["ChatMessage", "ChatModel", "ChatProvider", "FailureKind", "ModelError", "Provider", "TokenCount"]

Provider = Literal["offline", "openai", "ollama"]
"""What a service may be set to answer with; `offline` is no chat model but the rules of the offline agent."""
ChatProvider = Literal["openai", "ollama"]


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

    @classmethod
    def told(cls, input_tokens: object, output_tokens: object) -> Self:
        """Returns what a provider tells, nothing for what is no count."""
        return cls(*(count if isinstance(count, int) and count > 0 else 0 for count in (input_tokens, output_tokens)))


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
        """Yields the reply's text in pieces as the provider sends them, cleaned, and the token count if it tells it.

        Closing the generator ends the request to the provider.

        Args:
            messages: The conversation, oldest first.
            max_tokens: The longest reply.

        Raises:
            ModelError: at any point of the stream, also if it ends without a word and before the provider says so.
        """
        ...

    async def structured(
        self, messages: Sequence[ChatMessage], schema: Mapping[str, Any], max_tokens: int
    ) -> tuple[str, TokenCount]:
        """Returns a whole reply, made to be JSON by a schema as far as the provider keeps to it.

        Args:
            messages: The conversation, oldest first.
            schema: A JSON schema in which every property is required and none may be added.
            max_tokens: The longest reply.

        Raises:
            ModelError: if there is none.
        """
        ...

    async def check(self) -> None:
        """Asks for a sign of life that costs nothing.

        Raises:
            ModelError: if there is none.
        """
        ...

    async def aclose(self) -> None:
        """Closes the connections."""
        ...
