"""The offline agent as a language model: it says what the rules phrased."""

from collections.abc import AsyncGenerator

from agent_orchestrator.language_model import ReplyRequest
from callwright_common.chat_models import Provider, TokenCount


class OfflineModel:
    """Answers at once and without a network."""

    provider: Provider = "offline"
    model = ""

    async def sentences(self, request: ReplyRequest) -> AsyncGenerator[str | TokenCount, None]:
        """Yields the phrased sentences."""
        for sentence in request.phrased:
            yield sentence

    async def aclose(self) -> None:
        """Has nothing to close."""
