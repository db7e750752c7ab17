"""gRPC channels to other services: deadlines passed on, half-open sockets noticed, safe retries, our errors."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc

from callwright_common import errors
from callwright_common.errors import ServiceError
from callwright_common.rpc.deadlines import bounded
from callwright_common.rpc.request_handling import MAX_MESSAGE_BYTES

DEFAULT_TIMEOUT_SECONDS = 5.0

_ERRORS: dict[grpc.StatusCode, type[ServiceError]] = {
    grpc.StatusCode[kind.code]: kind
    for kind in (
        errors.NotFoundError,
        errors.AlreadyExistsError,
        errors.FailedPreconditionError,
        errors.AbortedError,
        errors.ResourceExhaustedError,
        errors.UnavailableError,
        errors.DeadlineExceededError,
        errors.UnimplementedError,
    )
}


def channel_options(idempotent_methods: Sequence[tuple[str, str]]) -> list[tuple[str, Any]]:
    """Returns the options of a channel.

    Args:
        idempotent_methods: `(service, method)` pairs that are retried once when the server is UNAVAILABLE.
    """
    config: dict[str, Any] = {"loadBalancingConfig": [{"round_robin": {}}]}
    if idempotent_methods:
        config["methodConfig"] = [
            {
                "name": [{"service": service, "method": method} for service, method in idempotent_methods],
                "retryPolicy": {
                    "maxAttempts": 2,
                    "initialBackoff": "0.05s",
                    "maxBackoff": "0.2s",
                    "backoffMultiplier": 2,
                    "retryableStatusCodes": ["UNAVAILABLE"],
                },
            }
        ]
    return [
        ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
        ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
        # A company's proxy knows nothing of the addresses inside.
        ("grpc.enable_http_proxy", 0),
        ("grpc.keepalive_time_ms", 2000),
        ("grpc.keepalive_timeout_ms", 1000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.http2.ping_timeout_ms", 1000),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 1000),
        ("grpc.service_config", json.dumps(config)),
    ]


class _UnaryDeadline(grpc.aio.UnaryUnaryClientInterceptor):
    """Gives every unary call the smaller of its own limit and what remains of the request that it serves."""

    async def intercept_unary_unary(
        self, continuation: Callable[..., Any], client_call_details: grpc.aio.ClientCallDetails, request: Any
    ) -> Any:
        return await continuation(_with_deadline(client_call_details), request)


class _StreamDeadline(grpc.aio.UnaryStreamClientInterceptor):
    """The same for calls that answer a stream."""

    async def intercept_unary_stream(
        self, continuation: Callable[..., Any], client_call_details: grpc.aio.ClientCallDetails, request: Any
    ) -> Any:
        return await continuation(_with_deadline(client_call_details), request)


def _with_deadline(details: grpc.aio.ClientCallDetails) -> grpc.aio.ClientCallDetails:
    timeout = details.timeout
    limit = bounded(DEFAULT_TIMEOUT_SECONDS if timeout is None else timeout)
    return grpc.aio.ClientCallDetails(
        details.method, limit, details.metadata, details.credentials, details.wait_for_ready
    )


def open_channel(address: str, idempotent_methods: Sequence[tuple[str, str]] = ()) -> grpc.aio.Channel:
    """Returns a channel to `host:port`; it connects when it is first used. Close it with `await channel.close()`.

    A call without a timeout gets `DEFAULT_TIMEOUT_SECONDS`. Calls fail at once while the server is unreachable.
    """
    return grpc.aio.insecure_channel(
        f"dns:///{address}",
        options=channel_options(idempotent_methods),
        interceptors=[_UnaryDeadline(), _StreamDeadline()],
    )


@asynccontextmanager
async def service_errors() -> AsyncIterator[None]:
    """Raises what a peer answered as an error of the house."""
    try:
        yield
    except grpc.aio.AioRpcError as error:
        raise to_service_error(error) from None


async def check_serving(channel: grpc.aio.Channel) -> None:
    """Asks the server of a channel whether it takes requests.

    Raises:
        ServiceError: if it does not.
    """
    check: Any = health_pb2_grpc.HealthStub(channel).Check  # type: ignore[attr-defined]
    try:
        answer = await check(health_pb2.HealthCheckRequest())
    except grpc.aio.AioRpcError as error:
        raise to_service_error(error) from None
    if answer.status != health_pb2.HealthCheckResponse.SERVING:
        raise errors.UnavailableError("NOT_SERVING", "the service does not serve now")


def to_service_error(error: grpc.aio.AioRpcError) -> ServiceError:
    """Returns the house's error for one that a peer answered; unknown statuses become UNAVAILABLE.

    The peer's message is kept because messages of the house are static.
    """
    reason, metadata = "", {}
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin" and isinstance(value, bytes):
            for detail in status_pb2.Status.FromString(value).details:
                info = error_details_pb2.ErrorInfo()
                if detail.Unpack(info):
                    reason, metadata = info.reason, dict(info.metadata)
    code = error.code()
    if code is grpc.StatusCode.INVALID_ARGUMENT:
        return errors.InvalidArgumentError(metadata.get("field", "request"), "was refused by a service")
    kind = _ERRORS.get(code, errors.UnavailableError)
    message = (error.details() or "") if reason else "a service did not answer as expected"
    return kind(reason or code.name, message, **metadata)
