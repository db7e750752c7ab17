"""What another service is to be told at last, in the background and with patience."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from tenacity import AsyncRetrying, retry_if_exception, stop_after_delay, wait_exponential_jitter

from callwright_common.errors import (
    AbortedError,
    DeadlineExceededError,
    ResourceExhaustedError,
    ServiceError,
    UnavailableError,
)
from callwright_common.logs import get_logger

_logger = get_logger(__name__)

_CAPACITY = 1000
_LONGEST_PAUSE_SECONDS = 10.0
_TEMPORARY = (UnavailableError, DeadlineExceededError, ResourceExhaustedError, AbortedError)

_T = TypeVar("_T")


class Backlog(Generic[_T]):
    """Things that wait to be told, one after the other; what is told in vain for too long is given up."""

    def __init__(
        self, name: str, tell: Callable[[str, _T], Awaitable[None]], *, patience_seconds: float = 600.0
    ) -> None:
        """Builds it.

        Args:
            name: Names the kind of things in the log.
            tell: Tells the service one of them, by its id; idempotent.
            patience_seconds: How long one of them is tried.
        """
        self._name = name
        self._tell = tell
        self._patience = patience_seconds
        self._queue: asyncio.Queue[tuple[str, _T]] = asyncio.Queue(_CAPACITY)
        self._in_hand: tuple[str, _T] | None = None

    def hand_over(self, item_id: str, item: _T) -> None:
        """Takes one of the things; it is given up at once if too many wait."""
        try:
            self._queue.put_nowait((item_id, item))
        except asyncio.QueueFull:
            _logger.error("given up, too many wait", backlog=self._name, id=item_id)

    async def run(self) -> None:
        """Tells until it is cancelled; started again, it goes on with what it had in hand."""
        while True:
            self._in_hand = self._in_hand or await self._queue.get()
            await self._tell_patiently(*self._in_hand)
            self._in_hand = None
            self._queue.task_done()

    async def wait_done(self) -> None:
        """Waits until everything that was handed over is told or given up."""
        await self._queue.join()

    async def _tell_patiently(self, item_id: str, item: _T) -> None:
        retrying = AsyncRetrying(
            retry=retry_if_exception(may_pass),
            wait=wait_exponential_jitter(multiplier=0.2, max=_LONGEST_PAUSE_SECONDS, jitter=0.2),
            stop=stop_after_delay(self._patience),
            reraise=True,
        )
        try:
            await retrying(self._tell, item_id, item)
        except ServiceError as error:
            _logger.error("given up", backlog=self._name, id=item_id, reason=error.reason)
        except Exception:
            _logger.exception("given up, telling it fails", backlog=self._name, id=item_id)


def may_pass(error: BaseException) -> bool:
    """Returns whether the same may succeed later: the service is away, or a defect of ours came between."""
    return isinstance(error, _TEMPORARY) or (isinstance(error, Exception) and not isinstance(error, ServiceError))
