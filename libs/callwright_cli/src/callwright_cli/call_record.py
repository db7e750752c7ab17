"""A call as the persistence service keeps it, read back over gRPC."""

import asyncio
from typing import TYPE_CHECKING

import grpc

from callwright.persistence.v1 import persistence_pb2 as persistence
from callwright.persistence.v1.persistence_pb2_grpc import PersistenceServiceStub
from vocabulary.call_record import CallHistory
from vocabulary.enums import CallStatus

if TYPE_CHECKING:
    from callwright.persistence.v1.persistence_pb2_grpc import PersistenceServiceAsyncStub

READ_EVERY_SECONDS = 0.25


class RecordMissingError(Exception):
    """The call's records could not be read or did not become complete in time."""


async def read_finished_call(
    channel: grpc.aio.Channel, call_id: str, *, timeout: float, poll_seconds: float = READ_EVERY_SECONDS
) -> CallHistory:
    """Reads a call once its end is stored, looking every `poll_seconds`.

    Raises:
        RecordMissingError: if that takes longer than `timeout` seconds, or the service refuses it.
    """
    stub = PersistenceServiceStub(channel)
    try:
        async with asyncio.timeout(timeout):
            while True:
                history = await _get_call(stub, call_id)
                if history is not None and history.call.status is CallStatus.ENDED:
                    return history
                await asyncio.sleep(poll_seconds)
    except TimeoutError as error:
        raise RecordMissingError("the end of the call was not stored in time") from error


async def _get_call(stub: "PersistenceServiceAsyncStub", call_id: str) -> CallHistory | None:
    try:
        return CallHistory.from_proto(await stub.GetCall(persistence.GetCallRequest(call_id=call_id)))
    except grpc.aio.AioRpcError as error:
        if error.code() in (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
            return None
        raise RecordMissingError(f"the persistence service: {error.code().name}: {error.details()}") from error
