"""Whom calls that are over booked with, until the calendar knows it: kept in their contexts, whatever becomes of us."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from agent_orchestrator.agents.appointments import LastContact
from agent_orchestrator.contexts.call_context import CallContext
from agent_orchestrator.contexts.context_store import ContextStore
from callwright_common.errors import ServiceError
from callwright_common.logs import get_logger

_LOOK_AGAIN_SECONDS = 900.0
"""Longer than one of them is tried: what was given up, or left by a process that never came back, is tried anew."""

_logger = get_logger(__name__)


def last_contact(context: CallContext) -> LastContact | None:
    """Returns whom an ended call booked with, None if the calendar knows it."""
    if context.untold_contact is None:
        return None
    return LastContact(context.call_id, context.campaign_id, context.untold_contact, context.revision)


@dataclass(frozen=True)
class LastContacts:
    """Tells the calendar.

    Attributes:
        store: Where the contexts are.
        keep: Tells the calendar one of them, by its call; idempotent.
    """

    store: ContextStore
    keep: Callable[[str, LastContact], Awaitable[None]]

    async def tell(self, call_id: str, last: LastContact) -> None:
        """Tells the calendar, and keeps it no longer; idempotent.

        Raises:
            ServiceError: if the calendar or the store does not answer, or refuses it.
        """
        await self.keep(call_id, last)
        context = await self.store.load(call_id)
        if context is not None and last_contact(context) == last:
            await self.store.save(context.with_contact_told(), context.revision)

    async def find(self, hand_over: Callable[[str, LastContact], None]) -> None:
        """Hands over what earlier processes left, at once and from time to time, until it is cancelled."""
        while True:
            try:
                async for context in self.store.with_untold_contact():
                    if (last := last_contact(context)) is not None:
                        hand_over(context.call_id, last)
            except ServiceError as error:
                _logger.warning("contacts that wait could not be looked for", reason=error.reason)
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
