"""Questions that find out whether a server of the local stack serves."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx

from callwright_common.client import check_serving, open_channel
from callwright_common.deadlines import deadline_in
from callwright_common.errors import ServiceError

ReadyCheck = Callable[[], Awaitable[bool]]

_ANSWER_SECONDS = 2.0


def grpc_serving(address: str) -> ReadyCheck:
    """Returns a check that the gRPC server at host:port reports SERVING for the whole server."""

    async def check() -> bool:
        # A new channel per question: a used one would wait between its attempts to connect.
        async with open_channel(address) as channel:
            try:
                with deadline_in(_ANSWER_SECONDS):
                    await check_serving(channel)
            except ServiceError:
                return False
            return True

    return check


def http_answers(url: str) -> ReadyCheck:
    """Returns a check that a GET of the URL succeeds."""

    async def check() -> bool:
        try:
            # Proxies of the environment are not asked for what is on loopback.
            async with httpx.AsyncClient(timeout=_ANSWER_SECONDS, trust_env=False) as client:
                return (await client.get(url)).is_success
        except httpx.HTTPError:
            return False

    return check


def blocking(check: Callable[[], bool]) -> ReadyCheck:
    """Returns a check that asks in a thread."""

    async def ask() -> bool:
        return await asyncio.to_thread(check)

    return ask


def all_of(*checks: ReadyCheck) -> ReadyCheck:
    """Returns a check that succeeds when every given one does."""

    async def ask() -> bool:
        return all(await asyncio.gather(*(check() for check in checks)))

    return ask
