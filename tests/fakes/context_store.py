"""A `ContextStore` in memory; contexts pass through their encoding as they do on the way to Redis."""

from collections.abc import AsyncIterator

from agent_orchestrator.contexts.call_context import CallContext
from agent_orchestrator.contexts.context_codec import decode_context, encode_context
from agent_orchestrator.contexts.context_store import revision_mismatch


class MemoryContextStore:
    """Keeps one context per call."""

    def __init__(self) -> None:
        self._stored: dict[str, tuple[int, bytes]] = {}

    async def load(self, call_id: str) -> CallContext | None:
        found = self._stored.get(call_id)
        return decode_context(found[1], call_id) if found else None

    async def save(self, context: CallContext, expected_revision: int) -> None:
        stored, body = self._stored.get(context.call_id, (0, b""))
        encoded = encode_context(context)
        if (context.revision, encoded) == (stored, body):
            return
        if stored != expected_revision:
            raise revision_mismatch(stored)
        self._stored[context.call_id] = (context.revision, encoded)

    async def revision(self, call_id: str) -> int:
        return self._stored.get(call_id, (0, b""))[0]

    async def with_untold_contact(self) -> AsyncIterator[CallContext]:
        for call_id in [*self._stored]:
            context = await self.load(call_id)
            if context is not None and context.untold_contact is not None:
                yield context

    async def try_write(self) -> None:
        pass
