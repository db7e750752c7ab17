"""A circuit breaker for one dependency, by the monotonic clock, in this process.

Closed, it watches the last outcomes; when enough of them failed, or the latest few in a row, it opens and refuses at
once. After a pause it lets one probe through: success closes it, failure reopens it. The pause grows each time until a
call succeeds after the probe. A cancelled call counts as nothing and gives its place back. Outcomes of calls that began
before the last change of state are ignored.

Requests are probes; `probe_while_open` makes some where requests are rare.
"""

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum

from callwright_common.clock import Clock
from callwright_common.errors import ServiceError, StatusCode, UnavailableError
from callwright_common.logs import get_logger

_LOOK_SECONDS = 0.5
_FAILURES = frozenset({StatusCode.UNAVAILABLE, StatusCode.DEADLINE_EXCEEDED, StatusCode.INTERNAL})

_logger = get_logger(__name__)


class BreakerState(StrEnum):
    """Whether calls pass."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class BreakerOpenError(UnavailableError):
    """The dependency failed too often lately; it was not called."""

    def __init__(self, dependency: str) -> None:
        super().__init__("BREAKER_OPEN", "the dependency is taken out of use for a moment", dependency=dependency)


@dataclass(frozen=True)
class BreakerSettings:
    """When a breaker opens and for how long; times in seconds.

    Attributes:
        window: So many of the last outcomes count.
        minimum_calls: With fewer outcomes it stays closed; so many failures in a row open it.
        failure_ratio: Share of failures in the window that opens it.
        first_pause: How long it stays open at first.
        longest_pause: Probes double the pause up to this.
        probe_lease: How long a probe may take before another one is let through.
    """

    window: int = 20
    minimum_calls: int = 3
    failure_ratio: float = 0.5
    first_pause: float = 1.0
    longest_pause: float = 30.0
    probe_lease: float = 10.0


def counts_as_failure(error: BaseException) -> bool:
    """Tells whether an error speaks against the dependency: not a caller's mistake, not a refusal under load."""
    if isinstance(error, ServiceError):
        return error.code in _FAILURES
    return isinstance(error, Exception)


class CircuitBreaker:
    """Guards the calls to one dependency."""

    def __init__(
        self,
        dependency: str,
        clock: Clock,
        settings: BreakerSettings | None = None,
        *,
        on_change: Callable[[BreakerState], None] = lambda _: None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Starts closed.

        Args:
            dependency: Its name, for errors and metrics.
            clock: Only its monotonic side is used.
            settings: None takes the defaults.
            on_change: Told each new state.
            jitter: Returns 0 to 1; a pause is shortened by up to a fifth of it.
        """
        self.dependency = dependency
        self._clock = clock
        self._settings = settings or BreakerSettings()
        self._on_change = on_change
        self._jitter = jitter
        self._state = BreakerState.CLOSED
        self._outcomes: deque[bool] = deque(maxlen=self._settings.window)
        self._epoch = 0
        self._reopen_at = 0.0
        self._pause = self._settings.first_pause
        self._probe_until = 0.0

    @property
    def state(self) -> BreakerState:
        """The state now; open turns into half-open when its pause is over."""
        if self._state is BreakerState.OPEN and self._clock.monotonic() >= self._reopen_at:
            return BreakerState.HALF_OPEN
        return self._state

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """Guards one call: put the call and its own timeout inside, the fallback outside.

        Raises:
            BreakerOpenError: at once, if the call must not be made.
        """
        epoch = self._admit()
        try:
            yield
        except (asyncio.CancelledError, GeneratorExit):
            self._give_back(epoch)
            raise
        except BaseException as error:
            if counts_as_failure(error):
                self._record(epoch, success=False)
            else:
                self._record(epoch, success=True)
            raise
        self._record(epoch, success=True)

    def _admit(self) -> int:
        now = self._clock.monotonic()
        state = self.state
        if state is BreakerState.OPEN or (state is BreakerState.HALF_OPEN and now < self._probe_until):
            raise BreakerOpenError(self.dependency)
        if state is BreakerState.HALF_OPEN:
            self._probe_until = now + self._settings.probe_lease
            self._change(BreakerState.HALF_OPEN)
        return self._epoch

    def _give_back(self, epoch: int) -> None:
        if epoch == self._epoch and self._state is BreakerState.HALF_OPEN:
            self._probe_until = 0.0

    def _record(self, epoch: int, *, success: bool) -> None:
        if epoch != self._epoch:
            return
        if self._state is BreakerState.HALF_OPEN:
            self._pause = min(self._pause * 2, self._settings.longest_pause)
            if success:
                self._outcomes.clear()
                self._change(BreakerState.CLOSED)
            else:
                self._open()
            return
        self._outcomes.append(success)
        if success:
            self._pause = self._settings.first_pause
        if not success and self._too_many_failed():
            self._open()

    def _too_many_failed(self) -> bool:
        outcomes, minimum = list(self._outcomes), self._settings.minimum_calls
        if len(outcomes) < minimum:
            return False
        # A dependency that answered well for long and then stops would need many failures to reach the ratio.
        return not any(outcomes[-minimum:]) or outcomes.count(False) >= self._settings.failure_ratio * len(outcomes)

    def _open(self) -> None:
        self._probe_until = 0.0
        self._reopen_at = self._clock.monotonic() + self._pause * (1 - 0.2 * self._jitter())
        self._change(BreakerState.OPEN)

    def _change(self, state: BreakerState) -> None:
        self._epoch += 1
        if state is not self._state:
            self._state = state
            self._on_change(state)


async def probe_while_open(
    breaker: CircuitBreaker, probe: Callable[[], Awaitable[None]], *, timeout_seconds: float = 2.0
) -> None:
    """Asks a dependency whether it is back, for ever, each time its breaker lets a probe through.

    Args:
        breaker: Tells when; its pauses are the probe's.
        probe: Cheap and without effect; raises if the dependency does not answer as it should.
        timeout_seconds: Longest wait for a probe.
    """
    while True:
        if breaker.state is BreakerState.HALF_OPEN:
            try:
                async with breaker.attempt(), asyncio.timeout(timeout_seconds):
                    await probe()
            except BreakerOpenError:
                pass  # a request is the probe
            except ServiceError as error:
                _logger.warning(
                    "a dependency is not back", dependency=breaker.dependency, reason=error.reason, cause=error.cause
                )
            except Exception:
                _logger.warning("a dependency is not back", dependency=breaker.dependency, exc_info=True)
            else:
                _logger.info("a dependency is back", dependency=breaker.dependency)
        await asyncio.sleep(_LOOK_SECONDS)
