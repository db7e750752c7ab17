"""How a server handles requests: admission, deadline, log fields, metrics and the house's errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import Any

import grpc
from google.protobuf import any_pb2
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health
from grpc_reflection.v1alpha import reflection
from prometheus_client import CollectorRegistry, Counter, Histogram
from structlog.contextvars import bound_contextvars

from callwright_common.errors import (
    DOMAIN,
    InvalidArgumentError,
    ResourceExhaustedError,
    ServiceError,
    UnimplementedError,
)
from callwright_common.logs import get_logger
from callwright_common.metrics import LATENCY_BUCKETS
from callwright_common.rpc.deadlines import deadline_in

MAX_MESSAGE_BYTES = 1024 * 1024
"""Larger requests are refused with an `ErrorInfo`."""
QUOTAS = {"requests": 500, "watches": 200, "health": 50}
"""How many RPCs of each kind run at once; those of one kind never take the places of another."""

_logger = get_logger(__name__)

Context = grpc.aio.ServicerContext[Any, Any]
Behaviour = Callable[[Any, Context], Any]


def error_trailers(error: ServiceError) -> tuple[tuple[str, bytes], ...]:
    """Returns the trailing metadata that carries the error as `google.rpc.Status` with an `ErrorInfo`."""
    info = any_pb2.Any()
    info.Pack(error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=error.metadata))
    number: int = grpc.StatusCode[error.code].value[0]
    status = status_pb2.Status(code=number, message=error.message, details=[info])
    return (("grpc-status-details-bin", status.SerializeToString()),)


class Quota:
    """How many RPCs of one kind may run at once."""

    def __init__(self, kind: str, places: int) -> None:
        self._kind = kind
        self._free = places

    @contextmanager
    def place(self) -> Iterator[None]:
        """Holds a place.

        Raises:
            ResourceExhaustedError: at once, if none is free.
        """
        if self._free == 0:
            raise ResourceExhaustedError("TOO_MANY_REQUESTS", "too many run at once", cause=self._kind)
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


def _kind_of(service: str, method: str) -> str:
    if method.startswith("Watch") or service == reflection.SERVICE_NAME:
        return "watches"
    return "health" if service == health.SERVICE_NAME else "requests"


class _RequestMetrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.handled = Counter(
            "callwright_grpc_requests_total", "Requests that were handled", ["method", "code"], registry=registry
        )
        self.refused = Counter(
            "callwright_grpc_refusals_total",
            "Requests that were answered with an error, with the field's path, the SQLSTATE or what else caused it",
            ["method", "reason", "cause"],
            registry=registry,
        )
        self.seconds = Histogram(
            "callwright_grpc_request_seconds",
            "Time a request took, streams to their end",
            ["method"],
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )


class _Rpc:
    """What one method's calls share: its short name, its metrics and its quota."""

    def __init__(self, method: str, quota: Quota, metrics: _RequestMetrics) -> None:
        self.method = method
        self._quota = quota
        self._metrics = metrics

    @asynccontextmanager
    async def handle(self, request: Any, context: Context) -> AsyncIterator[None]:
        """The scope in which one request is handled."""
        async with _Handling(self, request, context):
            with self._quota.place():
                if isinstance(request, ServiceError):
                    # Its deserializer could not read it.
                    raise request
                yield

    def observe(self, code: grpc.StatusCode, refusal: ServiceError | None, seconds: float) -> None:
        """Counts a request that ended, and logs why it was refused."""
        self._metrics.handled.labels(method=self.method, code=code.name).inc()
        self._metrics.seconds.labels(method=self.method).observe(seconds)
        if refusal is not None:
            self._metrics.refused.labels(method=self.method, reason=refusal.reason, cause=refusal.cause).inc()
            _logger.warning("request refused", code=code.name, reason=refusal.reason, **refusal.metadata)


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
            self._rpc.observe(code, abort, elapsed)
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


async def _refuse_unknown_method(_requests: AsyncIterator[bytes], context: Context) -> None:
    error = UnimplementedError("METHOD_NOT_FOUND", "this server has no such method")
    await context.abort(grpc.StatusCode[error.code], error.message, error_trailers(error))


class RequestInterceptor(grpc.aio.ServerInterceptor):
    """Gives every request its place, its deadline, its log fields, its metrics and the house's errors."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._metrics = _RequestMetrics(registry)
        self._quotas = {kind: Quota(kind, places) for kind, places in QUOTAS.items()}

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[grpc.RpcMethodHandler[Any, Any] | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        """Wraps a method's handler."""
        handler: Any = await continuation(handler_call_details)
        if handler is None:
            return grpc.stream_stream_rpc_method_handler(_refuse_unknown_method)
        _, service, method = str(handler_call_details.method).split("/")
        rpc = _Rpc(method, self._quotas[_kind_of(service, method)], self._metrics)
        if handler.response_streaming:
            wrapped = _streaming(rpc, handler.stream_stream or handler.unary_stream)
            of_stream, of_message = grpc.stream_stream_rpc_method_handler, grpc.unary_stream_rpc_method_handler
        else:
            wrapped = _answering(rpc, handler.stream_unary or handler.unary_unary)
            of_stream, of_message = grpc.stream_unary_rpc_method_handler, grpc.unary_unary_rpc_method_handler
        return (of_stream if handler.request_streaming else of_message)(
            wrapped,
            request_deserializer=_reader(handler.request_deserializer),
            response_serializer=handler.response_serializer,
        )


def _answering(rpc: _Rpc, behaviour: Behaviour) -> Behaviour:
    async def answer(request: Any, context: Context) -> Any:
        async with rpc.handle(request, context):
            return await behaviour(request, context)

    return answer


def _streaming(rpc: _Rpc, behaviour: Behaviour) -> Behaviour:
    # A coroutine that writes, not a generator: gRPC drops a generator where it stands when the client leaves,
    # and what it holds would be given back later, by another task.
    async def answer(request: Any, context: Context) -> None:
        async with rpc.handle(request, context):
            answering = behaviour(request, context)
            if isinstance(answering, Awaitable):
                await answering
                return
            async with aclosing(answering) as responses:
                async for response in responses:
                    await context.write(response)

    return answer
