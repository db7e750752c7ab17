"""The port to where contexts are kept between turns, so that any replica can serve any turn."""

from collections.abc import AsyncIterator
from typing import Protocol

from agent_orchestrator.contexts.call_context import CallContext
from callwright_common.errors import AbortedError


class ContextStore(Protocol):
    """Keeps one context per call.

    All methods raise `UnavailableError` with its `cause` within the store's own time limit when it does not answer.
    """

    async def load(self, call_id: str) -> CallContext | None:
        """Returns the stored context, or None if there is none that can be used."""
        ...

    async def save(self, context: CallContext, expected_revision: int) -> None:
        """Stores the context if the expected revision, 0 for none, is stored; saving the same again is fine.

        Raises:
            AbortedError: with reason REVISION_MISMATCH if it is another one.
        """
        ...

    async def revision(self, call_id: str) -> int:
        """Returns the stored revision, 0 if there is none."""
        ...

    def with_untold_contact(self) -> AsyncIterator[CallContext]:
        """Yields the contexts of ended calls whose contact the calendar may not know."""
        ...

    async def try_write(self) -> None:
        """Writes as `save` does, without a call."""
        ...


def revision_mismatch(stored: int) -> AbortedError:
    """Returns the answer to a request that was made from another revision than the stored one."""
    return AbortedError("REVISION_MISMATCH", "the context is at another revision", stored_revision=str(stored))
