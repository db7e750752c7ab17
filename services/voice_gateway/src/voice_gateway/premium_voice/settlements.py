"""Books what premium speech really cost, in the background and with patience."""

import asyncio
from collections.abc import Awaitable, Callable

from tenacity import AsyncRetrying, retry_if_exception, stop_after_delay, wait_exponential_jitter

from callwright_common.errors import DeadlineExceededError, ResourceExhaustedError, ServiceError, UnavailableError
from callwright_common.logs import get_logger
from callwright_common.money import Amount

_logger = get_logger(__name__)

_CAPACITY = 1000
_LONGEST_PAUSE_SECONDS = 10.0
_TEMPORARY = (UnavailableError, DeadlineExceededError, ResourceExhaustedError)


class SettlementQueue:
    """Settlements that wait to be booked, one after the other. An unsettled lease counts as spent in full."""

    def __init__(self, book: Callable[[str, Amount], Awaitable[None]], *, patience_seconds: float = 600.0) -> None:
        """Builds it.

        Args:
            book: Books a cost for a reservation; idempotent.
            patience_seconds: How long one booking is tried.
        """
        self._book = book
        self._patience = patience_seconds
        self._queue: asyncio.Queue[tuple[str, Amount]] = asyncio.Queue(_CAPACITY)
        self._in_hand: tuple[str, Amount] | None = None

    def settle(self, reservation_id: str, spent: Amount) -> None:
        """Hands a cost over; it is left to expire if too many wait."""
        try:
            self._queue.put_nowait((reservation_id, spent))
        except asyncio.QueueFull:
            _logger.error("settlement left to expire, too many wait", reservation_id=reservation_id)

    async def run(self) -> None:
        """Books until it is cancelled; started again, it goes on with the settlement that it had in hand."""
        while True:
            self._in_hand = self._in_hand or await self._queue.get()
            await self._book_patiently(*self._in_hand)
            self._in_hand = None
            self._queue.task_done()

    async def wait_settled(self) -> None:
        """Waits until everything that was handed over is booked or given up."""
        await self._queue.join()

    async def _book_patiently(self, reservation_id: str, spent: Amount) -> None:
        retrying = AsyncRetrying(
            retry=retry_if_exception(_may_pass),
            wait=wait_exponential_jitter(multiplier=0.2, max=_LONGEST_PAUSE_SECONDS, jitter=0.2),
            stop=stop_after_delay(self._patience),
            reraise=True,
        )
        try:
            await retrying(self._book, reservation_id, spent)
        except ServiceError as error:
            _logger.error("settlement refused", reservation_id=reservation_id, reason=error.reason)
        except Exception:
            _logger.exception("settlement left to expire, booking it fails", reservation_id=reservation_id)


def _may_pass(error: BaseException) -> bool:
    """Returns whether the same booking may succeed later: the service is away, or a defect of ours came between."""
    return isinstance(error, _TEMPORARY) or (isinstance(error, Exception) and not isinstance(error, ServiceError))
