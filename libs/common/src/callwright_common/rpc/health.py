"""Whether a server takes requests, as gRPC's health protocol tells it.

The servicer of `grpcio-health-checking` writes to each watcher under a lock that all of a service's watchers and
`set` share, so that one watcher who reads no more would keep the others and the server itself waiting.
"""

import asyncio

import grpc
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from callwright_common.rpc.request_handling import Context


class Health(health_pb2_grpc.HealthServicer):
    """Tells the health of services; nobody who is told can hold up another."""

    def __init__(self) -> None:
        self._statuses: dict[str, int] = {}
        self._changed = asyncio.Event()

    def set(self, service: str, *, serving: bool) -> None:
        """Says whether a service takes requests."""
        self._statuses[service] = HealthCheckResponse.SERVING if serving else HealthCheckResponse.NOT_SERVING
        self._changed.set()
        self._changed = asyncio.Event()

    async def Check(self, request: HealthCheckRequest, context: Context) -> HealthCheckResponse:  # noqa: N802
        """Tells the health of a service now."""
        if request.service not in self._statuses:
            await context.abort(grpc.StatusCode.NOT_FOUND)
        return HealthCheckResponse(status=self._statuses[request.service])

    async def Watch(self, request: HealthCheckRequest, context: Context) -> None:  # noqa: N802
        """Tells the health of a service now and after each change, as far as the watcher keeps up with them."""
        told = None
        while True:
            changed = self._changed
            status = self._statuses.get(request.service, HealthCheckResponse.SERVICE_UNKNOWN)
            if status != told:
                await context.write(HealthCheckResponse(status=status))
                told = status
            await changed.wait()
