"""An event loop whose time jumps to the next timer when nothing else is to be done, and a clock that follows it."""

import asyncio
import functools
import inspect
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec

Arguments = ParamSpec("Arguments")

_THREAD_SECONDS = 5.0
"""So long a thread may take to end when nothing else is to be done."""
_START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class _JumpingSelector(selectors.DefaultSelector):
    """Waits by moving the time on."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            ready = super().select(_THREAD_SECONDS)
            if not ready:
                raise RuntimeError("everything waits and no timer runs")
        if ready or timeout is None or timeout <= 0:
            return ready
        self.now += timeout
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """For code that uses no sockets, and threads only where no timer runs."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


class LoopClock:
    """A clock on the running loop's time."""

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    def now(self) -> datetime:
        return _START + timedelta(seconds=self.monotonic())


def virtual_time(test: Callable[Arguments, Coroutine[Any, Any, None]]) -> Callable[Arguments, None]:
    """Runs a coroutine test on a loop of virtual time."""

    @functools.wraps(test)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            runner.run(test(*args, **kwargs))

    # Else pytest takes the test for a coroutine, which it would run on a loop of its own.
    del run.__wrapped__
    run.__signature__ = inspect.signature(test)  # type: ignore[attr-defined]
    return run
