"""Watches whether the service can answer turns: it can while the context store can be written."""

import asyncio

from agent_orchestrator.contexts.context_store import ContextStore
from callwright_common.errors import UnavailableError
from callwright_common.readiness import Readiness

CONDITION = "context store"
"""Its name among the conditions of serving."""


async def watch_store(store: ContextStore, readiness: Readiness, interval_seconds: float) -> None:
    """Writes to the store again and again, for ever, and says what is wrong with it."""
    while True:
        try:
            await store.try_write()
        except UnavailableError as error:
            readiness.set(CONDITION, f"the context store cannot be written ({error.metadata['cause']})")
        else:
            readiness.set(CONDITION, None)
        await asyncio.sleep(interval_seconds)
