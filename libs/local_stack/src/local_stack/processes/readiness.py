"""Questions that find out whether a server of the local stack serves, and if not, why."""

from collections.abc import Awaitable, Callable

import httpx

from callwright_common.errors import ServiceError
from callwright_common.rpc.client import check_serving, open_channel
from callwright_common.rpc.deadlines import deadline_in

ReadyCheck = Callable[[], Awaitable[str | None]]
"""Asks a server for a sign of life; answers what is missing, None if nothing is."""

_ANSWER_SECONDS = 2.0
# Nobody listens there, or who does is too busy with its start.
_NOT_YET = ("UNAVAILABLE", "DEADLINE_EXCEEDED")


def grpc_serving(address: str) -> ReadyCheck:
    """Returns a check that the gRPC server at host:port reports SERVING for the whole server."""

    async def check() -> str | None:
        # A new channel per question: a used one would wait between its attempts to connect.
        async with open_channel(address) as channel:
            try:
                with deadline_in(_ANSWER_SECONDS):
                    await check_serving(channel)
            except ServiceError as error:
                if error.reason in _NOT_YET:
                    return f"no answer at {address} yet"
                return f"grpc.health.v1 at {address}: {error.reason}: {error.message}"
            return None

    return check


def http_answers(url: str) -> ReadyCheck:
    """Returns a check that a GET of the URL succeeds."""

    async def check() -> str | None:
        try:
            async with httpx.AsyncClient(timeout=_ANSWER_SECONDS, trust_env=False) as client:
                answer = await client.get(url)
        except httpx.ConnectError:
            return f"no answer at {url} yet"
        except httpx.HTTPError as error:
            return f"{url}: {type(error).__name__}: {error}".rstrip(": ")
        return None if answer.is_success else f"{url}: status {answer.status_code}"

    return check
