"""The deadline of the work in hand, carried from the server's request to every call made for it.

gRPC does not pass a deadline on by itself: the server binds the request's deadline to the task here, and the client
interceptor of `callwright_common.rpc.client` takes the smaller of its own limit and what remains.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

REPLY_IDLE_SECONDS = 3.0
"""How long a gateway waits for the next words of a reply, unless it is set otherwise; whoever speaks keeps below it."""
_deadline: ContextVar[float] = ContextVar("callwright_deadline", default=math.inf)


@contextmanager
def deadline_in(seconds: float | None) -> Iterator[None]:
    """Binds a deadline `seconds` from now to the current task; an earlier one that is bound already stays.

    Args:
        seconds: None means no further limit.
    """
    limit = math.inf if seconds is None else time.monotonic() + seconds
    token = _deadline.set(min(_deadline.get(), limit))
    try:
        yield
    finally:
        _deadline.reset(token)


def remaining() -> float | None:
    """Returns the seconds until the bound deadline, at least 0, or None without one."""
    deadline = _deadline.get()
    return None if math.isinf(deadline) else max(0.0, deadline - time.monotonic())


def bounded(limit: float) -> float:
    """Returns the smaller of `limit` and what remains, in seconds."""
    rest = remaining()
    return limit if rest is None else min(limit, rest)
