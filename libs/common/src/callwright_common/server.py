"""The gRPC server of a service: interceptors in one ordered list, health, reflection, graceful stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

import grpc
from google.protobuf import any_pb2
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from prometheus_client import CollectorRegistry, Counter, Histogram
from structlog.contextvars import bound_contextvars

from callwright_common.addresses import parse_address
from callwright_common.deadlines import deadline_in
from callwright_common.errors import DOMAIN, InvalidArgumentError, ServiceError, UnimplementedError
from callwright_common.logs import get_logger
from callwright_common.metrics import LATENCY_BUCKETS

MAX_MESSAGE_BYTES = 1024 * 1024
"""Larger requests are refused with an `ErrorInfo`."""
_MAX_RECEIVED_BYTES = 8 * 1024 * 1024
"""Larger ones gRPC itself refuses, before they are read."""
MAX_CONCURRENT_RPCS = 1000
LIVENESS_SERVICE = "liveness"
"""The health service that serves while the process does: a dependency that is down is no reason to restart."""

_SERVER_OPTIONS = [
    ("grpc.max_receive_message_length", _MAX_RECEIVED_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.so_reuseport", 0),
    # Clients ping every two seconds to notice a half-open socket; gRPC's default answers that with GOAWAY.
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 1000),
    ("grpc.http2.max_ping_strikes", 0),
    ("grpc.keepalive_time_ms", 2000),
    ("grpc.keepalive_timeout_ms", 1000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.ping_timeout_ms", 1000),
]

_logger = get_logger(__name__)

Context = grpc.aio.ServicerContext[Any, Any]


def error_trailers(error: ServiceError) -> tuple[tuple[str, bytes], ...]:
    """Returns the trailing metadata that carries the error as `google.rpc.Status` with an `ErrorInfo`."""
    info = any_pb2.Any()
    info.Pack(error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=error.metadata))
    number: int = grpc.StatusCode[error.code].value[0]
    status = status_pb2.Status(code=number, message=error.message, details=[info])
    return (("grpc-status-details-bin", status.SerializeToString()),)


class _Rpc:
    """What one method's calls share: its short name and its metrics."""

    def __init__(self, method: str, handled: Counter, seconds: Histogram) -> None:
        self.method = method.rsplit("/", 1)[-1]
        self._handled = handled
        self._seconds = seconds

    def handle(self, request: Any, context: Context) -> _Handling:
        """Returns the scope in which one request is handled."""
        return _Handling(self, request, context)

    def observe(self, code: grpc.StatusCode, seconds: float) -> None:
        """Counts a request that ended."""
        self._handled.labels(method=self.method, code=code.name).inc()
        self._seconds.labels(method=self.method).observe(seconds)


class _Handling:
    """One request: binds its deadline and log fields, turns errors into statuses, counts it."""

    def __init__(self, rpc: _Rpc, request: Any, context: Context) -> None:
        self._rpc = rpc
        self._context = context
        fields = {"method": rpc.method}
        if call_id := getattr(request, "call_id", ""):
            fields["call_id"] = str(call_id)[:128]
        self._logs = bound_contextvars(**fields)
        self._deadline = deadline_in(context.time_remaining())
        self._started = 0.0

    async def __aenter__(self) -> None:
        self._started = asyncio.get_running_loop().time()
        self._logs.__enter__()
        self._deadline.__enter__()

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        elapsed = asyncio.get_running_loop().time() - self._started
        try:
            code, abort = self._judge(error)
            self._rpc.observe(code, elapsed)
        finally:
            self._deadline.__exit__(None, None, None)
            self._logs.__exit__(None, None, None)
        if abort is not None:
            await self._context.abort(grpc.StatusCode[abort.code], abort.message, error_trailers(abort))

    def _judge(self, error: BaseException | None) -> tuple[grpc.StatusCode, ServiceError | None]:
        """Returns the status to count and the error to abort with, if the request is not over already."""
        if error is None:
            return grpc.StatusCode.OK, None
        if isinstance(error, ServiceError):
            return grpc.StatusCode[error.code], error
        if isinstance(error, asyncio.CancelledError | GeneratorExit):
            return grpc.StatusCode.CANCELLED, None
        if isinstance(error, grpc.aio.AbortError):
            return grpc.StatusCode.UNKNOWN, None
        if isinstance(error, Exception):
            _logger.error("request failed", exc_info=error)
            return grpc.StatusCode.INTERNAL, ServiceError("INTERNAL", "internal error")
        return grpc.StatusCode.UNKNOWN, None


def _reader(deserialize: Callable[[bytes], Any] | None) -> Callable[[bytes], Any]:
    """Returns a deserializer that answers an error instead of raising it: gRPC would tell the client no reason."""

    def read(data: bytes) -> Any:
        if len(data) > MAX_MESSAGE_BYTES:
            return InvalidArgumentError("request", f"must have at most {MAX_MESSAGE_BYTES} bytes")
        try:
            return deserialize(data) if deserialize else data
        except DecodeError:
            return InvalidArgumentError("request", "is no message of this method")

    return read


