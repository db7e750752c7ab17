"""Brings call events into the store, batch by batch, and finds those that it refuses."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, stop_never, wait_exponential_jitter
from tenacity.stop import stop_base

from callwright_common.errors import (
    AlreadyExistsError,
    FailedPreconditionError,
    InvalidArgumentError,
    NotFoundError,
    ServiceError,
)

_REFUSED = (InvalidArgumentError, FailedPreconditionError, AlreadyExistsError, NotFoundError)
_DOUBTFUL_REASONS = frozenset({"INTERNAL", "UNKNOWN", "RESOURCE_EXHAUSTED"})
"""The service stumbled, or the transport took the message for too large: it may be an event's fault, or nobody's."""
_ATTEMPTS_IN_DOUBT = 5

Refused = Callable[[bytes, ServiceError], Awaitable[None]]


class EventSink(Protocol):
    """Where events are delivered to."""

    async def append(self, payloads: Sequence[bytes]) -> None:
        """Stores events, all or none, idempotent; raises ServiceError."""


class BatchSender:
    """Sends events to a store that may be away for a while."""

    def __init__(
        self,
        store: EventSink,
        delivered: Callable[[int], None],
        *,
        longest_pause: float,
        while_away: stop_base = stop_never,
    ) -> None:
        """Builds it.

        Args:
            store: Where events go.
            delivered: Told how many events were stored.
            longest_pause: Seconds between two attempts at most.
            while_away: When to give up while the store is away.
        """
        self._store = store
        self._delivered = delivered
        self._pauses = wait_exponential_jitter(multiplier=0.1, max=longest_pause, jitter=0.1)
        self._while_away = while_away

    async def send(self, payloads: Sequence[bytes], refused: Refused) -> None:
        """Sends events in their order; each that the store refuses goes to `refused` before the next one is sent.

        Raises:
            ServiceError: if the store is away for too long.
        """
        try:
            await self._store_when_there(payloads)
        except ServiceError as error:
            if not (isinstance(error, _REFUSED) or _in_doubt(error)):
                raise
            if len(payloads) == 1:
                await refused(payloads[0], error)
                return
            # One bad event refuses its whole batch.
            middle = len(payloads) // 2
            await self.send(payloads[:middle], refused)
            await self.send(payloads[middle:], refused)
        else:
            self._delivered(len(payloads))

    async def _store_when_there(self, payloads: Sequence[bytes]) -> None:
        away = AsyncRetrying(retry=retry_if_exception(_is_away), wait=self._pauses, stop=self._while_away, reraise=True)
        doubt = AsyncRetrying(
            retry=retry_if_exception(_in_doubt),
            wait=self._pauses,
            stop=stop_after_attempt(_ATTEMPTS_IN_DOUBT if len(payloads) == 1 else 1),
            reraise=True,
        )
        async for attempt in doubt:
            with attempt:
                async for again in away:
                    with again:
                        await self._store.append(payloads)


def _in_doubt(error: BaseException) -> bool:
    return isinstance(error, ServiceError) and error.reason in _DOUBTFUL_REASONS


def _is_away(error: BaseException) -> bool:
    return isinstance(error, ServiceError) and not isinstance(error, _REFUSED) and not _in_doubt(error)
