"""A call as the persistence service keeps it, read back over gRPC."""

import asyncio

import grpc

from callwright.persistence.v1 import persistence_pb2 as persistence
from callwright.persistence.v1.persistence_pb2_grpc import PersistenceServiceStub
from vocabulary.call_record import CallHistory
from vocabulary.enums import CallStatus

READ_EVERY_SECONDS = 0.25
_MAY_PASS = (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)


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
    missing = "no answer"
    try:
        async with asyncio.timeout(timeout):
            while True:
                try:
                    history = CallHistory.from_proto(await stub.GetCall(persistence.GetCallRequest(call_id=call_id)))
                    if history.call.status is CallStatus.ENDED:
                        return history
                    missing = f"the call is {history.call.status}"
                except grpc.aio.AioRpcError as error:
                    missing = f"{error.code().name}: {error.details()}"
                    if error.code() not in _MAY_PASS:
                        raise RecordMissingError(f"the persistence service: {missing}") from error
                await asyncio.sleep(poll_seconds)
    except TimeoutError as error:
        raise RecordMissingError(f"the call's record was not complete after {timeout:.0f} s: {missing}") from error
