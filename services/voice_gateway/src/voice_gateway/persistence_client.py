"""The gateway's client of the persistence service."""

from collections.abc import Sequence

import grpc

from callwright.persistence.v1 import persistence_pb2 as pb
from callwright.persistence.v1 import persistence_pb2_grpc as pb_grpc
from callwright_common.client import to_service_error

SERVICE = "callwright.persistence.v1.PersistenceService"


class PersistenceClient:
    """Calls the persistence service over one channel."""

    def __init__(self, channel: grpc.aio.Channel, timeout: float = 5.0) -> None:
        self._stub = pb_grpc.PersistenceServiceStub(channel)
        self._timeout = timeout

    async def append(self, payloads: Sequence[bytes]) -> None:
        """Stores encoded events, all or none; those that are stored already are skipped.

        Raises:
            ServiceError: if the service refuses them or cannot be reached.
        """
        events = [pb.CallEvent.FromString(payload) for payload in payloads]
        try:
            await self._stub.AppendCallEvents(pb.AppendCallEventsRequest(events=events), timeout=self._timeout)
        except grpc.aio.AioRpcError as error:
            raise to_service_error(error) from None


def call_of(payload: bytes) -> str:
    """Returns the call id of an encoded event."""
    return pb.CallEvent.FromString(payload).call_id
