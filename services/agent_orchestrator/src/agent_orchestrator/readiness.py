"""Tells probes whether the service can answer turns: it can while the context store answers."""

import asyncio
from collections.abc import Awaitable, Callable

from agent_orchestrator.contexts.context_store import ContextStore
from callwright_common.errors import UnavailableError
from callwright_common.logs import get_logger

_logger = get_logger(__name__)


async def report_readiness(
    store: ContextStore, set_serving: Callable[[bool], Awaitable[None]], interval_seconds: float
) -> None:
    """Asks the store again and again, for ever, and reports what it finds first and each change."""
    serving: bool | None = None
    while True:
        try:
            await store.ping()
            answers = True
        except UnavailableError:
            answers = False
        if answers is not serving:
            serving = answers
            await set_serving(serving)
            if serving:
                _logger.info("the context store is ready")
            else:
                _logger.error("the service cannot serve", problem="the context store does not answer")
        await asyncio.sleep(interval_seconds)
