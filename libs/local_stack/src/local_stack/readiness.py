"""Questions that find out whether a server of the local stack serves, and if not, why."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
import httpx
from grpc_health.v1 import health_pb2, health_pb2_grpc

ReadyCheck = Callable[[], Awaitable[str | None]]
"""Asks a server for a sign of life; answers what is missing, None if nothing is."""

_ANSWER_SECONDS = 2.0
# Proxies of the environment are not asked for what is on loopback.
_CHANNEL_OPTIONS = [("grpc.enable_http_proxy", 0)]


def grpc_serving(address: str) -> ReadyCheck:
    """Returns a check that the gRPC server at host:port reports SERVING for the whole server."""

    async def check() -> str | None:
        # A new channel per question: a used one would wait between its attempts to connect.
        async with grpc.aio.insecure_channel(address, options=_CHANNEL_OPTIONS) as channel:
            ask: Any = health_pb2_grpc.HealthStub(channel).Check  # type: ignore[attr-defined]
            try:
                answer: health_pb2.HealthCheckResponse = await ask(
                    health_pb2.HealthCheckRequest(), timeout=_ANSWER_SECONDS
                )
            except grpc.aio.AioRpcError as error:
                return f"grpc.health.v1 at {address}: {error.code().name}: {error.details()}"
            status = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
            return None if status == "SERVING" else f"grpc.health.v1 at {address}: {status}"

    return check


def http_answers(url: str) -> ReadyCheck:
    """Returns a check that a GET of the URL succeeds."""

    async def check() -> str | None:
        try:
            async with httpx.AsyncClient(timeout=_ANSWER_SECONDS, trust_env=False) as client:
                answer = await client.get(url)
        except httpx.HTTPError as error:
            return f"{url}: {type(error).__name__}: {error}".rstrip(": ")
        return None if answer.is_success else f"{url}: status {answer.status_code}"

    return check


def blocking(check: Callable[[], str | None]) -> ReadyCheck:
    """Returns a check that asks in a thread."""

    async def ask() -> str | None:
        return await asyncio.to_thread(check)

    return ask
