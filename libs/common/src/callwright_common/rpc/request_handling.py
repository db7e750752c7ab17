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
    internal_error,
)
from callwright_common.logs import get_logger
from callwright_common.metrics import LATENCY_BUCKETS
from callwright_common.rpc.deadlines import deadline_in

MAX_MESSAGE_BYTES = 1024 * 1024
"""Larger requests are refused with an `ErrorInfo`."""
QUOTAS = {"requests": 500, "watches": 200, "health": 50, "health watches": 200, "reflection": 50}
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
    watches = method.startswith("Watch")
    if service == health.SERVICE_NAME:
        return "health watches" if watches else "health"
    if service == reflection.SERVICE_NAME:
        return "reflection"
    return "watches" if watches else "requests"


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
        self._method = method
        self._quota = quota
        self._metrics = metrics

    @asynccontextmanager
    async def handle(self, request: Any, context: Context) -> AsyncIterator[None]:
        """Handles one request in its body: binds its deadline and log fields, turns errors into statuses, counts it."""
        fields = {"method": self._method}
        if call_id := getattr(request, "call_id", ""):
            fields["call_id"] = str(call_id)[:128]
        started = asyncio.get_running_loop().time()
        code = grpc.StatusCode.UNKNOWN
        refusal: ServiceError | None = None
        with bound_contextvars(**fields), deadline_in(context.time_remaining()):
            try:
                with self._quota.place():
                    if isinstance(request, ServiceError):
                        # Its deserializer could not read it.
                        raise request
                    yield
                code = grpc.StatusCode.OK
            except (asyncio.CancelledError, GeneratorExit):
                code = grpc.StatusCode.CANCELLED
                raise
            except grpc.aio.AbortError:
                raise
            except ServiceError as error:
                refusal = error
            except Exception as error:
                _logger.exception("request failed")
                refusal = internal_error(error)
            finally:
                self._observe(code, refusal, asyncio.get_running_loop().time() - started)
            if refusal is not None:
                await _abort(context, refusal)

    def _observe(self, code: grpc.StatusCode, refusal: ServiceError | None, seconds: float) -> None:
        """Counts a request that ended, and logs why it was refused."""
        code = grpc.StatusCode[refusal.code] if refusal else code
        self._metrics.handled.labels(method=self._method, code=code.name).inc()
        self._metrics.seconds.labels(method=self._method).observe(seconds)
        if refusal is not None:
            self._metrics.refused.labels(method=self._method, reason=refusal.reason, cause=refusal.cause).inc()
            _logger.warning("request refused", code=code.name, reason=refusal.reason, **refusal.metadata)


async def _abort(context: Context, error: ServiceError) -> None:
    await context.abort(grpc.StatusCode[error.code], error.message, error_trailers(error))


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
    await _abort(context, UnimplementedError("METHOD_NOT_FOUND", "this server has no such method"))


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
