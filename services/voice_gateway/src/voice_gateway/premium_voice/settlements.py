"""Books what premium speech really cost, in the background and with patience."""

import asyncio

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_exponential_jitter

from callwright_common.errors import DeadlineExceededError, ResourceExhaustedError, ServiceError, UnavailableError
from callwright_common.logs import get_logger
from callwright_common.money import Amount
from voice_gateway.premium_voice.budget import SettlingBudget

_logger = get_logger(__name__)

_CAPACITY = 1000
_TEMPORARY = (UnavailableError, DeadlineExceededError, ResourceExhaustedError)


class SettlementQueue:
    """Settlements that wait to be booked, one after the other. An unsettled lease counts as spent in full."""

    def __init__(self, budget: SettlingBudget, *, patience_seconds: float = 600.0, longest_pause: float = 10.0) -> None:
        self._budget = budget
        self._patience = patience_seconds
        self._longest_pause = longest_pause
        self._queue: asyncio.Queue[tuple[str, Amount]] = asyncio.Queue(_CAPACITY)

    def settle(self, reservation_id: str, spent: Amount) -> None:
        """Hands a cost over; it is left to expire if too many wait."""
        try:
            self._queue.put_nowait((reservation_id, spent))
        except asyncio.QueueFull:
            _logger.error("settlement left to expire, too many wait", reservation_id=reservation_id)

    async def run(self) -> None:
        """Books until it is cancelled."""
        while True:
            reservation_id, spent = await self._queue.get()
            try:
                await self._book(reservation_id, spent)
            except ServiceError as error:
                _logger.error("settlement refused", reservation_id=reservation_id, reason=error.reason)
            finally:
                self._queue.task_done()

    async def wait_settled(self) -> None:
        """Waits until everything that was handed over is booked or given up."""
        await self._queue.join()

    async def _book(self, reservation_id: str, spent: Amount) -> None:
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(_TEMPORARY),
            wait=wait_exponential_jitter(multiplier=0.2, max=self._longest_pause, jitter=0.2),
            stop=stop_after_delay(self._patience),
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                await self._budget.settle(reservation_id, spent)