def _readable(request: Any) -> Any:
    """Returns a request, unless its deserializer answered an error, which is raised."""
    if isinstance(request, ServiceError):
        raise request
    return request


async def _refuse_unknown_method(_requests: AsyncIterator[bytes], context: Context) -> None:
    error = UnimplementedError("METHOD_NOT_FOUND", "this server has no such method")
    await context.abort(grpc.StatusCode[error.code], error.message, error_trailers(error))


class RequestInterceptor(grpc.aio.ServerInterceptor):
    """Gives every request its deadline, its log fields, its metrics and the house's errors."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._handled = Counter(
            "callwright_grpc_requests_total", "Requests that were handled", ["method", "code"], registry=registry
        )
        self._seconds = Histogram(
            "callwright_grpc_request_seconds",
            "Time a request took, streams to their end",
            ["method"],
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[grpc.RpcMethodHandler[Any, Any] | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        """Wraps the handlers whose request is one message; reflection's and health's streams stay as they are."""
        handler = await continuation(handler_call_details)
        if handler is None:
            return grpc.stream_stream_rpc_method_handler(_refuse_unknown_method)
        if handler.request_streaming or not str(handler_call_details.method).startswith("/callwright."):
            return handler
        rpc = _Rpc(str(handler_call_details.method), self._handled, self._seconds)
        if handler.response_streaming:
            stream: Callable[..., Any] = handler.unary_stream  # type: ignore[assignment]

            # A coroutine that writes, not a generator: gRPC drops a generator where it stands when the client leaves,
            # and what it holds would be given back later, by another task.
            async def answer_stream(request: Any, context: Context) -> None:
                async with rpc.handle(request, context), aclosing(stream(_readable(request), context)) as responses:
                    async for response in responses:
                        await context.write(response)

            return grpc.unary_stream_rpc_method_handler(
                answer_stream,
                request_deserializer=_reader(handler.request_deserializer),
                response_serializer=handler.response_serializer,
            )
        unary: Callable[..., Any] = handler.unary_unary  # type: ignore[assignment]

        async def answer(request: Any, context: Context) -> Any:
            async with rpc.handle(request, context):
                return await unary(_readable(request), context)

        return grpc.unary_unary_rpc_method_handler(
            answer,
            request_deserializer=_reader(handler.request_deserializer),
            response_serializer=handler.response_serializer,
        )


class Server:
    """A started gRPC server; `set_serving` tells whether it may be used."""

    def __init__(self, server: grpc.aio.Server, port: int, health_servicer: health.aio.HealthServicer) -> None:
        self.port = port
        self._server = server
        self._health = health_servicer
        self._services: tuple[str, ...] = ("",)

    def name_services(self, names: Sequence[str]) -> None:
        """Names the services whose health is told, besides the server's own."""
        self._services = ("", *names)

    async def set_serving(self, serving: bool) -> None:
        """Tells probes and load balancers whether this server takes requests."""
        status = health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
        for name in self._services:
            await self._health.set(name, status)

    async def stop(self, grace_seconds: float) -> None:
        """Reports NOT_SERVING from now on, takes no new requests and lets those that run finish within the grace."""
        await self._health.enter_graceful_shutdown()
        await self._server.stop(grace_seconds)


@asynccontextmanager
async def serve(
    listen: str,
    registry: CollectorRegistry,
    add_servicers: Callable[[grpc.aio.Server], None],
    service_names: Sequence[str],
    *,
    grace_seconds: float,
) -> AsyncIterator[Server]:
    """Runs a gRPC server with health and reflection; it reports NOT_SERVING until `set_serving(True)`.

    Args:
        listen: host:port; port 0 takes a free one, see `Server.port`.
        registry: Receives the request metrics.
        add_servicers: Registers the service's own servicers.
        service_names: Their full names, for reflection and health.
        grace_seconds: How long running requests may finish at the end.

    Raises:
        OSError: if the port is taken.
    """
    host, port = parse_address(listen)
    server = grpc.aio.server(
        interceptors=[RequestInterceptor(registry)],
        options=_SERVER_OPTIONS,
        maximum_concurrent_rpcs=MAX_CONCURRENT_RPCS,
    )
    add_servicers(server)
    health_servicer = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(health_servicer, server)
    reflection.enable_server_reflection((*service_names, health.SERVICE_NAME, reflection.SERVICE_NAME), server)
    try:
        bound = server.add_insecure_port(f"{host}:{port}")
    except RuntimeError:
        raise OSError(f"cannot listen on {host}:{port}: is the port taken?") from None
    running = Server(server, bound, health_servicer)
    running.name_services(service_names)
    await running.set_serving(False)
    await health_servicer.set(LIVENESS_SERVICE, health_pb2.HealthCheckResponse.SERVING)
    await server.start()
    try:
        yield running
    finally:
        await running.stop(grace_seconds)
