"""The gateway's client of the persistence service."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext

import grpc
from google.protobuf.message import DecodeError

from callwright.persistence.v1 import persistence_pb2 as pb
from callwright.persistence.v1 import persistence_pb2_grpc as pb_grpc
from callwright_common.errors import InvalidArgumentError, UnavailableError
from callwright_common.rpc.client import service_errors
from vocabulary.call_events import CallEvent

_TIMEOUT_SECONDS = 5.0


class PersistenceClient:
    """Calls the persistence service over one channel; each call is made under the guard, a breaker's attempt."""

    def __init__(
        self,
        channel: grpc.aio.Channel,
        guard: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    ) -> None:
        self._stub = pb_grpc.PersistenceServiceStub(channel)
        self._guard = guard

    async def append(self, payloads: Sequence[bytes]) -> None:
        """Stores encoded events, all or none; those that are stored already are skipped.

        Raises:
            ServiceError: if the service refuses them, cannot be reached, or is left alone for a while.
        """
        try:
            request = pb.AppendCallEventsRequest(events=map(pb.CallEvent.FromString, payloads))
        except DecodeError:
            raise InvalidArgumentError("events", "cannot be read") from None
        async with self._guard(), service_errors():
            response = await self._stub.AppendCallEvents(request, timeout=_TIMEOUT_SECONDS)
            durable = {stored.call_id: stored.sequence for stored in response.durable_sequences}
            if any(event.sequence > durable.get(event.call_id, 0) for event in request.events):
                raise UnavailableError("EVENTS_NOT_STORED", "fewer events are durable than were sent")


def place_of(payload: bytes) -> CallEvent | None:
    """Returns an encoded event without its details; None if it cannot be read."""
    try:
        message = pb.CallEvent.FromString(payload)
        message.ClearField(message.WhichOneof("event") or "call_alive")
        return CallEvent.from_proto(message)
    except (DecodeError, ValueError, OverflowError):
        return None
